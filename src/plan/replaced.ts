import { type Fact, type FactKey, type Grant, keyOf } from '../core/fact.ts';
import { groupBy } from '../core/group.ts';
import { modifying } from '../core/permission.ts';
import type { Resource } from '../core/resource.ts';

/** When a grant that is replaced by another leaves: once the other is there, or before it comes, for the two do not go together. */
export type Departure = 'after the new' | 'before the new';

/** When a fact that is replaced leaves, and which of the facts that come it waits for. */
export interface Replaced {
  readonly departure: Departure;
  readonly by: readonly FactKey[];
}

/**
 * Which of the facts that leave are replaced by one that comes, and when they leave: a wildcard gives
 * way to tables, a table to a data cells filter, ALL to what was meant, or the other way round; one data cells filter
 * of a table to another.
 */
export function departures(
  leaving: readonly (Fact | undefined)[],
  coming: readonly (Fact | undefined)[],
): ReadonlyMap<FactKey, Replaced> {
  const going = new Map(leaving.filter(isGrant).map((grant) => [keyOf(grant), grant]));
  const arriving = new Map(coming.filter(isGrant).map((grant) => [keyOf(grant), grant]));
  const by = new Map<FactKey, FactKey[]>();
  const note = (old: FactKey, fresh: FactKey): void => void by.set(old, [...(by.get(old) ?? []), fresh]);
  for (const [key, grant] of going) for (const one of wider(grant)) if (arriving.has(one)) note(key, one);
  for (const [fresh, grant] of arriving) for (const key of wider(grant)) if (going.has(key)) note(key, fresh);
  const filters = groupBy([...arriving].filter(isOnFilter), ([, grant]) => besideFilters(grant));
  for (const [old, grant] of [...going].filter(isOnFilter))
    for (const [fresh] of filters.get(besideFilters(grant)) ?? []) note(old, fresh);
  const clashing = clashesWith([...arriving.values()]);
  return new Map(
    [...going].flatMap(([key, grant]): [FactKey, Replaced][] => {
      const fresh = by.get(key);
      return fresh === undefined
        ? []
        : [[key, { departure: clashing(grant) ? 'before the new' : 'after the new', by: fresh }]];
    }),
  );
}

/**
 * Whether Lake Formation refuses one of these grants while a principal holds another: SELECT on a list
 * of columns does not go together with ALL or a modifying permission on the same table
 * (https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html).
 */
function clashesWith(arriving: readonly Grant[]): (grant: Grant) => boolean {
  const lists = new Set(arriving.filter(isList).map(holderOf));
  const modifies = new Set(arriving.filter(isModifying).map(holderOf));
  return (grant) =>
    (isModifying(grant) && lists.has(holderOf(grant))) || (isList(grant) && modifies.has(holderOf(grant)));
}

/** Whether Lake Formation refuses a grant beside one that stays: a list of columns beside all, or as `clashesWith` says. */
export function isRefusedBeside(staying: readonly Grant[]): (grant: Grant) => boolean {
  const clashing = clashesWith(staying);
  const lists = new Set(staying.filter(isList).map(holderOf));
  const wholes = new Set(staying.filter(({ columns }) => columns === 'all').map(holderOf));
  return (grant) =>
    clashing(grant) ||
    (grant.columns === 'all' && lists.has(holderOf(grant))) ||
    (isList(grant) && wholes.has(holderOf(grant)));
}

/** Of grants that are to stand together, those that Lake Formation would refuse beside another of them. */
export function clashingIn(grants: Iterable<Grant>): (grant: Grant) => boolean {
  const [lists, modifies] = [new Set<string>(), new Set<string>()];
  for (const grant of grants) {
    if (isList(grant)) lists.add(holderOf(grant));
    else if (isModifying(grant)) modifies.add(holderOf(grant));
  }
  const both = new Set([...lists].filter((holder) => modifies.has(holder)));
  return (grant) => both.size > 0 && (isList(grant) || isModifying(grant)) && both.has(holderOf(grant));
}

function isList({ columns }: Grant): boolean {
  return columns !== undefined && columns !== 'all';
}

function isModifying({ resource, permission }: Grant): boolean {
  return resource.kind === 'table' && (permission === 'ALL' || modifying.includes(permission));
}

/** The principal and the resource of a grant, whatever the permission. */
function holderOf({ condition: _, columns: __, ...grant }: Grant): string {
  return keyOf({ ...grant, permission: 'ALL', grantOption: false });
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

function isOnFilter([, { resource }]: readonly [FactKey, Grant]): boolean {
  return resource.kind === 'data-cells-filter';
}

/** What two grants on data cells filters of one table have in common. */
function besideFilters(grant: Grant): FactKey {
  const { resource } = grant;
  return keyOf(resource.kind === 'data-cells-filter' ? { ...grant, resource: { ...resource, filter: '' } } : grant);
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
