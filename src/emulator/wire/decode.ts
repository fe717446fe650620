import { ServiceFailure } from '../failure.ts';
import type { ListShape, MapShape, Members, Shape, StringShape, StructureShape } from './shape.ts';

/** How a service answers a request that its model does not allow. */
export interface DecodeRules {
  readonly violationCode: string;
  readonly refuseUnknownMembers: boolean;
}

/**
 * The request as its shape describes it, with nulls dropped; throws the service's refusal for anything else.
 *
 * A value of the wrong type is a SerializationException, as in every AWS JSON protocol. Broken constraints are
 * collected into one message in the form "2 validation errors detected: Value 'x' at 'a.b' failed to satisfy
 * constraint: ...", seen live from Glue in https://github.com/boto/boto3/issues/3229. What AWS does with members
 * that its model does not have is not documented (JSON services usually ignore them); refusing is the default here,
 * so that a misspelt member never looks like a success.
 */
export function decode(shape: Shape, value: unknown, rules: DecodeRules): unknown {
  const decoder = new Decoder(rules);
  const decoded = decoder.any(shape, value, '');
  const { violations } = decoder;
  if (violations.length === 0) return decoded;
  const noun = violations.length === 1 ? 'validation error' : 'validation errors';
  throw new ServiceFailure(rules.violationCode, `${violations.length} ${noun} detected: ${violations.join('; ')}`);
}

class Decoder {
  readonly violations: string[] = [];
  readonly #rules: DecodeRules;

  constructor(rules: DecodeRules) {
    this.#rules = rules;
  }

  any(shape: Shape, value: unknown, path: string): unknown {
    switch (shape.kind) {
      case 'string':
        return this.#string(shape, expectType(typeof value === 'string', value, path) as string, path);
      case 'integer':
        return this.#range(shape, expectType(Number.isInteger(value), value, path) as number, path);
      case 'timestamp':
        return expectType(typeof value === 'number', value, path);
      case 'boolean':
        return expectType(typeof value === 'boolean', value, path);
      case 'anything':
        return value;
      case 'list':
        return this.#list(shape, expectType(Array.isArray(value), value, path) as readonly unknown[], path);
      case 'map':
        return this.#map(shape, expectType(isObject(value), value, path) as Fields, path);
      case 'structure':
        return this.#structure(shape, expectType(isObject(value), value, path) as Fields, path);
      default:
        return shape satisfies never;
    }
  }

  #string(shape: StringShape, value: string, path: string): string {
    // AWS counts characters, not UTF-16 units; the two differ only outside the basic plane.
    const length = value.length > (shape.max ?? Infinity) ? [...value].length : value.length;
    if (shape.min !== undefined && length < shape.min)
      this.#violation(value, path, `have length greater than or equal to ${shape.min}`);
    if (shape.max !== undefined && length > shape.max)
      this.#violation(value, path, `have length less than or equal to ${shape.max}`);
    if (shape.pattern && !shape.pattern.test(value))
      this.#violation(value, path, `satisfy regular expression pattern: ${shape.pattern.source}`);
    if (shape.values && !shape.values.includes(value))
      this.#violation(value, path, `satisfy enum value set: [${shape.values.join(', ')}]`);
    return value;
  }

  #range(shape: { readonly min?: number; readonly max?: number }, value: number, path: string): number {
    if (shape.min !== undefined && value < shape.min)
      this.#violation(value, path, `have value greater than or equal to ${shape.min}`);
    if (shape.max !== undefined && value > shape.max)
      this.#violation(value, path, `have value less than or equal to ${shape.max}`);
    return value;
  }

  #list(shape: ListShape, values: readonly unknown[], path: string): readonly unknown[] {
    if (shape.min !== undefined && values.length < shape.min)
      this.#violation(values, path, `have length greater than or equal to ${shape.min}`);
    if (shape.max !== undefined && values.length > shape.max)
      this.#violation(values, path, `have length less than or equal to ${shape.max}`);
    return values.map((value, index) => this.any(shape.of, value, `${path}.${index + 1}.member`));
  }

  #map(shape: MapShape, fields: Fields, path: string): Fields {
    const entries = Object.entries(fields).map(([key, value]) => {
      this.#string(shape.key, key, `${path}.${key}`);
      return [key, this.any(shape.of, value, `${path}.${key}`)] as const;
    });
    return Object.fromEntries(entries);
  }

  #structure(shape: StructureShape, fields: Fields, path: string): Fields {
    const decoded: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(fields)) {
      if (value === null || value === undefined) continue;
      const member = memberOf(shape.required, name) ?? memberOf(shape.optional, name);
      if (member) decoded[name] = this.any(member, value, join(path, name));
      else if (this.#rules.refuseUnknownMembers) this.#violation(value, join(path, name), 'be a member of the request');
    }
    for (const name of Object.keys(shape.required)) {
      if (!Object.hasOwn(decoded, name)) this.#violation('null', join(path, name), 'not be null');
    }
    return decoded;
  }

  #violation(value: unknown, path: string, must: string): void {
    const shown = typeof value === 'string' ? (value === 'null' ? '' : ` '${value}'`) : ` '${JSON.stringify(value)}'`;
    this.violations.push(`Value${shown} at '${path}' failed to satisfy constraint: Member must ${must}`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

function memberOf(members: Members, name: string): Shape | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

function join(path: string, name: string): string {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  return path === '' ? member : `${path}.${member}`;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function expectType(fits: boolean, value: unknown, path: string): unknown {
  if (fits) return value;
  const found = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  throw new ServiceFailure('SerializationException', `${path === '' ? 'The request body' : path} cannot be ${found}`);
}
