import type { JournalEntry } from '../../src/emulator/journal.ts';
import type { Snapshot } from '../../src/emulator/snapshot.ts';
import {
  CellBook,
  type CellPlace,
  type Cells,
  cellKey,
  cellPlace,
  type Extent,
  extentIn,
  minus,
  plus,
} from './law-cells.ts';
import {
  askedBy,
  claims,
  type Knowledge,
  subscribed,
  type Undecided,
  type Wanted,
  type WantedState,
  wantedBy,
} from './law-desired.ts';
import { underHolds } from './law-holds.ts';
import { isOptInOf, type Moment, type OptIns, optInChanges, optInsAfter, optInsIn, tooEarly } from './law-iam.ts';
import type { KnownCatalog } from './law-lake.ts';
import type { LawMesh } from './law-mesh.ts';
import { central, region, today } from './law-place.ts';
import { asProven, whyHybridLeft } from './law-scope.ts';

/** What mesh files ask for in a consumer's own lake. */
export interface WantedImports {
  /** By name. */
  readonly links: ReadonlyMap<string, { readonly database: string; readonly isProven: boolean }>;
  /** What the account is to accept, `<database> database` or `<database> tables`, and whether that is proven. */
  readonly shares: ReadonlyMap<string, boolean>;
  readonly cells: ReadonlyMap<string, Wanted>;
  readonly undecided: readonly Undecided[];
  /** Who is to be opted in to what the account is given, by `optInKey`, and whether that is proven. */
  readonly optIns: ReadonlyMap<string, boolean>;
  /** The cells, the names of links, and the opt-ins that only expired subscriptions ask for. */
  readonly ended: ReadonlySet<string>;
}

/** What a run in a consumer's lake is judged by. */
export interface ImportJudging {
  readonly mesh: LawMesh;
  readonly catalog: KnownCatalog;
  readonly unproven: ReadonlySet<string>;
  /** Tables that IAM_ALLOWED_PRINCIPALS holds, `<database>.<table>`, `*` for all. */
  readonly open: ReadonlySet<string>;
  readonly account: string;
  readonly before: Snapshot;
  /** The calls of the account. */
  readonly journal: readonly JournalEntry[];
  /** The RAM shares of the central account, after the run. */
  readonly shares: Snapshot['shares'];
}

/** What a journal tells of a run in a consumer's lake. */
export interface ImportVerdicts {
  readonly account: string;
  readonly wrongs: readonly string[];
  readonly start: Cells;
  readonly end: Cells;
  readonly wanted: WantedImports;
  /** What each database of the catalog stands for, before and after: empty where it is a database of its own. */
  readonly names: { readonly atStart: Names; readonly atEnd: Names };
  /** Who is opted in, before and after. */
  readonly optIns: { readonly atStart: OptIns; readonly atEnd: OptIns };
}

type Names = ReadonlyMap<string, string>;
type ObjectChange = Exclude<JournalEntry['changes'][number], { readonly verb: 'grant' | 'revoke' }>['what'];

const one: Extent = new Set(['.']);
const nobody: Wanted = { all: new Set(), proven: new Set() };

/** The accounts into which subscriptions reach, or once reached, and which the files let runs enter. */
function enteredBy(mesh: LawMesh): readonly string[] {
  const reached = new Set(versionsOf(mesh).flatMap((version) => importsIn(version).map(({ account }) => account)));
  const mayEnter = (account: string): boolean =>
    mesh.mesh.runsAs !== undefined ||
    Object.values(mesh.accounts).some(({ id, runsAs }) => id === account && runsAs !== undefined);
  return [...reached].filter(mayEnter).sort();
}

/** What the files ask for in the lake of an account. */
export function importsWantedBy(mesh: LawMesh, knowledge: Knowledge, account: string): WantedImports {
  const now = importsAsked(mesh, knowledge, { account, asOf: knowledge.today });
  const ever = importsAsked(mesh, knowledge, { account, asOf: '' });
  const ended = (['cells', 'links', 'optIns'] as const).flatMap((what) =>
    [...ever[what].keys()]
      .filter((name) => !now[what].has(name))
      .map((name) => (what === 'optIns' ? `opt-in ${name}` : name)),
  );
  return { ...now, ended: new Set(ended) };
}

function importsAsked(
  mesh: LawMesh,
  knowledge: Knowledge,
  { account, asOf }: { readonly account: string; readonly asOf: string },
): Omit<WantedImports, 'ended'> {
  const { cells: passed, optIns, undecided, given } = askedBy(mesh, knowledge, asOf, account);
  const cells = new Map(passed);
  const links = new Map<string, { database: string; isProven: boolean }>();
  const shares = new Map<string, boolean>();
  const shared = sharesWith(account, wantedBy(mesh, knowledge).cells);
  for (const { id, subscription, product, consumer, value } of subscribed(mesh, asOf)) {
    const { id: receiver, principals: own = {} } = mesh.accounts[consumer] ?? {};
    if (value.import === undefined || receiver !== account) continue;
    const { database: name, grants = [] } = value.import;
    const isProven = given.has(subscription);
    links.set(name, { database: product.database, isProven: isProven || links.get(name)?.isProven === true });
    for (const { tables, database, describeDatabase } of value.access) {
      const isAll = tables?.includes('*') === true;
      const kinds = [
        ...(database === true || isAll || (tables !== undefined && describeDatabase !== false) ? ['database'] : []),
        ...(tables !== undefined && !isAll ? ['tables'] : []),
      ];
      for (const kind of kinds) {
        const share = `${product.database} ${kind}`;
        if (shared.has(share)) shares.set(share, isProven || shares.get(share) === true);
      }
    }
    const readers = [value.principals ?? [], ...grants.map(({ principals }) => principals)].flat();
    for (const reader of new Set(readers)) {
      const principal = own[reader];
      // Whoever belongs to another account does not come into this one's catalog.
      const known = principal ?? mesh.mesh.principals?.[reader] ?? '';
      if (principal === undefined && !known.includes(':identitystore:')) continue;
      const place: CellPlace = {
        principal: known,
        kind: 'database',
        database: name,
        permission: 'DESCRIBE',
        option: false,
        catalog: account,
      };
      const left = underHolds({ mesh, ...knowledge }, { place, extent: one }, { product: id, consumer });
      const key = cellKey(place);
      const before = cells.get(key) ?? nobody;
      if (left.size > 0) cells.set(key, { all: one, proven: isProven ? one : before.proven });
    }
  }
  return { links, shares, cells, optIns, undecided };
}

/** What the central lake shares with an account, or with somebody there: `<database> database` or `<database> tables`. */
function sharesWith(account: string, cells: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const places = [...cells.keys()].map(cellPlace);
  return new Set(
    places.flatMap(({ principal, kind, database }) => {
      const whose = /^(?:arn:aws:iam::)?(\d{12})/.exec(principal)?.[1] ?? principal;
      if (database === undefined || whose !== account) return [];
      return [`${database} ${kind === 'table' || kind === 'data-cells-filter' ? 'tables' : 'database'}`];
    }),
  );
}

/** What a subscription of some version brings into an account. */
interface Brought {
  readonly account: string;
  readonly link: string;
  readonly database: string;
  readonly product: string;
  readonly principals: readonly string[];
  readonly version: LawMesh;
}

function versionsOf(mesh: LawMesh): readonly LawMesh[] {
  return [...(mesh.past ?? []), mesh];
}

function importsIn(version: LawMesh): readonly Brought[] {
  const { mesh, accounts } = version;
  return subscribed(version, '').flatMap(({ id: product, product: { database }, consumer, value }) => {
    const account = accounts[consumer];
    if (value.import === undefined || account === undefined) return [];
    const names = [value.principals ?? [], ...(value.import.grants ?? []).map(({ principals }) => principals)].flat();
    const principals = names.flatMap((name) => account.principals?.[name] ?? mesh.principals?.[name] ?? []);
    return [{ account: account.id, link: value.import.database, database, product, principals, version }];
  });
}

interface Deciding {
  readonly mesh: LawMesh;
  readonly account: string;
  readonly wanted: WantedImports;
  readonly names: Names;
}

/** The imports of some versions that make a permission the mesh's. */
function importsOn(
  versions: readonly LawMesh[],
  place: CellPlace,
  { mesh, account, names }: Deciding,
): readonly Brought[] {
  const { principal, kind, database, table, arn, catalog } = place;
  return versions.flatMap(importsIn).filter((brought) => {
    if (brought.account !== account || !brought.principals.includes(principal)) return false;
    if (kind === 'data-location')
      return (brought.version.products[brought.product]?.locations ?? []).some((path) =>
        `${arn}/`.startsWith(`arn:aws:s3:::${path.slice(5)}`),
      );
    if (catalog === account)
      return (
        kind === 'database' &&
        brought.link === database &&
        isOurLink(mesh, account, [database, names.get(database) ?? ''])
      );
    if (catalog !== undefined || brought.database !== database) return false;
    const product = brought.version.products[brought.product];
    return table === undefined || (product !== undefined && claims(product, table));
  });
}

/** Whether any version of the mesh gives a link both its name and what it stands for. */
function isOurLink(mesh: LawMesh, account: string, [name, target]: readonly [string, string]): boolean {
  return versionsOf(mesh)
    .flatMap(importsIn)
    .some(
      ({ link, database, ...brought }) => brought.account === account && link === name && target === targetOf(database),
    );
}

/** What a link to a database of the central catalog stands for. */
function targetOf(database: string): string {
  return `${central} ${database} ${region}`;
}

function isGentle(mesh: LawMesh, imports: readonly Brought[]): boolean {
  const enforced = imports.map(
    ({ product }) =>
      (
        mesh.products[product] ??
        versionsOf(mesh)
          .flatMap(({ products }) => products[product] ?? [])
          .at(-1)
      )?.enforce,
  );
  return enforced.includes('additive');
}

/** Why a permission in a consumer's lake must not be taken, or need not; undefined where it may, or has to. */
function whyNotTaken(deciding: Deciding, key: string, isDue = false): string | undefined {
  const { mesh, wanted } = deciding;
  const place = cellPlace(key);
  const { principal } = place;
  if (principal === 'IAM_ALLOWED_PRINCIPALS' || principal.endsWith(':role/meshgate-apply')) return 'protected';
  if (isProtected(mesh, principal)) return 'protected';
  const now = importsOn([mesh], place, deciding);
  const found = now.length > 0 ? now : importsOn(versionsOf(mesh), place, deciding);
  if (found.length === 0) return 'nobody lists it';
  // A link belongs to all products that share its name, whoever is listed by which.
  const versions = now.length > 0 ? [mesh] : versionsOf(mesh);
  const owners =
    place.catalog === deciding.account
      ? versions
          .flatMap(importsIn)
          .filter(({ account, link }) => account === deciding.account && link === place.database)
      : found;
  if (!isGentle(mesh, owners)) return undefined;
  const pair = [false, true].map((option) => cellKey({ ...place, option }));
  if (pair.some((cell) => wanted.ended.has(cell))) return undefined;
  // Where anything is held it may go for that, and need not.
  return isDue || (mesh.mesh.holds ?? []).length === 0 ? 'of an additive product' : undefined;
}

function isProtected({ mesh: { protected: names = [], principals } }: LawMesh, principal: string): boolean {
  return names.some((name) => (principals?.[name] ?? name) === principal);
}

function namesIn({ databases }: Pick<Snapshot, 'databases'>): Names {
  return new Map(databases.map(({ name, target }) => [name, target === undefined ? '' : textOf(target)]));
}

function textOf(target: unknown): string {
  const {
    catalog,
    CatalogId,
    database,
    DatabaseName,
    region: own,
    Region,
  } = target as Readonly<Record<string, string | undefined>>;
  return `${catalog ?? CatalogId} ${database ?? DatabaseName} ${own ?? Region ?? region}`;
}

/** Follows the calls of an account: its links, its invitations, and what is granted there are judged as the central lake's. */
export function followImports({
  mesh: written,
  account,
  before,
  journal,
  shares,
  ...known
}: ImportJudging): ImportVerdicts {
  const mesh = asProven(written, known.unproven);
  const book = new CellBook(known.catalog, before);
  const start = book.cells();
  const wanted = importsWantedBy(mesh, { ...known, today }, account);
  const names = new Map(namesIn(before));
  const atStart = new Map(names);
  const wrongs: string[] = [];
  const isEntered = enteredBy(written).includes(account);
  let last = start;
  const atFirst = optInsIn(before);
  let optedIn = atFirst;
  const moments: Moment[] = [];
  for (const entry of journal) {
    const { index, operation, changes } = entry;
    if (changes.length === 0) continue;
    const opting = optInChanges(entry);
    optedIn = optInsAfter(optedIn, opting);
    const say = (text: string): void => void wrongs.push(`${index} ${operation} in ${account}: ${text}`);
    if (!isEntered) say('no run may enter it');
    const deciding = { mesh, account, wanted, names: new Map(names) };
    for (const { verb, key } of opting) {
      const asked = wanted.optIns.get(key);
      if (verb === 'create' && asked !== true) say(`gave the opt-in ${key}, which no proven file asks`);
      const reason = asked === undefined ? whyOptInKept(deciding, key, known) : 'asked for';
      if (verb === 'delete' && reason !== undefined) say(`took the opt-in ${key}, which is ${reason}`);
    }
    const made = new Set<string>();
    const gone = new Set<string>();
    for (const change of changes) {
      if (change.verb === 'grant') book.grant(change.what);
      else if (change.verb === 'revoke') book.revoke(change.what);
      else {
        const { kind, name, value } = change.what as ObjectChange;
        if (kind === 'database' && change.verb === 'create') {
          const { TargetDatabase: target } = value as { readonly TargetDatabase?: unknown };
          const asked = wanted.links.get(name);
          names.set(name, target === undefined ? '' : textOf(target));
          made.add(name);
          if (asked?.isProven !== true || names.get(name) !== targetOf(asked.database))
            say(`gave the link ${name} to ${names.get(name)}, which no proven file asks`);
        } else if (kind === 'database' && change.verb === 'delete') {
          const reason = whyLinkStays(deciding, name);
          if (reason !== undefined) say(`took the link ${name}, ${reason}`);
          names.delete(name);
          gone.add(name);
        } else if (kind === 'invitation') {
          const reason = whyNotAccepted(wanted, { name, value }, { account, shares });
          if (reason !== undefined) say(`gave its word to ${name}, ${reason}`);
        } else if (kind !== 'opt-in') say(`${change.verb} of a ${kind}`);
      }
    }
    const now = book.cells();
    for (const key of new Set([...last.keys(), ...now.keys()])) {
      const [was, is] = [extentIn(last, key), extentIn(now, key)];
      const place = cellPlace(key);
      const { all, proven } = wanted.cells.get(key) ?? nobody;
      const stays = new Set([...extentIn(start, key)].filter((column) => all.has(column) || isOpen(wanted, place)));
      const excess = minus(minus(is, was), plus(proven, stays));
      // What a new database is open to by default is the account's own setting.
      const isDefault = place.principal === 'IAM_ALLOWED_PRINCIPALS' && made.has(place.database ?? '');
      if (excess.size > 0 && !isDefault) say(`gave ${key}: ${[...excess].join(', ')}`);
      const wasDefault = place.principal === 'IAM_ALLOWED_PRINCIPALS' && gone.has(place.database ?? '');
      const reason = minus(was, is).size === 0 || wasDefault ? undefined : whyNotTaken(deciding, key);
      if (reason !== undefined) say(`took ${key}, which is ${reason}`);
    }
    last = now;
    moments.push({ cells: now, optIns: optedIn });
  }
  const proven = new Map([...wanted.cells].map(([key, asked]) => [key, asked.proven]));
  for (const text of tooEarly({ start: { cells: start, optIns: atFirst }, moments, proven }, () => false))
    wrongs.push(`${text} in ${account}`);
  const optIns = { atStart: atFirst, atEnd: optedIn };
  return { account, wrongs, start, end: last, wanted, names: { atStart, atEnd: names }, optIns };
}

/** Why an opt-in that nobody asks for must not be ended in a consumer's lake, or need not; undefined where it may, or has to. */
function whyOptInKept(
  deciding: Deciding,
  key: string,
  { unproven }: { readonly unproven: ReadonlySet<string> },
): string | undefined {
  const { mesh, wanted } = deciding;
  const place = cellPlace(key);
  const word = whyHybridLeft(mesh, place, unproven);
  if (word !== undefined) return word;
  // Whoever another product of the database opted in was never brought here.
  const brought = versionsOf(mesh).flatMap(importsIn);
  const isHybrid = (id: string): boolean =>
    versionsOf(mesh).some(({ products }) => products[id]?.iamAllowedPrincipals === 'hybrid');
  const isBrought = brought.some(
    ({ account, database, product }) =>
      account === deciding.account && database === place.database && isHybrid(product),
  );
  if (!isBrought) return 'on nothing that was brought there with hybrid access';
  const isEnded = wanted.ended.has(`opt-in ${key}`);
  const permissions = wanted.undecided.flatMap((open) => open.permissions);
  const mayBeAsked = permissions.some((permission) => isOpen(wanted, { ...place, permission }));
  if (mayBeAsked && !isEnded && place.table !== undefined) return 'of somebody whom nobody can judge';
  const reason = whyNotTaken(deciding, key, true);
  return reason === 'of an additive product' && isEnded ? undefined : reason;
}

/** Whether the catalog lacks what a request for this principal names, and this may be a part of it. */
function isOpen({ undecided }: WantedImports, { principal, database, permission, catalog }: CellPlace): boolean {
  return (
    catalog === undefined &&
    undecided.some(
      (open) =>
        open.principal === principal &&
        open.database === database &&
        open.permissions.some((name) => name === permission),
    )
  );
}

function whyLinkStays({ mesh, account, wanted, names }: Deciding, name: string): string | undefined {
  const target = names.get(name) ?? '';
  if (target === '') return 'which is a database of its own';
  if (!isOurLink(mesh, account, [name, target])) return 'which is none of the mesh';
  const asked = wanted.links.get(name);
  if (asked !== undefined)
    return targetOf(asked.database) !== target && asked.isProven ? undefined : 'which the files ask for';
  return isGentle(mesh, importsOf(mesh, account, name)) && !wanted.ended.has(name)
    ? 'of an additive product'
    : undefined;
}

function importsOf(mesh: LawMesh, account: string, name: string): readonly Brought[] {
  const on = (version: LawMesh): readonly Brought[] =>
    importsIn(version).filter((brought) => brought.account === account && brought.link === name);
  const now = on(mesh);
  return now.length > 0 ? now : versionsOf(mesh).flatMap(on);
}

function whyNotAccepted(
  { shares: wanted }: WantedImports,
  what: { readonly name: string; readonly value?: unknown },
  { account, shares }: { readonly account: string; readonly shares: Snapshot['shares'] },
): string | undefined {
  if (what.value !== 'ACCEPTED') return 'which it refuses';
  const [sender = '', share = ''] = what.name.split(' ');
  if (sender !== central) return "which is a stranger's";
  const offered = shares.find(({ name, receiver }) => name === share && receiver === account);
  const isAsked = offered?.resources.some(({ arn }) => wanted.get(sharedIn(arn)) === true) === true;
  return isAsked ? undefined : 'which no proven file asks';
}

function sharedIn(arn: string): string {
  const [, kind = '', database = ''] = /:(database|table)\/([^/]+)/.exec(arn) ?? [];
  return `${database} ${kind === 'table' ? 'tables' : 'database'}`;
}

/** What tells whether something can be had in a consumer's lake. */
export interface Giving {
  /** What the central lake holds. */
  readonly central: Cells;
  /** What proven files ask of it. */
  readonly asked: ReadonlyMap<string, unknown>;
  readonly shares: Snapshot['shares'];
  /** The organizations that the account belongs to. */
  readonly memberOf: readonly string[];
}

/** Whether the account was given, with the grant option, what it is to pass on; its own links are its own. */
function isGiven(account: string, key: string, { central: cells, memberOf, shares }: Giving): boolean {
  const place = cellPlace(key);
  if (place.catalog === account) return true;
  const receivers = [account, `${account}:IAMPrincipals`, ...memberOf];
  const isShared = shares.some(
    ({ receiver, receiverStatus, resources }) =>
      receivers.includes(receiver) &&
      receiverStatus === 'ASSOCIATED' &&
      resources.some(({ arn }) => sharedIn(arn).startsWith(`${place.database} `)),
  );
  if (place.kind !== 'data-location' && !isShared) return false;
  return isPassable(place, cells, receivers);
}

/** Whether the central lake gives one of some receivers something with the grant option. */
function isPassable(place: CellPlace, cells: Cells, receivers: readonly string[]): boolean {
  return [...cells.keys()].map(cellPlace).some((held) => {
    if (!held.option || !receivers.includes(held.principal)) return false;
    if (held.permission !== place.permission && held.permission !== 'ALL') return false;
    if (place.kind === 'data-location') return held.kind === place.kind && held.arn === place.arn;
    if (held.database !== place.database) return false;
    if (held.kind === place.kind) return held.table === place.table && held.filter === place.filter;
    return place.kind === 'table' && (held.kind === 'all-tables' || held.table === place.table);
  });
}

/** Law 2 in a consumer's lake: all that is asked and may be given is there, and of the mesh's own nothing else. */
export function importDebts(
  written: LawMesh,
  verdicts: ImportVerdicts & { readonly unproven: ReadonlySet<string> },
  giving: Giving,
): readonly string[] {
  const mesh = asProven(written, verdicts.unproven);
  const { account, start, end, wanted, names } = verdicts;
  const deciding = { mesh, account, wanted, names: names.atEnd };
  const found: string[] = [];
  for (const [name, { database, isProven }] of wanted.links)
    if (isProven && names.atEnd.get(name) !== targetOf(database) && !isTaken(mesh, verdicts, name))
      found.push(`resource-link ${account} ${name} stands for ${names.atEnd.get(name)}, not ${database}`);
  for (const [name, target] of names.atEnd)
    if (
      target !== '' &&
      !wanted.links.has(name) &&
      whyLinkStays(deciding, name) === undefined &&
      !isUsed(mesh, verdicts, name)
    )
      found.push(`resource-link ${account} ${name} is there still`);
  for (const key of new Set([...wanted.cells.keys(), ...end.keys(), ...start.keys()])) {
    const place = cellPlace(key);
    const { all, proven } = wanted.cells.get(key) ?? nobody;
    const is = extentIn(end, key);
    const isOnTaken = place.catalog === account && isTaken(mesh, verdicts, place.database ?? '');
    const isOnNothing = place.catalog === account && !names.atEnd.has(place.database ?? '');
    const missing = minus(plus(proven, new Set([...extentIn(start, key)].filter((column) => all.has(column)))), is);
    if (missing.size > 0 && !isOnTaken && !isOnNothing && isGiven(account, key, giving))
      found.push(`${key} in ${account} lacks ${[...missing].join(', ')}`);
    const surplus = minus(is, all);
    if (
      surplus.size > 0 &&
      !isOpen(wanted, place) &&
      whyNotTaken(deciding, key, true) === undefined &&
      isGiven(account, key, giving)
    )
      found.push(`${key} in ${account} has ${[...surplus].join(', ')} still`);
  }
  for (const [opted, isProven] of wanted.optIns) {
    const isDue = isProven || verdicts.optIns.atStart.has(opted);
    const waits = [...wanted.cells].some(
      ([cell, { all }]) => all.size > 0 && extentIn(end, cell).size === 0 && isOptInOf(opted, cellPlace(cell)),
    );
    if (isDue && !waits && !verdicts.optIns.atEnd.has(opted)) found.push(`opt-in ${opted} is not there in ${account}`);
  }
  for (const opted of verdicts.optIns.atEnd)
    if (!wanted.optIns.has(opted) && whyOptInKept(deciding, opted, verdicts) === undefined)
      found.push(`opt-in ${opted} is there still in ${account}`);
  for (const [share, isProven] of wanted.shares)
    for (const { receiver, receiverStatus, status, resources, name } of giving.shares)
      if (
        isProven &&
        receiver === account &&
        status === 'ACTIVE' &&
        receiverStatus !== 'ASSOCIATED' &&
        !(receiverStatus === 'DISASSOCIATED' && isLeftRefused(mesh, { account, share, giving })) &&
        resources.some(({ arn, rows }) => rows > 0 && sharedIn(arn) === share)
      )
        found.push(`${account} has not accepted ${share}, share ${name}: ${receiverStatus}`);
  return found;
}

/** Whether a name is somebody else's: a database of its own, a link that no file ever asked for, or one that others use. */
function isTaken(mesh: LawMesh, verdicts: Omit<ImportVerdicts, 'wrongs'>, name: string): boolean {
  const { account, names, wanted } = verdicts;
  const target = names.atStart.get(name);
  if (target === undefined) return false;
  if (target === '' || !isOurLink(mesh, account, [name, target])) return true;
  const asked = wanted.links.get(name);
  return asked !== undefined && targetOf(asked.database) !== target && isUsed(mesh, verdicts, name);
}

/** Whether somebody else was given something on a link. */
function isUsed(mesh: LawMesh, { account, wanted, names, end }: Omit<ImportVerdicts, 'wrongs'>, name: string): boolean {
  const deciding = { mesh, account, wanted, names: names.atEnd };
  return [...end.keys()].some((key) => {
    const { principal, catalog, database } = cellPlace(key);
    const isOn = catalog === account && database === name && principal !== 'IAM_ALLOWED_PRINCIPALS';
    // What may go for a hold, and need not, holds the link as long as it is there.
    return isOn && whyNotTaken(deciding, key, true) !== undefined;
  });
}

/** What a plan wants to do in a consumer's lake. */
interface Planned {
  readonly fact: { readonly kind: string; readonly database?: string; readonly shares?: string };
  /** Whether it is to be there, rather than to go. */
  readonly isWanted: boolean;
  /** The cell that the fact is, where it is a grant. */
  readonly key: string;
  readonly giving: Giving;
}

/** Whether something cannot be had there: the account was not given it, nobody sends an invitation, or the link is another's. */
export function isBarredThere(
  written: LawMesh,
  verdicts: ImportVerdicts,
  { fact, isWanted, key, giving }: Planned,
): boolean {
  const { account } = verdicts;
  if (fact.kind === 'grant') {
    const place = cellPlace(key);
    if (place.catalog === account) return isTaken(written, verdicts, place.database ?? '');
    if (isGiven(account, key, giving)) return false;
    // What nothing is given of cannot be taken, and no plan says so again and again; which organization is whose, it cannot tell.
    const perhaps = [account, `${account}:IAMPrincipals`, ...organizationsIn(giving.central)];
    return isWanted || isPassable(place, giving.central, perhaps);
  }
  if (fact.kind !== 'acceptance') return false;
  const share = `${fact.database} ${fact.shares}`;
  if (!sharesWith(account, giving.central).has(share)) return true;
  return isLeftRefused(written, { account, share, giving });
}

/** Whether an account refused what is shared, and no proven file gives anybody there anything by which it is sent again. */
function isLeftRefused(
  mesh: LawMesh,
  { account, share, giving }: { readonly account: string; readonly share: string; readonly giving: Giving },
): boolean {
  const given = new Map([...giving.asked].filter(([key]) => !isProtected(mesh, cellPlace(key).principal)));
  const sent = giving.shares.filter(
    ({ receiver, resources }) => receiver === account && resources.some(({ arn }) => sharedIn(arn) === share),
  );
  return (
    !sharesWith(account, given).has(share) && sent.every(({ receiverStatus }) => receiverStatus === 'DISASSOCIATED')
  );
}

/** What a run does to the central account's shares is for somebody who is to be given what is on them, or to accept it, and proven. */
export function shareWrongs(
  journal: readonly JournalEntry[],
  {
    central: { cells },
    consumers,
  }: { readonly central: Pick<WantedState, 'cells'>; readonly consumers: readonly ImportVerdicts[] },
  shares: Snapshot['shares'],
): readonly string[] {
  const proven = new Map([...cells].filter(([, wanted]) => wanted.proven.size > 0));
  return journal.flatMap(({ index, operation, account, changes }) =>
    changes.flatMap((change) => {
      if (change.verb === 'grant' || change.verb === 'revoke') return [];
      const { kind, name } = change.what as ObjectChange;
      if (account !== central || kind !== 'resource-share') return [];
      const share = shares.find((one) => one.name === name);
      const wanted = consumers.find((one) => one.account === share?.receiver)?.wanted;
      const given = sharesWith(share?.receiver ?? '', proven);
      const isFor = (what: string): boolean => given.has(what) || wanted?.shares.get(what) === true;
      const isAsked = share?.resources.some(({ arn }) => isFor(sharedIn(arn))) === true;
      return isAsked ? [] : [`${index} ${operation}: gave the share ${name} to ${share?.receiver}`];
    }),
  );
}

function organizationsIn(cells: Cells): readonly string[] {
  return [...cells.keys()].map((key) => cellPlace(key).principal).filter((one) => one.includes(':organizations:'));
}
