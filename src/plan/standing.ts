import type { Standing } from '../core/plan.ts';
import type { GuardLimits, Override, Safety } from '../core/safety.ts';

/** What of mesh.yaml's overrides and limits counts in a plan, and how all that is dated stands. */
export interface Allowance {
  readonly overrides: readonly Override[];
  readonly limits: GuardLimits;
  readonly standing: readonly Standing[];
}

/** What of holds, overrides and limits counts on the day of the plan: an override that nothing proves lifts no guard, and every hold counts, for it only takes away. */
export function allowanceOf({ holds, overrides, limits }: Safety): Allowance {
  const stateOf = (isOver: boolean, isUnproven = false): Standing['state'] =>
    isOver ? 'over' : isUnproven ? 'not proven' : 'in force';
  return {
    overrides: overrides.filter(({ isOver, isUnproven }) => !isOver && isUnproven !== true),
    limits,
    standing: [
      ...holds.map(({ scope, reason, until, place, isOver }) => ({
        kind: 'hold' as const,
        scope,
        reason,
        until,
        place,
        state: stateOf(isOver),
      })),
      ...overrides.map(({ guard, scope, reason, until, place, isOver, isUnproven }) => ({
        kind: 'override' as const,
        guard,
        scope,
        reason,
        until,
        place,
        state: stateOf(isOver, isUnproven),
      })),
    ],
  };
}
