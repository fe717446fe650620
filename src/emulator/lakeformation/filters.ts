import { type Call, reading } from '../call.ts';
import { predicateFault } from '../expressions/row-predicate.ts';
import { accessDenied, entityNotFound, invalidInput, ServiceFailure } from '../failure.ts';
import { callerTexts, heldOn, isAdmin, seesEverything } from '../grants/authority.ts';
import { dropPlaces } from '../grants/drop.ts';
import { checkColumns } from '../grants/existence.ts';
import { isView } from '../grants/legality.ts';
import { fold, readColumns } from '../grants/resource-request.ts';
import { renderColumns } from '../grants/rows.ts';
import { columnNames, type DataCellsFilter, type LakeView, shelfKey, type Table } from '../lake.ts';
import { pageOf } from '../paging.ts';
import { holds } from '../permission.ts';
import { placeOf } from '../resource.ts';
import { rangeOf } from '../store/shelf.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import type { deleteFilterShape, filterShape, getFilterShape, listFiltersShape, putFilterShape } from './shapes.ts';

type FilterRequest = Decoded<typeof filterShape>;

/** Names that no column of a filtered table may have: https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html */
const reservedColumns = [
  'ctid',
  'oid',
  'xmin',
  'cmin',
  'xmax',
  'cmax',
  'tableoid',
  'insertxid',
  'deletexid',
  'importoid',
  'redcatuniqueid',
];

/** CreateDataCellsFilter. */
export function createDataCellsFilter(call: Call, { TableData }: Decoded<typeof putFilterShape>): Output {
  const table = ownTable(call, TableData);
  const filter = readFilter(TableData, table, '0');
  checkRows(call, filter, table);
  if (call.lake.filters.get(keyOf(filter)))
    throw new ServiceFailure('AlreadyExistsException', 'Cell Filter already exists');
  put(call, 'create', filter);
  return {};
}

/** UpdateDataCellsFilter: a stale VersionId conflicts, as the operation's errors suggest. */
export function updateDataCellsFilter(call: Call, { TableData }: Decoded<typeof putFilterShape>): Output {
  const table = ownTable(call, TableData);
  const known = call.lake.filters.get(shelfKey(table.database, table.name, TableData.Name));
  if (!known) throw notFound();
  if (TableData.VersionId !== undefined && TableData.VersionId !== known.version) {
    throw new ServiceFailure(
      'ConcurrentModificationException',
      'The data cells filter has been changed since the given version.',
    );
  }
  const filter = readFilter(TableData, table, String(Number(known.version) + 1));
  checkRows(call, filter, table);
  put(call, 'update', filter);
  return {};
}

/** GetDataCellsFilter. */
export function getDataCellsFilter(call: Call, request: Decoded<typeof getFilterShape>): Output {
  checkCatalog(call, request.TableCatalogId);
  const filter = reading(call).filters.get(shelfKey(fold(request.DatabaseName), fold(request.TableName), request.Name));
  if (!isVisible(call, { database: fold(request.DatabaseName), table: fold(request.TableName) }, filter))
    throw accessDenied();
  if (!filter) throw notFound();
  return { DataCellsFilter: renderFilter(filter, call.caller.account) };
}

/** DeleteDataCellsFilter; the grants made on the filter go with it. */
export function deleteDataCellsFilter(call: Call, request: Decoded<typeof deleteFilterShape>): Output {
  const { TableCatalogId = call.caller.account, DatabaseName, TableName, Name } = request;
  if (DatabaseName === undefined || TableName === undefined || Name === undefined) {
    throw invalidInput('DatabaseName, TableName and Name are required.');
  }
  const table = ownTable(call, { TableCatalogId, DatabaseName, TableName });
  const key = shelfKey(table.database, table.name, Name);
  if (!call.lake.filters.get(key)) throw notFound();
  dropFilter(call, key);
  return {};
}

/** Takes a filter away, and the grants on it. */
export function dropFilter(call: Call, key: string): void {
  const filter = call.lake.filters.get(key);
  if (!filter) return;
  const { database, table, name } = filter;
  const catalog = call.caller.account;
  call.lake.filters.delete(key, call.at);
  call.changes.push({
    verb: 'delete',
    what: { kind: 'data-cells-filter', catalogId: catalog, name: `${database}.${table}.${name}` },
  });
  dropPlaces(
    call,
    [placeOf({ kind: 'data-cells-filter', catalog, database, table, name })],
    (row) => row.resource.kind === 'data-cells-filter' && row.resource.name === name,
  );
}

/** ListDataCellsFilter; without a Table, where the switch allows it, every filter of the catalog. */
export function listDataCellsFilter(call: Call, request: Decoded<typeof listFiltersShape>): Output {
  const { Table } = request;
  if (!Table && !call.switches.filterListWithoutTable) throw invalidInput('Table is required.');
  if (Table && Table.Name === undefined) throw invalidInput('Table name cannot be empty.');
  checkCatalog(call, Table?.CatalogId);
  const prefix = Table ? `${shelfKey(fold(Table.DatabaseName), fold(Table.Name ?? ''))}\u0000` : '';
  const view = reading(call);
  const keep = (filter: DataCellsFilter): Output | undefined =>
    isVisible(call, filter, filter) ? renderFilter(filter, call.caller.account) : undefined;
  const { items, token } = pageOf(call, [rangeOf(view.filters, prefix)], {
    request: { ...request, question: JSON.stringify(Table ?? null) },
    keep,
  });
  return { DataCellsFilters: items, ...token };
}

/** A data cells filter in the form of the API. */
export function renderFilter(filter: DataCellsFilter, catalog: string): Output {
  return {
    TableCatalogId: catalog,
    DatabaseName: filter.database,
    TableName: filter.table,
    Name: filter.name,
    RowFilter: filter.rows === undefined ? { AllRowsWildcard: {} } : { FilterExpression: filter.rows },
    ...renderColumns(filter.columns),
    VersionId: filter.version,
  };
}

/** A filter from its parts; throws for one that the table cannot have. */
export function readFilter(request: FilterRequest, table: Table, version: string): DataCellsFilter {
  if (table.target || isView(table))
    throw invalidInput('Data cells filters cannot be made on views or resource links.');
  if (columnNames(table).some((name) => reservedColumns.includes(name)))
    throw invalidInput('The table has a column with a reserved name.');
  const { FilterExpression: expression, AllRowsWildcard: wildcard } = request.RowFilter ?? {};
  if ((expression === undefined || expression === '') === (wildcard === undefined)) {
    throw invalidInput('Exactly one of FilterExpression and AllRowsWildcard must be populated.');
  }
  const columns = readColumns(request);
  checkColumns(columns, table, nestedNames(columns.kind === 'all' ? [] : columns.names, table));
  const filter = { database: table.database, table: table.name, name: request.Name, columns, version };
  return expression === undefined || expression === '' ? filter : { ...filter, rows: expression };
}

/** Refuses rows that Lake Formation cannot evaluate, where the switch has it so. The text AWS uses for this is not known. */
function checkRows({ switches }: Call, { rows }: DataCellsFilter, table: Table): void {
  if (rows === undefined || switches.brokenExpressions === 'accept') return;
  const fault = predicateFault(rows, columnNames(table));
  if (fault !== undefined) throw invalidInput(`The row filter expression is not valid: ${fault}.`);
}

/** Nested attributes are written "address"."zip": the column itself must exist, at most five levels deep. */
function nestedNames(names: readonly string[], table: Table): readonly string[] {
  const existing = columnNames(table);
  return names.filter((name) => {
    const levels = name.split('.').map((level) => level.replaceAll('"', ''));
    return levels.length > 1 && levels.length <= 5 && existing.includes(levels[0] ?? '');
  });
}

/** A table of the caller's own catalog, on which the caller may make filters: it must hold SELECT with the grant option. */
function ownTable(
  call: Call,
  request: { readonly TableCatalogId: string; readonly DatabaseName: string; readonly TableName: string },
): Table {
  checkCatalog(call, request.TableCatalogId);
  const database = fold(request.DatabaseName);
  const name = fold(request.TableName);
  const table = call.lake.tables.get(shelfKey(database, name));
  const resource = { kind: 'table', catalog: call.caller.account, database, table: name } as const;
  const rows = callerTexts(call).flatMap((text) => heldOn(call.lake, text, resource));
  const mayFilter = rows.some(
    (row) => row.part.kind === 'columns' && row.part.columns.kind === 'all' && holds(row.options, 'SELECT'),
  );
  if (!isAdmin(call) && !mayFilter && table?.createdBy !== call.caller.arn) throw accessDenied();
  if (!table) throw entityNotFound('Table not found.');
  return table;
}

/** Administrators see all filters, others those they hold a permission on. */
function isVisible(
  call: Call,
  table: { readonly database: string; readonly table: string },
  filter: DataCellsFilter | undefined,
): boolean {
  const view: LakeView = reading(call);
  if (seesEverything(call, view)) return true;
  if (!filter) return false;
  const resource = { kind: 'data-cells-filter', catalog: call.caller.account, ...table, name: filter.name } as const;
  return callerTexts(call).some((text) => heldOn(view, text, resource).length > 0);
}

function checkCatalog(call: Call, catalog: string | undefined): void {
  if (catalog !== undefined && catalog !== call.caller.account) throw accessDenied();
}

function put(call: Call, verb: 'create' | 'update', filter: DataCellsFilter): void {
  call.lake.filters.set(keyOf(filter), filter, call.at);
  const name = `${filter.database}.${filter.table}.${filter.name}`;
  call.changes.push({
    verb,
    what: {
      kind: 'data-cells-filter',
      catalogId: call.caller.account,
      name,
      value: renderFilter(filter, call.caller.account),
    },
  });
}

function keyOf({ database, table, name }: DataCellsFilter): string {
  return shelfKey(database, table, name);
}

function notFound(): ServiceFailure {
  return entityNotFound('Cell Filter not found');
}
