import type { Columns } from '../core/columns.ts';
import { type Fact, isSameFact, join } from '../core/fact.ts';
import type { Observed, ObservedFact } from '../core/state.ts';
import type { Verdict } from './judge.ts';
import { filterId, type Shortfall, type Target } from './target.ts';

/** What decides whether something live must stay as it is. */
interface Sparing {
  readonly live: ObservedFact | undefined;
  readonly desired: Fact;
  /** Whether a fact's principal keeps all that it holds: it is protected, or nobody can tell what is asked for it. */
  readonly isKept: (fact: Fact) => boolean;
  readonly observed: Observed;
  readonly judge: (fact: Fact) => Verdict;
}

/** A target that takes nothing from those who keep what they hold, and changes nothing that others hold. */
export function spare(target: Target, sparing: Sparing): Target {
  const { live, isKept } = sparing;
  if (live === undefined) return target;
  if (live.fact.kind === 'data-cells-filter') return spareFilter(target, live.fact, sparing);
  if (!isKept(live.fact)) return target;
  const both = target.fact === undefined ? live.fact : (join(live.fact, target.fact) ?? live.fact);
  const isAllInstead = columnsIn(both) === 'all' && columnsIn(live.fact) !== 'all';
  // All columns in place of a list would have the list revoked first.
  return isAllInstead
    ? { ...target, isSpared: true, fact: live.fact, shortfall: target.shortfall ?? keepsItsList }
    : { ...target, isSpared: true, fact: both };
}

/** Another value of a filter would change what everyone reads who holds a grant on it. */
function spareFilter(target: Target, live: Fact, { desired, observed, judge }: Sparing): Target {
  if (live.kind !== 'data-cells-filter' || isSameFact(live, desired)) return target;
  const holders = (observed.filterGrants.get(filterId(live)) ?? []).flatMap(
    (key) => observed.facts.get(key)?.fact ?? [],
  );
  const isOthers = holders.some((grant) => judge(grant).kind !== 'managed');
  return isOthers ? { ...target, isSpared: true, fact: live, shortfall: target.shortfall ?? heldByOthers } : target;
}

function columnsIn(fact: Fact): Columns | undefined {
  return fact.kind === 'grant' ? fact.columns : undefined;
}

const keepsItsList: Shortfall = {
  code: 'LIST_KEPT',
  reason:
    'the principal holds a list of columns that this plan must not revoke, and cannot be given all columns beside it',
  remedy: 'revoke the list by hand, if it is not needed',
};

const heldByOthers: Shortfall = {
  code: 'FILTER_HELD',
  reason:
    'a data cells filter of this name is there with other rows or columns, and somebody holds it whom the mesh does not manage',
  remedy: 'give the filter another name in the mesh file',
};
