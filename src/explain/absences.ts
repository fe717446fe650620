import type { Absence, Origin } from '../core/explanation.ts';
import { toPrincipal } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import type { AskedFact } from '../core/state.ts';
import type { Ground, ThroughOf } from './layers.ts';
import { extentOf } from './layers.ts';
import { gives, type Target } from './target.ts';

/** Facts that one file asks for, or asked. */
export interface Asking {
  readonly facts: readonly AskedFact[];
  /** Where a fact was asked, and how that stands. */
  readonly originOf: (fact: AskedFact) => Origin;
  /** Whether a fact is there; undefined where nobody knows. */
  readonly isLive: (fact: AskedFact) => boolean | undefined;
}

/** What was asked on a target for somebody and is not there, or of which nobody knows whether it is. */
export function absencesOn(
  target: Target,
  throughOf: ThroughOf,
  {
    askings,
    ...ground
  }: Pick<Ground, 'sight'> & { readonly askings: readonly Asking[]; readonly observed?: Ground['observed'] },
): readonly Absence[] {
  const groups = new Map<string, Absence>();
  for (const { facts, originOf, isLive } of askings)
    for (const one of facts) {
      const { fact } = one;
      if (fact.kind !== 'grant' || fact.grantOption || gives(fact, target, ground.sight) === 'no') continue;
      const live = isLive(one);
      if (live === true || throughOf(toPrincipal(fact.principal)) === undefined) continue;
      const absence = {
        permissions: [fact.permission],
        on: extentOf(fact, ground),
        isKnown: live === false,
        origins: [originOf(one)],
      };
      const key = JSON.stringify([fact.principal, absence.on, absence.isKnown, absence.origins]);
      const known = groups.get(key);
      const permissions = [...(known?.permissions ?? []), fact.permission].sort(compareText);
      groups.set(key, { ...absence, permissions });
    }
  return [...groups.values()];
}
