import type { JournalEntry } from '../../src/emulator/journal.ts';
import type { Snapshot } from '../../src/emulator/snapshot.ts';
import { matcher } from './law-access.ts';
import { CellBook, type CellPlace, type Cells, cellPlace, type Extent, extentIn, minus, plus } from './law-cells.ts';
import { claims, type Wanted, type WantedState, wantedBy } from './law-desired.ts';
import type { KnownCatalog } from './law-lake.ts';
import { caller } from './law-lake.ts';
import { central, type LawMesh } from './law-mesh.ts';
import { today } from './law-reconcile.ts';

/** What a run of one mesh is judged by. */
export interface Judging {
  readonly mesh: LawMesh;
  readonly catalog: KnownCatalog;
  readonly unproven: ReadonlySet<string>;
  readonly before: Snapshot;
  readonly journal: readonly JournalEntry[];
}

/** What a journal tells of a run. */
export interface Verdicts {
  /** Every way in which the run broke its word. */
  readonly wrongs: readonly string[];
  readonly start: Cells;
  readonly end: Cells;
  /** What was held after each call that changed something. */
  readonly moments: readonly Cells[];
  readonly wanted: WantedState;
}

const nobody: Wanted = { all: new Set(), proven: new Set() };

/**
 * Follows a journal call by call. What is gained must be asked for by proven files, or be part of what
 * was live when the run began and is still asked for; what is lost must be the mesh's own.
 */
export function follow({ mesh, catalog, unproven, before, journal }: Judging): Verdicts {
  const book = new CellBook(catalog, before);
  const start = book.cells();
  const wanted = wantedBy(mesh, { catalog, today, unproven, open: openIn(start) });
  const wrongs: string[] = [];
  const moments: Cells[] = [];
  let last = start;
  for (const { index, operation, changes } of journal) {
    if (changes.length === 0) continue;
    for (const change of changes) {
      if (change.verb === 'grant') book.grant(change.what);
      else if (change.verb === 'revoke') book.revoke(change.what);
      else
        wrongs.push(
          ...objectWrongs({ verb: change.verb, what: change.what as ObjectChange['what'], mesh, wanted, before }).map(
            (text) => `${index} ${operation}: ${text}`,
          ),
        );
    }
    const now = book.cells();
    moments.push(now);
    for (const key of new Set([...last.keys(), ...now.keys()])) {
      const [was, is] = [extentIn(last, key), extentIn(now, key)];
      const { all, proven } = wanted.cells.get(key) ?? nobody;
      const stays = new Set([...extentIn(start, key)].filter((column) => all.has(column)));
      const excess = minus(minus(is, was), plus(proven, stays));
      const lost = minus(was, is);
      if (excess.size > 0) wrongs.push(`${index} ${operation} gave ${key}: ${[...excess].join(', ')}`);
      const reason = lost.size === 0 ? undefined : whyNotManaged(mesh, cellPlace(key), catalog);
      if (reason !== undefined) wrongs.push(`${index} ${operation} took ${key}, which is ${reason}`);
    }
    last = now;
  }
  return { wrongs, start, end: last, moments, wanted };
}

/** What IAM alone opens. */
function openIn(cells: Cells): ReadonlySet<string> {
  const places = [...cells.keys()].map(cellPlace);
  return new Set(
    places
      .filter(
        ({ principal, permission }) =>
          principal === 'IAM_ALLOWED_PRINCIPALS' && (permission === 'ALL' || permission === 'SELECT'),
      )
      .flatMap(({ kind, database = '', table = '' }) =>
        kind === 'table' ? [`${database}.${table}`] : kind === 'all-tables' ? [`${database}.*`] : [],
      ),
  );
}

/** Why a permission is not the mesh's to take; undefined where it is. */
function whyNotManaged(
  { mesh, accounts, products, subscriptions }: LawMesh,
  place: CellPlace,
  catalog: KnownCatalog,
): string | undefined {
  const { principal, kind } = place;
  const resolve = (account: string, names: readonly string[] | undefined): readonly string[] =>
    names === undefined
      ? [accounts[account]?.id ?? '']
      : names.map((name) => accounts[account]?.principals?.[name] ?? mesh.principals?.[name] ?? '');
  if (kind.startsWith('lf-')) return 'through LF-Tags';
  if (principal === 'IAM_ALLOWED_PRINCIPALS' || principal === caller) return 'protected';
  if (
    principal.includes(':role/aws-service-role/') ||
    [...catalog.administrators, ...catalog.readOnlyAdministrators].includes(principal)
  )
    return 'protected';
  if ((mesh.protected ?? []).some((name) => (mesh.principals?.[name] ?? name) === principal)) return 'protected';
  if (
    catalog.tables.some(
      ({ database, name, creator }) =>
        kind === 'table' && database === place.database && name === place.table && creator === principal,
    )
  )
    return "its table's creator's";
  if (kind === 'catalog')
    return (mesh.grants ?? []).some(({ principals }) =>
      principals.some((name) => (mesh.principals?.[name] ?? accounts[name]?.id) === principal),
    )
      ? undefined
      : 'nobody declares the principal';
  const declared = new Set([
    ...Object.values(mesh.principals ?? {}),
    ...Object.values(accounts).flatMap(({ id, principals }) => [id, ...Object.values(principals ?? {})]),
  ]);
  const account = /^(?:arn:aws:iam::)?(\d{12})/.exec(principal)?.[1];
  const isManagedBy = ([id, product]: readonly [string, LawMesh['products'][string]]): boolean => {
    const producer = accounts[product.producer]?.id;
    if (account !== producer && account !== central) return declared.has(principal);
    const listed = [
      ...(product.grants ?? []).flatMap(({ principals }) => resolve(product.producer, principals)),
      ...Object.entries(subscriptions).flatMap(([path, { principals }]) =>
        path.startsWith(`${id}/`) ? resolve(path.split('/')[2]?.split('.')[0] ?? '', principals) : [],
      ),
    ];
    return listed.includes(principal);
  };
  const mine = Object.entries(products).filter(([, product]) => {
    if (kind === 'data-location')
      return (product.locations ?? []).some((path) => `${place.arn}/`.startsWith(`arn:aws:s3:::${path.slice(5)}`));
    return product.database === place.database && (place.table === undefined || claims(product, place.table));
  });
  if (mine.length === 0) return 'on nothing that is declared';
  return mine.some(isManagedBy) ? undefined : 'of a principal that nobody declares';
}

interface ObjectChange {
  readonly verb: string;
  readonly what: { readonly kind: string; readonly name: string; readonly value?: unknown };
  readonly mesh: LawMesh;
  readonly wanted: WantedState;
  readonly before: Snapshot;
}

function objectWrongs({ verb, what, mesh, wanted, before }: ObjectChange): readonly string[] {
  if (what.kind === 'database') return parameterWrongs(what, wanted, before);
  if (what.kind !== 'data-cells-filter') return [`${verb} of a ${what.kind}`];
  const [database = '', table = '', name = ''] = what.name.split('.');
  if (verb === 'delete') {
    const isNamed = [
      ...Object.values(mesh.subscriptions),
      ...Object.values(mesh.products).flatMap(({ grants = [] }) => grants),
    ].some(({ access }) => access.some(({ filter }) => filter === name));
    const isClaimed = Object.values(mesh.products).some(
      (product) => product.database === database && claims(product, table),
    );
    return isClaimed && (isNamed || name.startsWith('meshgate_'))
      ? []
      : [`deleted the filter ${what.name}, which is not the mesh's`];
  }
  const asked = wanted.filters.get(what.name);
  const value = what.value as {
    readonly RowFilter: { readonly FilterExpression?: string };
    readonly ColumnNames?: readonly string[];
  };
  if (asked?.isProven === true) {
    const isSame =
      value.RowFilter.FilterExpression === asked.rows &&
      (asked.isAll ? value.ColumnNames === undefined : sameNames(value.ColumnNames, asked.columns));
    if (isSame) return [];
  }
  const live = before.filters.find(
    (one) => `${String(one['DatabaseName'])}.${String(one['TableName'])}.${String(one['Name'])}` === what.name,
  );
  const isNarrowed =
    asked !== undefined &&
    live !== undefined &&
    (value.ColumnNames ?? ['*']).every((column) => asked.columns.has(column)) &&
    value.RowFilter.FilterExpression === (live['RowFilter'] as { FilterExpression?: string }).FilterExpression;
  return isNarrowed
    ? []
    : [`${verb} of the filter ${what.name} as ${JSON.stringify(value)}, which no proven file asks`];
}

function sameNames(names: readonly string[] | undefined, extent: Extent): boolean {
  return names !== undefined && names.length === extent.size && names.every((name) => extent.has(name));
}

function parameterWrongs(what: ObjectChange['what'], wanted: WantedState, before: Snapshot): readonly string[] {
  const { Parameters = {} } = what.value as { readonly Parameters?: Readonly<Record<string, string>> };
  const old = before.databases.find(({ name }) => name === what.name)?.parameters ?? {};
  return [...new Set([...Object.keys(old), ...Object.keys(Parameters)])].flatMap((name) => {
    if (old[name] === Parameters[name]) return [];
    const asked = wanted.parameters.get(`${what.name} ${name}`);
    return asked?.isProven === true && asked.value === Parameters[name]
      ? []
      : [`set ${name} of ${what.name} to ${Parameters[name]}`];
  });
}

/**
 * Whether a permission cannot be had because of another that must stay: a list of columns, of somebody
 * protected or undecided, goes together neither with all columns nor with permissions that modify.
 */
export function isBarred(
  mesh: LawMesh,
  catalog: KnownCatalog,
  on: { readonly verdicts: Verdicts; readonly key: string },
): boolean {
  const { end, wanted } = on.verdicts;
  const place = cellPlace(on.key);
  if (place.kind !== 'table') return false;
  const isFixed = whyNotManaged(mesh, place, catalog) !== undefined || isUndecided(wanted, place);
  return (
    isFixed &&
    [...end.keys()]
      .map(cellPlace)
      .some(
        (other) =>
          other.principal === place.principal && other.table === place.table && other.database === place.database,
      )
  );
}

/** Whether the catalog lacks what a request for this principal names, and this may be a part of it. */
function isUndecided({ undecided }: WantedState, { principal, database, table, permission }: CellPlace): boolean {
  return undecided.some(
    (open) =>
      open.principal === principal &&
      open.database === database &&
      open.permissions.includes(permission) &&
      table !== undefined &&
      open.tables.some((text) => matcher(text)(table)),
  );
}

/** What the end of a clean run owes: all that is asked and may be given is there, and of the mesh's own nothing else. */
export function debts(mesh: LawMesh, catalog: KnownCatalog, verdicts: Verdicts): readonly string[] {
  const { start, end, wanted } = verdicts;
  const found: string[] = [];
  for (const key of new Set([...wanted.cells.keys(), ...end.keys(), ...start.keys()])) {
    const { all, proven } = wanted.cells.get(key) ?? nobody;
    const is = extentIn(end, key);
    const missing = minus(plus(proven, new Set([...extentIn(start, key)].filter((column) => all.has(column)))), is);
    const isOnTable = cellPlace(key).table !== undefined;
    if (isOnTable && isUndecided(wanted, cellPlace(key)) && minus(extentIn(start, key), is).size > 0)
      found.push(`${key} lost what nobody can judge`);
    if (missing.size > 0 && !isBarred(mesh, catalog, { verdicts, key }))
      found.push(`${key} lacks ${[...missing].join(', ')}`);
    const surplus = minus(is, all);
    // A mesh that asks for nothing takes nothing: a guard sees to that.
    if (
      wanted.cells.size > 0 &&
      !isUndecided(wanted, cellPlace(key)) &&
      surplus.size > 0 &&
      whyNotManaged(mesh, cellPlace(key), catalog) === undefined
    )
      found.push(`${key} has ${[...surplus].join(', ')} still`);
  }
  return found;
}
