import type { Change, Refusal } from '../../core/plan.ts';
import { isInScope, type LiftableGuard, type Override } from '../../core/safety.ts';
import { compareChanges } from '../order.ts';
import { everythingHeld } from './everything-held.ts';
import type { Guard, GuardContext } from './guard.ts';
import { incompleteRead } from './incomplete-read.ts';
import { nothingDeclared } from './nothing-declared.ts';
import { ownAccess } from './own-access.ts';
import { tooManyRevokes } from './too-many-revokes.ts';
import { uncommitted } from './uncommitted.ts';

/** The guards, in their order, each with the name under which an override lifts it, where one can. */
const guards: readonly (readonly [guard: Guard, liftedAs?: LiftableGuard])[] = [
  [incompleteRead],
  [nothingDeclared, 'NOTHING_DECLARED'],
  [uncommitted],
  [ownAccess, 'OWN_ACCESS'],
  [everythingHeld, 'TOO_MANY_REVOKES'],
  [tooManyRevokes, 'TOO_MANY_REVOKES'],
];

/**
 * Each guard sees what the ones before it let pass, so a change is refused once, and nothing that an
 * override lifts it for, so that what is reviewed neither is refused nor counts.
 */
export function refuse(
  changes: readonly Change[],
  context: GuardContext,
  overrides: readonly Override[],
): readonly Refusal[] {
  const refusals: Refusal[] = [];
  let left = [...changes].sort(compareChanges);
  for (const [guard, liftedAs] of guards) {
    const lifting = overrides.filter((override) => override.guard === liftedAs);
    const seen = left.filter((change) => !lifting.some((override) => isInScope(override, change)));
    for (const refusal of guard(seen, context)) {
      const open = new Set(left);
      const own = withWaiting(
        refusal.changes.filter((change) => open.has(change)),
        left,
      );
      if (own.length > 0) refusals.push({ ...refusal, changes: own });
      const gone = new Set(own);
      left = left.filter((change) => !gone.has(change));
    }
  }
  return refusals;
}

/** What is refused, with all that waits for it: that could not be made either. */
function withWaiting(refused: readonly Change[], changes: readonly Change[]): readonly Change[] {
  const gone = new Set(refused.map(({ key }) => key));
  const waiting = changes.filter(({ key, waitsFor }) => !gone.has(key) && waitsFor?.some((one) => gone.has(one)));
  return waiting.length === 0 ? refused : withWaiting([...refused, ...waiting], changes);
}
