import { createHash } from 'node:crypto';
import type { Access, DataProduct, Subscription } from '../../src/declare/files.ts';
import { isOfClass, isWild, matcher, permissionsIn } from './law-access.ts';
import { type CellPlace, cellKey, type Extent, minus, plus, wholeOf } from './law-cells.ts';
import { underHolds } from './law-holds.ts';
import { optInsFor } from './law-iam.ts';
import type { KnownCatalog, KnownTable } from './law-lake.ts';
import type { LawMesh } from './law-mesh.ts';
import { central } from './law-place.ts';

/** What the files ask of one cell, by the files that ask it. */
export interface Wanted {
  /** What all requests ask, also those that cannot be given now. */
  readonly all: Extent;
  /** What requests ask whose files are proven and in whose way nothing stands. */
  readonly proven: Extent;
}

/** A data cells filter that the files ask for. */
export interface WantedFilter {
  /** Undefined for all rows. */
  readonly rows: string | undefined;
  readonly columns: Extent;
  readonly isAll: boolean;
  readonly isProven: boolean;
}

/** What mesh files ask for, worked out from their plain values alone. */
export interface WantedState {
  readonly cells: ReadonlyMap<string, Wanted>;
  readonly filters: ReadonlyMap<string, WantedFilter>;
  /** What only expired subscriptions ask for. */
  readonly ended: ReadonlySet<string>;
  readonly endedFilters: ReadonlySet<string>;
  /** What the catalog leaves open: permissions on tables by these names and globs. */
  readonly undecided: readonly Undecided[];
  /** The cells of which holds took something that was asked. */
  readonly held: ReadonlySet<string>;
  /** Who is to be opted in, by `optInKey`, and whether that is proven. */
  readonly optIns: ReadonlyMap<string, boolean>;
  /** The opt-ins that only expired subscriptions ask for. */
  readonly endedOptIns: ReadonlySet<string>;
  /** By database and name. */
  readonly parameters: ReadonlyMap<string, { readonly value: string; readonly isProven: boolean }>;
}

/** Permissions of a principal that nobody can work out. */
export interface Undecided {
  readonly principal: string;
  readonly database: string;
  readonly tables: readonly string[];
  readonly permissions: readonly string[];
}

/** What the checker of a law knows beside the files. */
export interface Knowledge {
  readonly catalog: KnownCatalog;
  readonly today: string;
  readonly unproven: ReadonlySet<string>;
  /** Tables that IAM_ALLOWED_PRINCIPALS holds, `<database>.<table>`, `*` for all. */
  readonly open: ReadonlySet<string>;
}

const one: Extent = new Set(['.']);

interface Request {
  readonly id: string;
  readonly subscription?: string;
  readonly product: DataProduct;
  readonly access: Access;
  readonly ids: readonly string[];
  readonly files: readonly string[];
  /** Whether it asks for what the product claims: a glob may claim what is not there yet. */
  readonly isClaims?: true;
  /** Whether it is asked in the consumer's own lake, of what the account is given. */
  readonly isImport?: true;
}

/**
 * What a mesh asks for: a second opinion, written from the words of the schemas and the design, that
 * shares nothing with the stages which the laws judge.
 */
export function wantedBy(mesh: LawMesh, knowledge: Knowledge): WantedState {
  const wanted = askedBy(mesh, knowledge);
  const everything = askedBy(mesh, knowledge, '');
  const onlyIn = (all: ReadonlyMap<string, unknown>, now: ReadonlyMap<string, unknown>): ReadonlySet<string> =>
    new Set([...all.keys()].filter((key) => !now.has(key)));
  return {
    ...wanted,
    ended: onlyIn(everything.cells, wanted.cells),
    endedFilters: onlyIn(everything.filters, wanted.filters),
    endedOptIns: onlyIn(everything.optIns, wanted.optIns),
  };
}

/** What is asked of one lake on a day: of the central one, or of the one of this account, of what other accounts share with it. */
export function askedBy(mesh: LawMesh, knowledge: Knowledge, asOf = knowledge.today, account?: string): AskedState {
  const cells = new Map<string, Wanted>();
  const filters = new Map<string, WantedFilter>();
  const optIns = new Map<string, boolean>();
  const undecided: Undecided[] = [];
  const add = (place: CellPlace, extent: Extent, isGiven: boolean): void => {
    const key = cellKey(place);
    const known = cells.get(key) ?? { all: new Set(), proven: new Set() };
    cells.set(key, { all: plus(known.all, extent), proven: isGiven ? plus(known.proven, extent) : known.proven });
  };
  const isByFilter = mesh.mesh.columnsBy === 'filter';
  const kept: Kept[] = [];
  const held = new Set<string>();
  const answerAll = (requests: readonly Request[]) =>
    requests.map((request) => {
      const { gifts, made, isBlocked, isUnresolved } = answer(request, knowledge, isByFilter);
      return {
        request,
        gifts,
        made,
        isUnresolved,
        isStopped: isBlocked || request.ids.some((id) => knowledge.catalog.administrators.includes(id)),
      };
    });
  const central = answerAll(requestsOf(mesh, asOf));
  // A subscription is given whole or not at all.
  const stopped = new Set(
    central.flatMap(({ request, isStopped }) =>
      isStopped && request.subscription !== undefined ? [request.subscription] : [],
    ),
  );
  const given = new Set(
    central.flatMap(({ request: { subscription, files } }) =>
      subscription === undefined || stopped.has(subscription) || files.some((file) => knowledge.unproven.has(file))
        ? []
        : [subscription],
    ),
  );
  const answered = account === undefined ? central : answerAll(importRequestsOf(mesh, asOf, account));
  for (const { request, gifts, made, isStopped, isUnresolved } of answered) {
    const isHeldUp =
      (isStopped && request.isImport !== true) ||
      (request.subscription !== undefined && stopped.has(request.subscription));
    const { database } = request.product;
    const open = { database, tables: request.access.tables ?? [], permissions: permissionsIn(request.access) };
    if (isUnresolved) for (const principal of request.ids) undecided.push({ principal, ...open });
    const isGiven = !isHeldUp && !request.files.some((file) => knowledge.unproven.has(file));
    const isDatabaseAsked = request.access.database === true;
    // A hold takes permissions, and leaves nobody to IAM.
    for (const key of optInsFor(request.product, gifts, { isDatabaseAsked, isAcross: account !== undefined }))
      optIns.set(key, isGiven || optIns.get(key) === true);
    const columnsOf = new Map(made.map(([name, { columns }]) => [name, columns]));
    const asking = { product: request.id, consumer: request.subscription?.split('/')[2]?.split('.')[0] };
    for (const { place, extent, isLimited } of gifts) {
      const filterColumns = columnsOf.get(`${place.database}.${place.table}.${place.filter}`);
      const left = underHolds({ mesh, ...knowledge }, { place, extent, filterColumns }, asking);
      const isCut = left.size < extent.size;
      if (isCut) held.add(cellKey(place));
      if (left.size > 0) kept.push({ place, extent: left, isCut, isLimited: isLimited || isCut, isGiven });
    }
    for (const [name, filter] of request.isImport === true ? [] : made)
      filters.set(name, { ...filter, isProven: isGiven || filters.get(name)?.isProven === true });
  }
  // Beside a permission that modifies nobody can hold a list of columns.
  const modified = new Set(kept.flatMap(({ place }) => (modifying.includes(place.permission) ? [tableOf(place)] : [])));
  for (const { place, extent, isCut, isLimited, isGiven } of kept)
    if (!(isCut && modified.has(tableOf(place))))
      add(place, extent, isGiven && !(isLimited && isOpen(knowledge, place)));
  for (const { principals, permissions } of account === undefined ? (mesh.mesh.grants ?? []) : [])
    for (const name of principals)
      for (const permission of permissions) {
        const principal = mesh.mesh.principals?.[name] ?? mesh.accounts[name]?.id ?? '';
        const files = ['mesh.yaml', ...(name in mesh.accounts ? [`accounts/${name}.yaml`] : [])];
        const isGiven =
          !files.some((file) => knowledge.unproven.has(file)) && !knowledge.catalog.administrators.includes(principal);
        for (const option of optionsOf({}, principal, [permission]).length > 0 ? [false, true] : [false]) {
          const place = { principal, kind: 'catalog', permission, option };
          const left = underHolds({ mesh, ...knowledge }, { place, extent: one }, { product: undefined });
          if (left.size > 0) add(place, left, isGiven);
          else held.add(cellKey(place));
        }
      }
  return { cells, filters, optIns, undecided, held, given, parameters: parametersOf(mesh, knowledge) };
}

/** What is asked on one day. */
type AskedState = Omit<WantedState, 'ended' | 'endedFilters' | 'endedOptIns'> & {
  /** The subscriptions that are given: proven, and nothing stands in their way. */
  readonly given: ReadonlySet<string>;
};

/** What holds leave of a gift. */
interface Kept extends Gift {
  readonly isCut: boolean;
  readonly isGiven: boolean;
}

const modifying: readonly string[] = ['ALTER', 'DELETE', 'DROP', 'INSERT'];

function tableOf({ principal, kind, database, table }: CellPlace): string {
  return kind === 'table' ? JSON.stringify([principal, database, table]) : '';
}

function isOpen({ open }: Knowledge, { database = '', table = '' }: CellPlace): boolean {
  return open.has(`${database}.${table}`) || open.has(`${database}.*`);
}

function requestsOf(mesh: LawMesh, today: string): readonly Request[] {
  const requests: Request[] = [];
  const idsOf = (account: string, names: readonly string[] | undefined): string[] =>
    names === undefined
      ? [mesh.accounts[account]?.id ?? '']
      : names.map((name) => mesh.accounts[account]?.principals?.[name] ?? mesh.mesh.principals?.[name] ?? '');
  for (const [id, product] of Object.entries(mesh.products)) {
    const files = ['mesh.yaml', `products/${id}.yaml`, `accounts/${product.producer}.yaml`];
    for (const { principals, access } of product.grants ?? [])
      for (const one of access)
        requests.push({ id, product, access: one, ids: idsOf(product.producer, principals), files });
    const reader = mesh.mesh.principals?.[mesh.mesh.publicReader ?? ''];
    const tables = product.allowFuture === true ? ['*'] : Object.keys(product.tables);
    if (product.visibility === 'public' && reader !== undefined)
      requests.push({ id, product, access: { tables, permissions: 'discover' }, ids: [reader], files, isClaims: true });
  }
  for (const { value, consumer, ...asking } of subscribed(mesh, today))
    for (const access of value.access) requests.push({ ...asking, access, ids: idsOf(consumer, value.principals) });
  return requests;
}

/** The subscriptions that have not expired, with what else is behind what they ask. */
export function subscribed(
  mesh: LawMesh,
  today: string,
): readonly (Pick<Request, 'id' | 'product' | 'files'> & {
  readonly subscription: string;
  readonly consumer: string;
  readonly value: Subscription;
})[] {
  return Object.entries(mesh.subscriptions).flatMap(([path, value]) => {
    const [domain = '', name = '', last = ''] = path.split('/');
    const id = `${domain}/${name}`;
    const product = mesh.products[id];
    if (product === undefined || (value.expires !== undefined && value.expires < today)) return [];
    const consumer = last.split('.')[0] ?? '';
    const files = [
      'mesh.yaml',
      `products/${id}.yaml`,
      `accounts/${product.producer}.yaml`,
      `accounts/${consumer}.yaml`,
      `subscriptions/${path}.yaml`,
    ];
    return [{ id, subscription: path, product, consumer, files, value }];
  });
}

/** What principals of an account are given of what its subscriptions give to it with the grant option. */
function importRequestsOf(mesh: LawMesh, today: string, account: string): readonly Request[] {
  return subscribed(mesh, today).flatMap(({ value, consumer, ...asking }): Request[] => {
    const { id, principals: own = {} } = mesh.accounts[consumer] ?? {};
    if (id !== account) return [];
    return (value.import?.grants ?? []).flatMap(({ principals, permissions }) =>
      value.access.flatMap((access): Request[] => {
        const passable = access.withGrantOption ?? permissionsIn(access);
        const passed = permissions.filter((one) => passable.includes(one));
        const ids = principals.map((name) => own[name] ?? '');
        return passed.length === 0
          ? []
          : [{ ...asking, access: { ...access, permissions: passed, withGrantOption: [] }, ids, isImport: true }];
      }),
    );
  });
}

interface Gift {
  readonly place: CellPlace;
  readonly extent: Extent;
  readonly isLimited: boolean;
}

interface Answer {
  readonly gifts: readonly Gift[];
  readonly made: readonly (readonly [string, Omit<WantedFilter, 'isProven'>])[];
  readonly isBlocked: boolean;
  /** Whether the catalog lacks what it would take to say what is asked. */
  readonly isUnresolved: boolean;
}

function answer(request: Request, knowledge: Knowledge, isByFilter: boolean): Answer {
  const { product, access, ids } = request;
  const { database } = product;
  const gifts: Gift[] = [];
  const made: [string, Omit<WantedFilter, 'isProven'>][] = [];
  let isBlocked = false;
  let isUnresolved = false;
  const permissions = permissionsIn(access);
  const give = (
    place: Omit<CellPlace, 'principal' | 'permission' | 'option'>,
    given: readonly string[],
    extentOf: (permission: string) => Extent,
    isLimited = false,
  ): void => {
    for (const principal of ids)
      for (const permission of given)
        for (const option of [false, true])
          if (!option || optionsOf(access, principal, permissions).includes(permission))
            gifts.push({
              place: { ...place, principal, permission, option },
              extent: extentOf(permission),
              isLimited: isLimited && permission === 'SELECT',
            });
  };
  if (access.locations !== undefined) {
    for (const path of access.locations)
      give({ kind: 'data-location', arn: `arn:aws:s3:::${path.slice(5)}`.replace(/\/$/, '') }, permissions, () => one);
    return { gifts, made, isBlocked, isUnresolved };
  }
  if (access.database === true) {
    give({ kind: 'database', database }, permissions, () => one);
    return { gifts, made, isBlocked, isUnresolved };
  }
  for (const principal of request.isImport === true ? [] : ids)
    for (const option of optionsOf({}, principal, ['DESCRIBE']).length > 0 ? [false, true] : [false])
      gifts.push({
        place: { principal, kind: 'database', database, permission: 'DESCRIBE', option },
        extent: one,
        isLimited: false,
      });
  if (access.tables?.includes('*') === true) {
    give({ kind: 'all-tables', database }, permissions, () => one);
    return { gifts, made, isBlocked, isUnresolved };
  }
  const reached = tablesOf(request, knowledge.catalog);
  isBlocked = reached === 'blocked';
  const written = access.columns;
  const names = written?.include ?? (typeof written?.exclude === 'string' ? [] : (written?.exclude ?? []));
  const tables = reached === 'blocked' ? [] : reached;
  if (
    tables.length > 0 &&
    names.some((name) => !isWild(name) && !tables.some((table) => [...table.columns, ...table.keys].includes(name)))
  )
    isBlocked = true;
  isUnresolved = isBlocked;
  for (const table of tables) {
    const columns = columnsOf(request, table, knowledge.catalog);
    // A partition key that was to be kept back cannot be hidden: the rest is not given either.
    if (columns === undefined || (columns !== 'all' && columns.has('!'))) isBlocked = true;
    if (columns === undefined) isUnresolved = true;
    if (columns === undefined) continue;
    const extent =
      columns === 'all' ? wholeOf(knowledge.catalog, { database, table: table.name }) : minus(columns, new Set('!'));
    const on = { database, table: table.name };
    const others = permissions.filter((permission) => permission !== 'SELECT');
    give({ kind: 'table', ...on }, others, () => one);
    if (!permissions.includes('SELECT')) continue;
    if (access.rows === undefined && (columns === 'all' || !isByFilter))
      give({ kind: 'table', ...on }, ['SELECT'], () => extent, columns !== 'all');
    else {
      const filter = access.filter ?? derivedName(access.rows, columns === 'all' ? undefined : extent);
      made.push([
        `${database}.${table.name}.${filter}`,
        { rows: access.rows, columns: extent, isAll: columns === 'all' },
      ]);
      give({ kind: 'data-cells-filter', ...on, filter }, ['SELECT'], () => one, true);
    }
  }
  return { gifts, made, isBlocked, isUnresolved };
}

function optionsOf(access: Access, principal: string, permissions: readonly string[]): readonly string[] {
  const account = /^(?:arn:aws:iam::)?(\d{12})/.exec(principal)?.[1];
  const isAccount = /^\d{12}$/.test(principal);
  if (account !== undefined && account !== central && !isAccount) return [];
  if (access.withGrantOption !== undefined) return access.withGrantOption;
  return isAccount || principal.startsWith('arn:aws:organizations') ? permissions : [];
}

function isSensitive({ database, ...product }: DataProduct, catalog: KnownCatalog): boolean {
  const isMarked = (node: unknown): boolean =>
    typeof node === 'string' || (typeof node === 'object' && node !== null && ('pii' in node || 'class' in node));
  const isDeclared =
    isMarked(product) ||
    Object.values(product.tables).some(
      (table) =>
        isMarked(table) ||
        (table !== null && typeof table === 'object' && Object.values(table.columns ?? {}).some(isMarked)),
    );
  const claimed = catalog.tables.filter(
    (table) => table.database === database && claims({ ...product, database }, table.name),
  );
  return (
    isDeclared ||
    catalog.flaggedDatabases.has(database) ||
    claimed.some((table) => table.isFlagged || table.flagged.size > 0)
  );
}

/** Whether a product claims a table. */
export function claims(product: DataProduct, table: string): boolean {
  return product.allowFuture === true || Object.keys(product.tables).some((text) => matcher(text)(table));
}

function tablesOf({ product, access, isClaims }: Request, catalog: KnownCatalog): readonly KnownTable[] | 'blocked' {
  const inDatabase = catalog.tables.filter(({ database }) => database === product.database);
  const isNamedOnly = product.allowFuture !== true && isSensitive(product, catalog);
  const found = new Map<string, KnownTable>();
  let isBlocked = false;
  for (const text of access.tables ?? []) {
    const matched = inDatabase.filter(
      ({ name }) =>
        matcher(text)(name) &&
        (!isWild(text) || (isNamedOnly ? Object.hasOwn(product.tables, name) : claims(product, name))),
    );
    if (matched.length === 0 && !(isClaims === true && isWild(text))) isBlocked = true;
    for (const table of matched) found.set(table.name, table);
  }
  return isBlocked ? 'blocked' : [...found.values()];
}

function columnsOf({ product, access }: Request, table: KnownTable, catalog: KnownCatalog): Extent | 'all' | undefined {
  const choice = access.columns;
  if (choice === undefined) return 'all';
  const existing = [...table.columns, ...table.keys];
  const isOpenToPatterns = product.allowFuture === true || !isSensitive(product, catalog);
  const value = product.tables[table.name];
  const listed =
    value !== null && typeof value === 'object'
      ? Object.keys(value.columns ?? {}).map((path) => path.split('.')[0])
      : [];
  const byPattern = existing.filter((column) => isOpenToPatterns || listed.includes(column));
  const fits = (texts: readonly string[], column: string): boolean => texts.some((text) => matcher(text)(column));
  if (choice.include !== undefined) {
    const named = existing.filter(
      (column) =>
        choice.include?.includes(column) === true || (byPattern.includes(column) && fits(choice.include ?? [], column)),
    );
    return named.length === 0 ? undefined : new Set([...named, ...table.keys]);
  }
  const { exclude = [] } = choice;
  const isOut = (column: string): boolean => {
    if (typeof exclude !== 'string') return fits(exclude, column);
    const isFlagged = catalog.flaggedDatabases.has(product.database) || table.isFlagged || table.flagged.has(column);
    const isUnclassified = isSensitive(product, catalog) && !listed.includes(column);
    if (isOfClass(product, { table: table.name, column, name: exclude })) return true;
    return exclude === 'pii' && (isFlagged || isUnclassified);
  };
  const left = byPattern.filter((column) => !isOut(column));
  if (left.length === 0) return undefined;
  return new Set([...left, ...table.keys, ...(table.keys.some(isOut) ? ['!'] : [])]);
}

function derivedName(rows: string | undefined, columns: Extent | undefined): string {
  const named = JSON.stringify([rows ?? null, columns === undefined ? 'all' : { only: [...columns].sort() }]);
  return `meshgate_${createHash('sha256').update(named).digest('hex').slice(0, 12)}`;
}

function parametersOf(mesh: LawMesh, { unproven }: Knowledge): WantedState['parameters'] {
  const wanted = new Map<string, { value: string; isProven: boolean }>();
  for (const [id, product] of Object.entries(mesh.products)) {
    const producer = mesh.accounts[product.producer];
    const isProven = !['mesh.yaml', `products/${id}.yaml`, `accounts/${product.producer}.yaml`].some((file) =>
      unproven.has(file),
    );
    const values: Readonly<Record<string, string | undefined>> = {
      data_owner: producer?.id,
      data_owner_name: producer?.displayName ?? product.producer,
      pii_flag: Object.values(mesh.products).every(
        (one) => one.database !== product.database || one.pii === true || one.class === 'pii',
      )
        ? 'true'
        : undefined,
    };
    for (const name of mesh.mesh.catalogParameters ?? []) {
      const value = values[name];
      const key = `${product.database} ${name}`;
      if (value !== undefined) wanted.set(key, { value, isProven: isProven || wanted.get(key)?.isProven === true });
    }
  }
  return wanted;
}
