import { type Call, reading } from '../call.ts';
import { entityNotFound, invalidInput, ServiceFailure } from '../failure.ts';
import { seesEverything } from '../grants/authority.ts';
import { homeLake } from '../grants/entry.ts';
import type { StoredRow } from '../grants/grant-store.ts';
import { trimSlash } from '../grants/resource-request.ts';
import { renderRow } from '../grants/rows.ts';
import type { Location } from '../lake.ts';
import { pageOf } from '../paging.ts';
import { placeOf } from '../resource.ts';
import { sourceOf } from '../store/source.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import type {
  listResourcesShape,
  locationShape,
  pathPermissionsShape,
  registerShape,
  updateResourceShape,
} from './shapes.ts';

/** RegisterResource. */
export function registerResource(call: Call, request: Decoded<typeof registerShape>): Output {
  const arn = readArn(request.ResourceArn);
  if (call.lake.locations.get(arn))
    throw new ServiceFailure('AlreadyExistsException', 'Resource is already registered');
  const serviceLinked = request.UseServiceLinkedRole ?? false;
  if (serviceLinked === (request.RoleArn !== undefined))
    throw invalidInput('Exactly one of UseServiceLinkedRole and RoleArn must be set.');
  const roleArn = request.RoleArn ?? serviceLinkedRole(call.caller.account);
  put(call, 'create', {
    arn,
    roleArn,
    serviceLinked,
    withFederation: request.WithFederation ?? false,
    hybridAccessEnabled: request.HybridAccessEnabled ?? false,
    withPrivilegedAccess: request.WithPrivilegedAccess ?? false,
    lastModified: call.at,
  });
  return {};
}

/**
 * UpdateResource. A location registered with the service-linked role cannot become hybrid:
 * https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode-considerations.html
 */
export function updateResource(call: Call, request: Decoded<typeof updateResourceShape>): Output {
  const known = find(call, request.ResourceArn);
  if (known.serviceLinked && request.HybridAccessEnabled)
    throw invalidInput('A location registered with the service-linked role cannot be changed to hybrid access.');
  put(call, 'update', {
    ...known,
    roleArn: request.RoleArn,
    withFederation: request.WithFederation ?? known.withFederation,
    hybridAccessEnabled: request.HybridAccessEnabled ?? known.hybridAccessEnabled,
    lastModified: call.at,
  });
  return {};
}

/** DeregisterResource. */
export function deregisterResource(call: Call, request: Decoded<typeof locationShape>): Output {
  const { arn } = find(call, request.ResourceArn);
  call.lake.locations.delete(arn, call.at);
  call.changes.push({ verb: 'delete', what: { kind: 'location', catalogId: call.caller.account, name: arn } });
  return {};
}

/** DescribeResource. */
export function describeResource(call: Call, request: Decoded<typeof locationShape>): Output {
  const location = reading(call).locations.get(readArn(request.ResourceArn));
  if (!location) throw entityNotFound('Entity not found');
  return { ResourceInfo: render(location) };
}

/** ListResources. */
export function listResources(call: Call, request: Decoded<typeof listResourcesShape>): Output {
  const { locations } = reading(call);
  const conditions = request.FilterConditionList ?? [];
  const found = locations.keys().flatMap((key) => locations.get(key) ?? []);
  const matching = found.filter((location) => conditions.every((condition) => matches(location, condition)));
  const { items, token } = pageOf(call, [sourceOf(matching)], {
    request: { ...request, question: JSON.stringify(conditions) },
    keep: render,
  });
  return { ResourceInfoList: items, ...token };
}

/** GetEffectivePermissionsForPath: the stored rows of databases and tables that lie at or under an S3 path. */
export function getEffectivePermissionsForPath(call: Call, request: Decoded<typeof pathPermissionsShape>): Output {
  homeLake(call, request.CatalogId);
  const arn = readArn(request.ResourceArn);
  const view = reading(call);
  const lies = (uri: string | undefined): boolean =>
    uri !== undefined && `${uri.replace('s3://', 'arn:aws:s3:::')}/`.startsWith(`${arn}/`);
  const catalog = call.caller.account;
  const databases = view.databases.keys().filter((name) => lies(view.databases.get(name)?.locationUri));
  const tables = view.tables
    .keys()
    .flatMap((key) => view.tables.get(key) ?? [])
    .filter((table) => lies(table.location));
  const places = [
    ...databases.map((database) => placeOf({ kind: 'database', catalog, database })),
    ...tables.map(({ database, name }) => placeOf({ kind: 'table', catalog, database, table: name })),
  ];
  const keep = (row: StoredRow): Output | undefined =>
    seesEverything(call, view) ? renderRow(row, call.switches) : undefined;
  const { items, token } = pageOf(
    call,
    places.map((place) => view.grants.under(place)),
    { request: { ...request, question: arn }, keep },
  );
  return { Permissions: items, ...token };
}

type Condition = NonNullable<Decoded<typeof listResourcesShape>['FilterConditionList']>[number];

function matches(location: Location, { Field, ComparisonOperator, StringValueList = [] }: Condition): boolean {
  const value =
    Field === 'ROLE_ARN'
      ? location.roleArn
      : Field === 'LAST_MODIFIED'
        ? String(location.lastModified / 1000)
        : location.arn;
  const [first = '', second = ''] = StringValueList;
  switch (ComparisonOperator) {
    case undefined:
    case 'EQ':
      return value === first;
    case 'NE':
      return value !== first;
    case 'LE':
      return value <= first;
    case 'LT':
      return value < first;
    case 'GE':
      return value >= first;
    case 'GT':
      return value > first;
    case 'CONTAINS':
      return value.includes(first);
    case 'NOT_CONTAINS':
      return !value.includes(first);
    case 'BEGINS_WITH':
      return value.startsWith(first);
    case 'IN':
      return StringValueList.includes(value);
    case 'BETWEEN':
      return value >= first && value <= second;
    default:
      return ComparisonOperator satisfies never;
  }
}

function find(call: Call, arn: string): Location {
  const location = call.lake.locations.get(readArn(arn));
  if (!location) throw entityNotFound('Entity not found');
  return location;
}

function put(call: Call, verb: 'create' | 'update', location: Location): void {
  call.lake.locations.set(location.arn, location, call.at);
  call.changes.push({
    verb,
    what: { kind: 'location', catalogId: call.caller.account, name: location.arn, value: render(location) },
  });
}

function render(location: Location): Output {
  return {
    ResourceArn: location.arn,
    RoleArn: location.roleArn,
    LastModified: location.lastModified / 1000,
    WithFederation: location.withFederation,
    HybridAccessEnabled: location.hybridAccessEnabled,
    WithPrivilegedAccess: location.withPrivilegedAccess,
  };
}

/** The role that Lake Formation makes for itself in an account. */
export function serviceLinkedRole(account: string): string {
  return `arn:aws:iam::${account}:role/aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess`;
}

function readArn(arn: string): string {
  if (!/^arn:aws(-[a-z-]+)?:s3:::.+$/.test(arn)) throw invalidInput(`Invalid resource ARN: ${arn}`);
  return trimSlash(arn);
}
