import { isExternal } from '../core/access.ts';
import { type Columns, isSameColumns } from '../core/columns.ts';
import { type DataCellsFilter, type Grant, keyOf } from '../core/fact.ts';
import { derivedPrefix, deriveFilterName } from '../core/filter-name.ts';
import type { CatalogTable } from '../core/lake.ts';
import { isGlob } from '../core/pattern.ts';
import { type DeclarableKind, legalPermissions } from '../core/permission.ts';
import { isForeignIamPrincipal, type Principal, passesOn, toPrincipal } from '../core/principal.ts';
import type { CatalogEntry, ObservedFact } from '../core/state.ts';
import type { PermissionName } from '../declare/files.ts';
import { type Left, type LeftCode, leave } from './left.ts';

/** A permission that a principal holds on one resource, with or without the grant option: what a mesh file can say. */
export interface Right {
  readonly principal: Principal;
  readonly resource: Grant['resource'];
  readonly permission: PermissionName;
  readonly hasOption: boolean;
  /** For SELECT on a table or through a data cells filter: which columns; else all. */
  readonly columns: Columns;
  /** The one or two facts that it stands for. */
  readonly facts: readonly GrantSeen[];
}

/** A grant as it was observed. */
export interface GrantSeen extends ObservedFact {
  readonly fact: Grant;
}

/** What rights in a database are judged by. */
export interface Ground {
  /** The central account's id. */
  readonly central: string;
  /** Undefined where the catalog has no such database. */
  readonly entry: CatalogEntry | undefined;
  /** The data cells filters of the database, by `<table> <name>`. */
  readonly filters: ReadonlyMap<string, DataCellsFilter>;
}

/** What came of a number of facts: rights, and what is left. */
export interface Sorted {
  readonly rights: readonly Right[];
  readonly left: readonly Left[];
}

/** Pairs each permission with its grant option and keeps what a mesh file can say of one permission on one resource. */
export function toRights(facts: readonly GrantSeen[], ground: Ground): Sorted {
  const pairs = new Map<string, { plain?: GrantSeen; option?: GrantSeen }>();
  const left: Left[] = [];
  for (const seen of facts) {
    const code = wrongWith(seen, ground);
    if (code !== undefined) {
      left.push(...leave(code, [seen]));
      continue;
    }
    const key = keyOf({ ...seen.fact, grantOption: false });
    const pair = pairs.get(key) ?? {};
    pairs.set(key, pair);
    if (seen.fact.grantOption) pair.option = seen;
    else pair.plain = seen;
  }
  const rights = [...pairs.values()].flatMap(({ plain, option }) => {
    const { right, without } = pairUp(plain, option, ground);
    left.push(...without);
    return right === undefined ? [] : [right];
  });
  return { rights, left };
}

interface Paired {
  readonly right?: Right;
  readonly without: readonly Left[];
}

function pairUp(plain: GrantSeen | undefined, option: GrantSeen | undefined, ground: Ground): Paired {
  if (plain === undefined) return { without: option === undefined ? [] : leave('OPTION_ALONE', [option]) };
  const principal = toPrincipal(plain.fact.principal);
  const columns = columnsOf(plain.fact, ground);
  const right = (facts: readonly GrantSeen[]): Right => ({
    principal,
    resource: plain.fact.resource,
    permission: plain.fact.permission as PermissionName,
    hasOption: facts.length === 2,
    columns,
    facts,
  });
  const isNeeded = passesOn(principal) && isExternal({ principal, catalogAccount: ground.central });
  if (option === undefined) {
    return isNeeded ? { without: leave('OPTION_MISSING', [plain]) } : { right: right([plain]), without: [] };
  }
  if (isForeignIamPrincipal(principal, ground.central))
    return { right: right([plain]), without: leave('OPTION_REFUSED', [option]) };
  if (isSameColumns(columns, columnsOf(option.fact, ground))) return { right: right([plain, option]), without: [] };
  if (isNeeded) return { without: leave('COLUMN_LISTS', [plain, option]) };
  return { right: right([plain]), without: leave('COLUMN_LISTS', [option]) };
}

function columnsOf({ columns, resource }: Grant, { filters }: Ground): Columns {
  if (resource.kind !== 'data-cells-filter') return columns ?? 'all';
  return filters.get(`${resource.table} ${resource.filter}`)?.columns ?? 'all';
}

/** Why a mesh file cannot say a fact, as far as the fact itself shows. */
function wrongWith({ fact, parts }: GrantSeen, ground: Ground): LeftCode | undefined {
  const { resource, permission } = fact;
  if (fact.condition !== undefined) return 'CONDITION';
  if (permission === 'ALL' || permission === 'SUPER_USER') return 'ALL';
  const legal = legalPermissions[resource.kind as DeclarableKind];
  if (!legal.includes(permission)) return 'NOT_DECLARABLE';
  if ('database' in resource && ground.entry === undefined) return 'NO_DATABASE';
  if (resource.kind === 'database') {
    const recipient = { principal: toPrincipal(fact.principal), catalogAccount: ground.central };
    return permission === 'DROP' && isExternal(recipient) ? 'EXTERNAL_DROP' : undefined;
  }
  if (resource.kind === 'table') return wrongTable(fact, resource.table, ground) ?? wrongColumns(fact, parts, ground);
  if (resource.kind !== 'data-cells-filter') return undefined;
  if (permission !== 'SELECT') return 'FILTER_PERMISSION';
  return wrongTable(fact, resource.table, ground) ?? wrongFilter(resource, ground);
}

function wrongTable({ permission }: Grant, name: string, { entry }: Ground): LeftCode | undefined {
  const table = entry?.tables.get(name);
  if (table === undefined) return 'NO_TABLE';
  if (!isWritable(name)) return 'BAD_NAME';
  if (table.kind === 'link') return 'LINK';
  return table.kind === 'view' && !['SELECT', 'DESCRIBE', 'DROP'].includes(permission) ? 'VIEW' : undefined;
}

function wrongColumns({ resource, columns = 'all' }: Grant, parts: readonly Columns[], { entry }: Ground) {
  if (resource.kind !== 'table') return undefined;
  // Lists that together are all columns are held apart all the same.
  if (columns === 'all') return parts.some((part) => part !== 'all') ? 'COLUMN_LISTS' : undefined;
  return wrongList(columns, entry?.tables.get(resource.table));
}

/** Why a list of columns does not come out of a mesh file as it is. */
function wrongList(columns: Columns, table: CatalogTable | undefined): LeftCode | undefined {
  if (columns === 'all') return undefined;
  if ('except' in columns) return 'EXCLUDED_COLUMNS';
  const known = table?.columns ?? [];
  const listed = new Set(columns.only);
  if (columns.only.some((name) => !known.some((column) => column.name === name))) return 'NO_COLUMN';
  if (!columns.only.every(isWritable)) return 'BAD_NAME';
  return known.some(({ name, isPartitionKey }) => isPartitionKey && !listed.has(name)) ? 'PARTITION_KEY' : undefined;
}

// Names that data cells filters refuse: https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html.
const reserved: ReadonlySet<string> = new Set(
  'ctid oid xmin cmin xmax cmax tableoid insertxid deletexid importoid redcatuniqueid'.split(' '),
);

function wrongFilter(on: { readonly table: string; readonly filter: string }, ground: Ground): LeftCode | undefined {
  const filter = ground.filters.get(`${on.table} ${on.filter}`);
  const table = ground.entry?.tables.get(on.table);
  if (filter === undefined) return 'UNREAD';
  if (filter.rows === null) return 'FILTER_WITHOUT_ROWS';
  if (table?.kind === 'view') return 'VIEW';
  if (table?.columns.some(({ name }) => reserved.has(name)) === true) return 'FILTER_RESERVED';
  if (!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(filter.name) || filter.rows.length > 2048 || /\p{Cc}/u.test(filter.rows))
    return 'BAD_NAME';
  // Such a name says what the filter holds.
  if (filter.name.startsWith(derivedPrefix) && filter.name !== deriveFilterName(filter.rows, filter.columns))
    return 'BAD_NAME';
  return wrongList(filter.columns, table);
}

/** Whether a mesh file can name a table or column so: what looks like a pattern would be read as one. */
export function isWritable(name: string): boolean {
  return (
    name !== '' && name.length <= 255 && name.trim() === name && !isGlob(name) && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name)
  );
}
