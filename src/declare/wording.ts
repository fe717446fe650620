import type { Place } from '../core/problem.ts';
import type { Path } from './positions.ts';

/** A value in quotes, cut where it is long. */
export function quoted(value: unknown): string {
  if (value !== null && typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a mapping';
  const text = String(value);
  return `"${text.length > 80 ? `${text.slice(0, 80)}…` : text}"`;
}

/** What a path points at, as a reader would call it. */
export function label(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  if (!/^[0-9]+$/.test(String(last))) return quoted(last);
  const list = path.findLast((step) => !/^[0-9]+$/.test(String(step)));
  return `an item of ${quoted(list ?? 'the list')}`;
}

const words: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  null: 'nothing',
  number: 'a number',
  object: 'a mapping of fields',
  string: 'text',
};

/** JSON Schema types in words. */
export function typeWords(types: readonly string[]): string {
  const known = [...new Set(types)].map((type) => words[type] ?? type);
  return known.length > 1 ? `${known.slice(0, -1).join(', ')} or ${known.at(-1)}` : (known[0] ?? 'something else');
}

/** The type of a value in words. */
export function typeOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : (words[typeof value] ?? typeof value);
}

/** A place as people and editors write it. */
export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
