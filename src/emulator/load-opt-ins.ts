import { readPrincipal } from './grants/entry.ts';
import { findResource } from './grants/existence.ts';
import { type ResourceRequest, readResource } from './grants/resource-request.ts';
import type { Lake } from './lake.ts';
import { optInKey } from './lakeformation/opt-ins.ts';
import { resourceShape } from './lakeformation/shapes.ts';
import type { SeedOptIn } from './seed.ts';
import { decode } from './wire/decode.ts';
import type { World } from './world.ts';

/** Stores an opt-in of the seed; throws a ServiceFailure for one that could not have been made. */
export function loadOptIn(world: World, lake: Lake, seeded: SeedOptIn): void {
  const rules = { violationCode: 'InvalidInputException', refuseUnknownMembers: true };
  const request = decode(resourceShape, seeded.resource, rules) as ResourceRequest;
  const { text: principal } = readPrincipal({ DataLakePrincipalIdentifier: seeded.principal });
  const { resource } = readResource(request, lake.account);
  findResource(world, lake.region, resource);
  const at = world.clock.now();
  const lastUpdatedBy = lake.settings.admins[0] ?? `arn:aws:iam::${lake.account}:root`;
  lake.optIns.set(optInKey(principal, resource), { principal, resource, lastModified: at, lastUpdatedBy }, at);
}
