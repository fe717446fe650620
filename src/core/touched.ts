import type { Fact } from './fact.ts';
import type { Change } from './plan.ts';
import { resourceParts } from './resource.ts';
import { resourceOf } from './sharing.ts';

/** A fact before and after, or one of them. */
type Turn = Pick<Change, 'key' | 'before' | 'after'>;

/** Whether something concerns what changes concern: the same principal and resource, or the same object. */
export function touches(changes: readonly Turn[]): (one: Turn) => boolean {
  const touched = new Set(changes.map(subjectOf));
  return (change) => touched.has(subjectOf(change));
}

function subjectOf({ key, after, before }: Turn): string {
  const fact: Fact | undefined = after ?? before;
  if (fact?.kind !== 'grant' && fact?.kind !== 'association') return key;
  const { principal } = fact;
  const resource = fact.kind === 'grant' ? fact.resource : resourceOf(fact);
  return [principal, resource.catalog, resource.kind, ...resourceParts(resource)].join('\n');
}
