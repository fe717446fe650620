import type { Call } from '../call.ts';
import { accessDenied, entityNotFound, type ServiceFailure } from '../failure.ts';
import { callerTexts, heldOn, isAdmin } from '../grants/authority.ts';
import { locationOf } from '../grants/existence.ts';
import { fold } from '../grants/resource-request.ts';
import type { Database, Table } from '../lake.ts';
import { holds, type Permission } from '../permission.ts';
import { iamAllowedPrincipals } from '../principal.ts';
import type { Resource } from '../resource.ts';

/** The refusal of a Glue call for want of Lake Formation permissions, as in https://github.com/hashicorp/terraform-provider-aws/pull/49953. */
function insufficient(what: string): ServiceFailure {
  return accessDenied(`Insufficient Lake Formation permission(s): ${what}`);
}

/** Refuses to change another account's catalog. */
export function checkOwn(call: Call, catalog: string | undefined): void {
  if (catalog !== undefined && catalog !== call.caller.account)
    throw insufficient(`Required permissions on catalog ${catalog}`);
}

/** What a reader is told about what it may not see, or what is not there. */
export function hidden(call: Call, name: string): ServiceFailure {
  if (call.switches.hiddenObjectGlueError === 'EntityNotFoundException') return entityNotFound();
  return insufficient(`Required Describe on ${fold(name)}`);
}

/** Refuses to create a database to whom neither CREATE_DATABASE was granted nor IAM alone decides. */
export function checkMayCreateDatabase(call: Call): void {
  const catalog: Resource = { kind: 'catalog', catalog: call.caller.account };
  const isLeftToIam = call.lake.settings.createDatabaseDefaults.length > 0;
  if (isAdmin(call) || isLeftToIam || holdsOn(call, catalog, 'CREATE_DATABASE')) return;
  throw insufficient('Required Create Database on Catalog');
}

/**
 * The database that a change means: of a link its target, which must be in this account and region. Changing what is
 * another account's through a link is not modelled, and refused.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-glue-apis.html
 */
export function ownTarget(call: Call, database: Database): Database {
  const { target } = database;
  if (!target) return database;
  if (target.catalog !== call.caller.account || (target.region ?? call.region) !== call.region)
    throw insufficient(`Required permissions on catalog ${target.catalog}`);
  const found = call.lake.databases.get(target.database);
  if (!found) throw entityNotFound(`Database ${target.database} not found.`);
  return found;
}

/**
 * Refuses a change of a database or table to whom the permission was not granted. Being an administrator is not
 * enough for what others created: https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html
 */
export function checkMayChange(call: Call, object: Database | Table, permission: 'ALTER' | 'DROP'): void {
  if (object.createdBy === call.caller.arn || holdsOn(call, resourceOf(call, object), permission)) return;
  const isDatabase = !('database' in object);
  if (isDatabase && permission === 'ALTER' && isAdmin(call) && call.switches.adminAltersDatabases) return;
  throw insufficient(`Required ${permission === 'ALTER' ? 'Alter' : 'Drop'} on ${object.name}`);
}

/** Refuses to create a table in a database to whom CREATE_TABLE was not granted there. */
export function checkMayCreateTable(call: Call, database: Database): void {
  if (database.createdBy === call.caller.arn || holdsOn(call, resourceOf(call, database), 'CREATE_TABLE')) return;
  throw insufficient(`Required Create Table on ${database.name}`);
}

/** Refuses a location that is registered, to whom has no access to it. https://docs.aws.amazon.com/lake-formation/latest/dg/granting-location-permissions.html */
export function checkLocation(call: Call, path: string | undefined): void {
  const location = path === undefined ? undefined : locationOf(call.lake, path);
  if (!location || isAdmin(call)) return;
  const resource: Resource = { kind: 'data-location', catalog: call.caller.account, arn: location.arn };
  if (!holdsOn(call, resource, 'DATA_LOCATION_ACCESS'))
    throw accessDenied(`Insufficient Lake Formation permission(s) on ${path ?? ''}`);
}

function holdsOn(call: Call, resource: Resource, permission: Permission): boolean {
  const texts = [...callerTexts(call), iamAllowedPrincipals];
  return texts
    .flatMap((text) => heldOn(call.lake, text, resource))
    .some((row) => holds(row.permissions, permission) || holds(row.permissions, 'ALL'));
}

function resourceOf(call: Call, object: Database | Table): Resource {
  const catalog = call.caller.account;
  if ('database' in object) return { kind: 'table', catalog, database: object.database, table: object.name };
  return { kind: 'database', catalog, database: object.name };
}
