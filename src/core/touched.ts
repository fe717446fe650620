import { type Fact, keyOf } from './fact.ts';
import type { Change } from './plan.ts';
import { resourceParts } from './resource.ts';
import { associationOf, resourceOf } from './sharing.ts';

/** A fact before and after, or one of them. */
type Turn = Pick<Change, 'key' | 'before' | 'after'>;

/**
 * Whether something concerns what changes concern: the same principal and resource, or the same object. What RAM brings a
 * principal for a grant is concerned, too, also where that is on another resource: a data cells filter comes with its table.
 */
export function touches(changes: readonly Turn[]): (one: Turn) => boolean {
  const touched = new Set(changes.flatMap((change) => [subjectOf(change), ...broughtBy(change)]));
  return (change) => touched.has(subjectOf(change)) || touched.has(change.key);
}

function broughtBy({ after, before }: Turn): readonly string[] {
  const fact = after ?? before;
  const association = fact?.kind === 'grant' ? associationOf(fact) : undefined;
  return association === undefined ? [] : [keyOf(association)];
}

function subjectOf({ key, after, before }: Turn): string {
  const fact: Fact | undefined = after ?? before;
  if (fact?.kind !== 'grant' && fact?.kind !== 'association') return key;
  const { principal } = fact;
  const resource = fact.kind === 'grant' ? fact.resource : resourceOf(fact);
  return [principal, resource.catalog, resource.kind, ...resourceParts(resource)].join('\n');
}
