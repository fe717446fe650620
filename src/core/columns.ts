import { compareText } from './problem.ts';

/**
 * A set of a table's columns, without knowing the table: all of them, only those named, or all but
 * those named. Names are lower-case, sorted and unique; `only` and `except` are never empty.
 */
export type Columns = 'all' | { readonly only: readonly string[] } | { readonly except: readonly string[] };

/** The columns named; undefined where none is left. */
export function only(names: Iterable<string>): Columns | undefined {
  const sorted = sortedNames(names);
  return sorted.length === 0 ? undefined : { only: sorted };
}

/** All columns but those named. */
export function except(names: Iterable<string>): Columns {
  const sorted = sortedNames(names);
  return sorted.length === 0 ? 'all' : { except: sorted };
}

/** The columns in either set. */
export function joinColumns(a: Columns, b: Columns): Columns {
  if (a === 'all' || b === 'all') return 'all';
  if ('only' in a) {
    if ('only' in b) return { only: sortedNames([...a.only, ...b.only]) };
    return except(without(b.except, a.only));
  }
  if ('only' in b) return except(without(a.except, b.only));
  return except(a.except.filter((name) => b.except.includes(name)));
}

/** The columns in both sets; undefined where none is certain to be. */
export function meetColumns(a: Columns, b: Columns): Columns | undefined {
  if (a === 'all') return b;
  if (b === 'all') return a;
  if ('only' in a) {
    if ('only' in b) return only(a.only.filter((name) => b.only.includes(name)));
    return only(without(a.only, b.except));
  }
  if ('only' in b) return only(without(b.only, a.except));
  return except([...a.except, ...b.except]);
}

/** Whether `a` certainly includes every column of `b`. */
export function coversColumns(a: Columns, b: Columns): boolean {
  const met = meetColumns(a, b);
  return met !== undefined && isSameColumns(met, b);
}

/** Whether both are the same set. */
export function isSameColumns(a: Columns, b: Columns): boolean {
  if (a === b) return true;
  if (a === 'all' || b === 'all') return false;
  // Not by their text: a column's name may hold a comma.
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The set in words: `all`, `only a, b`, `all but a, b`. */
export function columnsText(columns: Columns): string {
  if (columns === 'all') return 'all';
  return 'only' in columns ? `only ${columns.only.join(', ')}` : `all but ${columns.except.join(', ')}`;
}

function sortedNames(names: Iterable<string>): string[] {
  return [...new Set(names)].sort(compareText);
}

function without(names: readonly string[], removed: readonly string[]): string[] {
  const gone = new Set(removed);
  return names.filter((name) => !gone.has(name));
}
