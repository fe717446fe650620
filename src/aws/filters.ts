import {
  type DataCellsFilter as ApiFilter,
  CreateDataCellsFilterCommand,
  DeleteDataCellsFilterCommand,
  ListDataCellsFilterCommand,
  UpdateDataCellsFilterCommand,
} from '@aws-sdk/client-lakeformation';
import { columnsOf, fold } from '../core/canonical.ts';
import type { DataCellsFilter } from '../core/fact.ts';
import { LakeFailure, type LakeReader, type LakeWriter, type TableName } from '../core/lake.ts';
import type { Clients } from './lake.ts';
import { pagesOf } from './pages.ts';
import { retrying } from './retry.ts';

/** Reading and writing data cells filters. */
export function filterCalls(
  clients: Clients,
): Pick<LakeReader, 'filters'> & Pick<LakeWriter, 'createFilter' | 'updateFilter' | 'deleteFilter'> {
  const options = { policy: clients.retry, isRead: false };
  return {
    filters: (table) => pages(clients, table),
    createFilter: async (filter) => {
      const command = new CreateDataCellsFilterCommand({ TableData: toApi(filter) });
      await retrying('CreateDataCellsFilter', () => clients.lakeformation.send(command), options);
    },
    updateFilter: async (filter) => {
      const command = new UpdateDataCellsFilterCommand({ TableData: toApi(filter) });
      await retrying('UpdateDataCellsFilter', () => clients.lakeformation.send(command), options);
    },
    deleteFilter: async (filter) => {
      const { TableCatalogId, DatabaseName, TableName, Name } = toApi(filter);
      const command = new DeleteDataCellsFilterCommand({ TableCatalogId, DatabaseName, TableName, Name });
      await retrying('DeleteDataCellsFilter', () => clients.lakeformation.send(command), options);
    },
  };
}

async function* pages(clients: Clients, table: TableName | undefined): AsyncGenerator<readonly DataCellsFilter[]> {
  const scope =
    table === undefined
      ? {}
      : { Table: { CatalogId: clients.catalog, DatabaseName: table.database, Name: table.table } };
  for await (const { DataCellsFilters = [] } of pagesOf({
    operation: 'ListDataCellsFilter',
    policy: clients.retry,
    ask: (NextToken) =>
      clients.lakeformation.send(new ListDataCellsFilterCommand({ ...scope, MaxResults: 1000, NextToken })),
    tokenOf: (page) => page.NextToken,
  }))
    yield DataCellsFilters.map((filter) => fromApi(clients.lake, filter));
}

function toApi(filter: DataCellsFilter): ApiFilter {
  const { columns } = filter;
  return {
    TableCatalogId: filter.catalog,
    DatabaseName: filter.database,
    TableName: filter.table,
    Name: filter.name,
    RowFilter: filter.rows === null ? { AllRowsWildcard: {} } : { FilterExpression: filter.rows },
    ...(columns !== 'all' && 'only' in columns
      ? { ColumnNames: [...columns.only] }
      : { ColumnWildcard: columns === 'all' ? {} : { ExcludedColumnNames: [...columns.except] } }),
  };
}

function fromApi(lake: string, api: ApiFilter): DataCellsFilter {
  const { TableCatalogId, DatabaseName, TableName, Name } = api;
  if (TableCatalogId === undefined || DatabaseName === undefined || TableName === undefined || Name === undefined)
    throw new LakeFailure({
      operation: 'ListDataCellsFilter',
      code: 'IncompleteAnswer',
      message: `a data cells filter without its full name: ${JSON.stringify(api)}`,
      kind: 'final',
    });
  const names = api.ColumnNames ?? [];
  return {
    kind: 'data-cells-filter',
    lake,
    catalog: TableCatalogId,
    database: fold(DatabaseName),
    table: fold(TableName),
    name: Name,
    rows: api.RowFilter?.FilterExpression ?? null,
    columns: columnsOf(names.length > 0 ? { names } : { excluded: api.ColumnWildcard?.ExcludedColumnNames ?? [] }),
  };
}
