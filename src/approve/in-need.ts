import { isSameFact } from '../core/fact.ts';
import { isIamGrant, partingBy } from '../core/iam-access.ts';
import type { Desired, Observed } from '../core/state.ts';

/**
 * The mesh files whose proof decides something: those behind each fact that is not live as it is desired. What is
 * there already is neither given nor taken, whoever approved it; so a run asks about what it is about to do.
 */
export function filesInNeed(desired: Desired, observed: Observed): ReadonlySet<string> {
  const files = new Set<string>();
  for (const { key, fact, wishes } of desired.facts.values()) {
    const live = observed.facts.get(key);
    // Of several lists of columns one may have to go before another comes.
    if (live !== undefined && live.parts.length <= 1 && isSameFact(live.fact, fact)) continue;
    for (const { cause } of wishes) for (const file of cause.files) files.add(file);
  }
  // What goes for what a product file says of IAM needs that file's proof.
  const parting = partingBy(desired.iamAccess, observed.catalog);
  for (const { key, fact } of observed.facts.values())
    if ((fact.kind === 'opt-in' || isIamGrant(fact)) && !desired.facts.has(key))
      for (const { cause } of parting(fact)) for (const file of cause.files) files.add(file);
  return files;
}
