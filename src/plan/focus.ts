import type { Change, LeftAlone, Plan } from '../core/plan.ts';
import { summarise } from './order.ts';

/** What of a plan is looked at. */
export interface Focus {
  readonly isWanted: (change: Change) => boolean;
  /** Whether something that was left alone is of interest. */
  readonly isNear: (one: LeftAlone) => boolean;
}

/** The part of a plan that carries out some changes and no others. */
export function focusOn(plan: Plan, { isWanted, isNear }: Focus): Plan {
  const changes = plan.changes.filter(isWanted);
  const refusals = plan.refusals.flatMap((refusal) => {
    const own = refusal.changes.filter(isWanted);
    return own.length === 0 ? [] : [{ ...refusal, changes: own }];
  });
  return {
    ...plan,
    summary: summarise(changes),
    changes,
    refusals,
    withheld: [],
    leftOut: [],
    picture: [],
    problems: [],
    unmanaged: plan.unmanaged.filter(isNear),
    protected: plan.protected.filter(isNear),
    outside: 0,
  };
}
