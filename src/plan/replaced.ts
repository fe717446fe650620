import { type Fact, type FactKey, type Grant, keyOf } from '../core/fact.ts';
import type { Resource } from '../core/resource.ts';

/**
 * Which of the facts that leave are replaced by one that comes: a wildcard by tables, a table by a
 * data cells filter, ALL by what was meant, or the other way round. Those wait until the new is there.
 */
export function replacedRevokes(
  leaving: readonly (Fact | undefined)[],
  coming: readonly (Fact | undefined)[],
): ReadonlySet<FactKey> {
  const going = new Map(leaving.filter(isGrant).map((grant) => [keyOf(grant), grant]));
  const arriving = new Set(coming.filter(isGrant).map(keyOf));
  const replaced = new Set<FactKey>();
  for (const [key, grant] of going) if (wider(grant).some((one) => arriving.has(one))) replaced.add(key);
  for (const grant of coming.filter(isGrant)) for (const key of wider(grant)) if (going.has(key)) replaced.add(key);
  return replaced;
}

/** The keys of the grants that would include this one, other than its own. */
function wider(grant: Grant): readonly FactKey[] {
  const resources = [grant.resource, ...around(grant.resource)];
  const permissions = grant.permission === 'ALL' ? [grant.permission] : [grant.permission, 'ALL' as const];
  const own = keyOf(grant);
  return resources
    .flatMap((resource) => permissions.map((permission) => keyOf({ ...grant, resource, permission })))
    .filter((key) => key !== own);
}

function around(resource: Resource): readonly Resource[] {
  if (resource.kind !== 'table' && resource.kind !== 'data-cells-filter') return [];
  const { catalog, database, table } = resource;
  const wildcard: Resource = { kind: 'all-tables', catalog, database };
  return resource.kind === 'table' ? [wildcard] : [{ kind: 'table', catalog, database, table }, wildcard];
}

function isGrant(fact: Fact | undefined): fact is Grant {
  return fact?.kind === 'grant';
}
