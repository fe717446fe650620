import { isOnEverything } from '../../core/hold.ts';
import { isSamePlace } from '../../core/problem.ts';
import type { Guard } from './guard.ts';

/**
 * Refuses what only a hold on the whole mesh takes. Any other hold counts unproven, for it is an emergency; the end of
 * everything is none, so it takes a second entry, which counts only where an administrator approved it.
 */
export const everythingHeld: Guard = (changes, { desired, managed, soon }) => {
  const whole = desired.holds.filter(isOnEverything);
  if (whole.length === 0) return [];
  const taken = changes.filter(
    ({ reason, because }) =>
      reason === 'held' && because.every(({ place }) => whole.some((hold) => isSamePlace(hold.place, place))),
  );
  if (taken.length === 0) return [];
  return [
    {
      code: 'TOO_MANY_REVOKES',
      message: `a hold on the whole mesh would end ${taken.length} of its ${managed.length} live grants`,
      hint: 'if that is meant, add this to mesh.yaml and have an administrator approve it',
      yaml: `overrides:\n  - guard: TOO_MANY_REVOKES\n    scope: { mesh: true }\n    reason: WRITE WHY\n    until: ${soon}\n`,
      changes: taken,
    },
  ];
};
