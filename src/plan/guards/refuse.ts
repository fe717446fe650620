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
      const own = refusal.changes.filter((change) => open.has(change));
      if (own.length > 0) refusals.push({ ...refusal, changes: own });
      const gone = new Set(own);
      left = left.filter((change) => !gone.has(change));
    }
  }
  return refusals;
}
