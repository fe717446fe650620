import type { Described, Description, Schema } from './description.ts';
import { Schemas } from './schemas.ts';

/** A request as it came. */
export interface Asked {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** An answer as it goes. */
export interface Answered {
  readonly status: number;
  readonly body?: unknown;
}

/**
 * Holds what is asked and answered to GitHub's description. GitHub lists few of the refusals that come from its
 * front door (no rights, no such thing, too much, out of order): these are held to its `basic-error` wherever a
 * description does not list them.
 */
export class Contract {
  readonly #texts: Schemas;
  readonly #values: Schemas;
  readonly #asked = new Map<string, Schema>();

  constructor(description: Description) {
    this.#texts = new Schemas(description, { coerceTypes: true });
    this.#values = new Schemas(description);
  }

  /** What is wrong with a request. */
  requestFaults(operation: Described, { path, query, body }: Asked): readonly string[] {
    const faults = this.#texts
      .faults(this.#parametersOf(operation), structuredClone({ path, query }))
      .map((fault) => `parameter ${fault}`);
    if (operation.body === undefined) return body === undefined ? faults : [...faults, 'there is no body to send'];
    return [...faults, ...this.#values.faults(operation.body, body ?? {}).map((fault) => `body ${fault}`)];
  }

  /** What is wrong with an answer. */
  answerFaults(operation: Described, { status, body }: Answered): readonly string[] {
    if (!operation.responses.has(status))
      return frontDoor.has(status)
        ? this.#values.faults(basicError, body)
        : [`status ${status} is not in the description`];
    const schema = operation.responses.get(status);
    if (schema !== undefined) return this.#values.faults(status >= 400 ? withStatus(schema) : schema, body);
    return body === undefined || status >= 400 ? [] : [`status ${status} has no body`];
  }

  #parametersOf(operation: Described): Schema {
    const known = this.#asked.get(operation.id);
    if (known) return known;
    const part = (where: 'path' | 'query') => {
      const parameters = operation.parameters.filter((one) => one.in === where);
      return {
        type: 'object',
        properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
        required: parameters.filter(({ required }) => required).map(({ name }) => name),
        additionalProperties: false,
      };
    };
    const schema = { type: 'object', properties: { path: part('path'), query: part('query') } };
    this.#asked.set(operation.id, schema);
    return schema;
  }
}

const frontDoor = new Set([401, 403, 404, 429, 500, 502, 503, 504]);
const basicError: Schema = { $ref: '#/components/schemas/basic-error' };

/** Every error of GitHub's carries its status as a text, also where the description forgets it. */
const opened = new WeakMap<Schema, Schema>();
function withStatus(schema: Schema): Schema {
  const known = opened.get(schema) ?? { allOf: [schema, { properties: { status: { type: 'string' } } }] };
  opened.set(schema, known);
  return known;
}
