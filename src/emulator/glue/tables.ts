import type { Call } from '../call.ts';
import { concurrentModification, entityNotFound, invalidInput, ServiceFailure } from '../failure.ts';
import { dropPlaces } from '../grants/drop.ts';
import { fold } from '../grants/resource-request.ts';
import { shelfKey, type Table } from '../lake.ts';
import { dropFilter } from '../lakeformation/filters.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import { openToIam } from './defaults.ts';
import { readTable, renderTable, type TableSight, tableKey } from './render.ts';
import { checkLocation, checkMayChange, checkMayCreateTable, checkOwn } from './rights.ts';
import type { batchDeleteTableShape, createTableShape, deleteTableShape, updateTableShape } from './shapes.ts';
import { tablePlaces } from './sight.ts';

/** CreateTable: in a database that must be there, with the permissions that the database gives to new tables. */
export function createTable(call: Call, request: Decoded<typeof createTableShape>): Output {
  checkOwn(call, request.CatalogId);
  const database = call.lake.databases.get(fold(request.DatabaseName));
  if (!database) throw entityNotFound(`Database ${fold(request.DatabaseName)} not found.`);
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
  const known = find(call, request.DatabaseName, request.Name ?? request.TableInput.Name);
  if (fold(request.TableInput.Name) !== known.name) throw invalidInput('Table name cannot be changed.');
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
  const table = readTable(request.TableInput, base);
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
  dropPlaces(call, tablePlaces(catalog, database, name));
}

function find(call: Call, database: string, name: string): Table {
  const table = call.lake.tables.get(tableKey(database, name));
  if (!table) throw entityNotFound(`Table ${fold(name)} not found.`);
  return table;
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
