import { isGlob } from '../core/pattern.ts';
import { columnClasses } from '../core/sensitivity.ts';
import type { Entry } from './entries.ts';
import type { ColumnChoice, DataProduct } from './files.ts';
import { patternOf } from './patterns.ts';

/** The tables that the product file names, without its globs. */
export function namedTables(product: DataProduct): readonly string[] {
  return Object.keys(product.tables).filter((name) => !isGlob(name));
}

/** The tables, of those that the product file names, that an access entry reaches. */
export function reachedTables({ product, access }: Entry): readonly string[] {
  if (product === undefined || access.tables === undefined) return [];
  const { tables } = product.value;
  const globs = access.tables.filter(isGlob).map(patternOf);
  if (globs.length === 0) return access.tables.filter((text) => Object.hasOwn(tables, text));
  const names = new Set(access.tables);
  return namedTables(product.value).filter((name) => names.has(name) || globs.some((glob) => glob.matches(name)));
}

/** The columns of a table that a choice leaves, as far as the product file lists the table's columns. */
export function chosenColumns(
  product: DataProduct,
  table: string,
  { choice, order }: { readonly choice: ColumnChoice; readonly order: ReadonlyMap<string, number> },
): ReadonlyMap<string, string | undefined> | undefined {
  const columns = columnClasses(product, table, order);
  if (columns === undefined) return undefined;
  const { include, exclude } = choice;
  const keeps = (name: string, own: string | undefined): boolean => {
    if (include !== undefined) return matchesAny(include, name);
    if (typeof exclude !== 'string') return !matchesAny(exclude ?? [], name);
    return own === undefined || (order.get(own) ?? 0) < (order.get(exclude) ?? 0);
  };
  return new Map([...columns].filter(([name, own]) => keeps(name, own)));
}

/** Whether a column is meant by one of the texts; a nested field is part of its column. */
function matchesAny(texts: readonly string[], column: string): boolean {
  return texts.some((text) => patternOf(text).matches(column) || text.startsWith(`${column}.`));
}
