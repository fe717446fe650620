import type { Call } from '../call.ts';
import { accessDenied, invalidInput } from '../failure.ts';
import type { Lake } from '../lake.ts';
import { isPermission, type Permission, type PermissionSet, setOf } from '../permission.ts';
import { type Principal, parsePrincipal } from '../principal.ts';
import type { Columns, Resource } from '../resource.ts';
import { checkCatalogId, type ResourceRequest, readResource } from './resource-request.ts';

/** One grant or revoke, understood: what it asks for, before anything about it is judged. */
export interface Entry {
  readonly principal: Principal;
  readonly resource: Resource;
  readonly columns?: Columns;
  readonly permissions: PermissionSet;
  readonly options: PermissionSet;
  readonly condition?: string;
  /** The lake whose store keeps the permission. */
  readonly home: Lake;
}

/** One grant or revoke as a request spells it; the model requires none of these in a batch entry. */
export interface EntryRequest {
  readonly Principal?: { readonly DataLakePrincipalIdentifier?: string };
  readonly Resource?: ResourceRequest;
  readonly Permissions?: readonly string[];
  readonly PermissionsWithGrantOption?: readonly string[];
  readonly Condition?: { readonly Expression?: string };
}

/** What a request asks for; throws where it cannot be understood. */
export function readEntry(request: EntryRequest, home: Lake): Entry {
  const principal = readPrincipal(request.Principal);
  if (!request.Resource)
    throw invalidInput('Resource must have either the catalog, table or database field populated.');
  const meant = readResource(request.Resource, home.account);
  const condition = request.Condition?.Expression;
  return {
    principal,
    ...meant,
    permissions: readPermissions(request.Permissions ?? []),
    options: readPermissions(request.PermissionsWithGrantOption ?? []),
    ...(condition === undefined || condition === '' ? {} : { condition }),
    home,
  };
}

/** The principal of a request; the text for an unreadable one is that for an unknown one. */
export function readPrincipal(request: { readonly DataLakePrincipalIdentifier?: string } | undefined): Principal {
  const text = request?.DataLakePrincipalIdentifier;
  const principal = text === undefined ? undefined : parsePrincipal(text);
  if (!principal) throw invalidInput('Invalid principal');
  return principal;
}

/** The lake that a request's CatalogId names: the caller's own, the only one whose permissions it may change. */
export function homeLake(call: Call, catalogId: string | undefined): Lake {
  if (catalogId === undefined || catalogId === call.caller.account) return call.lake;
  checkCatalogId(catalogId);
  throw accessDenied();
}

function readPermissions(names: readonly string[]): PermissionSet {
  const unknown = names.filter((name) => !isPermission(name));
  if (unknown.length === 0) return setOf(names as readonly Permission[]);
  // https://github.com/boto/boto3/issues/2894
  throw invalidInput(
    `Please grant only valid Lake Formation permissions. [${names.join(', ')}] are not all valid Lake Formation permissions.`,
  );
}
