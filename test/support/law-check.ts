import type { JournalEntry } from '../../src/emulator/journal.ts';
import type { Snapshot } from '../../src/emulator/snapshot.ts';
import { matcher } from './law-access.ts';
import {
  CellBook,
  type CellPlace,
  type Cells,
  cellKey,
  cellPlace,
  type Extent,
  extentIn,
  type Lists,
  minus,
  plus,
  wholeOf,
} from './law-cells.ts';
import { type Wanted, type WantedState, wantedBy } from './law-desired.ts';
import { type HeldBack, heldBack } from './law-held.ts';
import {
  cutOff,
  isElsewhere,
  isOptInOf,
  letIn,
  type OptInChange,
  type OptIns,
  optInChanges,
  optInsAfter,
  optInsIn,
  tooEarly,
  type Way,
} from './law-iam.ts';
import type { KnownCatalog } from './law-lake.ts';
import type { LawMesh } from './law-mesh.ts';
import { today } from './law-place.ts';
import { asProven, isAdditive, isClosed, isHybrid, isOurFilter, whyNotManaged, whyOptInStays } from './law-scope.ts';

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
  /** Who was opted in at the start, and after each of these calls. */
  readonly optIns: readonly OptIns[];
  /** The tables that somebody else dropped, `<database>.<table>`. */
  readonly dropped: ReadonlySet<string>;
  readonly wanted: WantedState;
  /** The same, were nothing open to IAM: limits that mean nothing there are asked all the same. */
  readonly asked: WantedState;
  /** The files that nothing proves. */
  readonly unproven: ReadonlySet<string>;
  /** What was stored before and after, list by list. */
  readonly lists: { readonly atStart: Lists; readonly atEnd: Lists };
  /** The data cells filters that were there before, `<database>.<table>.<name>`. */
  readonly filters: ReadonlyMap<string, LiveFilter>;
  /** The tables that IAM_ALLOWED_PRINCIPALS opens, `<database>.<table>`, `*` for all. */
  readonly open: ReadonlySet<string>;
  /** What holds take of what was live before, and after. */
  readonly held: { readonly atStart: HeldBack; readonly atEnd: HeldBack };
}

interface LiveFilter {
  /** Undefined for all rows. */
  readonly rows: string | undefined;
  readonly columns: Extent;
}

const nobodyIn: OptIns = new Set();
const nobody: Wanted = { all: new Set(), proven: new Set() };

/**
 * Follows a journal call by call. What is gained must be asked for by proven files, or be part of what
 * was live when the run began and is still asked for; what is lost must be the mesh's own.
 */
export function follow({ mesh: written, catalog, unproven, before, journal }: Judging): Verdicts {
  const mesh = asProven(written, unproven);
  const book = new CellBook(catalog, before);
  const [start, stored] = [book.cells(), book.lists()];
  const open = openIn(start, mesh, catalog);
  const wanted = wantedBy(mesh, { catalog, today, unproven, open });
  const held = heldBack({ mesh, catalog, wanted, before }, start);
  const wrongs: string[] = [];
  const moments: Cells[] = [];
  const optIns = [optInsIn(before)];
  const filters = filtersIn(before, catalog);
  let last = start;
  for (const entry of journal) {
    const { index, operation, changes, caller: who } = entry;
    if (changes.length === 0) continue;
    const opting = optInChanges(entry);
    const optedIn = optInsAfter(optIns.at(-1) ?? nobodyIn, opting);
    optIns.push(optedIn);
    wrongs.push(
      ...opting
        .flatMap((change) => optInWrongs(change, { mesh, catalog, wanted, unproven }))
        .map((text) => `${index} ${operation} ${text}`),
    );
    const isOurs = who === undefined || who.includes('meshgate');
    for (const change of changes) {
      if (change.verb === 'grant') book.grant(change.what);
      else if (change.verb === 'revoke') book.revoke(change.what);
      else if (isOurs)
        wrongs.push(
          ...objectWrongs({ verb: change.verb, what: change.what as ObjectChange['what'], mesh, wanted, before }).map(
            (text) => `${index} ${operation}: ${text}`,
          ),
        );
    }
    const now = book.cells();
    moments.push(now);
    for (const key of isOurs ? new Set([...last.keys(), ...now.keys()]) : []) {
      const [was, is] = [extentIn(last, key), extentIn(now, key)];
      const { all, proven } = wanted.cells.get(key) ?? nobody;
      // What nobody can judge stays as it was, also in what a hold on a column leaves of it.
      const isOpen = isUndecided(wanted, cellPlace(key));
      // So does what waits in its other form, which comes back where the grant option goes from it.
      const isKept = isOpen || (was.size === 0 && waitsInOtherForm({ end: start, wanted, filters }, key));
      const stays = new Set([...extentIn(start, key)].filter((column) => isKept || all.has(column)));
      const excess = minus(minus(is, was), plus(proven, stays));
      const lost = minus(was, is);
      if (excess.size > 0) wrongs.push(`${index} ${operation} gave ${key}: ${[...excess].join(', ')}`);
      const reason =
        lost.size === 0
          ? undefined
          : whyNotTaken(mesh, key, { catalog, wanted, isHeld: pairOf(key).some((one) => held(one).perhaps) });
      if (reason !== undefined) wrongs.push(`${index} ${operation} took ${key}, which is ${reason}`);
    }
    last = now;
  }
  const atEnd = heldBack({ mesh, catalog, wanted, before }, last);
  const dropped = new Set(
    journal.flatMap(({ changes }) =>
      changes.flatMap(({ verb, what }) =>
        verb === 'delete' && 'kind' in what && what.kind === 'table' ? [what.name] : [],
      ),
    ),
  );
  const way = wayOf({ start, moments, optIns, wanted, dropped });
  const isLate = (place: CellPlace): boolean => isClosedFor(mesh, place, catalog);
  wrongs.push(
    ...cutOff(way).flatMap(({ isLimited, text }) => (isLimited ? [] : [text])),
    ...letIn(way),
    ...tooEarly(way, isLate),
  );
  return {
    wrongs,
    start,
    end: last,
    moments,
    optIns,
    dropped,
    wanted,
    asked: open.size === 0 ? wanted : wantedBy(mesh, { catalog, today, unproven, open: new Set() }),
    unproven,
    lists: { atStart: stored, atEnd: book.lists() },
    filters,
    open,
    held: { atStart: held, atEnd },
  };
}

function filtersIn({ filters }: Snapshot, catalog: KnownCatalog): Verdicts['filters'] {
  return new Map(
    filters.map((one) => {
      const [database, table] = [String(one['DatabaseName']), String(one['TableName'])];
      const { FilterExpression: rows } = one['RowFilter'] as { readonly FilterExpression?: string };
      const { ExcludedColumnNames: excluded = [] } = (one['ColumnWildcard'] ?? {}) as {
        readonly ExcludedColumnNames?: readonly string[];
      };
      const listed = one['ColumnNames'] as readonly string[] | undefined;
      const columns = new Set(
        listed !== undefined && listed.length > 0
          ? listed
          : minus(wholeOf(catalog, { database, table }), new Set(excluded)),
      );
      return [`${database}.${table}.${String(one['Name'])}`, { rows, columns }];
    }),
  );
}

/** How a lake went from what it held to what it holds. */
export function wayOf({
  start,
  moments,
  optIns,
  wanted,
  dropped,
}: Pick<Verdicts, 'start' | 'moments' | 'optIns' | 'wanted' | 'dropped'>): Way {
  const isThere = (key: string): boolean => {
    const { database, table } = cellPlace(key);
    return !dropped.has(`${database}.${table}`);
  };
  const [before = nobodyIn, ...after] = optIns;
  return {
    start: { cells: start, optIns: before },
    moments: moments.map((cells, index) => ({ cells, optIns: after[index] ?? before })),
    proven: new Map([...wanted.cells].flatMap(([key, { proven }]) => (isThere(key) ? [[key, proven] as const] : []))),
  };
}

/** Whether a permission may come last, since IAM_ALLOWED_PRINCIPALS goes before it. */
function isClosedFor(mesh: LawMesh, { database, table }: CellPlace, catalog: KnownCatalog): boolean {
  return ['table', 'all-tables', 'database'].some((kind) =>
    isClosed(mesh, { kind, database, table: kind === 'table' ? table : undefined }, catalog),
  );
}

/** What IAM alone opens and goes on opening to those who are named: not what is to be closed, nor what has hybrid access. */
function openIn(cells: Cells, mesh: LawMesh, catalog: KnownCatalog): ReadonlySet<string> {
  const places = [...cells.keys()].map(cellPlace);
  return new Set(
    places
      .filter(
        ({ principal, permission }) =>
          principal === 'IAM_ALLOWED_PRINCIPALS' && (permission === 'ALL' || permission === 'SELECT'),
      )
      .filter((place) => !isClosed(mesh, place, catalog) || isAdditive(mesh, place))
      .flatMap(({ kind, database = '', table = '' }) => {
        if (kind === 'table') return isHybrid(mesh, database, table) ? [] : [`${database}.${table}`];
        if (kind !== 'all-tables') return [];
        const names = catalog.tables.flatMap((one) => (one.database === database ? [one.name] : []));
        const left = names.filter((name) => !isHybrid(mesh, database, name));
        return left.length === names.length ? [`${database}.*`] : left.map((name) => `${database}.${name}`);
      }),
  );
}

interface OptInKnown {
  readonly mesh: LawMesh;
  readonly catalog: KnownCatalog;
  readonly wanted: WantedState;
  readonly unproven: ReadonlySet<string>;
}

/** Laws 3 and 4: somebody is opted in only where proven files ask it, and left to IAM again only where it is the mesh's to say. */
function optInWrongs({ verb, key }: OptInChange, known: OptInKnown): readonly string[] {
  const asked = known.wanted.optIns.get(key);
  if (verb === 'create') return asked === true ? [] : [`gave the opt-in ${key}, which no proven file asks`];
  const reason = asked === undefined ? whyOptInKept(key, known) : 'asked for';
  return reason === undefined ? [] : [`took the opt-in ${key}, which is ${reason}`];
}

/** Whether the catalog lacks what it would take to tell what its principal is to hold there. */
function mayBeAsked(wanted: WantedState, key: string): boolean {
  const permissions = wanted.undecided.flatMap((open) => open.permissions);
  return permissions.some((permission) => isUndecided(wanted, { ...cellPlace(key), permission }));
}

/** Why an opt-in that nobody asks for stays; undefined where it goes. */
function whyOptInKept(key: string, { mesh, catalog, wanted, unproven }: OptInKnown): string | undefined {
  const place = cellPlace(key);
  const reason = whyOptInStays(mesh, place, { catalog, unproven });
  if (reason !== undefined) return reason;
  if (mayBeAsked(wanted, key) && !wanted.endedOptIns.has(key)) return 'of somebody whom nobody can judge';
  return isAdditive(mesh, place) && !wanted.endedOptIns.has(key) ? 'of an additive product' : undefined;
}

/** Why a permission must not be taken now; undefined where it may be. */
function whyNotTaken(
  mesh: LawMesh,
  key: string,
  on: { catalog: KnownCatalog; wanted: WantedState; isHeld: boolean },
): string | undefined {
  const place = cellPlace(key);
  const reason = whyNotManaged(mesh, place, on.catalog);
  if (reason !== undefined || !isAdditive(mesh, place) || on.isHeld) return reason;
  return pairOf(key).some((cell) => on.wanted.ended.has(cell)) ? undefined : 'of an additive product';
}

/** A permission with and without the grant option, which does not go alone, nor the permission without it. */
function pairOf(key: string): readonly string[] {
  return [false, true].map((option) => cellKey({ ...cellPlace(key), option }));
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
  // Opt-ins are judged by themselves.
  if (what.kind === 'opt-in') return [];
  if (what.kind !== 'data-cells-filter') return [`${verb} of a ${what.kind}`];
  const [database = '', table = '', name = ''] = what.name.split('.');
  if (verb === 'delete') {
    if (!isOurFilter(mesh, { database, table }, name))
      return [`deleted the filter ${what.name}, which is not the mesh's`];
    return isAdditive(mesh, { kind: 'table', database, table }) && !wanted.endedFilters.has(what.name)
      ? [`deleted the filter ${what.name} of an additive product`]
      : [];
  }
  const asked = wanted.filters.get(what.name);
  const value = what.value as {
    readonly RowFilter: { readonly FilterExpression?: string };
    readonly ColumnNames?: readonly string[];
  };
  const live = before.filters.find(
    (one) => `${String(one['DatabaseName'])}.${String(one['TableName'])}.${String(one['Name'])}` === what.name,
  );
  if (live !== undefined && isAdditive(mesh, { kind: 'table', database, table }) && !isWider(value, live))
    return [`narrowed the filter ${what.name} of an additive product`];
  if (asked?.isProven === true) {
    const isSame =
      value.RowFilter.FilterExpression === asked.rows &&
      (asked.isAll ? value.ColumnNames === undefined : sameNames(value.ColumnNames, asked.columns));
    if (isSame) return [];
  }
  const isNarrowed =
    asked !== undefined &&
    live !== undefined &&
    (value.ColumnNames ?? ['*']).every((column) => asked.columns.has(column)) &&
    value.RowFilter.FilterExpression === (live['RowFilter'] as { FilterExpression?: string }).FilterExpression;
  return isNarrowed
    ? []
    : [`${verb} of the filter ${what.name} as ${JSON.stringify(value)}, which no proven file asks`];
}

/** Whether a filter lets through all that another does. */
function isWider(
  value: { readonly RowFilter: { readonly FilterExpression?: string }; readonly ColumnNames?: readonly string[] },
  live: Readonly<Record<string, unknown>>,
): boolean {
  const old = live as unknown as typeof value;
  const { FilterExpression: rows } = value.RowFilter;
  const isWhole = value.ColumnNames === undefined;
  return (
    (rows === undefined || rows === old.RowFilter.FilterExpression) &&
    (isWhole || old.ColumnNames?.every((column) => value.ColumnNames?.includes(column)) === true)
  );
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
  const isGentle = isAdditive(mesh, place);
  const isLeft = (one: CellPlace): boolean =>
    whyNotManaged(mesh, one, catalog) !== undefined || isUndecided(wanted, one);
  if (place.kind === 'data-cells-filter' && !isUnshared(catalog, end, place)) {
    const name = `${place.database}.${place.table}.${place.filter}`;
    const [live, asked] = [on.verdicts.filters.get(name), wanted.filters.get(name)];
    // A filter of an additive product keeps its rows, so that nobody new is given it.
    if (live === undefined || isGentle) return live !== undefined;
    const isAsAsked =
      live.rows === asked?.rows &&
      live.columns.size === asked?.columns.size &&
      minus(live.columns, asked.columns).size === 0;
    // So does one that somebody holds of whom the mesh must not change anything.
    return !isAsAsked && [...end.keys()].map(cellPlace).some((other) => isOn(other, place) && isLeft(other));
  }
  if (isUnshared(catalog, end, place)) return true;
  if (place.kind !== 'table') return false;
  const isFixed = isGentle || isLeft(place);
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

/**
 * Whether IAM_ALLOWED_PRINCIPALS still holds what another account would be given, and nothing has hybrid access:
 * https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html.
 */
function isUnshared({ isPlain = false }: KnownCatalog, end: Cells, on: CellPlace): boolean {
  if (!isPlain || on.database === undefined || !isElsewhere(on.principal)) return false;
  return [...end.keys()].map(cellPlace).some(({ principal, kind, database, table }) => {
    if (principal !== 'IAM_ALLOWED_PRINCIPALS' || database !== on.database) return false;
    if (on.kind === 'database' || kind === 'database') return kind === 'database';
    return kind === 'all-tables' || on.kind === 'all-tables' || table === on.table;
  });
}

/** Whether two cells are on one data cells filter. */
function isOn(a: CellPlace, b: CellPlace): boolean {
  return a.kind === b.kind && a.database === b.database && a.table === b.table && a.filter === b.filter;
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

/**
 * Whether what is held as a list is asked for through a filter of all rows, or the other way round, and that waits:
 * then it stays, for the files ask for it and only say it otherwise.
 */
function waitsInOtherForm(
  { end, wanted, filters }: Pick<Verdicts, 'end' | 'wanted' | 'filters'>,
  key: string,
): boolean {
  const { kind, permission, filter, ...place } = cellPlace(key);
  const live = filters.get(`${place.database}.${place.table}.${filter}`);
  if (permission !== 'SELECT' || (kind !== 'table' && kind !== 'data-cells-filter')) return false;
  return [...wanted.cells].some(([name, { all }]) => {
    const other = cellPlace(name);
    const isSame =
      other.principal === place.principal && other.option === place.option && other.permission === 'SELECT';
    if (!isSame || other.database !== place.database || other.table !== place.table) return false;
    if (kind === 'data-cells-filter') {
      const isOfAllRows = live !== undefined && live.rows === undefined;
      const isAsked = isOfAllRows && other.kind === 'table' && minus(live.columns, all).size === 0;
      return isAsked && minus(all, extentIn(end, name)).size > 0;
    }
    const made = wanted.filters.get(`${other.database}.${other.table}.${other.filter}`);
    const isAllRows = other.kind === 'data-cells-filter' && made !== undefined && made.rows === undefined;
    return isAllRows && extentIn(end, name).size === 0 && minus(extentIn(end, key), made.columns).size === 0;
  });
}

/**
 * Whether SELECT on a list of columns is asked, by itself or with the grant option, of a table that
 * IAM_ALLOWED_PRINCIPALS opens, and what is stored cannot become that by revoking alone: a list that must go has
 * columns in common with what is asked. No list can be given there, so it stays as it is, or goes for a hold.
 */
function isStuckOnOpen({ open, wanted }: Verdicts, lists: Lists, key: string): boolean {
  const place = cellPlace(key);
  const { kind, permission, database = '', table = '' } = place;
  if (kind !== 'table' || permission !== 'SELECT') return false;
  if (!open.has(`${database}.${table}`) && !open.has(`${database}.*`)) return false;
  const pair = [false, true].map((option) => {
    const cell = cellKey({ ...place, option });
    return { all: (wanted.cells.get(cell) ?? nobody).all, lists: lists.get(cell) ?? [] };
  });
  const asked = pair.reduce<Extent>((sum, { all }) => plus(sum, all), new Set());
  return (
    pair.some(({ all }) => all.size > 0 && !all.has('*')) &&
    pair.some((cell) =>
      cell.lists.some((list) => minus(list, cell.all).size > 0 && minus(list, asked).size < list.size),
    )
  );
}

/** Whether what waits would be given to another account or an organization without the grant option, which is refused. */
function isStuckAlone({ end, wanted }: Verdicts, key: string): boolean {
  const place = cellPlace(key);
  if (place.option || !/^[0-9]{12}$|:organizations:/.test(place.principal)) return false;
  const { all, proven } = wanted.cells.get(key) ?? nobody;
  return minus(all, proven).size > 0 && extentIn(end, cellKey({ ...place, option: true })).size === 0;
}

/** Whether the grant option on a data cells filter would take SELECT on it, which cannot be given where IAM opens the table. */
function isStuckOnFilter({ open, wanted }: Verdicts, key: string): boolean {
  const { kind, option, database = '', table = '', ...place } = cellPlace(key);
  if (kind !== 'data-cells-filter' || !option) return false;
  if (!open.has(`${database}.${table}`) && !open.has(`${database}.*`)) return false;
  return (wanted.cells.get(cellKey({ ...place, kind, database, table, option: false })) ?? nobody).all.size > 0;
}

/**
 * Whether what is asked of a pair would have to be given again beside what Lake Formation does not give it with: SELECT on
 * a list beside a permission that modifies (https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html).
 */
function isStuckTogether({ end, wanted }: Verdicts, key: string): boolean {
  const place = cellPlace(key);
  const { kind, permission } = place;
  if (kind !== 'table' || (permission !== 'SELECT' && !modifies.includes(permission))) return false;
  const isAsked = [false, true].some(
    (option) => (wanted.cells.get(cellKey({ ...place, option })) ?? nobody).all.size > 0,
  );
  const held = (one: string): Extent => extentIn(end, cellKey({ ...place, permission: one, option: false }));
  const list = held('SELECT');
  return isAsked && list.size > 0 && !list.has('*') && modifies.some((one) => held(one).size > 0);
}

/** Why something that nobody asks for may stay as it is. */
const stuck = [isStuckTogether, isStuckOnFilter, isStuckAlone] as const;

const modifies: readonly string[] = ['ALL', 'ALTER', 'DELETE', 'DROP', 'INSERT'];

/** Whether a hold on columns takes SELECT as a whole, since what it leaves cannot be given there. */
export function goesWhole(verdicts: Verdicts, key: string): boolean {
  const isHeld = verdicts.held.atStart(key).certainly.size > 0 || verdicts.wanted.held.has(key);
  return isHeld && isStuckOnOpen(verdicts, verdicts.lists.atStart, key);
}

/** What the end of a clean run owes: all that is asked and may be given is there, and of the mesh's own nothing else. */
export function debts(written: LawMesh, catalog: KnownCatalog, verdicts: Verdicts): readonly string[] {
  const mesh = asProven(written, verdicts.unproven);
  const { start, end, wanted, held } = verdicts;
  const found: string[] = [];
  for (const key of new Set([...wanted.cells.keys(), ...end.keys(), ...start.keys()])) {
    const { all, proven } = wanted.cells.get(key) ?? nobody;
    const is = extentIn(end, key);
    const missing = minus(plus(proven, new Set([...extentIn(start, key)].filter((column) => all.has(column)))), is);
    const isOnTable = cellPlace(key).table !== undefined;
    const back = held.atEnd(key).certainly;
    if (back.size > 0 && whyNotManaged(mesh, cellPlace(key), catalog) === undefined)
      found.push(`${key} has ${[...back].join(', ')}, which is held`);
    const lost = minus(extentIn(start, key), is);
    const isHeld = held.atStart(key).certainly.size > 0;
    if (isOnTable && isUndecided(wanted, cellPlace(key)) && !held.atStart(key).perhaps && lost.size > 0)
      found.push(`${key} lost what nobody can judge`);
    if (missing.size > 0 && !(is.size === 0 && goesWhole(verdicts, key)) && !isBarred(mesh, catalog, { verdicts, key }))
      found.push(`${key} lacks ${[...missing].join(', ')}`);
    const surplus = minus(is, all);
    // A mesh that asks for nothing takes nothing: a guard sees to that.
    if (
      wanted.cells.size > 0 &&
      !isUndecided(wanted, cellPlace(key)) &&
      surplus.size > 0 &&
      !(!isHeld && lost.size === 0 && isStuckOnOpen(verdicts, verdicts.lists.atEnd, key)) &&
      !(!isHeld && lost.size === 0 && stuck.some((isStuck) => isStuck(verdicts, key))) &&
      !waitsInOtherForm(verdicts, key) &&
      whyNotTaken(mesh, key, { catalog, wanted, isHeld }) === undefined
    )
      found.push(`${key} has ${[...surplus].join(', ')} still`);
  }
  return [...found, ...optInDebts({ mesh, catalog, wanted, unproven: verdicts.unproven }, verdicts)];
}

/** Everybody is opted in who is to be and has what it is for, and of the mesh's own opt-ins no other is left. */
function optInDebts(known: OptInKnown, { end, optIns, wanted }: Verdicts): readonly string[] {
  const [before, after] = [optIns[0] ?? nobodyIn, optIns.at(-1) ?? nobodyIn];
  const found: string[] = [];
  for (const [key, isProven] of wanted.optIns) {
    const isDue = isProven || before.has(key);
    // Whoever still waits for a permission there would have neither that nor what IAM gives.
    const waits = [...wanted.cells].some(
      ([cell, { all }]) => all.size > 0 && extentIn(end, cell).size === 0 && isOptInOf(key, cellPlace(cell)),
    );
    if (isDue && !after.has(key) && !waits && !mayBeAsked(wanted, key)) found.push(`opt-in ${key} is not there`);
  }
  for (const key of wanted.cells.size > 0 ? after : [])
    if (!wanted.optIns.has(key) && whyOptInKept(key, known) === undefined) found.push(`opt-in ${key} is there still`);
  return found;
}
