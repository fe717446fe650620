import {
  BatchDeleteTableCommand,
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetTableCommand,
  GetTablesCommand,
  UpdateDatabaseCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { describe, expect, test } from 'vitest';
import type { SeedGrant } from '../../src/emulator/seed.ts';
import { admin, allBut, allTables, analyst, brief, central, clientOf, columns, consumer, database, grants, listAll, refusal, region, seedWith, start, table } from './fixture.ts';

const sales = { DatabaseName: 'sales' };

describe('reading', () => {
  test('gives databases and tables with parameters, names folded', async () => {
    const emulator = await start();
    const { glue } = clientOf(emulator, admin);
    const { Database } = await glue.send(new GetDatabaseCommand({ Name: 'SALES' }));
    expect(Database).toMatchObject({ Name: 'sales', CatalogId: central, LocationUri: 's3://lake/sales', Parameters: { data_owner: central } });
    const { Table } = await glue.send(new GetTableCommand({ ...sales, Name: 'Orders' }));
    expect(Table).toMatchObject({ Name: 'orders', DatabaseName: 'sales', VersionId: '0', TableType: 'EXTERNAL_TABLE', IsRegisteredWithLakeFormation: true });
    expect(Table?.StorageDescriptor?.Columns?.map(({ Name, Parameters }) => [Name, Parameters?.['pii_flag']])).toEqual([
      ['o_id', undefined],
      ['o_email', 'true'],
      ['o_total', undefined],
    ]);
    expect(Table?.PartitionKeys?.map(({ Name }) => Name)).toEqual(['o_date']);
  });

  test('GetTables never says that a location is registered, and takes an expression', async () => {
    const emulator = await start();
    const { glue } = clientOf(emulator, admin);
    const { TableList } = await glue.send(new GetTablesCommand({ ...sales, Expression: 'o.*|it*' }));
    expect(TableList?.map(({ Name, IsRegisteredWithLakeFormation }) => [Name, IsRegisteredWithLakeFormation])).toEqual([
      ['items', false],
      ['orders', false],
    ]);
    const names = await glue.send(new GetTablesCommand({ ...sales, AttributesToGet: ['NAME'], MaxResults: 2 }));
    expect(names.TableList?.[0]?.StorageDescriptor).toBeUndefined();
    expect(names.NextToken).toBeDefined();
  });

  test.each([
    { name: 'a page of 101', call: new GetTablesCommand({ ...sales, MaxResults: 101 }), refused: /^ValidationException: 1 validation error detected: Value '101' at 'maxResults'/ },
    { name: 'a missing database', call: new GetTablesCommand({ DatabaseName: 'nope' }), refused: /^EntityNotFoundException: Database nope not found/ },
  ])('$name is refused', async ({ call, refused }) => {
    const emulator = await start();
    expect(await refusal(clientOf(emulator, admin).glue.send(call))).toMatch(refused);
  });

  test('of a missing table or database', async () => {
    const emulator = await start();
    const { glue } = clientOf(emulator, admin);
    expect(await refusal(glue.send(new GetTableCommand({ ...sales, Name: 'nope' })))).toBe('EntityNotFoundException: Entity Not Found');
    expect(await refusal(glue.send(new GetDatabaseCommand({ Name: 'nope' })))).toBe('EntityNotFoundException: Entity Not Found');
  });
});

describe('what a role sees', () => {
  const europe = { DataCellsFilter: { TableCatalogId: central, DatabaseName: 'sales', TableName: 'orders', Name: 'europe' } };
  const cases: { name: string; given: SeedGrant[]; tables: string[]; columns: string[]; databases: string[] }[] = [
    { name: 'nothing', given: [], tables: [], columns: [], databases: [] },
    { name: 'a database', given: [{ principal: analyst, resource: database, permissions: ['DESCRIBE'] }], tables: [], columns: [], databases: ['sales'] },
    {
      name: 'a table',
      given: [{ principal: analyst, resource: table('orders'), permissions: ['SELECT'] }],
      tables: ['orders'],
      columns: ['o_id', 'o_email', 'o_total'],
      databases: [],
    },
    { name: 'some columns', given: [{ principal: analyst, resource: columns('orders', ['o_id']), permissions: ['SELECT'] }], tables: ['orders'], columns: ['o_id'], databases: [] },
    {
      name: 'all columns but one',
      given: [{ principal: analyst, resource: allBut('orders', ['o_email']), permissions: ['SELECT'] }],
      tables: ['orders'],
      columns: ['o_id', 'o_total'],
      databases: [],
    },
    { name: 'a filter', given: [{ principal: analyst, resource: europe, permissions: ['SELECT'] }], tables: ['orders'], columns: ['o_id', 'o_total'], databases: [] },
    {
      name: 'all tables',
      given: [{ principal: analyst, resource: allTables, permissions: ['DESCRIBE'] }],
      tables: ['items', 'link', 'orders', 'recent'],
      columns: ['o_id', 'o_email', 'o_total'],
      databases: ['sales'],
    },
    {
      name: 'what is open to IAM',
      given: [
        { principal: 'IAM_ALLOWED_PRINCIPALS', resource: database, permissions: ['ALL'] },
        { principal: 'IAM_ALLOWED_PRINCIPALS', resource: table('orders'), permissions: ['ALL'] },
      ],
      tables: ['orders'],
      columns: ['o_id', 'o_email', 'o_total'],
      databases: ['sales'],
    },
    {
      name: 'what every IAM principal of the account holds',
      given: [{ principal: `${central}:IAMPrincipals`, resource: table('items'), permissions: ['SELECT'] }],
      tables: ['items'],
      columns: [],
      databases: [],
    },
  ];

  test.each(cases)('$name', async ({ given, tables, columns: expected, databases }) => {
    const emulator = await start({ seed: seedWith(grants(...given)) });
    const { glue } = clientOf(emulator, analyst);
    const { DatabaseList } = await glue.send(new GetDatabasesCommand({}));
    expect(DatabaseList?.map(({ Name }) => Name)).toEqual(databases);
    const listed = await glue.send(new GetTablesCommand(sales)).catch(() => ({ TableList: [] }));
    expect(listed.TableList?.map(({ Name }) => Name)).toEqual(tables);
    const get = glue.send(new GetTableCommand({ ...sales, Name: 'orders' }));
    if (!tables.includes('orders')) return expect(await refusal(get)).toMatch(/^EntityNotFoundException/);
    const { Table } = await get;
    expect(Table?.StorageDescriptor?.Columns?.map(({ Name }) => Name)).toEqual(expected);
    const isWhole = given.some(({ permissions, resource }) => permissions.includes('ALL') || ('Table' in resource && permissions.includes('SELECT')));
    expect(Table?.Parameters?.['spark.sql.sources.schema'] !== undefined).toBe(isWhole);
  });

  test('nothing at all without IAM permissions', async () => {
    const emulator = await start();
    const { glue } = clientOf(emulator, `arn:aws:iam::${central}:role/outsider`);
    expect(await refusal(glue.send(new GetDatabasesCommand({})))).toMatch(/^AccessDeniedException: User: .* is not authorized to perform: glue:GetDatabases/);
  });
});

describe('writing', () => {
  const input = { Name: 'New', StorageDescriptor: { Columns: [{ Name: 'A', Type: 'int' }] }, Parameters: { kind: 'x' } };

  test('new objects get what the settings say', async () => {
    const emulator = await start({ seed: seedWith({ settings: { DataLakeAdmins: [admin] } }) });
    const client = clientOf(emulator, admin);
    await client.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'Fresh' } }));
    await client.glue.send(new CreateTableCommand({ DatabaseName: 'FRESH', TableInput: input }));
    expect((await listAll(client)).map(brief).sort()).toEqual(['IAM_ALLOWED_PRINCIPALS: database fresh ALL', 'IAM_ALLOWED_PRINCIPALS: table fresh.new ALL']);
    const { Table } = await client.glue.send(new GetTableCommand({ DatabaseName: 'fresh', Name: 'new' }));
    expect(Table).toMatchObject({ VersionId: '0', CreatedBy: admin, StorageDescriptor: { Columns: [{ Name: 'a' }] } });
  });

  test('nothing where the default lists are empty', async () => {
    const emulator = await start();
    const client = clientOf(emulator, admin);
    await client.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'fresh' } }));
    await client.glue.send(new CreateTableCommand({ DatabaseName: 'fresh', TableInput: input }));
    expect(await listAll(client)).toEqual([]);
    const again = client.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'FRESH' } }));
    expect(await refusal(again)).toMatch(/^AlreadyExistsException/);
  });

  test('an update replaces everything and counts versions from 0', async () => {
    const emulator = await start();
    const { glue } = clientOf(emulator, admin);
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'fresh', Description: 'old', Parameters: { a: '1' } } }));
    await glue.send(new CreateTableCommand({ DatabaseName: 'fresh', TableInput: input }));
    await glue.send(new UpdateTableCommand({ DatabaseName: 'fresh', TableInput: { Name: 'new' }, VersionId: '0' }));
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'fresh', Name: 'new' }));
    expect(Table?.VersionId).toBe('1');
    expect(Table?.Parameters).toBeUndefined();
    const stale = glue.send(new UpdateTableCommand({ DatabaseName: 'fresh', TableInput: { Name: 'new' }, VersionId: '0' }));
    expect(await refusal(stale)).toMatch(/^ConcurrentModificationException/);
    await glue.send(new UpdateDatabaseCommand({ Name: 'fresh', DatabaseInput: { Name: 'fresh', Parameters: { b: '2' } } }));
    const { Database } = await glue.send(new GetDatabaseCommand({ Name: 'fresh' }));
    expect(Database?.Description).toBeUndefined();
    expect(Database?.Parameters).toEqual({ b: '2' });
  });

  test('an administrator may not change what others made, but may grant itself that', async () => {
    const seed = seedWith(grants({ principal: admin, resource: table('items'), permissions: ['ALTER', 'DROP'] }));
    const emulator = await start({ seed });
    const { glue } = clientOf(emulator, admin);
    expect(await refusal(glue.send(new DeleteTableCommand({ ...sales, Name: 'orders' })))).toMatch(/^AccessDeniedException: Insufficient Lake Formation permission\(s\): Required Drop on orders/);
    expect(await refusal(glue.send(new UpdateDatabaseCommand({ Name: 'sales', DatabaseInput: { Name: 'sales' } })))).toMatch(/Required Alter on sales/);
    expect(await refusal(glue.send(new DeleteDatabaseCommand({ Name: 'sales' })))).toMatch(/Required Drop on sales/);
    await glue.send(new UpdateTableCommand({ ...sales, TableInput: { Name: 'items' } }));
    const { Errors } = await glue.send(new BatchDeleteTableCommand({ ...sales, TablesToDelete: ['items', 'orders', 'nope'] }));
    expect(Errors?.map(({ TableName, ErrorDetail }) => [TableName, ErrorDetail?.ErrorCode])).toEqual([
      ['orders', 'AccessDeniedException'],
      ['nope', 'EntityNotFoundException'],
    ]);
  });

  test('a table takes its filters and grants with it', async () => {
    const europe = { DataCellsFilter: { TableCatalogId: central, DatabaseName: 'sales', TableName: 'orders', Name: 'europe' } };
    const given = [
      { principal: admin, resource: table('orders'), permissions: ['DROP'] },
      { principal: analyst, resource: table('orders'), permissions: ['SELECT'] },
      { principal: analyst, resource: europe, permissions: ['SELECT'] },
      { principal: consumer, resource: table('orders'), permissions: ['SELECT'], withGrantOption: ['SELECT'] },
    ];
    const emulator = await start({ seed: seedWith(grants(...given)) });
    await clientOf(emulator, admin).glue.send(new DeleteTableCommand({ ...sales, Name: 'orders' }));
    const { atoms, filters } = emulator.snapshot(central, region);
    expect([atoms, filters]).toEqual([[], []]);
    expect(emulator.journal().at(-1)?.changes.map(({ verb }) => verb).sort()).toEqual(['delete', 'delete', 'revoke', 'revoke', 'revoke', 'revoke']);
  });

  test('a role needs CREATE_DATABASE, CREATE_TABLE and the location', async () => {
    const emulator = await start({ seed: seedWith(grants({ principal: analyst, resource: database, permissions: ['CREATE_TABLE'] })) });
    const { glue } = clientOf(emulator, analyst);
    expect(await refusal(glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'fresh' } })))).toBe(
      'AccessDeniedException: Insufficient Lake Formation permission(s): Required Create Database on Catalog',
    );
    const located = { ...input, StorageDescriptor: { ...input.StorageDescriptor, Location: 's3://lake/sales/new' } };
    expect(await refusal(glue.send(new CreateTableCommand({ ...sales, TableInput: located })))).toMatch(/^AccessDeniedException: Insufficient Lake Formation permission\(s\) on s3/);
    await glue.send(new CreateTableCommand({ ...sales, TableInput: input }));
    await glue.send(new DeleteTableCommand({ ...sales, Name: 'new' }));
  });

  test('a resource link needs no target', async () => {
    const emulator = await start();
    const { glue } = clientOf(emulator, admin);
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'linked', TargetDatabase: { CatalogId: consumer, DatabaseName: 'nope' } } }));
    const { Database } = await glue.send(new GetDatabaseCommand({ Name: 'linked' }));
    expect(Database?.TargetDatabase).toEqual({ CatalogId: consumer, DatabaseName: 'nope' });
  });

  test("another account's catalog cannot be changed", async () => {
    const emulator = await start();
    const call = clientOf(emulator, admin).glue.send(new CreateDatabaseCommand({ CatalogId: consumer, DatabaseInput: { Name: 'x' } }));
    expect(await refusal(call)).toMatch(/^AccessDeniedException/);
  });
});
