import { type Call, reading } from '../call.ts';
import { accessDenied, entityNotFound, invalidInput } from '../failure.ts';
import type { listPermissionsShape } from '../lakeformation/shapes.ts';
import { type PageRequest, pageOf } from '../paging.ts';
import { noPermissions } from '../permission.ts';
import { distinctionOf, filterPlace, placeOf, type Resource } from '../resource.ts';
import { type Source, sourceOf } from '../store/source.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import { seesEverything } from './authority.ts';
import { effectiveRows } from './effective.ts';
import { homeLake, readPrincipal } from './entry.ts';
import { findResource } from './existence.ts';
import type { StoredRow } from './grant-store.ts';
import { implicitRows } from './implicit-rows.ts';
import { ownerView, receivedRows, receiverTexts } from './received.ts';
import { readResource } from './resource-request.ts';
import { renderRow } from './rows.ts';
import { heldSet, sightOf } from './visibility.ts';

type Request = Decoded<typeof listPermissionsShape>;

/**
 * ListPermissions in its two modes: stored grants, or effective permissions when both Principal and Resource are
 * given. https://github.com/hashicorp/terraform-provider-aws/issues/44574 has the service team's word on the modes.
 */
export function listPermissions(call: Call, request: Request): Output {
  homeLake(call, request.CatalogId);
  const includesRelated = readIncludeRelated(request);
  if (request.Principal && !request.Resource)
    throw invalidInput('Resource is mandatory if Principal is set in the input.');
  if (!request.Resource) return page(call, request, sweep(call, request));
  if (request.Resource.TableWithColumns) {
    // Documented in the API reference; the text is not.
    throw invalidInput('Listing permissions on a table with columns is not supported. Use the table.');
  }
  const { resource } = readResource(request.Resource, call.caller.account);
  checkVisible(call, resource);
  if (request.Principal) return page(call, request, effective(call, request, resource));
  return page(call, request, onResource(call, resource, includesRelated));
}

type Walk = {
  readonly sources: readonly Source<StoredRow>[];
  readonly sight: (row: StoredRow) => StoredRow | undefined;
};

function page(call: Call, request: Request, { sources, sight }: Walk): Output {
  const { NextToken: _token, MaxResults: _size, ...question } = request;
  const paging: PageRequest = { ...request, question: JSON.stringify(question) };
  const isOfType = typeFilter(request.ResourceType);
  const keep = (row: StoredRow): Readonly<Record<string, unknown>> | undefined => {
    const seen = isOfType(row.resource) ? sight(row) : undefined;
    return seen && renderRow(seen, call.switches);
  };
  const { items, token } = pageOf(call, sources, { request: paging, keep });
  return { PrincipalResourcePermissions: items, ...token };
}

function sweep(call: Call, request: Request): Walk {
  const view = reading(call);
  const sight = sightOf(call, view);
  const showsFilters = call.switches.sweepShowsFilterGrants && request.ResourceType === undefined;
  return {
    sources: [view.grants.all, ...(call.switches.rawShowsImplicit ? [sourceOf(implicitRows(call))] : [])],
    sight: (row) => (row.resource.kind === 'data-cells-filter' && !showsFilters ? undefined : sight(row)),
  };
}

function onResource(call: Call, resource: Resource, includesRelated: boolean): Walk {
  const view = reading(call);
  const places = [placeOf(resource)];
  if (resource.kind === 'table') {
    const { catalog, database } = resource;
    if (call.switches.tableListShowsAllTables) places.push(placeOf({ kind: 'all-tables', catalog, database }));
    if (includesRelated) places.push(filterPlace(resource));
  }
  const own = places.map((place) => view.grants.under(place));
  const isNamed = (row: StoredRow): boolean =>
    row.resource.kind !== resource.kind || isAskedFor(row.resource, resource);
  if (resource.catalog === call.caller.account) {
    const sight = sightOf(call, view);
    return { sources: own, sight: (row) => (isNamed(row) ? sight(row) : undefined) };
  }
  const owner = ownerView(call, resource.catalog);
  const receivers = receiverTexts(call).filter((text) => seesEverything(call, view) || text === call.caller.arn);
  const received = places.flatMap((place) => receivers.flatMap((text) => owner?.grants.held(text, place) ?? []));
  const sight = sightOf(call, view);
  const isReceived = new Set(received);
  return {
    sources: [sourceOf(received), ...own],
    sight: (row) => (isNamed(row) ? (isReceived.has(row) ? row : sight(row)) : undefined),
  };
}

function effective(call: Call, request: Request, resource: Resource): Walk {
  if (request.IncludeRelated?.toUpperCase() === 'TRUE') {
    throw invalidInput('Principal must not be specified when related permissions are requested.');
  }
  const principal = readPrincipal(request.Principal);
  // https://github.com/hashicorp/terraform-provider-aws/issues/49319
  if (principal.kind === 'identity-center-user') throw invalidInput('AccountId cannot be null or empty');
  const rows = principal.kind === 'identity-center-group' ? [] : effectiveRows(call, principal, resource);
  const isOwn = principal.text === call.caller.arn;
  const sight = sightOf(call, reading(call));
  return { sources: [sourceOf(rows)], sight: isOwn ? (row) => row : sight };
}

/** A resource that is missing, or that the caller may not see, is refused. https://github.com/hashicorp/terraform-provider-aws/issues/38982 */
function checkVisible(call: Call, resource: Resource): void {
  const view = reading(call);
  if (resource.catalog !== call.caller.account) {
    const mine = view.grants.under(placeOf(resource)).length > 0 && seesEverything(call, view);
    const received = receivedRows(call, resource).filter(
      (row) => seesEverything(call, view) || row.principal === call.caller.arn,
    );
    if (!mine && received.length === 0) throw accessDenied();
    return;
  }
  if (!seesEverything(call, view)) {
    if (heldSet(call, view, resource) === noPermissions) throw accessDenied();
    return;
  }
  if (resource.kind === 'data-location') return;
  try {
    findResource(call.world, call.region, resource);
  } catch {
    throw call.switches.missingObjectListError === 'EntityNotFoundException' ? entityNotFound() : accessDenied();
  }
}

function isAskedFor(found: Resource, asked: Resource): boolean {
  if (found.kind === 'lf-tag' && asked.kind === 'lf-tag')
    return found.values.some((value) => value === '*' || asked.values.includes(value));
  return distinctionOf(found) === distinctionOf(asked);
}

function readIncludeRelated({ IncludeRelated }: Request): boolean {
  if (IncludeRelated === undefined) return false;
  const value = IncludeRelated.toUpperCase();
  if (value !== 'TRUE' && value !== 'FALSE') throw invalidInput('IncludeRelated must be TRUE or FALSE.');
  return value === 'TRUE';
}

/** LF_TAG_POLICY answered database policies only for one reporter: https://github.com/aws/aws-sdk-js/issues/4583. */
const kindsOfType: Readonly<Record<NonNullable<Request['ResourceType']>, (resource: Resource) => boolean>> = {
  CATALOG: ({ kind }) => kind === 'catalog',
  DATABASE: ({ kind }) => kind === 'database',
  TABLE: ({ kind }) => kind === 'table' || kind === 'all-tables',
  DATA_LOCATION: ({ kind }) => kind === 'data-location',
  LF_TAG: ({ kind }) => kind === 'lf-tag',
  LF_TAG_POLICY: (resource) => resource.kind === 'lf-tag-policy' && resource.resourceType === 'DATABASE',
  LF_TAG_POLICY_DATABASE: (resource) => resource.kind === 'lf-tag-policy' && resource.resourceType === 'DATABASE',
  LF_TAG_POLICY_TABLE: (resource) => resource.kind === 'lf-tag-policy' && resource.resourceType === 'TABLE',
  LF_NAMED_TAG_EXPRESSION: ({ kind }) => kind === 'lf-tag-expression',
};

function typeFilter(type: Request['ResourceType']): (resource: Resource) => boolean {
  return type === undefined ? () => true : kindsOfType[type];
}
