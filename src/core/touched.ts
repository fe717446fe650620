import { type Fact, keyOf } from './fact.ts';
import type { Change } from './plan.ts';
import { type Resource, resourceParts } from './resource.ts';
import { associationOf, resourceOf } from './sharing.ts';

/** A fact before and after, or one of them. */
type Turn = Pick<Change, 'key' | 'before' | 'after'>;

/**
 * Whether something concerns what changes concern: the same principal and resource, or the same object. What RAM brings a
 * principal for a grant is concerned, too, also where that is on another resource: a data cells filter comes with its table;
 * and what anybody holds on a resource link that is made anew, for it goes with the link.
 */
export function touches(changes: readonly Turn[]): (one: Turn) => boolean {
  const touched = new Set(changes.flatMap((change) => [subjectOf(change), ...broughtBy(change)]));
  const anew = new Set(changes.flatMap((change) => placeOf(madeAnew(change)) ?? []));
  const isOnLink = ({ after, before }: Turn): boolean => {
    const fact = after ?? before;
    return anew.size > 0 && fact?.kind === 'grant' && anew.has(placeOf(fact.resource) ?? '');
  };
  return (change) => touched.has(subjectOf(change)) || touched.has(change.key) || isOnLink(change);
}

/** The resource link that a change deletes and makes anew, as permissions on it name it. */
export function madeAnew({ before, after }: Pick<Turn, 'before' | 'after'>): Resource | undefined {
  if (before?.kind !== 'resource-link' || after === undefined) return undefined;
  return { kind: 'database', catalog: before.catalog, database: before.database };
}

function placeOf(resource: Resource | undefined): string | undefined {
  return resource && [resource.catalog, resource.kind, ...resourceParts(resource)].join('\n');
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
  return `${principal}\n${placeOf(resource)}`;
}
