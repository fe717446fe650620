import type { LakeId } from '../core/fact.ts';
import { heldBack, type Outcome } from '../core/outcome.ts';
import type { Change, Plan } from '../core/plan.ts';
import { summarise } from './order.ts';

/** What of a plan that was made before is still to be done, and what became of the rest of it. */
export interface Still {
  readonly plan: Plan;
  readonly rest: readonly Outcome[];
}

/** The code of what was planned of a lake that is another now. */
export const changedCode = 'LAKE_CHANGED';

/**
 * What of a plan is still to be done in lakes that were read again, by the plan that is made of them now. What this one
 * lacks was done meanwhile, by a run that was interrupted, say. But where it holds anything that was not planned, and so
 * was neither shown nor guarded, the lake was changed by somebody else, and nothing is done there.
 */
export function stillToDo(before: Plan, now: Plan, lakes: ReadonlySet<LakeId>): Still {
  const isHere = ({ lake }: { readonly lake: LakeId }): boolean => lakes.has(lake);
  const known = new Set([...before.changes, ...heldBack(before).map(({ change }) => change)].map(({ id }) => id));
  const others = now.changes.filter((change) => isHere(change) && !known.has(change.id));
  const changed = new Set(others.map(({ lake }) => lake));
  const unread = new Set(now.gaps.filter((gap) => isHere(gap) && gap.blocks !== 'nothing').map(({ lake }) => lake));
  const left = new Set(now.changes.map(({ id }) => id));
  const stopped = new Map(heldBack(now).map((outcome) => [outcome.change.id, outcome]));
  const becameOf = (change: Change): Outcome | undefined => {
    if (!isHere(change)) return undefined;
    if (changed.has(change.lake)) return { change, status: 'refused', reason: otherwise, code: changedCode };
    if (left.has(change.id)) return undefined;
    const stop = stopped.get(change.id);
    if (stop !== undefined) return { ...stop, change };
    return unread.has(change.lake)
      ? { change, status: 'skipped', reason: 'the lake could not be read again' }
      : { change, status: 'already', reason: 'it was so already' };
  };
  const rest = before.changes.map((change) => becameOf(change));
  const changes = before.changes.filter((_, index) => rest[index] === undefined);
  const unplanned = others.map((change): Outcome => ({ change, status: 'refused', reason: unseen, code: changedCode }));
  return {
    plan: { ...before, changes, summary: summarise(changes), gaps: now.gaps },
    rest: [...rest.filter((one) => one !== undefined), ...unplanned],
  };
}

const otherwise = 'the lake is no longer as it was when the plan was made; plan again';
const unseen = 'it was not planned: the lake was changed since; plan again';

/** The part of a plan that is about some lakes, as it is shown. */
export function planOf(plan: Plan, lakes: ReadonlySet<LakeId>, isShown: (change: Change) => boolean): Plan {
  const isHere = ({ lake }: { readonly lake: LakeId }): boolean => lakes.has(lake);
  const changes = plan.changes.filter((change) => isHere(change) && isShown(change));
  const withheld = plan.withheld.filter(({ change }) => isHere(change) && isShown(change));
  return {
    ...plan,
    lakes: plan.lakes.filter(({ account, region }) => lakes.has(`${account}/${region}`)),
    summary: summarise(changes),
    changes,
    withheld,
    leftOut: plan.leftOut.filter(isHere),
    unmanaged: plan.unmanaged.filter(({ fact }) => isHere(fact)),
    protected: plan.protected.filter(({ fact }) => isHere(fact)),
    refusals: plan.refusals.flatMap((refusal) => {
      const own = refusal.changes.filter((change) => isHere(change) && isShown(change));
      return own.length === 0 ? [] : [{ ...refusal, changes: own }];
    }),
    byHand: [],
    gaps: plan.gaps.filter(isHere),
  };
}
