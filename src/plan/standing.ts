import type { Standing } from '../core/plan.ts';
import { defaultLimits, type GuardLimits, type Override, type Safety, stricter } from '../core/safety.ts';
import type { Proofs } from '../core/state.ts';

/** What of mesh.yaml's overrides and limits counts in a plan, and how all that is dated stands. */
export interface Allowance {
  readonly overrides: readonly Override[];
  readonly limits: GuardLimits;
  readonly standing: readonly Standing[];
}

/** A file that is not proven lifts no guard and widens no limit; its holds count, for they only take away. */
export function allowanceOf({ holds, overrides, limits, file }: Safety, proofs: Proofs): Allowance {
  const isProven = proofs.get(file)?.proven === true;
  const stateOf = (isOver: boolean, counts: boolean): Standing['state'] =>
    isOver ? 'over' : counts ? 'in force' : 'not proven';
  return {
    overrides: isProven ? overrides.filter(({ isOver }) => !isOver) : [],
    limits: isProven
      ? limits
      : {
          product: stricter(limits.product, defaultLimits.product),
          mesh: stricter(limits.mesh, defaultLimits.mesh),
        },
    standing: [
      ...holds.map(({ scope, reason, until, place, isOver }) => ({
        kind: 'hold' as const,
        scope,
        reason,
        until,
        place,
        state: stateOf(isOver, true),
      })),
      ...overrides.map(({ guard, scope, reason, until, place, isOver }) => ({
        kind: 'override' as const,
        guard,
        scope,
        reason,
        until,
        place,
        state: stateOf(isOver, isProven),
      })),
    ],
  };
}
