import type { Fact, FactKey } from '../core/fact.ts';
import { gripOf, type Hold, sightOf } from '../core/hold.ts';
import type { Change, Note } from '../core/plan.ts';
import { toPrincipal } from '../core/principal.ts';
import type { Desired, Observed } from '../core/state.ts';
import { productsOf } from './held.ts';
import type { Verdict } from './verdict.ts';

/**
 * What a hold on an account does not reach, a note for each hold: what an organization or OU holds in its scope.
 * Nobody here knows which accounts belong to one, and cutting it off would cut off all of them.
 */
export function pastHolds(
  { desired, observed }: { readonly desired: Desired; readonly observed: Observed },
  changes: readonly Change[],
  judge: (fact: Fact) => Verdict,
): readonly Note[] {
  const holds = desired.holds.filter(({ account }) => account !== undefined);
  if (holds.length === 0) return [];
  const sight = sightOf(observed.catalog, observed.facts.values());
  const shared = standingAfter(observed, changes).filter(isOfMany);
  return holds.flatMap((hold): readonly Note[] => {
    const { account: _, ...rest } = hold;
    const passing = shared.filter(
      (fact) => gripOf(rest, fact, { asker: { products: productsOf(judge(fact)) }, sight }) !== 'none',
    );
    const holders = [...new Set(passing.map(({ principal }) => principal))].sort();
    return holders.length === 0 ? [] : [noteOf(hold, passing.length, holders)];
  });
}

type GrantFact = Extract<Fact, { kind: 'grant' }>;

function isOfMany(fact: Fact): fact is GrantFact {
  return fact.kind === 'grant' && toPrincipal(fact.principal).kind.startsWith('organization');
}

/** What is live once the changes are made. */
function standingAfter({ facts }: Observed, changes: readonly Change[]): readonly Fact[] {
  const after = new Map<FactKey, Fact | undefined>([...facts].map(([key, { fact }]) => [key, fact]));
  for (const change of changes) after.set(change.key, change.after);
  return [...after.values()].filter((fact) => fact !== undefined);
}

function noteOf({ scope, account }: Hold, count: number, holders: readonly string[]): Note {
  const [first, ...more] = holders;
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  const permissions = count === 1 ? '1 permission' : `${count} permissions`;
  return {
    code: 'HOLD_PASSED_BY',
    message: `the hold on ${scope} does not reach ${permissions} of ${first}${others}: where ${account?.name} belongs to it, it still reads`,
    hint: 'hold that organization or OU, too (principal), which cuts off all its accounts, or move the account out of it',
  };
}
