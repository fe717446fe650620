/** A declarative description of a request or one of its parts, after the service's own model. */
export type Shape =
  | StringShape
  | IntegerShape
  | { readonly kind: 'boolean' }
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'anything' }
  | ListShape
  | MapShape
  | StructureShape;

/** A text, with limits on its length, its form, or the values it may take. */
export interface StringShape {
  readonly kind: 'string';
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly values?: readonly string[];
}

/** A whole number within limits. */
interface IntegerShape {
  readonly kind: 'integer';
  readonly min?: number;
  readonly max?: number;
}

/** A list whose members have one shape. */
export interface ListShape {
  readonly kind: 'list';
  readonly of: Shape;
  readonly min?: number;
  readonly max?: number;
}

/** A map from texts to values of one shape. */
export interface MapShape {
  readonly kind: 'map';
  readonly key: StringShape;
  readonly of: Shape;
}

/** Named members, required ones apart from optional ones. */
export interface StructureShape {
  readonly kind: 'structure';
  readonly required: Members;
  readonly optional: Members;
}

/** The members of a structure by name. */
export type Members = Readonly<Record<string, Shape>>;

/** The type of a value that fits a shape. */
export type Decoded<S> = S extends { readonly kind: 'string'; readonly values: readonly (infer V)[] }
  ? V
  : S extends { readonly kind: 'string' }
    ? string
    : S extends { readonly kind: 'integer' | 'timestamp' }
      ? number
      : S extends { readonly kind: 'boolean' }
        ? boolean
        : S extends { readonly kind: 'list'; readonly of: infer E }
          ? readonly Decoded<E>[]
          : S extends { readonly kind: 'map'; readonly of: infer E }
            ? Readonly<Record<string, Decoded<E>>>
            : S extends { readonly kind: 'structure'; readonly required: infer R; readonly optional: infer O }
              ? { readonly [K in keyof R]: Decoded<R[K]> } & { readonly [K in keyof O]?: Decoded<O[K]> }
              : unknown;

/** A text of the given length and form. */
export function text(min: number, max: number, pattern?: RegExp) {
  return pattern ? ({ kind: 'string', min, max, pattern } as const) : ({ kind: 'string', min, max } as const);
}

/** A text without limits. */
export const anyText = { kind: 'string' } as const;

/** A text of a form, however long. */
export function form(pattern: RegExp) {
  return { kind: 'string', pattern } as const;
}

/** A text that is one of the given values. */
export function oneOf<const V extends readonly string[]>(...values: V) {
  return { kind: 'string', values } as const;
}

/** A whole number within limits. */
export function integer(min?: number, max?: number) {
  return { kind: 'integer', ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) } as const;
}

/** True or false. */
export const flag = { kind: 'boolean' } as const;

/** Seconds since 1970, possibly with a fraction. */
export const timestamp = { kind: 'timestamp' } as const;

/** A value that is accepted as it is. */
export const anything = { kind: 'anything' } as const;

/** A list of values of one shape. */
export function listOf<const S extends Shape>(of: S, min?: number, max?: number) {
  return { kind: 'list', of, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) } as const;
}

/** A map from texts to values of one shape. */
export function mapOf<const S extends Shape>(of: S, key: StringShape = anyText) {
  return { kind: 'map', key, of } as const;
}

/** A structure of required and optional members. */
export function structure<const R extends Members, const O extends Members>(required: R, optional: O) {
  return { kind: 'structure', required, optional } as const;
}

/** A structure without members, such as a wildcard. */
export const empty = structure({}, {});
