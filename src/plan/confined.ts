import type { Fact, FactKey } from '../core/fact.ts';
import { isIn, isReadWith, type Part } from '../core/part.ts';
import type { Change, LeftAlone, Plan } from '../core/plan.ts';
import type { Desired, Observed } from '../core/state.ts';

/** Both states as far as they were read with a part of the lake; without a part they are whole. */
export function readWith(
  part: Part | undefined,
  { desired, observed }: { readonly desired: Desired; readonly observed: Observed },
): { readonly desired: Desired; readonly observed: Observed } {
  if (part === undefined) return { desired, observed };
  const kept = <T extends { readonly fact: Fact }>(facts: ReadonlyMap<FactKey, T>): ReadonlyMap<FactKey, T> =>
    new Map([...facts].filter(([, { fact }]) => isReadWith(part, fact)));
  return {
    desired: { ...desired, facts: kept(desired.facts) },
    observed: { ...observed, facts: kept(observed.facts) },
  };
}

/** Whether something is in a part of the lake; without a part everything is. */
export function within(part: Part | undefined): (one: Change | LeftAlone) => boolean {
  if (part === undefined) return () => true;
  return (one) => {
    const fact = 'fact' in one ? one.fact : (one.after ?? one.before);
    return fact !== undefined && isIn(part, fact);
  };
}

/** What is left alone in a lake, and the counts of what it holds. */
export type Seen = Pick<Plan, 'unmanaged' | 'protected' | 'outside' | 'picture'>;

/** What is left alone, and the counts, as far as they are known: a part has no picture of the lake. */
export function asFarAsRead(part: Part | undefined, { sweepPages }: Observed, seen: Seen): Seen {
  if (part === undefined) return sweepPages === undefined ? { ...seen, outside: null } : seen;
  const isInPart = within(part);
  return {
    unmanaged: seen.unmanaged.filter(isInPart),
    protected: seen.protected.filter(isInPart),
    outside: null,
    picture: [],
  };
}
