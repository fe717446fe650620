import { covers, type FactKey, meet } from '../core/fact.ts';
import { gripOf, type Hold, type Sight } from '../core/hold.ts';
import type { Approved, Consumed, InLake, Unknown } from '../core/lifecycle.ts';
import type { Plan, Refusal, Withheld } from '../core/plan.ts';
import { toPrincipal } from '../core/principal.ts';
import type { AskedFact, Gap, Observed } from '../core/state.ts';

/** A lake that was read and planned for. */
export interface Seen {
  readonly observed: Observed;
  readonly plan: Plan;
  /** What the plan withholds and what its guards refuse, by key: every subscription looks its facts up in it. */
  readonly waiting: ReadonlyMap<FactKey, Withheld>;
  readonly refused: ReadonlyMap<FactKey, Refusal>;
}

/** A lake with the plan for it. */
export function seenOf(observed: Observed, plan: Plan): Seen {
  return {
    observed,
    plan,
    waiting: new Map(plan.withheld.map((one) => [one.change.key, one])),
    refused: new Map(plan.refusals.flatMap((one) => one.changes.map(({ key }) => [key, one] as const))),
  };
}

/** What is live of what a subscription asks; unknown where something is not there and could not be read. */
export function inLake(asked: readonly AskedFact[], seen: Seen): InLake | Unknown {
  const { observed, plan } = seen;
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

function isHidden({ fact }: AskedFact, { database, table }: Gap): boolean {
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
export function approvedOf(asked: readonly AskedFact[], { observed, waiting }: Seen): Approved {
  for (const one of asked) {
    const wait = waiting.get(one.key);
    if (wait?.code === notProven && !isLive(one, observed))
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
  { observed, plan }: Seen,
): number | Unknown {
  const gap = plan.gaps.find((one) => one.blocks !== 'nothing' && asked.some((fact) => isHidden(fact, one)));
  if (gap !== undefined) return { unknown: gap.message };
  return asked.filter(({ key, fact }) => {
    const live = observed.facts.get(key);
    return live !== undefined && !desired.has(key) && meet(live.fact, fact) !== undefined;
  }).length;
}

/** What the consumer's account has to do: nothing where all principals are in the catalog's own account. */
export function consumedBy(principals: readonly string[], centralAccount: string): Consumed | Unknown {
  const isHome = (principal: string): boolean => toPrincipal(principal).account === centralAccount;
  if (principals.length > 0 && principals.every(isHome)) return 'not needed';
  return { unknown: "invitations, resource links and the consumer's own grants are not read" };
}
