import { fold } from '../core/canonical.ts';
import { type Columns, except, only } from '../core/columns.ts';
import type { CatalogTable } from '../core/lake.ts';
import { compilePattern, foldText, isGlob, isRe2, overlaps } from '../core/pattern.ts';
import { columnsOf } from '../core/sensitivity.ts';
import type { Catalog, CatalogEntry } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { ColumnChoice, DataProduct } from '../declare/files.ts';
import { exclusion } from './exclusion.ts';
import type { ProductView } from './reach.ts';

/**
 * Desire without a catalog: the product files stand in for it. Patterns reach what those name; where a pattern may
 * reach more, its own text stands for the rest, as the name of a table or column that no catalog could hold.
 */

/** The catalog as far as the product files tell: a table that lists no columns is not in it, for nobody knows them. */
export function declaredCatalog({ products }: Declaration): Catalog {
  const databases = new Map<string, CatalogEntry>();
  for (const { value } of products.values()) {
    const known = databases.get(value.database)?.tables ?? new Map<string, CatalogTable>();
    const tables = Object.keys(value.tables).flatMap((name): readonly [string, CatalogTable][] => {
      const columns = listedColumns(value, name).map((column) => ({
        name: column,
        isPartitionKey: false,
        parameters: {},
      }));
      if (isGlob(name) || columns.length === 0) return [];
      return [[fold(name), { name: fold(name), kind: 'table', parameters: {}, columns }]];
    });
    const database = { name: value.database, parameters: {} };
    databases.set(value.database, { database, tables: new Map([...known, ...tables]) });
  }
  return { databases, unread: new Set(), isDeclared: true };
}

/** The top-level columns that a product file lists for a table. */
export function listedColumns({ tables }: DataProduct, table: string): readonly string[] {
  const listed = Object.hasOwn(tables, table) ? columnsOf(tables[table]) : undefined;
  return [...new Set(Object.keys(listed ?? {}).map((path) => fold(path.split('.')[0] ?? path)))];
}

/** Whether patterns reach nothing of a product but what its file names. */
export function isClosed({ product, sensitivity }: Pick<ProductView, 'product' | 'sensitivity'>): boolean {
  return sensitivity.hasAny && product.allowFuture !== true;
}

/** Whether a pattern may reach tables that the product file does not name. */
export function reachesFurther(view: Pick<ProductView, 'product' | 'sensitivity'>, pattern: string): boolean {
  if (isClosed(view)) return false;
  if (view.product.allowFuture === true) return true;
  const globs = Object.keys(view.product.tables).filter(isGlob);
  // Of an RE2 pattern it is not told whether it meets another.
  return globs.some((glob) => isRe2(glob) || isRe2(pattern) || overlaps(glob, pattern));
}

/** The columns that a choice leaves of a table, as far as the product file tells; undefined where it leaves none. */
export function declaredColumns(
  view: ProductView,
  table: string,
  { include, exclude = [] }: ColumnChoice,
): Columns | undefined {
  const listed = listedColumns(view.product, table);
  const rest = (texts: readonly string[]): readonly string[] => (isClosed(view) ? [] : texts.filter(isGlob));
  if (include !== undefined) {
    const patterns = include.map(compilePattern);
    const named = include.filter((text) => !isGlob(text)).map(fold);
    const matched = listed.filter((name) => patterns.some((pattern) => pattern.matches(name)));
    return only([...named, ...matched, ...rest(include).map(foldText)]);
  }
  const isOut = exclusion(view, table, exclude);
  if (isClosed(view)) return only(listed.filter((name) => !isOut(name)));
  const written = typeof exclude === 'string' ? [`class ${exclude}`] : exclude.map(foldText);
  // Where nothing is sensitive the text alone says it; else what it keeps back must not count as touched.
  return except([...(view.sensitivity.hasAny ? listed.filter(isOut) : []), ...written]);
}
