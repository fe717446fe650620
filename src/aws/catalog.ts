import {
  type Column,
  type Database,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetTablesCommand,
  type Table,
  UpdateDatabaseCommand,
} from '@aws-sdk/client-glue';
import { fold } from '../core/canonical.ts';
import {
  type CatalogColumn,
  type CatalogDatabase,
  type CatalogTable,
  LakeFailure,
  type LakeReader,
  type LakeWriter,
} from '../core/lake.ts';
import type { Clients } from './lake.ts';
import { pagesOf } from './pages.ts';
import { retrying } from './retry.ts';

/** Databases and tables of the Glue Data Catalog, and the parameters of databases. */
export function catalogCalls(
  clients: Clients,
): Pick<LakeReader, 'database' | 'databases' | 'tables'> & Pick<LakeWriter, 'setParameter'> {
  return {
    database: async (name) => {
      const database = await getDatabase(clients, name);
      return database === undefined ? undefined : toDatabase(database, name, clients);
    },
    databases: () => databasePages(clients),
    tables: (database) => tablePages(clients, database),
    setParameter: async ({ database, name, value }) => {
      const found = await getDatabase(clients, database);
      if (found === undefined)
        throw new LakeFailure({
          operation: 'UpdateDatabase',
          code: 'EntityNotFoundException',
          message: `database ${database} is not in the catalog`,
          kind: 'final',
        });
      // UpdateDatabase replaces the whole input, so every member it accepts is written back as it was read.
      // Source: https://docs.aws.amazon.com/glue/latest/webapi/API_DatabaseInput.html.
      const { Description, LocationUri, CreateTableDefaultPermissions, TargetDatabase, FederatedDatabase } = found;
      const input = {
        Name: database,
        Description,
        LocationUri,
        CreateTableDefaultPermissions,
        TargetDatabase,
        FederatedDatabase,
        Parameters: { ...found.Parameters, [name]: value },
      };
      const command = new UpdateDatabaseCommand({ CatalogId: clients.catalog, Name: database, DatabaseInput: input });
      await retrying('UpdateDatabase', () => clients.glue.send(command), { policy: clients.retry, isRead: false });
    },
  };
}

/** A database of the catalog, or a link; undefined where the catalog says that there is none. */
export async function getDatabase(clients: Clients, name: string): Promise<Database | undefined> {
  try {
    const command = new GetDatabaseCommand({ CatalogId: clients.catalog, Name: name });
    const answer = await retrying('GetDatabase', () => clients.glue.send(command), {
      policy: clients.retry,
      isRead: true,
    });
    return answer.Database;
  } catch (thrown) {
    if (thrown instanceof LakeFailure && thrown.code === 'EntityNotFoundException') return undefined;
    throw thrown;
  }
}

async function* databasePages(clients: Clients): AsyncGenerator<readonly CatalogDatabase[]> {
  const { glue, catalog: CatalogId, retry: policy } = clients;
  for await (const { DatabaseList = [] } of pagesOf({
    operation: 'GetDatabases',
    policy,
    ask: (NextToken) => glue.send(new GetDatabasesCommand({ CatalogId, MaxResults: 100, NextToken })),
    tokenOf: (page) => page.NextToken,
  }))
    yield DatabaseList.map((one) => toDatabase(one, '', clients));
}

async function* tablePages(clients: Clients, DatabaseName: string): AsyncGenerator<readonly CatalogTable[]> {
  const { glue, catalog: CatalogId, retry: policy } = clients;
  for await (const { TableList = [] } of pagesOf({
    operation: 'GetTables',
    policy,
    ask: (NextToken) => glue.send(new GetTablesCommand({ CatalogId, DatabaseName, MaxResults: 100, NextToken })),
    tokenOf: (page) => page.NextToken,
  }))
    yield TableList.map(toTable);
}

function toDatabase(api: Database, name: string, { lake, catalog }: Clients): CatalogDatabase {
  const { TargetDatabase: target } = api;
  const opens = (api.CreateTableDefaultPermissions ?? []).length > 0;
  return {
    name: fold(api.Name ?? name),
    parameters: api.Parameters ?? {},
    ...(opens ? { opensNewTables: true } : {}),
    ...(api.LocationUri === undefined ? {} : { location: api.LocationUri }),
    ...(target === undefined
      ? {}
      : {
          target: {
            catalog: target.CatalogId ?? catalog,
            database: fold(target.DatabaseName ?? ''),
            region: target.Region ?? lake.split('/')[1] ?? '',
          },
        }),
  };
}

function toTable(api: Table): CatalogTable {
  const column =
    (isPartitionKey: boolean) =>
    (one: Column): CatalogColumn => ({
      name: fold(one.Name ?? ''),
      isPartitionKey,
      parameters: one.Parameters ?? {},
    });
  const kind = api.TargetTable !== undefined ? 'link' : api.TableType === 'VIRTUAL_VIEW' ? 'view' : 'table';
  return {
    name: fold(api.Name ?? ''),
    kind,
    parameters: api.Parameters ?? {},
    columns: [
      ...(api.StorageDescriptor?.Columns ?? []).map(column(false)),
      ...(api.PartitionKeys ?? []).map(column(true)),
    ],
    ...(api.CreatedBy === undefined ? {} : { createdBy: api.CreatedBy }),
    ...(api.StorageDescriptor?.Location === undefined ? {} : { location: api.StorageDescriptor.Location }),
  };
}
