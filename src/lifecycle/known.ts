import { covers, type FactKey, meet } from '../core/fact.ts';
import { gripOf, type Hold, type Sight } from '../core/hold.ts';
import type { Approved, Consumed, InLake, Unknown } from '../core/lifecycle.ts';
import type { Plan, Refusal, Withheld } from '../core/plan.ts';
import { toPrincipal } from '../core/principal.ts';
import type { AskedFact, Gap, Observed } from '../core/state.ts';

/** The lakes that were read and planned for. */
export interface Seen {
  /** The central lake. */
  readonly observed: Observed;
  /** The consumers' lakes that a run enters. */
  readonly others: readonly Observed[];
  readonly plan: Plan;
  /** What the plan withholds and what its guards refuse, by key: every subscription looks its facts up in it. */
  readonly waiting: ReadonlyMap<FactKey, Withheld>;
  readonly refused: ReadonlyMap<FactKey, Refusal>;
}

/** Lakes with the plan for them. */
export function seenOf({ observed, others }: Pick<Seen, 'observed' | 'others'>, plan: Plan): Seen {
  return {
    observed,
    others,
    plan,
    waiting: new Map(plan.withheld.map((one) => [one.change.key, one])),
    refused: new Map(plan.refusals.flatMap((one) => one.changes.map(({ key }) => [key, one] as const))),
  };
}

/** What is live in the central lake of what a subscription asks; unknown where something is not there and could not be read. */
export function inLake(all: readonly AskedFact[], seen: Seen): InLake | Unknown {
  const { observed, plan } = seen;
  const asked = all.filter(({ fact }) => fact.lake === observed.lake);
  const missing = asked.filter((one) => !isLive(one, observed));
  const gap = plan.gaps.find((one) => one.blocks !== 'nothing' && missing.some((fact) => isHidden(fact, one)));
  if (gap !== undefined) return { unknown: gap.message };
  const since = asked
    .flatMap(({ key }) => observed.facts.get(key)?.updatedAt ?? [])
    .sort()
    .at(-1);
  const obstacle = missing.map((one) => obstacleTo(one, seen)).find((one) => one !== undefined);
  return {
    asked: asked.length,
    live: asked.length - missing.length,
    ...(since === undefined ? {} : { since }),
    ...(obstacle === undefined ? {} : { obstacle }),
  };
}

/** Whether all that is asked of a key is live. */
export function isLive({ key, fact }: Pick<AskedFact, 'key' | 'fact'>, { facts }: Observed): boolean {
  const live = facts.get(key);
  return live !== undefined && covers(live.fact, fact);
}

/** Whether all that is asked of a key is live in whichever lake it is about; undefined where that was not read. */
export function isLiveIn({ observed, others, plan }: Seen, one: AskedFact): boolean | undefined {
  const lake = [observed, ...others].find((other) => other.lake === one.fact.lake);
  if (lake === undefined) return undefined;
  if (isLive(one, lake)) return true;
  return plan.gaps.some((gap) => gap.lake === lake.lake && gap.blocks !== 'nothing') ? undefined : false;
}

function isHidden({ fact }: AskedFact, { lake, database, table }: Gap): boolean {
  if (lake !== fact.lake) return false;
  const on = fact.kind === 'grant' ? fact.resource : fact;
  if (database === undefined || !('database' in on)) return database === undefined;
  return on.database === database && (table === undefined || !('table' in on) || on.table === table);
}

/** What stands in the way of a fact that is not there, beside missing approvals. */
export function obstacleTo({ key, cause }: AskedFact, { waiting, refused }: Seen): string | undefined {
  if (cause.refused !== undefined) {
    const { message, hint } = cause.refused;
    return hint === undefined ? message : `${message}; ${hint}`;
  }
  const wait = waiting.get(key);
  if (wait !== undefined && wait.code !== notProven) return `${wait.reason}; ${wait.remedy}`;
  const guard = refused.get(key);
  return guard === undefined ? undefined : `the guard ${guard.code} refuses it: ${guard.message}`;
}

const notProven = 'NOT_PROVEN';

/** Whether the files are approved that what is missing came from. What is live needs no proof, so nobody was asked for it. */
export function approvedOf(asked: readonly AskedFact[], seen: Seen): Approved {
  for (const one of asked) {
    const wait = seen.waiting.get(one.key);
    if (wait?.code === notProven && isLiveIn(seen, one) !== true)
      return { isProven: false, reason: wait.reason, remedy: wait.remedy };
  }
  return { isProven: true };
}

/** The holds that take something of what a subscription asks. */
export function holdsOn(
  asked: readonly AskedFact[],
  holds: readonly Hold[],
  { consumer, sight }: { readonly consumer: string; readonly sight: Sight },
): readonly Hold[] {
  return holds.filter((hold) =>
    asked.some(({ fact, cause: { product } }) => {
      if (fact.kind !== 'grant') return false;
      const asker = { products: product === undefined ? [] : [product], consumer };
      return gripOf(hold, fact, { asker, sight }) !== 'none';
    }),
  );
}

/** How many facts are live of what a removed subscription asked, and that nobody asks for any more. */
export function leftOf(
  asked: readonly AskedFact[],
  desired: ReadonlySet<FactKey>,
  { observed, others, plan }: Seen,
): number | Unknown {
  const gap = plan.gaps.find((one) => one.blocks !== 'nothing' && asked.some((fact) => isHidden(fact, one)));
  if (gap !== undefined) return { unknown: gap.message };
  const lakes = new Map([observed, ...others].map(({ lake, facts }) => [lake, facts]));
  const unread = asked.find(({ fact }) => !lakes.has(fact.lake));
  if (unread !== undefined) return { unknown: `no run reads the lake of ${unread.fact.lake.split('/')[0]}` };
  return asked.filter(({ key, fact }) => {
    const live = lakes.get(fact.lake)?.get(key);
    return live !== undefined && !desired.has(key) && meet(live.fact, fact) !== undefined;
  }).length;
}

/** Who asks for what. */
interface Asker {
  readonly principals: readonly string[];
  readonly centralAccount: string;
  readonly asked: readonly AskedFact[];
}

/** How far the consumer's account has come: nowhere, where all principals are in the catalog's own account. */
export function consumedBy({ principals, centralAccount, asked }: Asker, seen: Seen | Unknown): Consumed | Unknown {
  const isHome = (principal: string): boolean => toPrincipal(principal).account === centralAccount;
  if (principals.length > 0 && principals.every(isHome)) return 'not needed';
  const there = asked.filter(({ fact }) => !fact.lake.startsWith(`${centralAccount}/`));
  if (there.length === 0 || 'unknown' in seen) return { unknown: notRead };
  const lakes = new Map(seen.others.map((one) => [one.lake, one]));
  const own = [...new Set(there.map(({ fact }) => fact.lake))].flatMap((lake) => lakes.get(lake) ?? []);
  if (there.some(({ fact }) => !lakes.has(fact.lake))) return { unknown: `no run enters it: ${notRead}` };
  const gap = own.flatMap(({ gaps }) => gaps).find(({ blocks }) => blocks !== 'nothing');
  const missing = there.filter((one) => own.every((lake) => !isLive(one, lake)));
  if (gap !== undefined && missing.length > 0) return { unknown: gap.message };
  const lacks = (kind: string): boolean => missing.some(({ fact }) => fact.kind === kind);
  const since = there.flatMap(({ key, fact }) => lakes.get(fact.lake)?.facts.get(key)?.updatedAt ?? []).sort();
  const [last] = since.slice(-1);
  return {
    invitation: lacks('acceptance') ? 'pending' : 'accepted',
    link: lacks('resource-link') ? 'missing' : 'in place',
    localGrants: lacks('grant') || lacks('opt-in') ? 'missing' : 'in place',
    ...(last === undefined ? {} : { since: last }),
  };
}

const notRead = "invitations, resource links and the consumer's own grants are not read";
