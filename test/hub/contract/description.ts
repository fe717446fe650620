import { excerpt, type Raw, type RawOperation } from './excerpt.ts';

/** A JSON schema in the dialect of OpenAPI 3.0. */
export type Schema = { readonly [name: string]: unknown };

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

/** One operation of GitHub's REST API, as GitHub describes it. */
export interface Described {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  /** Schemas by status; undefined where the answer has no JSON. */
  readonly responses: ReadonlyMap<number, Schema | undefined>;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

/** GitHub's own description of some operations, from its package. */
export class Description {
  readonly operations: readonly Described[];
  readonly #raw: Raw;

  /** Throws for an operation that GitHub does not describe. */
  constructor(ids: readonly string[]) {
    this.#raw = excerpt(ids);
    this.operations = Object.entries(this.#raw.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => this.#described(operation, { method, path })),
    );
  }

  /** What a `$ref` stands for. */
  component(reference: string): Schema {
    const [, , kind = '', name = ''] = reference.split('/');
    const found = this.#raw.components[kind]?.[name];
    if (found === undefined) throw new Error(`GitHub's description lacks ${reference}`);
    return found as Schema;
  }

  #described(operation: RawOperation, { method, path }: { method: string; path: string }): Described {
    const parameters = (operation.parameters ?? []).map((one) => {
      const parameter = this.#resolved(one) as unknown as Parameter;
      return { ...parameter, required: parameter.required === true };
    });
    const responses = Object.entries(operation.responses).map(
      ([status, one]) => [Number(status), jsonOf(this.#resolved(one))] as const,
    );
    const body = operation.requestBody === undefined ? undefined : jsonOf(this.#resolved(operation.requestBody));
    return {
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      parameters,
      body,
      responses: new Map(responses),
    };
  }

  #resolved(one: unknown): Content {
    const { $ref } = one as { readonly $ref?: string };
    return ($ref === undefined ? one : this.component($ref)) as Content;
  }
}

function jsonOf({ content }: Content): Schema | undefined {
  return content?.['application/json']?.schema;
}
