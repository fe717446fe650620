import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import type { Description, Schema } from './description.ts';

/** Turns GitHub's schemas into checks, each one only when it is needed. */
export class Schemas {
  readonly #description: Description;
  readonly #ajv: Ajv2020;
  readonly #known = new Set<string>();
  readonly #compiled = new WeakMap<Schema, ValidateFunction>();

  constructor(description: Description, { coerceTypes = false } = {}) {
    this.#description = description;
    this.#ajv = new Ajv2020({ strict: false, validateSchema: false, validateFormats: true, coerceTypes });
    ajvFormats.default(this.#ajv);
    this.#ajv.addFormat('repo.nwo', true).addFormat('timestamp', true).addFormat('int64', true);
  }

  /** What is wrong with a value, in the words of the schema; nothing where it is right. */
  faults(schema: Schema, value: unknown): readonly string[] {
    const check = this.#compiled.get(schema) ?? this.#compile(schema);
    if (check(value)) return [];
    return (check.errors ?? []).map(({ instancePath, message, params }) => {
      const detail = Object.values(params as Record<string, unknown>).filter((one) => typeof one === 'string');
      return `${instancePath || 'it'} ${message ?? ''}${detail.length > 0 ? ` (${detail.join(', ')})` : ''}`;
    });
  }

  #compile(schema: Schema): ValidateFunction {
    const check = this.#ajv.compile(this.#converted(schema, true) as Schema);
    this.#compiled.set(schema, check);
    return check;
  }

  /**
   * OpenAPI 3.0 as JSON Schema: `nullable` is a type, and what a schema does not name is a fault, since a misspelt
   * name would pass otherwise; of `oneOf` one is enough, for GitHub's alternatives overlap. `closes` is false below `allOf` and its like, where the whole is closed instead.
   */
  #converted(schema: unknown, closes: boolean): unknown {
    if (typeof schema !== 'object' || schema === null) return schema;
    const { $ref, nullable, ...rest } = schema as { $ref?: string; nullable?: boolean } & Record<string, unknown>;
    if ($ref !== undefined) return { $ref: this.#reference($ref, closes) };
    const converted: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(rest)) {
      if (skipped.has(name)) continue;
      if (name === 'properties') converted[name] = mapValues(value as Schema, (one) => this.#converted(one, true));
      else if (name === 'items' || name === 'additionalProperties') converted[name] = this.#converted(value, true);
      else if (combining.has(name))
        converted[name === 'oneOf' ? 'anyOf' : name] = (value as readonly unknown[]).map((one) =>
          this.#converted(one, false),
        );
      else converted[name] = value;
    }
    const combines = [...combining].some((name) => name in converted);
    if (closes && ('properties' in converted || combines) && !('additionalProperties' in converted))
      converted[combines ? 'unevaluatedProperties' : 'additionalProperties'] = false;
    if (nullable !== true) return converted;
    return { anyOf: [{ type: 'null' }, converted] };
  }

  #reference(reference: string, closes: boolean): string {
    const name = `${reference.split('/').at(-1)}${closes ? '' : '.open'}`;
    if (!this.#known.has(name)) {
      this.#known.add(name);
      this.#ajv.addSchema(this.#converted(this.#description.component(reference), closes) as Schema, name);
    }
    return name;
  }
}

const combining = new Set(['allOf', 'anyOf', 'oneOf']);
const skipped = new Set([
  'example',
  'examples',
  'description',
  'title',
  'discriminator',
  'externalDocs',
  'deprecated',
  'xml',
]);

function mapValues(map: Schema, convert: (value: unknown) => unknown): Schema {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, convert(value)]));
}
