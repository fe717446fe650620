import { type Left, leave } from './left.ts';
import type { Product } from './placing.ts';
import type { Right } from './rights.ts';

/** A data location's ARN as the path that mesh files write; undefined where they cannot. */
export function s3PathOf(arn: string): string | undefined {
  const path = arn.replace(/^arn:aws:s3:::/, 's3://');
  return /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^*?]*)?$/.test(path) && path.length <= 700 ? path : undefined;
}

/** Rights on data locations by the id of their product: the only one with a database or table there. */
export function locationRights(
  found: readonly Right[],
  products: readonly Product[],
): { readonly rights: ReadonlyMap<string, readonly Right[]>; readonly left: readonly Left[] } {
  const rights = new Map<string, Right[]>();
  const left: Left[] = [];
  for (const right of found) {
    const path = right.resource.kind === 'data-location' ? s3PathOf(right.resource.location) : undefined;
    const near = path === undefined ? [] : products.filter((product) => isAt(product, path));
    const [only] = near;
    if (only === undefined || near.length > 1)
      left.push(...leave(path === undefined ? 'BAD_NAME' : 'LOCATION', right.facts));
    else rights.set(only.id, [...(rights.get(only.id) ?? []), right]);
  }
  return { rights, left };
}

/** Whether a product has data at a path, or the path is within its data; one that is there already says so itself. */
function isAt({ share, locations, entry, claims }: Product, path: string): boolean {
  const isWithin = (inner: string, outer: string): boolean => withSlash(inner).startsWith(withSlash(outer));
  if (share === undefined) return locations.some((location) => isWithin(path, location));
  const own = [
    entry.database.location,
    ...[...entry.tables.values()].map((one) => (claims(one.name) ? one.location : undefined)),
  ];
  return own.some((location) => location !== undefined && (isWithin(location, path) || isWithin(path, location)));
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
