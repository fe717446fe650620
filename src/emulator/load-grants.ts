import { readEntry, readPrincipal } from './grants/entry.ts';
import { findResource } from './grants/existence.ts';
import { checkGrantable } from './grants/grant.ts';
import { rowsIn } from './grants/grant-store.ts';
import { Group } from './grants/group.ts';
import type { ResourceRequest } from './grants/resource-request.ts';
import { type Author, storeGrant } from './grants/store-grant.ts';
import { Lake } from './lake.ts';
import { resourceShape } from './lakeformation/shapes.ts';
import type { SeedGrant, SeedRegion } from './seed.ts';
import { decode } from './wire/decode.ts';
import type { World } from './world.ts';

/** Stores a grant of the seed; throws a ServiceFailure for one that could not have been made. */
export function loadGrant(world: World, lake: Lake, grant: SeedGrant): void {
  const rules = { violationCode: 'InvalidInputException', refuseUnknownMembers: true };
  const resource = decode(resourceShape, grant.resource, rules) as ResourceRequest;
  const entry = readEntry(
    {
      Principal: { DataLakePrincipalIdentifier: grant.principal },
      Resource: resource,
      Permissions: grant.permissions,
      PermissionsWithGrantOption: grant.withGrantOption ?? [],
      ...(grant.condition === undefined ? {} : { Condition: { Expression: grant.condition } }),
    },
    lake,
  );
  // A policy may name LF-Tags that have been deleted since, so tags need not be there.
  const isByTag = entry.resource.kind.startsWith('lf-tag');
  const found = isByTag ? { owner: lake } : findResource(world, lake.region, entry.resource);
  checkGrantable(entry, found);
  const author: Author = {
    ...founder(world),
    at: grant.lastUpdated === undefined ? world.clock.now() : Date.parse(grant.lastUpdated),
    by: grant.lastUpdatedBy ?? lake.settings.admins[0] ?? `arn:aws:iam::${lake.account}:root`,
  };
  storeGrant(entry, found, author);
}

/** Who made what the seed has: whatever it shares was accepted long ago. */
export function founder(world: World): Author {
  return {
    world,
    at: world.clock.now(),
    by: '',
    switches: world.switches,
    record: () => {},
    remembers: false,
    whyUnshared: () => undefined,
  };
}

/** The grants of a group are made for its first account on a draft of the lake; the others hold the same. */
export function loadGroup(world: World, lake: Lake, { accounts, grants }: NonNullable<SeedRegion['group']>): void {
  const draft = new Lake(lake.account, lake.region, lake.settings);
  const [principal = ''] = accounts;
  for (const grant of grants) loadGrant(world, draft, { ...grant, principal });
  const principals = accounts.map((account) => readPrincipal({ DataLakePrincipalIdentifier: account }));
  lake.grants.startWith(new Group(founder(world), lake, { principals, rows: rowsIn(draft.grants.all) }));
}
