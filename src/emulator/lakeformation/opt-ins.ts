import { author, type Call, reading } from '../call.ts';
import { accessDenied, entityNotFound, invalidInput } from '../failure.ts';
import { isAdmin, seesEverything } from '../grants/authority.ts';
import { checkPrincipalExists } from '../grants/cross-account.ts';
import { readPrincipal } from '../grants/entry.ts';
import { findResource } from '../grants/existence.ts';
import { readResource } from '../grants/resource-request.ts';
import { renderResource } from '../grants/rows.ts';
import { type OptIn, shelfKey } from '../lake.ts';
import { pageOf } from '../paging.ts';
import { isExternal, type Principal } from '../principal.ts';
import { distinctionOf, placeOf, type Resource } from '../resource.ts';
import { sourceOf } from '../store/source.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import type { listOptInsShape, optInShape } from './opt-in-shapes.ts';

type Request = Decoded<typeof optInShape>;

/**
 * CreateLakeFormationOptIn: from then on Lake Formation's permissions hold for the principal where the location is
 * hybrid; administrators alone may say so. Whether a second one of the same is refused is not documented: a switch.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode.html
 */
export function createLakeFormationOptIn(call: Call, request: Request): Output {
  const { principal, resource, key, condition } = read(call, request);
  findResource(call.world, call.region, resource);
  checkPrincipalExists(call.world, principal);
  if (call.lake.optIns.get(key)) {
    if (call.switches.repeatedOptIn === 'accept') return {};
    throw invalidInput('The opt-in already exists.');
  }
  const stored: OptIn = {
    principal: principal.text,
    resource,
    lastModified: call.at,
    lastUpdatedBy: author(call),
    ...(condition === undefined ? {} : { condition }),
  };
  call.lake.optIns.set(key, stored, call.at);
  record(call, 'create', stored);
  return {};
}

/** DeleteLakeFormationOptIn. */
export function deleteLakeFormationOptIn(call: Call, request: Request): Output {
  const { key } = read(call, request);
  const known = call.lake.optIns.get(key);
  if (!known) throw entityNotFound('Opt-in not found');
  call.lake.optIns.delete(key, call.at);
  record(call, 'delete', known);
  return {};
}

/** ListLakeFormationOptIns: all of them, or those of a principal, or on a resource. */
export function listLakeFormationOptIns(call: Call, request: Decoded<typeof listOptInsShape>): Output {
  if (!seesEverything(call, reading(call))) throw accessDenied();
  const { NextToken: _token, MaxResults: _size, ...question } = request;
  const { account } = call.caller;
  const asked = request.Principal && readPrincipal(request.Principal);
  // One may be opted in, and not asked for: https://github.com/hashicorp/terraform-provider-aws/issues/49106.
  if (asked && isExternal(asked, account)) throw invalidInput('Invalid principal');
  const principal = asked?.text;
  const wanted = request.Resource && identity(readResource(request.Resource, account).resource);
  const { optIns } = reading(call);
  const found = optIns
    .keys()
    .flatMap((key) => optIns.get(key) ?? [])
    .filter((one) => principal === undefined || one.principal === principal)
    .filter(({ resource }) => wanted === undefined || identity(resource) === wanted);
  const { items, token } = pageOf(call, [sourceOf(found)], {
    request: { ...request, question: JSON.stringify(question) },
    keep: render,
  });
  return { LakeFormationOptInsInfoList: items, ...token };
}

/** The key of an opt-in on its shelf. */
export function optInKey(principal: string, resource: Resource, condition = ''): string {
  return shelfKey(principal, identity(resource), condition);
}

function read(
  call: Call,
  request: Request,
): {
  readonly principal: Principal;
  readonly resource: Resource;
  readonly key: string;
  readonly condition?: string;
} {
  if (!isAdmin(call)) throw accessDenied();
  const principal = readPrincipal(request.Principal);
  const { resource } = readResource(request.Resource, call.caller.account);
  if (resource.kind !== 'database' && resource.kind !== 'table' && resource.kind !== 'all-tables')
    throw invalidInput('Only databases and tables can be opted in.');
  const condition = request.Condition?.Expression;
  const key = optInKey(principal.text, resource, condition);
  return { principal, resource, key, ...(condition === undefined ? {} : { condition }) };
}

function identity(resource: Resource): string {
  return shelfKey(placeOf(resource), distinctionOf(resource));
}

function render({ principal, resource, condition, lastModified, lastUpdatedBy }: OptIn): Output {
  return {
    Principal: { DataLakePrincipalIdentifier: principal },
    Resource: renderResource(resource),
    ...(condition === undefined ? {} : { Condition: { Expression: condition } }),
    LastModified: lastModified / 1000,
    LastUpdatedBy: lastUpdatedBy,
  };
}

function record(call: Call, verb: 'create' | 'delete', { principal, resource }: OptIn): void {
  const name = `${principal} ${identity(resource).split('\u0000').filter(Boolean).join(' ')}`;
  call.changes.push({ verb, what: { kind: 'opt-in', catalogId: call.caller.account, name } });
}
