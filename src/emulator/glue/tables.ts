import type { Call } from '../call.ts';
import { concurrentModification, entityNotFound, invalidInput, ServiceFailure } from '../failure.ts';
import { dropPlaces } from '../grants/drop.ts';
import { fold } from '../grants/resource-request.ts';
import { shelfKey, type Table } from '../lake.ts';
import { dropFilter } from '../lakeformation/filters.ts';
import { filterPlace, placeOf } from '../resource.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import { openToIam } from './defaults.ts';
import { readTable, renderTable, type TableSight, tableKey } from './render.ts';
import { checkLocation, checkMayChange, checkMayCreateTable, checkOwn, ownTarget } from './rights.ts';
import type { batchDeleteTableShape, createTableShape, deleteTableShape, updateTableShape } from './shapes.ts';

/** CreateTable: in a database that must be there, with the permissions that the database gives to new tables. */
export function createTable(call: Call, request: Decoded<typeof createTableShape>): Output {
  checkOwn(call, request.CatalogId);
  const named = call.lake.databases.get(fold(request.DatabaseName));
  if (!named) throw entityNotFound(`Database ${fold(request.DatabaseName)} not found.`);
  // https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-glue-apis.html; the text is not known.
  if (named.target && request.TableInput.TargetTable)
    throw invalidInput('A table resource link cannot be created through a database resource link.');
  const database = ownTarget(call, named);
  checkMayCreateTable(call, database);
  const table = readTable(request.TableInput, {
    database: database.name,
    version: 0,
    createTime: call.at,
    updateTime: call.at,
    createdBy: call.caller.arn,
  });
  checkLocation(call, table.location);
  if (call.lake.tables.get(shelfKey(database.name, table.name)))
    throw new ServiceFailure('AlreadyExistsException', 'Table already exists.');
  put(call, 'create', table);
  openToIam(
    call,
    { kind: 'table', catalog: call.caller.account, database: database.name, table: table.name },
    database.tableDefaults,
  );
  return {};
}

/**
 * UpdateTable: replaces the whole input. The first version is 0; a version that is not the newest conflicts, seen live
 * in https://github.com/floci-io/floci/issues/1183.
 */
export function updateTable(call: Call, request: Decoded<typeof updateTableShape>): Output {
  checkOwn(call, request.CatalogId);
  const named = find(call, request.DatabaseName, request.Name ?? request.TableInput.Name);
  if (fold(request.TableInput.Name) !== named.name) throw invalidInput('Table name cannot be changed.');
  const known = linkTarget(call, request.DatabaseName, named);
  checkMayChange(call, known, 'ALTER');
  if (request.VersionId !== undefined && request.VersionId !== String(known.version)) {
    throw concurrentModification(`Update table failed due to concurrent modifications.`);
  }
  const { database, version, createTime, createdBy } = known;
  const base = {
    database,
    version: version + 1,
    createTime,
    updateTime: call.at,
    ...(createdBy === undefined ? {} : { createdBy }),
  };
  const table = readTable({ ...request.TableInput, Name: known.name }, base);
  if (table.location !== known.location) checkLocation(call, table.location);
  put(call, 'update', table);
  return {};
}

/** DeleteTable. */
export function deleteTable(call: Call, request: Decoded<typeof deleteTableShape>): Output {
  checkOwn(call, request.CatalogId);
  const table = find(call, request.DatabaseName, request.Name);
  checkMayChange(call, table, 'DROP');
  removeTable(call, table);
  return {};
}

/** BatchDeleteTable: table by table, failures in an answer that succeeds. */
export function batchDeleteTable(call: Call, request: Decoded<typeof batchDeleteTableShape>): Output {
  checkOwn(call, request.CatalogId);
  const errors = request.TablesToDelete.flatMap((name) => {
    try {
      const table = find(call, request.DatabaseName, name);
      checkMayChange(call, table, 'DROP');
      removeTable(call, table);
      return [];
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error;
      return [{ TableName: name, ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message } }];
    }
  });
  return { Errors: errors };
}

/** Takes a table away, its data cells filters, and the grants on both unless a switch lets them live. */
export function removeTable(call: Call, { database, name }: Table): void {
  const catalog = call.caller.account;
  call.lake.tables.delete(shelfKey(database, name), call.at);
  call.changes.push({ verb: 'delete', what: { kind: 'table', catalogId: catalog, name: `${database}.${name}` } });
  if (call.switches.grantsSurviveTableDrop) return;
  const prefix = `${shelfKey(database, name)}\u0000`;
  for (const key of call.lake.filters.keys().filter((one) => one.startsWith(prefix))) dropFilter(call, key);
  dropPlaces(call, [
    placeOf({ kind: 'table', catalog, database, table: name }),
    filterPlace({ catalog, database, table: name }),
  ]);
}

/** A table of a database, of a linked one that of its target. */
function find(call: Call, databaseName: string, name: string): Table {
  const named = call.lake.databases.get(fold(databaseName));
  const database = named ? ownTarget(call, named).name : databaseName;
  const table = call.lake.tables.get(tableKey(database, name));
  if (!table) throw entityNotFound(`Table ${fold(name)} not found.`);
  return table;
}

/** The table that an update means: of a link its target; a link in a linked database fails. */
function linkTarget(call: Call, databaseName: string, table: Table): Table {
  const { target } = table;
  if (!target) return table;
  if (call.lake.databases.get(fold(databaseName))?.target)
    throw invalidInput('A table resource link cannot be updated through a database resource link.');
  const { catalog, database, region } = target;
  checkOwn(call, catalog);
  const isHere = (region ?? call.region) === call.region;
  const found = isHere ? call.lake.tables.get(tableKey(database, target.table)) : undefined;
  if (!found) throw entityNotFound(`Table ${target.table} not found.`);
  return found;
}

function put(call: Call, verb: 'create' | 'update', table: Table): void {
  call.lake.tables.set(shelfKey(table.database, table.name), table, call.at);
  const all: TableSight = { columns: 'all', hidesSchemaParameters: false };
  const what = {
    kind: 'table',
    catalogId: call.caller.account,
    name: `${table.database}.${table.name}`,
    value: renderTable(table, call.lake, all),
  };
  call.changes.push({ verb, what });
}
