import { type Call, reading } from '../call.ts';
import { callerTexts } from '../grants/authority.ts';
import type { OptIn } from '../lake.ts';
import { placeOf, type Resource } from '../resource.ts';
import type { FoundTable } from './find-table.ts';

/**
 * Says whether the caller is opted in to a table of a hybrid location: to the table, or to all tables of its database,
 * which across accounts takes the database too.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode-considerations.html
 */
export function isOptedIn(call: Call, { place, table }: FoundTable): boolean {
  const { catalog, region } = place.sight;
  const { database, name } = table;
  const { optIns } = reading(call, call.world.lake(call.caller.account, region));
  const mine = optIns
    .keys()
    .flatMap((key) => optIns.get(key) ?? [])
    .filter(({ principal, condition }: OptIn) => condition === undefined && callerTexts(call).includes(principal));
  const isIn = (resource: Resource): boolean => mine.some((one) => placeOf(one.resource) === placeOf(resource));
  if (isIn({ kind: 'table', catalog, database, table: name })) return true;
  const isAll = isIn({ kind: 'all-tables', catalog, database });
  return isAll && (catalog === call.caller.account || isIn({ kind: 'database', catalog, database }));
}
