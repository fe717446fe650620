import type { FactKey, LakeId } from '../core/fact.ts';
import type { Desired, DesiredFact } from '../core/state.ts';

/** What is desired, lake by lake; sorted out once, when it is first asked for. */
export function byLake(desired: Desired): (lake: LakeId) => Desired {
  let lakes: ReadonlyMap<LakeId, ReadonlyMap<FactKey, DesiredFact>> | undefined;
  return (lake) => {
    lakes ??= sortedOut(desired);
    const facts = lakes.get(lake) ?? new Map<FactKey, DesiredFact>();
    return facts.size === desired.facts.size ? desired : { ...desired, facts };
  };
}

function sortedOut({ facts }: Desired): ReadonlyMap<LakeId, ReadonlyMap<FactKey, DesiredFact>> {
  const [first] = facts.values();
  // A large lake has millions, which are not kept twice.
  if (first !== undefined && isAllIn(first.fact.lake, facts)) return new Map([[first.fact.lake, facts]]);
  const lakes = new Map<LakeId, Map<FactKey, DesiredFact>>();
  for (const [key, one] of facts) {
    const known = lakes.get(one.fact.lake);
    if (known === undefined) lakes.set(one.fact.lake, new Map([[key, one]]));
    else known.set(key, one);
  }
  return lakes;
}

function isAllIn(lake: LakeId, facts: Desired['facts']): boolean {
  for (const { fact } of facts.values()) if (fact.lake !== lake) return false;
  return true;
}
