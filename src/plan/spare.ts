import type { Columns } from '../core/columns.ts';
import { covers, type Fact, isSameFact, join } from '../core/fact.ts';
import type { Observed, ObservedFact } from '../core/state.ts';
import { filterId, type Shortfall, type Target } from './target.ts';
import type { Verdict } from './verdict.ts';

/** What decides whether something live must stay as it is. */
interface Sparing {
  readonly live: ObservedFact | undefined;
  readonly desired: Fact;
  /** Whether its principal keeps all that it holds: it is protected, or nobody can tell what is asked for it. */
  readonly isKept: boolean;
  readonly observed: Observed;
  readonly judge: (fact: Fact) => Verdict;
}

/** A target that takes nothing from those who keep what they hold, and changes nothing that others hold. */
export function spare(target: Target, sparing: Sparing): Target {
  const { live, isKept } = sparing;
  if (live === undefined) return target;
  // What is as it should be already needs no sparing: nearly everything, on most days.
  if (target.fact !== undefined && live.parts.length <= 1 && isSameFact(live.fact, target.fact)) return target;
  if (live.fact.kind === 'data-cells-filter') return spareFilter(target, live.fact, sparing);
  return isKept ? keeping(target, live.fact) : target;
}

/** A target that takes nothing of what is live. */
function keeping(target: Target, live: Fact): Target {
  const both = target.fact === undefined ? live : (join(live, target.fact) ?? live);
  const isAllInstead = columnsIn(both) === 'all' && columnsIn(live) !== 'all';
  // All columns in place of a list would have the list revoked first.
  return isAllInstead
    ? { ...target, isSpared: true, fact: live, shortfall: target.shortfall ?? keepsItsList }
    : { ...target, isSpared: true, fact: both };
}

/** A target that only adds to what is live, for a product that is `additive`. */
export function onlyAdding(target: Target, live: Fact): Target {
  if (live.kind === 'catalog-parameter') return target;
  if (live.kind === 'grant') return keeping(target, live);
  if (target.fact === undefined || covers(target.fact, live)) return target;
  return { ...target, isSpared: true, fact: live, shortfall: target.shortfall ?? narrowsFilter };
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

const narrowsFilter: Shortfall = {
  code: 'ADDITIVE',
  reason:
    'the data cells filter lets through other rows or columns now, and its product is additive: nothing is taken from those who read through it',
  remedy: 'give the filter another name in the mesh file, or set `enforce: full` in the product file',
};

/** Why what does not go together with something that stays cannot be given. */
export const doesNotGoTogether: Shortfall = {
  code: 'ADDITIVE',
  reason:
    'what the principal holds on this table stays, for its product is additive, and Lake Formation does not take a list of columns beside all columns or beside permissions that modify',
  remedy: 'revoke by hand what the plan leaves out, or set `enforce: full` in the product file',
};

/** Why what Lake Formation gave together, and does not give so again, stays as it is. */
export const cannotComeBack: Shortfall = {
  code: 'NOT_TOGETHER',
  reason:
    'the principal holds a list of columns beside permissions that modify on this table, and Lake Formation does not give the two together: what is revoked of them might not come back',
  remedy: 'revoke one of the two by hand, or have the file approved that asks for one of them alone',
};

/** Why what another account holds without the grant option is not made less. */
export const cannotBeLess: Shortfall = {
  code: 'WITHOUT_OPTION',
  reason:
    'another account, or an organization, holds this without the grant option, and what would be left of it could not be given so again',
  remedy: 'revoke it by hand, or have the file approved that asks for it',
};
