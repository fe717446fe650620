import { fold } from '../core/canonical.ts';
import { type Columns, coversColumns } from '../core/columns.ts';
import type { CatalogTable } from '../core/lake.ts';
import { compilePattern, isGlob, matchesAny, type Pattern } from '../core/pattern.ts';
import type { Permission } from '../core/permission.ts';
import { compareText } from '../core/problem.ts';
import { type Classified, isFlaggedPii, isSensitive, ownClass } from '../core/sensitivity.ts';
import type { CatalogEntry } from '../core/state.ts';
import type { DataProduct, Table } from '../declare/files.ts';
import { pii } from './classes.ts';

/** What a grant gives, as far as its sensitivity goes. */
export type Target =
  | { readonly kind: 'database' }
  | { readonly kind: 'locations' }
  | { readonly kind: 'all-tables' }
  | { readonly kind: 'table'; readonly table: string; readonly columns: Columns };

/** What is known of a product's sensitivity, from its file and from the catalog together. */
export interface Sensitivity {
  /** Whether anything in the product is flagged, in the file or in the catalog. */
  readonly hasAny: boolean;
  /** The classes that a permission on a target touches, sorted. */
  readonly touched: (permission: Permission, target: Target) => readonly string[];
  /** The classes of one column, its nested fields included. */
  readonly ofColumn: (table: string, column: string) => ReadonlySet<string>;
}

/**
 * Weighs a product: a grant touches a class when anything that it really covers is flagged, be it the
 * database, the table, a selected column, a partition key (which Lake Formation cannot hide) or a
 * field nested in one, in the product file or by `pii_flag` in the catalog. DESCRIBE shows no data
 * and touches nothing. Where anything is flagged, a column that the file does not name counts as pii.
 */
export function weigh(product: DataProduct, entry: CatalogEntry | undefined): Sensitivity {
  const declared = declaredTables(product);
  const claims = claimsOf(product);
  const database = new Set([...classOf(product), ...flagOf(entry?.database.parameters)]);
  const live = [...(entry?.tables.values() ?? [])].filter((table) => claims(table.name));
  const hasAny = database.size > 0 || isSensitive(product) || live.some((table) => isFlagged(table));

  const ofColumn = (tableName: string, column: string): ReadonlySet<string> => {
    const named = declared.get(tableName)?.columns.get(column);
    const live = entry?.tables.get(tableName);
    const inCatalog = live?.columns.find(({ name }) => name === column);
    const unclassified = named === undefined && hasAny ? [pii] : [];
    // What a database or table is, all its columns are.
    const around = [...database, ...ownOf(product, declared, tableName), ...flagOf(live?.parameters)];
    return new Set([...around, ...(named ?? []), ...unclassified, ...flagOf(inCatalog?.parameters)]);
  };
  const ofTable = (name: string, columns: Columns): string[] => {
    const table = entry?.tables.get(name);
    const own = [...ownOf(product, declared, name), ...flagOf(table?.parameters)];
    const keys = new Set(table?.columns.filter(({ isPartitionKey }) => isPartitionKey).map((key) => key.name));
    const names = new Set([
      ...(declared.get(name)?.columns.keys() ?? []),
      ...(table?.columns.map((one) => one.name) ?? []),
    ]);
    // Columns that a grant names but nobody knows are unclassified, too.
    if (columns !== 'all' && 'only' in columns) for (const one of columns.only) names.add(one);
    const covered = [...names].filter((one) => keys.has(one) || coversColumns(columns, { only: [one] }));
    const unseen = names.size === 0 && hasAny ? [pii] : [];
    return [...own, ...unseen, ...covered.flatMap((one) => [...ofColumn(name, one)])];
  };
  const ofAll = (): string[] => {
    const names = new Set([...declared.keys(), ...live.map((table) => table.name)]);
    const byGlob = Object.entries(product.tables).flatMap(([, value]) => [...classOf(value)]);
    return [...byGlob, ...[...names].flatMap((name) => ofTable(name, 'all'))];
  };
  // Many subscriptions ask for the same: what a target touches is worked out once.
  const known = new Map<string, readonly string[]>();
  const touchedBy = (target: Target): readonly string[] => {
    const inside =
      target.kind === 'database' ? [] : target.kind === 'table' ? ofTable(target.table, target.columns) : ofAll();
    return [...new Set([...database, ...inside])].sort(compareText);
  };
  return {
    hasAny,
    ofColumn,
    touched: (permission, target) => {
      if (permission === 'DESCRIBE') return untouched;
      const key = target.kind === 'table' ? JSON.stringify([target.table, target.columns]) : target.kind;
      const classes = known.get(key) ?? touchedBy(target);
      known.set(key, classes);
      return classes;
    },
  };
}

const untouched: readonly string[] = [];

/** Whether a product claims a table, by name or glob, or because `allowFuture` claims the whole database. */
export function claimsOf(product: DataProduct): (table: string) => boolean {
  const isNamed = matchesAny(Object.keys(product.tables));
  return (table) => product.allowFuture === true || isNamed(table);
}

interface DeclaredTable {
  readonly own: ReadonlySet<string>;
  /** Classes by column; nested fields count for the column they are in. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The tables that a product names, without its globs. */
function declaredTables(product: DataProduct): ReadonlyMap<string, DeclaredTable> {
  const tables = Object.entries(product.tables).filter(([name]) => !isGlob(name));
  return new Map(tables.map(([name, value]) => [fold(name), { own: classOf(value), columns: columnClasses(value) }]));
}

function columnClasses(value: DataProduct['tables'][string]): ReadonlyMap<string, ReadonlySet<string>> {
  const columns = new Map<string, Set<string>>();
  for (const [path, column] of Object.entries(isTable(value) ? (value.columns ?? {}) : {})) {
    const name = fold(path.split('.')[0] ?? path);
    columns.set(name, new Set([...(columns.get(name) ?? []), ...classOf(column)]));
  }
  return columns;
}

function ownOf(product: DataProduct, declared: ReadonlyMap<string, DeclaredTable>, name: string): string[] {
  const named = declared.get(name);
  if (named !== undefined) return [...named.own];
  const globs: readonly [Pattern, DataProduct['tables'][string]][] = Object.entries(product.tables)
    .filter(([key]) => isGlob(key))
    .map(([key, value]) => [compilePattern(key), value]);
  return globs.filter(([glob]) => glob.matches(name)).flatMap(([, value]) => [...classOf(value)]);
}

function isTable(value: DataProduct['tables'][string]): value is Table {
  return value !== null && typeof value === 'object';
}

/** The class that a node of the product file carries itself. */
function classOf(node: Classified): ReadonlySet<string> {
  const own = ownClass(node);
  return new Set(own === undefined ? [] : [own]);
}

function isFlagged(table: CatalogTable): boolean {
  return flagOf(table.parameters).length > 0 || table.columns.some((column) => flagOf(column.parameters).length > 0);
}

function flagOf(parameters: Readonly<Record<string, string>> | undefined): readonly string[] {
  return isFlaggedPii(parameters) ? [pii] : [];
}
