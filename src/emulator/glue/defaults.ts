import type { Call } from '../call.ts';
import { findResource } from '../grants/existence.ts';
import { authorOf } from '../grants/grant.ts';
import { storeGrant } from '../grants/store-grant.ts';
import type { DefaultPermissions } from '../lake.ts';
import { isPermission, noPermissions, setOf } from '../permission.ts';
import { parsePrincipal } from '../principal.ts';
import type { Resource } from '../resource.ts';

/**
 * Gives what every new object gives by default, in a new account ALL to IAM_ALLOWED_PRINCIPALS.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html
 */
export function openToIam(call: Call, resource: Resource, defaults: readonly DefaultPermissions[]): void {
  const found = findResource(call.world, call.region, resource);
  for (const { principal, permissions } of defaults) {
    const parsed = parsePrincipal(principal);
    if (!parsed) continue;
    const entry = {
      principal: parsed,
      resource,
      permissions: setOf(permissions.filter(isPermission)),
      options: noPermissions,
      home: call.lake,
    };
    storeGrant(entry, found, authorOf(call));
  }
}
