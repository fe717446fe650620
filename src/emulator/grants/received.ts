import type { Call } from '../call.ts';
import { reading, strike } from '../call.ts';
import type { LakeView } from '../lake.ts';
import { reaching } from '../ram/reach.ts';
import { distinctionOf, filterPlace, placeOf, type Resource } from '../resource.ts';
import type { GrantView, RowSource, StoredRow } from './grant-store.ts';

/**
 * The rows by which another account shares a resource with the caller: those for the caller's account, its
 * organization, all its IAM principals, or the caller itself. A grant made directly to an IAM principal of another
 * account is visible to nobody else there, not even to its administrator.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-notes.html
 */
export function receivedRows(call: Call, resource: Resource): readonly StoredRow[] {
  const owner = ownerView(call, resource.catalog);
  return owner ? rowsFor(call, owner.grants, resource) : [];
}

/** Says whether another account has granted a resource to the caller that no share has brought here. */
export function isOnItsWay(call: Call, resource: Resource): boolean {
  const { world, region } = call;
  if (!world.accounts.has(resource.catalog) || receivedRows(call, resource).length > 0) return false;
  return rowsFor(call, world.lake(resource.catalog, region).grants, resource).length > 0;
}

function rowsFor(call: Call, grants: GrantView, resource: Resource): readonly StoredRow[] {
  const places = [placeOf(resource)];
  if (resource.kind === 'table') {
    const { catalog, database } = resource;
    places.push(placeOf({ kind: 'all-tables', catalog, database }), filterPlace(resource));
  }
  return receiverTexts(call)
    .flatMap((text) => places.flatMap((place) => grants.held(text, place)))
    .filter((row) => row.resource.kind !== resource.kind || reaches(row.resource, resource));
}

/**
 * Says whether what is held includes what is asked for: of LF-Tags some of the values, of a policy a narrower one.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html
 */
function reaches(held: Resource, wanted: Resource): boolean {
  const includes = (all: readonly string[], some: readonly string[]): boolean =>
    all.includes('*') || some.every((value) => all.includes(value));
  if (held.kind === 'lf-tag' && wanted.kind === 'lf-tag') return includes(held.values, wanted.values);
  if (held.kind !== 'lf-tag-policy' || wanted.kind !== 'lf-tag-policy')
    return distinctionOf(held) === distinctionOf(wanted);
  return held.expression.every(({ key, values }) =>
    wanted.expression.some((pair) => pair.key === key && includes(values, pair.values)),
  );
}

/** The texts under which another account can have shared something with the caller. */
export function receiverTexts(call: Call): readonly string[] {
  const { account, arn } = call.caller;
  return [arn, account, `${account}:IAMPrincipals`, ...(call.world.accounts.get(account)?.memberOf ?? [])];
}

/**
 * Another account's lake as the caller may read it, or undefined where there is none: of its permissions only those
 * that RAM has brought here.
 */
export function ownerView(call: Call, account: string, region = call.region): LakeView | undefined {
  if (!call.world.accounts.has(account)) return undefined;
  const owner = call.world.lake(account, region);
  const view = reading(call, owner);
  const { settings, databases, tables, filters, locations, tags, tagAssignments, policies, optIns } = view;
  const late = strike(call, ['slow-share'])?.ms ?? 0;
  const isHere = reaching(owner, call.caller.account, call.readAt - late);
  const only = (source: RowSource): RowSource => ({
    length: source.length,
    at: (position) => {
      const row = source.at(position);
      return row && isHere(row) ? row : undefined;
    },
  });
  const grants: GrantView = {
    all: only(view.grants.all),
    under: (place) => only(view.grants.under(place)),
    held: (principal, place) => view.grants.held(principal, place).filter(isHere),
    of: (principal) => [...view.grants.of(principal)].filter(isHere),
  };
  return { settings, databases, tables, filters, locations, tags, tagAssignments, policies, optIns, grants };
}
