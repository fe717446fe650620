import { resolvePermissions } from '../core/access.ts';
import { fold, grantsOf, type PermissionRow, type RawResource } from '../core/canonical.ts';
import type { Columns } from '../core/columns.ts';
import type { DataCellsFilter, Fact, LakeId } from '../core/fact.ts';
import { deriveFilterName } from '../core/filter-name.ts';
import type { Permission } from '../core/permission.ts';
import { isForeignIamPrincipal, type Principal, passesOn } from '../core/principal.ts';
import type { Access } from '../declare/files.ts';
import {
  missingColumns,
  type Obstacle,
  type ProductView,
  reachColumns,
  reachTables,
  tableObstacles,
  takesFilter,
} from './reach.ts';
import type { Target } from './sensitivity.ts';

/** A fact that an access entry asks for, with the classes it touches. */
export interface Asked {
  readonly fact: Fact;
  readonly classes: readonly string[];
}

/** What the entries of one file are resolved against. */
export interface Setting {
  readonly lake: LakeId;
  readonly catalog: string;
  readonly view: ProductView;
  readonly presets: Readonly<Record<string, readonly Permission[]>>;
  readonly columnsBy: 'list' | 'filter';
  /** What was resolved against it before (`alike.ts`). */
  readonly known: Map<string, Resolved>;
}

/** What one access entry asks for its principals, and what stands in the way. */
export interface Resolved {
  readonly asked: readonly Asked[];
  readonly obstacles: readonly Obstacle[];
  /** What the entry may ask besides, which the catalog does not tell now. */
  readonly unresolved?: Unresolved;
}

/** Permissions on tables that cannot be worked out: their names and globs as they are written. */
export interface Unresolved {
  readonly lake: LakeId;
  readonly database: string;
  readonly tables: readonly string[];
  readonly permissions: readonly Permission[];
}

/** Obstacles that leave it open what the entry asks; the others only stop it from being given. */
const opens: ReadonlySet<string> = new Set(['NOT_IN_CATALOG', 'NOTHING_MATCHES', 'NO_COLUMNS_LEFT']);

/** Turns an access entry into facts, one for each cell of Lake Formation's lists. */
export function resolveAccess(setting: Setting, access: Access, principals: readonly Principal[]): Resolved {
  if (access.locations !== undefined) return onLocations(setting, access, principals);
  if (access.database === true) return onDatabase(setting, access, principals);
  return onTables(setting, access, principals);
}

/** The permissions an access entry names, presets spelled out. */
function permissionsOf(access: Access, presets: Setting['presets']): readonly Permission[] {
  const kind = access.locations !== undefined ? 'locations' : access.database === true ? 'database' : 'tables';
  return resolvePermissions({ kind, permissions: access.permissions }, presets) ?? [];
}

/** The permissions that a principal gets with the grant option: what is written, else all for those who pass them on. */
export function grantOptionsOf(access: Access, permissions: readonly Permission[], to: Grantee): readonly Permission[] {
  if (isForeignIamPrincipal(to.principal, to.catalog)) return [];
  if (access.withGrantOption !== undefined) return access.withGrantOption;
  return passesOn(to.principal) ? permissions : [];
}

/** A principal and the account of the catalog in which it gets permissions. */
export interface Grantee {
  readonly principal: Principal;
  readonly catalog: string;
}

function onDatabase(setting: Setting, access: Access, principals: readonly Principal[]): Resolved {
  const asked = principals.flatMap((principal) => give(setting, access, { principal, ...databaseOf(setting) }));
  return { asked, obstacles: missingDatabase(setting) };
}

function onLocations(setting: Setting, access: Access, principals: readonly Principal[]): Resolved {
  const asked = (access.locations ?? []).flatMap((arn) =>
    principals.flatMap((principal) =>
      give(setting, access, {
        principal,
        resource: { kind: 'data-location', catalog: setting.catalog, arn },
        target: { kind: 'locations' },
      }),
    ),
  );
  return { asked, obstacles: [] };
}

function onTables(setting: Setting, access: Access, principals: readonly Principal[]): Resolved {
  const { view, catalog } = setting;
  const database = view.product.database;
  const isAlone = access.describeDatabase === false;
  const shared = isAlone ? [] : principals.flatMap((principal) => describeDatabase(setting, principal));
  if (access.tables?.includes('*') === true) {
    const wildcard: RawResource = { kind: 'table-wildcard', catalog, database };
    const asked = principals.flatMap((principal) =>
      give(setting, access, { principal, resource: wildcard, target: { kind: 'all-tables' } }),
    );
    return { asked: [...shared, ...asked], obstacles: missingDatabase(setting) };
  }
  const [tables, unreached] = reachTables(view, access.tables ?? []);
  const obstacles: Obstacle[] = [
    ...missingDatabase(setting),
    ...unreached,
    ...(access.columns === undefined ? [] : missingColumns(view, tables, access.columns)),
  ];
  const asked: Asked[] = [];
  const permissions = permissionsOf(access, setting.presets);
  for (const table of tables) {
    obstacles.push(...tableObstacles(view, table, { permissions, isFiltered: access.rows !== undefined }));
    const [columns, missing] =
      access.columns === undefined ? (['all', []] as const) : reachColumns(view, table, access.columns);
    obstacles.push(...missing);
    if (columns === undefined) continue;
    const filter = isFiltered(setting, access, { table, columns })
      ? filterOf(setting, access, { table, columns })
      : undefined;
    if (filter !== undefined) asked.push({ fact: filter, classes: [] });
    for (const principal of principals) asked.push(...onTable(setting, access, { principal, table, columns, filter }));
  }
  const isOpen = obstacles.some(({ code }) => opens.has(code));
  const unresolved = { lake: setting.lake, database, tables: access.tables ?? [], permissions };
  return { asked: [...shared, ...asked], obstacles, ...(isOpen ? { unresolved } : {}) };
}

interface OnTable {
  readonly principal: Principal;
  readonly table: string;
  readonly columns: Columns;
  readonly filter: DataCellsFilter | undefined;
}

/** SELECT goes to the filter or to the columns, everything else to the table itself. */
function onTable(setting: Setting, access: Access, { principal, table, columns, filter }: OnTable): Asked[] {
  const { catalog } = setting;
  const database = setting.view.product.database;
  const whole: RawResource = { kind: 'table', catalog, database, table };
  const target: Target = { kind: 'table', table, columns };
  const selected: RawResource =
    filter !== undefined
      ? { kind: 'data-cells-filter', catalog, database, table, filter: filter.name }
      : columns === 'all'
        ? whole
        : {
            ...whole,
            kind: 'table-with-columns',
            columns: 'only' in columns ? { names: columns.only } : { excluded: columns.except },
          };
  const isSelect = (permission: Permission): boolean => permission === 'SELECT';
  return [
    ...give(setting, access, { principal, resource: selected, target, only: isSelect }),
    ...give(setting, access, {
      principal,
      resource: whole,
      target: { kind: 'table', table, columns: 'all' },
      only: (permission) => !isSelect(permission),
    }),
  ];
}

interface Gift {
  readonly principal: Principal;
  readonly resource: RawResource;
  readonly target: Target;
  readonly only?: (permission: Permission) => boolean;
}

function give(setting: Setting, access: Access, gift: Gift): Asked[] {
  const { principal, resource, target, only } = gift;
  const all = permissionsOf(access, setting.presets);
  const options = grantOptionsOf(access, all, { principal, catalog: setting.catalog });
  const kept = (list: readonly Permission[]): readonly Permission[] => (only === undefined ? list : list.filter(only));
  const row: PermissionRow = {
    principal: principal.id,
    resource,
    permissions: kept(all),
    withGrantOption: kept(options),
  };
  return grantsOf(setting.lake, row).map((fact) => ({
    fact,
    classes: setting.view.sensitivity.touched(fact.permission, target),
  }));
}

/** Whoever gets a table gets DESCRIBE on its database: one fact, however many subscriptions need it. */
function describeDatabase(setting: Setting, principal: Principal): Asked[] {
  return give(setting, { permissions: ['DESCRIBE'] }, { principal, ...databaseOf(setting) });
}

function databaseOf(setting: Setting): { readonly resource: RawResource; readonly target: Target } {
  const database = setting.view.product.database;
  return { resource: { kind: 'database', catalog: setting.catalog, database }, target: { kind: 'database' } };
}

function missingDatabase({ view }: Setting): readonly Obstacle[] {
  if (view.entry !== undefined) return [];
  return [
    {
      code: 'NOT_IN_CATALOG',
      message: `database ${view.product.database} is not in the catalog`,
      hint: 'check the name, and the account and region in mesh.yaml',
    },
  ];
}

interface Selected {
  readonly table: string;
  readonly columns: Columns;
}

/** Whether SELECT is given through a data cells filter: where rows limit it, and where columns do and the mesh has them by filter. */
function isFiltered({ view, columnsBy }: Setting, { rows }: Access, { table, columns }: Selected): boolean {
  return rows !== undefined || (columnsBy === 'filter' && columns !== 'all' && takesFilter(view, table));
}

function filterOf(setting: Setting, access: Access, on: Selected): DataCellsFilter {
  const rows = access.rows ?? null;
  return {
    kind: 'data-cells-filter',
    lake: setting.lake,
    catalog: setting.catalog,
    database: fold(setting.view.product.database),
    table: on.table,
    name: access.filter ?? deriveFilterName(rows, on.columns),
    rows,
    columns: on.columns,
  };
}
