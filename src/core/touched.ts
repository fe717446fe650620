import type { Fact } from './fact.ts';
import type { Change } from './plan.ts';
import { resourceParts } from './resource.ts';

/** Whether a change concerns what other changes concern: the same principal and resource, or the same object. */
export function touches(changes: readonly Change[]): (change: Change) => boolean {
  const touched = new Set(changes.map(subjectOf));
  return (change) => touched.has(subjectOf(change));
}

function subjectOf({ key, after, before }: Change): string {
  const fact: Fact | undefined = after ?? before;
  if (fact?.kind !== 'grant') return key;
  const { principal, resource } = fact;
  return [principal, resource.catalog, resource.kind, ...resourceParts(resource)].join('\n');
}
