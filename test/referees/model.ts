import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A shape of AWS's model of a service, as botocore ships it. */
export interface ModelShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number };
}

/** An operation of a service: its input, its output and the errors it is declared to answer. */
export interface ModelOperation {
  readonly http?: { readonly method: string };
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string };
  readonly errors?: readonly { readonly shape: string }[];
}

/** AWS's model of a service. */
export interface Model {
  readonly operations: Readonly<Record<string, ModelOperation>>;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

/** The newest model of a service in a folder of botocore's data. */
export function readModel(models: string, service: string): Model {
  const version = readdirSync(join(models, service)).toSorted().at(-1) ?? '';
  return JSON.parse(gunzipSync(readFileSync(join(models, service, version, 'service-2.json.gz'))).toString('utf8'));
}

/** A shape of a model by its name. */
export function shapeOf(model: Model, name: string): ModelShape {
  const shape = model.shapes[name];
  if (shape === undefined) throw new Error(`the model has no shape ${name}`);
  return shape;
}

/** Notes each member that is met, as `Shape.Member`. */
export type Seen = (member: string) => void;

/** Where a value does not have the shape of a model; members that the model does not know are faults. */
export function modelFaults(
  model: Model,
  value: unknown,
  at: { shape: string; path: string; seen?: Seen },
): readonly string[] {
  const { path, seen } = at;
  const shape = shapeOf(model, at.shape);
  const inner = (ref: { readonly shape: string } | undefined, one: unknown, name: string): readonly string[] =>
    ref === undefined ? [] : modelFaults(model, one, { shape: ref.shape, path: name, ...(seen ? { seen } : {}) });
  switch (shape.type) {
    case 'structure':
      if (!isFields(value)) return [`${path} is not a structure`];
      return [
        ...(shape.required ?? []).filter((name) => value[name] == null).map((name) => `${path}.${name} is missing`),
        ...Object.entries(value).flatMap(([name, member]) => {
          const ref = Object.hasOwn(shape.members ?? {}, name) ? shape.members?.[name] : undefined;
          if (ref === undefined) return [`${path}.${name} is not known to the model`];
          if (member === null) return [];
          seen?.(`${at.shape}.${name}`);
          return inner(ref, member, `${path}.${name}`);
        }),
      ];
    case 'list':
      if (!Array.isArray(value)) return [`${path} is not a list`];
      return [
        ...lengthFaults(shape, value.length, path),
        ...value.flatMap((member, index) => inner(shape.member, member, `${path}[${index}]`)),
      ];
    case 'map':
      if (!isFields(value)) return [`${path} is not a map`];
      return [
        ...lengthFaults(shape, Object.keys(value).length, path),
        ...Object.entries(value).flatMap(([key, member]) => [
          ...inner(shape.key, key, `${path} key ${key}`),
          ...inner(shape.value, member, `${path}.${key}`),
        ]),
      ];
    case 'string':
      return typeof value === 'string' ? textFaults(shape, value, path) : [`${path} is not a text`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path} is not true or false`];
    case 'integer':
    case 'long':
      return Number.isInteger(value) ? rangeFaults(shape, value as number, path) : [`${path} is not a whole number`];
    case 'timestamp':
    case 'double':
      return typeof value === 'number' ? [] : [`${path} is not a number`];
    default:
      return [`${path} has a type that the referee does not know: ${shape.type}`];
  }
}

function textFaults(shape: ModelShape, value: string, path: string): readonly string[] {
  const isMatch = shape.pattern === undefined || patternOf(shape.pattern).test(value);
  return [
    ...lengthFaults(shape, [...value].length, path),
    ...(isMatch ? [] : [`${path} ${JSON.stringify(value)} is not of the form ${shape.pattern}`]),
    ...(shape.enum?.includes(value) === false ? [`${path} ${JSON.stringify(value)} is none of ${shape.enum}`] : []),
  ];
}

function lengthFaults({ min, max }: ModelShape, length: number, path: string): readonly string[] {
  return [
    ...(min !== undefined && length < min ? [`${path} is shorter than ${min}`] : []),
    ...(max !== undefined && length > max ? [`${path} is longer than ${max}`] : []),
  ];
}

function rangeFaults({ min, max }: ModelShape, value: number, path: string): readonly string[] {
  return [
    ...(min !== undefined && value < min ? [`${path} is less than ${min}`] : []),
    ...(max !== undefined && value > max ? [`${path} is more than ${max}`] : []),
  ];
}

const patterns = new Map<string, RegExp>();

/** A pattern of a model, which is Java's and holds for the whole text; `\uD800\uDC00` is one character in both. */
export function patternOf(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`, 'u');
  patterns.set(pattern, known);
  return known;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
