import { type Call, reading } from '../call.ts';
import { callerTexts } from '../grants/authority.ts';
import type { LakeView, OptIn, Table } from '../lake.ts';
import { iamAllowedPrincipals } from '../principal.ts';
import { placeOf, type Resource } from '../resource.ts';

/** A table as somebody opts in to it. */
interface OnTable {
  readonly catalog: string;
  readonly region: string;
  readonly table: Table;
}

/**
 * Says whether the caller is opted in: to the table, or to all tables of its database, which across accounts takes the
 * database too. It is opted in by its own account's administrator, or, where another account gives to it directly, by
 * that one's. Sources: https://docs.aws.amazon.com/lake-formation/latest/dg/notes-hybrid.html,
 * https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode-cross-account.html.
 */
export function isOptedIn(call: Call, { catalog, region, table }: OnTable): boolean {
  const { database, name } = table;
  const own = callerTexts(call);
  const among = (lake: LakeView): readonly OptIn[] =>
    lake.optIns
      .keys()
      .flatMap((key) => lake.optIns.get(key) ?? [])
      .filter(({ principal, condition }) => condition === undefined && own.includes(principal));
  const lakes = [...new Set([call.caller.account, catalog])].map((account) => call.world.lake(account, region));
  const mine = lakes.flatMap((lake) => among(reading(call, lake)));
  const isIn = (resource: Resource): boolean => mine.some((one) => placeOf(one.resource) === placeOf(resource));
  if (isIn({ kind: 'table', catalog, database, table: name })) return true;
  const isAll = isIn({ kind: 'all-tables', catalog, database });
  return isAll && (catalog === call.caller.account || isIn({ kind: 'database', catalog, database }));
}

/** Whether IAM alone opens a table: without that Lake Formation's permissions hold for everyone, opted in or not. */
export function isLeftToIam({ grants }: LakeView, { catalog, table: { database, name } }: OnTable): boolean {
  return [
    placeOf({ kind: 'table', catalog, database, table: name }),
    placeOf({ kind: 'all-tables', catalog, database }),
  ].some((place) => grants.held(iamAllowedPrincipals, place).length > 0);
}
