import { type Hold, type Sight, sightOf } from '../../core/hold.ts';
import { type Approved, type InLake, isKnown, type Known, type Unknown } from '../../core/lifecycle.ts';
import { compareText } from '../../core/problem.ts';
import type { AskedFact } from '../../core/state.ts';
import type { Brought, SubscriptionRow } from '../../core/subscriptions.ts';
import type { Declaration, DeclaredSubscription } from '../../declare/declaration.ts';
import { desire } from '../../desire/desire.ts';
import { principalsFrom } from '../../desire/principals.ts';
import { approvedOf, consumedBy, holdsOn, inLake, leftOf, type Seen } from '../../lifecycle/known.ts';
import { stateOf } from '../../lifecycle/state.ts';
import { type Asked, askedIn, type Look } from './look.ts';
import { versionsOf } from './past.ts';
import type { SeenRequest } from './requests.ts';

/** Every subscription that is, was, or is asked for, with where it stands, sorted. */
export function rowsOf(look: Look): readonly SubscriptionRow[] {
  const setting = settingOf(look);
  const { declaration, gone, requests } = look;
  const asked = isKnown(requests) ? [...requests.keys()] : [];
  const keys = new Set([...declaration.subscriptions.keys(), ...gone.keys(), ...asked]);
  return [...keys].sort(compareText).flatMap((key) => rowOf(key, setting) ?? []);
}

interface Setting extends Look {
  readonly day: { readonly today: string; readonly soon: number };
  readonly inForce: readonly Hold[];
  readonly sight: Sight;
  readonly desired: ReadonlySet<string>;
}

function settingOf(look: Look): Setting {
  const { declaration, now, asks, catalog } = look;
  const today = now.toISOString().slice(0, 10);
  const all = [...declaration.subscriptions.keys()].flatMap((key) => asks.get(key)?.facts ?? []);
  return {
    ...look,
    day: { today, soon: declaration.mesh.value.reminders?.expiry ?? 30 },
    inForce: look.holds.filter(({ isOver }) => !isOver),
    sight: sightOf(catalog, all),
    desired: new Set(all.map(({ key }) => key)),
  };
}

function rowOf(key: string, setting: Setting): SubscriptionRow | undefined {
  const { declaration, gone, requests } = setting;
  const seen = isKnown(requests) ? (requests.get(key) ?? []) : [];
  const declared = declaration.subscriptions.get(key);
  if (declared !== undefined) {
    const asked = setting.asks.get(key) ?? nothing;
    return shown(declared, asked, { setting, known: knownOf(declared, asked.facts, setting), seen });
  }
  const past = gone.get(key);
  // An open pull request counts before what was closed; of those the newest.
  const newest = seen.findLast(({ request }) => request.kind === 'open') ?? seen.at(-1);
  if (past !== undefined) {
    const asked = setting.asks.get(key) ?? nothing;
    const left = leftFor(past.subscription, asked.facts, setting);
    const known: Known = { place: 'gone', ended: past.ended, left, ...(newest && { request: newest.request }) };
    return shown(past.subscription ?? newest?.subscription ?? nameless(key), asked, { setting, known, seen });
  }
  if (newest === undefined) return undefined;
  const { subscription = nameless(key), after, request } = newest;
  const asked = after === undefined ? nothing : askedBy(after, key, setting);
  const files = after === undefined ? setting : { ...setting, declaration: after };
  return shown(subscription, asked, { setting: files, known: { place: 'asked', request }, seen });
}

function knownOf(declared: DeclaredSubscription, asked: readonly AskedFact[], setting: Setting): Known {
  const { declaration, lake, past, inForce, holdsSince, sight } = setting;
  const { expires } = declared.value;
  const versions = isKnown(past) ? versionsOf(past, declared.path) : [];
  const changed = versions.at(-1);
  const principals = principalsFrom(declaration, declared.consumer, declared.value.principals).map(({ id }) => id);
  return {
    place: 'declared',
    ...(changed?.blob === declared.blob && { changed }),
    ...(expires !== undefined && { expires }),
    holds: holdsOn(asked, inForce, { consumer: declared.consumer, sight }).map((hold) => {
      const { until, reason, scope } = hold;
      const since = holdsSince.get(hold);
      return { why: `held until ${until} (${scope}): ${reason}`, ...(since !== undefined && { since }) };
    }),
    approved: approvedFor(declared, asked, setting),
    lake: isKnown(lake) ? inLakes(declared, asked, lake) : lake,
    consumed: consumedBy({ principals, centralAccount: declaration.mesh.value.central.account, asked }, lake),
  };
}

/** What of it is live in the central lake; what it brings elsewhere hangs on that. */
function inLakes(declared: DeclaredSubscription, asked: readonly AskedFact[], lake: Seen): InLake | Unknown {
  const isHere = asked.some(({ fact }) => fact.lake === lake.observed.lake);
  return isHere ? inLake(asked, lake) : nothingAsked(declared, lake);
}

/** A subscription that comes to nothing, with what the catalog says to it. */
function nothingAsked({ file }: DeclaredSubscription, { plan }: Seen): InLake {
  const problem = plan.problems.find(({ place }) => place.file === file);
  return { asked: 0, live: 0, obstacle: problem?.message ?? 'it asks for nothing that is there' };
}

function approvedFor(
  { path }: DeclaredSubscription,
  asked: readonly AskedFact[],
  { approvals, lake }: Setting,
): Approved | Unknown {
  if (!isKnown(approvals)) return approvals;
  const files = new Set([path, ...asked.flatMap(({ cause }) => cause.files)]);
  if ([...files].every((file) => approvals.trusted.has(file))) return { isProven: true };
  if (isKnown(lake)) return approvedOf(asked, lake);
  return { unknown: 'it is newer than the trust root, and other approvals are judged together with the lake' };
}

function leftFor(
  subscription: DeclaredSubscription | undefined,
  asked: readonly AskedFact[],
  { declaration, lake, desired }: Setting,
): number | Unknown {
  if (!isKnown(lake)) return lake;
  if (subscription === undefined) return { unknown: 'its last version cannot be read' };
  const { product, consumer } = subscription;
  if (!declaration.products.has(product)) return { unknown: `the product ${product} is gone from the files, too` };
  if (!declaration.accounts.has(consumer)) return { unknown: `the account ${consumer} is gone from the files, too` };
  return leftOf(asked, desired, lake);
}

/** The facts that a subscription asks for: as it is on main, as it was, or as its request has it. */
export function factsOf(look: Look, key: string): readonly AskedFact[] {
  const { asks, requests } = look;
  const request = isKnown(requests) ? requests.get(key)?.findLast(({ after }) => after !== undefined) : undefined;
  return asks.get(key)?.facts ?? (request?.after === undefined ? [] : askedBy(request.after, key, look).facts);
}

/** What a subscription asks that is not on main yet. */
function askedBy(after: Declaration, key: string, { catalog }: Pick<Look, 'catalog'>): Asked {
  const only = [...after.subscriptions].filter(([name]) => name === key);
  const desired = desire(
    { ...after, subscriptions: new Map(only) },
    { catalog, administrators: [], today: '0000-01-01' },
  );
  return askedIn(desired).get(key) ?? nothing;
}

/** A subscription of which nothing but its path is known. */
function nameless(key: string): DeclaredSubscription {
  const [domain = '', name = '', last = ''] = key.split('/');
  const path = `subscriptions/${key}.yaml`;
  const value = { apiVersion: 'meshgate/v1', kind: 'Subscription', purpose: '', access: [] } as const;
  const place = { file: path, line: 1, column: 1 };
  return {
    file: path,
    path,
    blob: '',
    value,
    at: () => place,
    product: `${domain}/${name}`,
    consumer: last.split('.')[0] ?? '',
  };
}

function shown(
  { file, path, product, consumer, value }: DeclaredSubscription,
  { facts, classes }: Asked,
  { setting, known, seen }: { readonly setting: Setting; readonly known: Known; readonly seen: readonly SeenRequest[] },
): SubscriptionRow {
  const { declaration, names, past, day } = setting;
  const owned = declaration.products.get(product)?.value;
  const people = owned?.owners ?? declaration.accounts.get(owned?.producer ?? '')?.value.owners ?? [];
  const whoIs = (listed: readonly string[] | undefined): SubscriptionRow['principals'] =>
    principalsFrom(declaration, consumer, listed).map(({ id }) => {
      const name = names.get(id);
      return { id, ...(name !== undefined && { name }) };
    });
  const readers = whoIs([...new Set((value.import?.grants ?? []).flatMap((grant) => grant.principals))]);
  const open = seen.findLast(({ request }) => request.kind === 'open')?.request;
  const [newest] = isKnown(past) ? versionsOf(past, path).slice(-1) : [];
  return {
    subscription: path.slice('subscriptions/'.length, -'.yaml'.length),
    file,
    product,
    ...(owned && { producer: owned.producer }),
    owners: people.map(({ login }) => login),
    consumer,
    principals: whoIs(value.principals),
    ...(readers.length > 0 && { readers }),
    ...(owned && { database: owned.database }),
    tables: tablesOf(facts),
    permissions: [...new Set(facts.flatMap(({ fact }) => (fact.kind === 'grant' ? [fact.permission] : [])))].sort(
      compareText,
    ),
    classes,
    ...(value.expires !== undefined && { expires: value.expires }),
    purpose: value.purpose,
    ...(newest && { brought: broughtOf(newest) }),
    ...(open?.kind === 'open' && { request: { pull: open.pull, does: open.does } }),
    ...stateOf(known, day),
  };
}

function broughtOf({ commit, at, author }: Brought): Brought {
  return { commit, at, author };
}

const nothing: Asked = { facts: [], classes: [] };

function tablesOf(asked: readonly AskedFact[]): readonly string[] {
  const tables = asked.flatMap(({ fact }) => {
    if (fact.kind !== 'grant') return [];
    if (fact.resource.kind === 'all-tables') return ['*'];
    return 'table' in fact.resource ? [fact.resource.table] : [];
  });
  return [...new Set(tables)].sort(compareText);
}
