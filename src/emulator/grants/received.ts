import type { Call } from '../call.ts';
import { reading } from '../call.ts';
import type { LakeView } from '../lake.ts';
import { placeOf, type Resource } from '../resource.ts';
import type { StoredRow } from './grant-store.ts';

/**
 * The rows by which another account shares a resource with the caller: those for the caller's account, its
 * organization, all its IAM principals, or the caller itself. A grant made directly to an IAM principal of another
 * account is visible to nobody else there, not even to its administrator.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-notes.html
 */
export function receivedRows(call: Call, resource: Resource): readonly StoredRow[] {
  const owner = ownerView(call, resource.catalog);
  if (!owner) return [];
  const places = [placeOf(resource)];
  if (resource.kind === 'table')
    places.push(placeOf({ kind: 'all-tables', catalog: resource.catalog, database: resource.database }));
  return receiverTexts(call).flatMap((text) => places.flatMap((place) => owner.grants.held(text, place)));
}

/** The texts under which another account can have shared something with the caller. */
export function receiverTexts(call: Call): readonly string[] {
  const { account, arn } = call.caller;
  return [arn, account, `${account}:IAMPrincipals`, ...(call.world.accounts.get(account)?.memberOf ?? [])];
}

/** Another account's lake as the caller may read it, or undefined where nothing of it can be shared. */
export function ownerView(call: Call, account: string): LakeView | undefined {
  if (!call.world.accounts.has(account) || !call.switches.sharesAcceptedAtOnce) return undefined;
  return reading(call, call.world.lake(account, call.region));
}
