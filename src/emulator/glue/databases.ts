import { type Sight, seesDatabase, sightOn, tablesIn } from '../access/sight.ts';
import type { Call } from '../call.ts';
import { entityNotFound, invalidInput, ServiceFailure } from '../failure.ts';
import { dropPlaces } from '../grants/drop.ts';
import { fold } from '../grants/resource-request.ts';
import type { Database } from '../lake.ts';
import { pageOf } from '../paging.ts';
import { placeOf } from '../resource.ts';
import { sourceOf } from '../store/source.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import { openToIam } from './defaults.ts';
import { showDatabase } from './follow.ts';
import { readDatabase, renderDatabase } from './render.ts';
import { checkLocation, checkMayChange, checkMayCreateDatabase, checkOwn, hidden, ownTarget } from './rights.ts';
import type { createDatabaseShape, databaseShape, getDatabasesShape, updateDatabaseShape } from './shapes.ts';
import { removeTable } from './tables.ts';

/** GetDatabase. */
export function getDatabase(call: Call, request: Decoded<typeof databaseShape>): Output {
  const sight = sightOn(call, request.CatalogId ?? call.caller.account);
  const database = sight?.view.databases.get(fold(request.Name));
  if (!sight || !database || !seesDatabase(call, sight, database)) throw hidden(call, request.Name);
  return { Database: showDatabase(call, { database, sight }) };
}

/** GetDatabases: only those that the caller may see; with a ResourceShareType also those shared by other accounts. */
export function getDatabases(call: Call, request: Decoded<typeof getDatabasesShape>): Output {
  const { NextToken: _token, MaxResults: _size, ...question } = request;
  const own = request.CatalogId ?? call.caller.account;
  const catalogs = request.ResourceShareType === undefined ? [own] : sharedCatalogs(call, request.ResourceShareType);
  const found = catalogs.flatMap((catalog) => {
    const sight = sightOn(call, catalog);
    return sight
      ? sight.view.databases.keys().flatMap((name) => ({ sight, database: sight.view.databases.get(name) }))
      : [];
  });
  const isNameOnly = request.AttributesToGet?.includes('NAME') === true;
  const keep = ({
    sight,
    database,
  }: {
    readonly sight: Sight;
    readonly database: Database | undefined;
  }): Output | undefined => {
    if (!database || !seesDatabase(call, sight, database)) return undefined;
    const whole = showDatabase(call, { database, sight });
    return isNameOnly
      ? { Name: database.name, CatalogId: sight.catalog, ...target(whole, request.AttributesToGet) }
      : whole;
  };
  const paging = { ...request, question: JSON.stringify(question) };
  const { items, token } = pageOf(call, [sourceOf(found)], { request: paging, keep });
  return { DatabaseList: items, ...token };
}

/** CreateDatabase: new objects get what the settings say, in a new account ALL to IAM_ALLOWED_PRINCIPALS. */
export function createDatabase(
  call: Call,
  { CatalogId, DatabaseInput: input }: Decoded<typeof createDatabaseShape>,
): Output {
  checkOwn(call, CatalogId);
  checkMayCreateDatabase(call);
  checkLocation(call, input.LocationUri);
  const { settings } = call.lake;
  const database = readDatabase(input, {
    createTime: call.at,
    tableDefaults: settings.createTableDefaults,
    createdBy: call.caller.arn,
  });
  if (call.lake.databases.get(database.name))
    throw new ServiceFailure('AlreadyExistsException', 'Database already exists.');
  put(call, 'create', database);
  openToIam(
    call,
    { kind: 'database', catalog: call.caller.account, database: database.name },
    settings.createDatabaseDefaults,
  );
  return {};
}

/** UpdateDatabase: replaces the whole input, of a link that of its target; there is no version to check. */
export function updateDatabase(
  call: Call,
  { CatalogId, Name, DatabaseInput: input }: Decoded<typeof updateDatabaseShape>,
): Output {
  checkOwn(call, CatalogId);
  const named = find(call, Name);
  if (fold(input.Name) !== named.name) throw invalidInput('Database name cannot be changed.');
  const known = ownTarget(call, named);
  checkMayChange(call, known, 'ALTER');
  if (input.LocationUri !== known.locationUri) checkLocation(call, input.LocationUri);
  const { createTime, createdBy } = known;
  const base = { createTime, tableDefaults: [], ...(createdBy === undefined ? {} : { createdBy }) };
  put(call, 'update', readDatabase({ ...input, Name: known.name }, base));
  return {};
}

/** DeleteDatabase, with its tables; AWS deletes those some time later. */
export function deleteDatabase(call: Call, { CatalogId, Name }: Decoded<typeof databaseShape>): Output {
  checkOwn(call, CatalogId);
  const database = find(call, Name);
  checkMayChange(call, database, 'DROP');
  const catalog = call.caller.account;
  for (const table of tablesIn(call.lake, database.name)) removeTable(call, table);
  call.lake.databases.delete(database.name, call.at);
  call.changes.push({ verb: 'delete', what: { kind: 'database', catalogId: catalog, name: database.name } });
  if (!call.switches.grantsSurviveTableDrop) {
    dropPlaces(call, [
      placeOf({ kind: 'database', catalog, database: database.name }),
      placeOf({ kind: 'all-tables', catalog, database: database.name }),
    ]);
  }
  return {};
}

function find(call: Call, name: string): Database {
  const database = call.lake.databases.get(fold(name));
  if (!database) throw entityNotFound(`Database ${fold(name)} not found.`);
  return database;
}

function put(call: Call, verb: 'create' | 'update', database: Database): void {
  call.lake.databases.set(database.name, database, call.at);
  const value = renderDatabase(database, call.caller.account);
  call.changes.push({ verb, what: { kind: 'database', catalogId: call.caller.account, name: database.name, value } });
}

function sharedCatalogs(call: Call, type: 'FOREIGN' | 'ALL' | 'FEDERATED'): readonly string[] {
  if (type === 'FEDERATED') return [];
  const others = [...call.world.accounts.keys()].filter((account) => account !== call.caller.account).sort();
  return type === 'FOREIGN' ? others : [call.caller.account, ...others];
}

function target(whole: Output, attributes: readonly string[] = []): Output {
  return attributes.includes('TARGET_DATABASE') && whole.TargetDatabase !== undefined
    ? { TargetDatabase: whole.TargetDatabase }
    : {};
}
