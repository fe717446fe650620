import { type Columns, coversColumns, meetColumns, only } from './columns.ts';
import type { Fact, Grant } from './fact.ts';
import type { CatalogTable } from './lake.ts';
import type { Pattern } from './pattern.ts';
import type { Permission } from './permission.ts';
import { toPrincipal } from './principal.ts';
import type { Place } from './problem.ts';
import type { Catalog } from './state.ts';

/** An entry of mesh.yaml that counts until a day, as reports show it. */
export interface Dated {
  readonly place: Place;
  /** What it is about, in words: `principal marketing/analysts, product sales/orders`. */
  readonly scope: string;
  readonly reason: string;
  /** The last day, `YYYY-MM-DD`. */
  readonly until: string;
  readonly isOver: boolean;
}

/** An emergency cut: what it takes away, whatever the files ask. What is absent fits everything. */
export interface Hold extends Dated {
  /** The principal's identifier. */
  readonly principal?: string;
  readonly account?: { readonly name: string; readonly id: string };
  readonly product?: string;
  readonly table?: Pattern;
  readonly column?: Pattern;
}

/** Whether a hold takes all that the mesh gives. */
export function isOnEverything({ principal, account, product, table, column }: Hold): boolean {
  return [principal, account, product, table, column].every((part) => part === undefined);
}

/** Who asks for a grant: the products it is on, and the account whose subscription it is. */
export interface Asker {
  readonly products: readonly string[];
  readonly consumer?: string | undefined;
}

/** What must be known to tell which grants read a column. */
export interface Sight {
  readonly catalog: Catalog;
  /** The columns that a data cells filter lets through; undefined where nobody knows. */
  readonly filterColumns: (filter: {
    readonly database: string;
    readonly table: string;
    readonly filter: string;
  }) => Columns | undefined;
}

/** Sight by a catalog, and by the data cells filters among some facts. */
export function sightOf(catalog: Catalog, facts: Iterable<{ readonly fact: Fact }>): Sight {
  const columns = new Map<string, Columns>();
  for (const { fact } of facts)
    if (fact.kind === 'data-cells-filter') columns.set(`${fact.database} ${fact.table} ${fact.name}`, fact.columns);
  return { catalog, filterColumns: ({ database, table, filter }) => columns.get(`${database} ${table} ${filter}`) };
}

/** What a hold does to a grant: nothing, it takes it as a whole, or it leaves these columns. */
export type Grip = 'none' | 'whole' | { readonly left: Columns };

/**
 * INSERT and DELETE let their holder read the data, too
 * (https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html).
 */
export const reading: readonly Permission[] = ['ALL', 'DELETE', 'INSERT', 'SELECT'];

/** How far a hold takes hold of a grant; what cannot be known, or narrowed, it takes as a whole. */
export function gripOf(hold: Hold, grant: Grant, { asker, sight }: { asker: Asker; sight: Sight }): Grip {
  const { resource } = grant;
  if (!concerns(hold, grant, asker)) return 'none';
  if (hold.table === undefined && hold.column === undefined) return 'whole';
  if (resource.kind !== 'all-tables' && resource.kind !== 'table' && resource.kind !== 'data-cells-filter')
    return 'none';
  if (hold.column !== undefined && !reading.includes(grant.permission)) return 'none';
  const tables = tablesOf(sight.catalog, resource.database);
  if (resource.kind === 'all-tables') {
    const reaches = (name: string): boolean =>
      hold.table?.matches(name) !== false &&
      (hold.column === undefined || columnsIn(tables?.get(name)).some(hold.column.matches));
    return tables === undefined || [...tables.keys()].some(reaches) ? 'whole' : 'none';
  }
  if (hold.table?.matches(resource.table) === false) return 'none';
  const { column } = hold;
  if (column === undefined) return 'whole';
  const isTable = resource.kind === 'table';
  const given = isTable ? (grant.columns ?? 'all') : sight.filterColumns(resource);
  const grip = gripOnColumns(given, tables?.get(resource.table), column);
  // A filter is shared by all who hold a grant on it, and INSERT and DELETE know no columns.
  return grip === 'none' || (isTable && grant.permission === 'SELECT') ? grip : 'whole';
}

/** The part of the scope that says whose and of which product. */
function concerns({ principal, account, product }: Hold, grant: Grant, asker: Asker): boolean {
  if (principal !== undefined && grant.principal !== principal) return false;
  const isOfAccount = account === undefined || toPrincipal(grant.principal).account === account.id;
  if (!isOfAccount && asker.consumer !== account.name) return false;
  return product === undefined || asker.products.includes(product);
}

function gripOnColumns(given: Columns | undefined, table: CatalogTable | undefined, column: Pattern): Grip {
  const named = given !== undefined && given !== 'all' && 'only' in given ? given.only : undefined;
  const known = table === undefined ? named : columnsIn(table);
  if (known === undefined || given === undefined) return 'whole';
  const keys = new Set(table?.columns.filter(({ isPartitionKey }) => isPartitionKey).map(({ name }) => name));
  const read = [...new Set([...known, ...(named ?? [])])].filter(
    (name) => keys.has(name) || coversColumns(given, { only: [name] }),
  );
  const held = read.filter(column.matches);
  if (held.length === 0) return 'none';
  // Lake Formation cannot hide a partition key, and a list of nothing but keys gives nothing.
  if (held.some((name) => keys.has(name))) return 'whole';
  const rest = read.filter((name) => !held.includes(name));
  const left = rest.every((name) => keys.has(name)) ? undefined : meetColumns(given, only(rest) ?? 'all');
  return left === undefined ? 'whole' : { left };
}

function columnsIn(table: CatalogTable | undefined): readonly string[] {
  return table?.columns.map(({ name }) => name) ?? [];
}

function tablesOf({ databases, unread }: Catalog, database: string): ReadonlyMap<string, CatalogTable> | undefined {
  return unread.has(database) ? undefined : databases.get(database)?.tables;
}
