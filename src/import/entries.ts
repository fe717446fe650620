import type { Columns } from '../core/columns.ts';
import type { DataCellsFilter } from '../core/fact.ts';
import { derivedPrefix } from '../core/filter-name.ts';
import { groupBy } from '../core/group.ts';
import { compilePattern } from '../core/pattern.ts';
import { builtInPresets } from '../core/permission.ts';
import { isForeignIamPrincipal, type Principal, passesOn } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import type { Access, PermissionName } from '../declare/files.ts';
import { s3PathOf } from './locations.ts';
import type { Right } from './rights.ts';

/** What decides how rights are written as access entries. */
export interface Wording {
  readonly central: string;
  readonly filters: ReadonlyMap<string, DataCellsFilter>;
  /** The tables of the product that a glob may reach; none where a glob would reach what nobody approved. */
  readonly globbed: readonly string[];
}

/** The access entries that say exactly these rights of one principal in one product. */
export function toAccess(rights: readonly Right[], wording: Wording): readonly Access[] {
  const [first] = rights;
  if (first === undefined) return [];
  const { principal } = first;
  const onDatabase = rights.filter(({ resource }) => resource.kind === 'database');
  const onAll = rights.filter(({ resource }) => resource.kind === 'all-tables');
  const isOpen = onDatabase.some((right) => isImplied(right, principal));
  const alone: Access = isOpen ? {} : { describeDatabase: false };
  const hasTables = rights.some(({ resource }) => resource.kind === 'all-tables' || 'table' in resource);
  const onLocations = rights.filter(({ resource }) => resource.kind === 'data-location');
  const further = onDatabase.filter((right) => !(hasTables && isImplied(right, principal)));
  const write = (given: readonly Right[], on: Access): readonly Access[] =>
    given.length === 0 ? [] : [{ ...on, ...permissionsOf(given, principal, wording.central) }];
  return [
    ...write(further, { database: true }),
    ...write(onAll, { tables: ['*'], ...alone }),
    ...onTables(rights, wording).flatMap(({ tables, limit, rights: given }) =>
      write(given, { tables: limit === undefined ? globbed(tables, wording.globbed) : tables, ...limit, ...alone }),
    ),
    ...[...groupBy(onLocations, ({ hasOption }) => String(hasOption)).values()].flatMap((same) => {
      const { withGrantOption } = permissionsOf(same.slice(0, 1), principal, wording.central);
      return [
        {
          locations: same.map(pathOf).sort(compareText),
          ...(withGrantOption === undefined ? {} : { withGrantOption }),
        },
      ];
    }),
  ];
}

/** Whoever gets a table gets DESCRIBE on its database, with the grant option where it is passed on. */
function isImplied({ permission, hasOption }: Right, principal: Principal): boolean {
  return permission === 'DESCRIBE' && hasOption === passesOn(principal);
}

function pathOf({ resource }: Right): string {
  return resource.kind === 'data-location' ? (s3PathOf(resource.location) ?? resource.location) : '';
}

/** The order in which permissions are written. */
const order: readonly PermissionName[] = [
  'SELECT',
  'DESCRIBE',
  'INSERT',
  'DELETE',
  'ALTER',
  'DROP',
  'CREATE_TABLE',
  'CREATE_DATABASE',
  'DATA_LOCATION_ACCESS',
];

/** The permissions of an entry, as a preset where one means the same, with the grant option where it is not the usual. */
function permissionsOf(
  rights: readonly Right[],
  principal: Principal,
  central: string,
): Pick<Access, 'permissions' | 'withGrantOption'> {
  const sorted = (of: readonly Right[]): readonly PermissionName[] => {
    const named = new Set(of.map(({ permission }) => permission));
    return order.filter((permission) => named.has(permission));
  };
  const given = sorted(rights);
  const options = sorted(rights.filter(({ hasOption }) => hasOption));
  const usual = passesOn(principal) ? given : [];
  const isUsual = isForeignIamPrincipal(principal, central) || options.join() === usual.join();
  return { permissions: presetOf(given) ?? given, ...(isUsual ? {} : { withGrantOption: options }) };
}

function presetOf(permissions: readonly PermissionName[]): string | undefined {
  return Object.entries(builtInPresets).find(
    ([, meant]) => meant.length === permissions.length && permissions.every((one) => meant.includes(one)),
  )?.[0];
}

type Limit = Pick<Access, 'columns' | 'rows' | 'filter'>;

interface OnTables {
  readonly tables: readonly string[];
  readonly limit?: Limit;
  readonly rights: readonly Right[];
}

/** The entries on tables: tables on which the same is held the same way share one. */
function onTables(rights: readonly Right[], { filters }: Wording): readonly OnTables[] {
  const byTable = new Map<string, Right[]>();
  for (const right of rights) {
    if (!('table' in right.resource)) continue;
    const { table } = right.resource;
    byTable.set(table, [...(byTable.get(table) ?? []), right]);
  }
  const groups = new Map<string, { tables: string[]; limit?: Limit; rights: readonly Right[] }>();
  for (const [table, held] of [...byTable].sort(([a], [b]) => compareText(a, b))) {
    for (const { limit, rights: given } of splitByLimit(held, table, filters)) {
      const said = given.map(({ permission, hasOption }) => `${permission} ${hasOption}`).sort(compareText);
      const key = JSON.stringify([limit ?? null, said]);
      const group = groups.get(key) ?? { tables: [], ...(limit === undefined ? {} : { limit }), rights: given };
      groups.set(key, group);
      group.tables.push(table);
    }
  }
  return [...groups.values()];
}

/** What is held on one table, apart by how SELECT is limited; DESCRIBE is written with the only limited SELECT. */
function splitByLimit(
  held: readonly Right[],
  table: string,
  filters: Wording['filters'],
): readonly { readonly limit?: Limit; readonly rights: readonly Right[] }[] {
  const limited = held.filter(({ resource, columns }) => resource.kind === 'data-cells-filter' || columns !== 'all');
  const rest = held.filter((right) => !limited.includes(right));
  const joins = limited.length === 1 && rest.every(({ permission }) => permission === 'DESCRIBE');
  const apart = limited.map((right) => ({
    limit: limitOf(right, table, filters),
    rights: joins ? [right, ...rest] : [right],
  }));
  return joins || rest.length === 0 ? apart : [...apart, { rights: rest }];
}

function limitOf({ resource, columns }: Right, table: string, filters: Wording['filters']): Limit {
  const filter = resource.kind === 'data-cells-filter' ? filters.get(`${table} ${resource.filter}`) : undefined;
  return {
    ...includeOf(columns),
    ...(filter === undefined ? {} : { rows: filter.rows ?? '' }),
    ...(filter === undefined || filter.name.startsWith(derivedPrefix) ? {} : { filter: filter.name }),
  };
}

function includeOf(columns: Columns): Pick<Access, 'columns'> {
  return columns !== 'all' && 'only' in columns ? { columns: { include: columns.only } } : {};
}

/** How many tables a glob stands for at the least, and how many globs a list of tables has at the most. */
const leastTables = 3;
const mostGlobs = 5;

/** Tables with those of one prefix written as a glob, where it reaches these and no others. */
function globbed(tables: readonly string[], all: readonly string[]): readonly string[] {
  const wanted = new Set(tables);
  let rest = tables;
  const globs: string[] = [];
  const prefixes = new Set(tables.flatMap((table) => prefixesOf(table)));
  for (const prefix of [...prefixes].sort((a, b) => a.length - b.length || compareText(a, b))) {
    if (globs.length === mostGlobs) break;
    const { matches } = compilePattern(`${prefix}*`);
    const reached = all.filter(matches);
    if (reached.length < leastTables || !reached.every((table) => wanted.has(table))) continue;
    if (!rest.some(matches)) continue;
    globs.push(`${prefix}*`);
    rest = rest.filter((table) => !matches(table));
  }
  return [...globs, ...rest].sort(compareText);
}

/** The parts of a name up to each of its underscores. */
function prefixesOf(table: string): readonly string[] {
  return Array.from(table.matchAll(/_/g), ({ index }) => table.slice(0, index + 1)).filter((prefix) => prefix !== '_');
}
