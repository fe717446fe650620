import { fold } from '../../core/canonical.ts';
import { type Hold, sightOf } from '../../core/hold.ts';
import { isKnown } from '../../core/lifecycle.ts';
import { toPrincipal } from '../../core/principal.ts';
import type {
  ShownAccount,
  ShownHold,
  ShownPrincipal,
  ShownProduct,
  ShownSubscription,
  ShownThing,
} from '../../core/shown.ts';
import type { AskedFact } from '../../core/state.ts';
import { type SubscriptionRow, whoGets } from '../../core/subscriptions.ts';
import { weigh } from '../../desire/sensitivity.ts';
import { givenBy } from '../../explain/given.ts';
import { localLayersOn } from '../../explain/imported.ts';
import { layersOn } from '../../explain/layers.ts';
import { subscriptionHistory, versionHistory } from '../../lifecycle/history.ts';
import { holdsOn, isLive, isLiveIn } from '../../lifecycle/known.ts';
import type { Grounds } from './ground.ts';
import type { Look } from './look.ts';
import type { Registry } from './origins.ts';
import { factsOf } from './rows.ts';
import type { Thing } from './thing.ts';
import { toldVersions } from './versions.ts';

/** What everything that is shown is told from. */
export interface Showing {
  readonly seen: Look;
  readonly rows: readonly SubscriptionRow[];
  readonly grounds: Grounds;
  readonly registry: Registry;
  readonly mesh: string;
}

/** Everything that is known about something. */
export async function shownOf(thing: Thing, showing: Showing): Promise<ShownThing> {
  switch (thing.kind) {
    case 'subscription':
      return subscriptionShown(thing.row, showing);
    case 'product':
      return productShown(thing.name, showing);
    case 'account':
      return accountShown(thing.name, showing);
    case 'principal':
      return principalShown(thing.id, showing);
  }
}

async function subscriptionShown(row: SubscriptionRow, showing: Showing): Promise<ShownSubscription> {
  const { seen, grounds, mesh, registry } = showing;
  const { declaration, gone, requests, catalog } = seen;
  const facts = factsOf(seen, row.subscription);
  const value = (declaration.subscriptions.get(row.subscription) ?? gone.get(row.subscription)?.subscription)?.value;
  const versions = await toldVersions(seen, `subscriptions/${row.subscription}.yaml`, { mesh, registry });
  const asked = isKnown(requests) ? (requests.get(row.subscription) ?? []).map(({ request }) => request) : [];
  const live = liveSince(facts, seen);
  const about = { consumer: row.consumer, sight: sightOf(catalog, facts) };
  return {
    kind: 'subscription',
    ...headOf(seen),
    subscription: row,
    notes: value?.notes ?? [],
    gives: givesOf(facts, seen, grounds),
    byHand: isKnown(seen.lake)
      ? seen.lake.plan.byHand.flatMap(({ steps }) =>
          steps.filter(({ subscriptions }) => subscriptions.includes(row.subscription)),
        )
      : [],
    holds: holdsIn(seen, (hold) => holdsOn(facts, [hold], about).length > 0),
    history: subscriptionHistory(versions, asked, { standing: row, live }),
  };
}

async function productShown(product: string, showing: Showing): Promise<ShownProduct> {
  const { seen, rows, grounds, mesh, registry } = showing;
  const declared = seen.declaration.products.get(product);
  if (declared === undefined) throw new RangeError(`there is no product ${product}`);
  const { value, file, path } = declared;
  const own = [...seen.wanted.facts.values()].flatMap(({ key, wishes }) =>
    wishes.flatMap(({ fact, cause }) =>
      cause.product === product && cause.subscription === undefined ? [{ key, fact, cause }] : [],
    ),
  );
  const sensitivity = weigh(value, seen.catalog.databases.get(value.database));
  const picture = isKnown(seen.lake) ? seen.lake.plan.picture.find((one) => one.product === product) : undefined;
  const owners = value.owners ?? seen.declaration.accounts.get(value.producer)?.value.owners ?? [];
  return {
    kind: 'product',
    ...headOf(seen),
    product,
    file,
    ...(value.description !== undefined && { description: value.description }),
    producer: value.producer,
    owners: owners.map(({ login }) => login),
    database: value.database,
    enforce: value.enforce ?? 'full',
    tables: Object.keys(value.tables).map((table) => ({
      table,
      classes: sensitivity.touched('SELECT', { kind: 'table', table: fold(table), columns: 'all' }),
    })),
    gives: givesOf(own, seen, grounds),
    subscriptions: rows.filter((row) => row.product === product),
    ...(picture && {
      counts: {
        managed: picture.managed,
        unmanaged: picture.unmanaged,
        protected: picture.protected,
        leftOut: picture.leftOut,
      },
    }),
    holds: holdsIn(seen, (hold) => hold.product === product),
    history: versionHistory(await toldVersions(seen, path, { mesh, registry })),
  };
}

async function accountShown(account: string, showing: Showing): Promise<ShownAccount> {
  const { seen, rows, mesh, registry } = showing;
  const declared = seen.declaration.accounts.get(account);
  if (declared === undefined) throw new RangeError(`there is no account ${account}`);
  const { value, file, path } = declared;
  return {
    kind: 'account',
    ...headOf(seen),
    account,
    id: value.id,
    file,
    roles: value.roles,
    owners: value.owners.map(({ login }) => login),
    principals: Object.entries(value.principals ?? {}).map(([name, id]) => ({ id, name })),
    produces: [...seen.declaration.products].flatMap(([id, one]) => (one.value.producer === account ? [id] : [])),
    subscriptions: rows.filter(({ consumer }) => consumer === account),
    holds: holdsIn(
      seen,
      ({ account: held, principal }) =>
        held?.name === account || (principal !== undefined && toPrincipal(principal).account === value.id),
    ),
    history: versionHistory(await toldVersions(seen, path, { mesh, registry })),
  };
}

function principalShown(id: string, { seen, rows, grounds }: Showing): ShownPrincipal {
  const name = seen.names.get(id);
  const { account: number } = toPrincipal(id);
  const account = [...seen.declaration.accounts].find(([, { value }]) => value.id === number)?.[0];
  const { ground, locals } = grounds;
  const own = (holder: { readonly id: string }) => (holder.id === id ? ('itself' as const) : undefined);
  const everything = { kind: 'everything' } as const;
  const layers = [
    ...(ground === undefined ? [] : layersOn(everything, own, ground)),
    ...locals.flatMap((local) => (local.account === number ? localLayersOn(everything, own, local) : [])),
  ];
  return {
    kind: 'principal',
    ...headOf(seen),
    principal: { id, ...(name !== undefined && { name }) },
    ...(account !== undefined && { account }),
    subscriptions: rows.filter((row) => whoGets(row).some((one) => one.id === id)),
    layers,
    holds: holdsIn(seen, (hold) => hold.principal === id || (number !== undefined && hold.account?.id === number)),
    history: [],
  };
}

function headOf({ declaration, commit, now, sources }: Look) {
  return { format: 1 as const, mesh: declaration.mesh.value.name, commit, asOf: now.toISOString(), sources };
}

function givesOf(facts: readonly AskedFact[], { lake, names }: Look, { sight, ground }: Grounds) {
  const live = (one: AskedFact): boolean | undefined => (isKnown(lake) ? isLiveIn(lake, one) : undefined);
  return givenBy(facts, live, { sight, nameOf: (id) => names.get(id), ...(ground && { observed: ground.observed }) });
}

function liveSince(facts: readonly AskedFact[], { lake }: Look): string | undefined {
  if (!isKnown(lake)) return undefined;
  const { observed } = lake;
  const times = facts.flatMap((one) => (isLive(one, observed) ? (observed.facts.get(one.key)?.updatedAt ?? []) : []));
  return times.sort().at(-1);
}

function holdsIn({ holds }: Look, concerns: (hold: Hold) => boolean): readonly ShownHold[] {
  return holds
    .filter(concerns)
    .map(({ scope, reason, until, isOver, place }) => ({ scope, reason, until, isOver, place }));
}
