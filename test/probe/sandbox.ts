import {
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  paginateGetDatabases,
  paginateGetTables,
} from '@aws-sdk/client-glue';
import {
  type DataCellsFilter,
  DeleteDataCellsFilterCommand,
  ListDataCellsFilterCommand,
  ListPermissionsCommand,
  type Resource,
  RevokePermissionsCommand,
} from '@aws-sdk/client-lakeformation';
import { type Clients, codeOf, type Row, unhindered } from './aws.ts';

const prefix = 'meshgate_probe_';
const marker = 'meshgate_probe';
const columns = ['id', 'total', 'email', 'name'];

/** A name that no other run has. */
export function sandboxName(random: string): string {
  return `${prefix}${random}`;
}

/** The second sandbox of a run, which the principal makes. */
export function secondOf(sandbox: string): string {
  return `${sandbox}_other`;
}

/** Whether a name is one of the run's that has this sandbox. */
export function isOwn(sandbox: string, name: string): boolean {
  return name === sandbox || name === secondOf(sandbox);
}

/** Whether a name is one of a sandbox: nothing else is ever written to. */
export function isSandbox(database: string | undefined): boolean {
  return database !== undefined && /^meshgate_probe_[0-9a-f]{8}(_other)?$/.test(database);
}

/** The database that a resource belongs to, undefined for one that belongs to none. */
export function databaseOf(resource: Resource): string | undefined {
  const { Database, Table, TableWithColumns, DataCellsFilter } = resource;
  return Database?.Name ?? Table?.DatabaseName ?? TableWithColumns?.DatabaseName ?? DataCellsFilter?.DatabaseName;
}

/** Makes a sandbox database, marked as one, in which nobody is given anything by default. */
export async function createSandbox({ glue }: Clients, name: string): Promise<void> {
  const input = {
    Name: name,
    Description: 'Made by meshgate probe; it removes this again.',
    Parameters: { [marker]: 'true' },
    CreateTableDefaultPermissions: [],
  };
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: input }));
}

/** Makes a table without data in a sandbox. */
export async function createTable({ glue }: Clients, database: string, name: string): Promise<void> {
  const Columns = columns.map((column) => ({ Name: column, Type: 'string' }));
  const TableInput = { Name: name, StorageDescriptor: { Columns }, TableType: 'EXTERNAL_TABLE' };
  await glue.send(new CreateTableCommand({ DatabaseName: database, TableInput }));
}

/** The sandboxes that there are: of this run, of others that go on, and of those that were killed. */
export async function findSandboxes({ glue }: Clients): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of paginateGetDatabases({ client: glue }, { MaxResults: 100 }))
    for (const { Name, Parameters } of page.DatabaseList ?? [])
      if (Name !== undefined && isSandbox(Name) && Parameters?.[marker] === 'true') found.push(Name);
  return found;
}

/** Takes a sandbox away: its grants first, so that none outlives its table, then filters and tables, and the database as its owner. */
export async function removeSandbox(clients: Clients, owner: Clients, database: string): Promise<void> {
  if (!isSandbox(database)) throw new Error(`${database} is no sandbox`);
  const tables: string[] = [];
  for await (const page of paginateGetTables({ client: clients.glue }, { DatabaseName: database }))
    tables.push(...(page.TableList ?? []).flatMap(({ Name }) => Name ?? []));
  for (const table of tables) {
    const named = { DatabaseName: database, Name: table };
    await revokeAll(clients, { Table: named });
    await removeFilters(clients, database, table);
    await clients.glue.send(new DeleteTableCommand(named));
  }
  await revokeAll(clients, { Table: { DatabaseName: database, TableWildcard: {} } });
  await revokeAll(clients, { Database: { Name: database } });
  await owner.glue.send(new DeleteDatabaseCommand({ Name: database }));
}

async function revokeAll(clients: Clients, resource: Resource): Promise<void> {
  for (const row of await rowsOn(clients, resource, { related: resource.Table?.Name !== undefined }))
    await revokeRow(clients, row);
}

/** Every row of a listing by resource. */
export async function rowsOn(
  { lakeFormation }: Clients,
  resource: Resource,
  { related = false }: { readonly related?: boolean } = {},
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let NextToken: string | undefined;
  do {
    const asked = { Resource: resource, NextToken, ...(related && { IncludeRelated: 'TRUE' }) };
    const answer = await lakeFormation.send(new ListPermissionsCommand({ ...asked, MaxResults: 1000 }));
    rows.push(...(answer.PrincipalResourcePermissions ?? []));
    NextToken = answer.NextToken;
  } while (NextToken);
  return rows;
}

/** Revokes what a row says; what is implied and not granted cannot be, and goes with its object. */
async function revokeRow({ lakeFormation }: Clients, row: Row): Promise<void> {
  const resource = writable(row.Resource ?? {});
  if (!isSandbox(databaseOf(resource))) throw new Error(`a row outside the sandbox: ${JSON.stringify(row)}`);
  const { Permissions = [], PermissionsWithGrantOption = [] } = row;
  const all = [...new Set([...Permissions, ...PermissionsWithGrantOption])];
  try {
    const input = { Principal: row.Principal, Resource: resource, Permissions: all, PermissionsWithGrantOption };
    await unhindered(() => lakeFormation.send(new RevokePermissionsCommand(input)));
  } catch (thrown) {
    if (codeOf(thrown) !== 'InvalidInputException') throw thrown;
  }
}

/** All tables are listed under a name that is not taken back. */
function writable(resource: Resource): Resource {
  const named = resource.Table ?? resource.TableWithColumns;
  if (named?.Name !== 'ALL_TABLES') return resource;
  return { Table: { DatabaseName: named.DatabaseName, TableWildcard: {} } };
}

async function removeFilters({ lakeFormation }: Clients, database: string, table: string): Promise<void> {
  const found: DataCellsFilter[] = [];
  let NextToken: string | undefined;
  do {
    const asked = { Table: { DatabaseName: database, Name: table }, NextToken };
    const answer = await lakeFormation.send(new ListDataCellsFilterCommand(asked));
    found.push(...(answer.DataCellsFilters ?? []));
    NextToken = answer.NextToken;
  } while (NextToken);
  for (const { TableCatalogId, DatabaseName, TableName, Name } of found)
    await unhindered(() =>
      lakeFormation.send(new DeleteDataCellsFilterCommand({ TableCatalogId, DatabaseName, TableName, Name })),
    );
}
