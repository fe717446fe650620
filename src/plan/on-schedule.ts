import type { Change, Plan, Withheld } from '../core/plan.ts';
import { summarise } from './order.ts';

/** What a scheduled run may do beside ending what is over. */
export interface Schedule {
  /** The changes that the last run could not make: the same change has the same id in every run. */
  readonly pending: ReadonlySet<string>;
  /** Whether it also repairs what somebody changed by hand. */
  readonly repairs: boolean;
}

/**
 * The plan of a scheduled run: what expired or is held ends, and what the last run withheld or failed at is tried
 * again. All else is drift, which somebody should look at before it is undone: it is withheld and named.
 */
export function onSchedule(plan: Plan, { pending, repairs }: Schedule): Plan {
  if (repairs) return plan;
  const isDue = ({ id, reason }: Change): boolean => reason === 'expired' || reason === 'held' || pending.has(id);
  const changes = plan.changes.filter(isDue);
  const drift = plan.changes.filter((change) => !isDue(change)).map(waiting);
  return { ...plan, changes, summary: summarise(changes), withheld: [...plan.withheld, ...drift] };
}

/** The code of what a scheduled run leaves as it is. */
export const driftCode = 'DRIFT';

function waiting(change: Change): Withheld {
  return {
    change: { ...change, steps: [] },
    code: driftCode,
    reason: 'the lake was changed by hand, and the schedule repairs no drift',
    remedy: 'run the apply workflow by hand, or set `repairOnSchedule: true` in mesh.yaml',
  };
}
