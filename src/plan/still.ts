import { type FactKey, isSameFact, type LakeId } from '../core/fact.ts';
import { heldBack, type Outcome } from '../core/outcome.ts';
import type { Change, Plan, Refusal } from '../core/plan.ts';
import type { ObservedFact } from '../core/state.ts';
import { withoutDone } from '../core/waiting.ts';
import { summarise } from './order.ts';

/** What of a plan that was made before is still to be done, and what became of the rest of it. */
export interface Still {
  readonly plan: Plan;
  /** What was to be done, and must not be done now. */
  readonly held: Pick<Plan, 'withheld' | 'refusals'>;
  /** How that ends of which nothing is left to do, or nobody can tell. */
  readonly rest: readonly Outcome[];
}

/** What is planned now, and what is live by which it is. */
export interface Now {
  readonly plan: Plan;
  readonly facts: ReadonlyMap<FactKey, ObservedFact>;
}

/**
 * What of a plan is still to be done in lakes that were read again, by the plan that is made of them now. What this one
 * lacks was done meanwhile, by a run that was interrupted, say, or has been held or ended since. But where it holds
 * anything that was not planned, and so was neither shown nor guarded, somebody has changed the lake, or what is due in
 * it, and nothing is done there.
 */
export function stillToDo(before: Plan, { plan: now, facts }: Now, lakes: ReadonlySet<LakeId>): Still {
  const isHere = ({ lake }: { readonly lake: LakeId }): boolean => lakes.has(lake);
  const planned = new Set(before.changes.map(({ id }) => id));
  const known = new Set([...planned, ...heldBack(before).map(({ change }) => change.id)]);
  const others = now.changes.filter((change) => isHere(change) && !known.has(change.id));
  const changed = [...new Set(others.map(({ lake }) => lake))];
  const unread = new Set(now.gaps.filter((gap) => isHere(gap) && gap.blocks !== 'nothing').map(({ lake }) => lake));
  const isStopped = (change: Change): boolean =>
    isHere(change) && planned.has(change.id) && !changed.includes(change.lake);
  const held = {
    withheld: now.withheld.filter(({ change }) => isStopped(change)),
    refusals: [
      ...changed.map((lake) =>
        refusal(
          lake,
          [...before.changes, ...others].filter((one) => one.lake === lake),
        ),
      ),
      ...now.refusals.map((one) => ({ ...one, changes: one.changes.filter(isStopped) })),
    ].filter(({ changes }) => changes.length > 0),
  };
  const stopped = new Set(heldBack(held).map(({ change }) => change.id));
  const left = new Set(now.changes.map(({ id }) => id));
  const isLeft = (change: Change): boolean => !isHere(change) || (left.has(change.id) && !stopped.has(change.id));
  const done = new Set(before.changes.flatMap((one) => (isLeft(one) || stopped.has(one.id) ? [] : [one.key])));
  const changes = before.changes.filter(isLeft).map((change) => withoutDone(change, done));
  return {
    plan: { ...before, changes, summary: summarise(changes), gaps: now.gaps },
    held,
    rest: before.changes
      .filter((change) => !isLeft(change) && !stopped.has(change.id))
      .map((change) => {
        if (unread.has(change.lake)) return { change, status: 'skipped', reason: 'the lake could not be read again' };
        return isDone(change, facts)
          ? { change, status: 'already', reason: 'it was so already' }
          : { change, status: 'skipped', reason: 'it is no longer to be done: a hold, or its end, came since' };
      }),
  };
}

function isDone({ key, after }: Change, facts: Now['facts']): boolean {
  const live = facts.get(key)?.fact;
  return after === undefined ? live === undefined : live !== undefined && isSameFact(live, after);
}

function refusal(lake: LakeId, changes: readonly Change[]): Refusal {
  return {
    code: 'LAKE_CHANGED',
    message: `lake ${lake} is no longer as it was when the plan was made, so nothing is done there`,
    hint: 'see who changed it, or what was held or has ended since, and plan again',
    changes,
  };
}

/** The part of a plan that is about some lakes, as it is shown; what the mesh does not declare was counted before. */
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
    outside: 0,
    refusals: plan.refusals.flatMap((refusal) => {
      const own = refusal.changes.filter((change) => isHere(change) && isShown(change));
      return own.length === 0 ? [] : [{ ...refusal, changes: own }];
    }),
    byHand: [],
    gaps: plan.gaps.filter(isHere),
  };
}
