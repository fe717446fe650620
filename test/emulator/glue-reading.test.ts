import {
  CreateDatabaseCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetTableCommand,
  GetTablesCommand,
} from '@aws-sdk/client-glue';
import { describe, expect, test } from 'vitest';
import type { SeedGrant } from '../../src/emulator/seed.ts';
import {
  admin,
  allBut,
  allTables,
  analyst,
  central,
  clientOf,
  columns,
  consumer,
  database,
  grants,
  refusal,
  seedWith,
  start,
  table,
} from './fixture.ts';

const sales = { DatabaseName: 'sales' };

describe('reading', () => {
  test('gives databases and tables with parameters, names folded', async () => {
    const emulator = await start();
    const { glue } = clientOf(emulator, admin);
    const { Database } = await glue.send(new GetDatabaseCommand({ Name: 'SALES' }));
    expect(Database).toMatchObject({
      Name: 'sales',
      CatalogId: central,
      LocationUri: 's3://lake/sales',
      Parameters: { data_owner: central },
    });
    const { Table } = await glue.send(new GetTableCommand({ ...sales, Name: 'Orders' }));
    expect(Table).toMatchObject({
      Name: 'orders',
      DatabaseName: 'sales',
      VersionId: '0',
      TableType: 'EXTERNAL_TABLE',
      IsRegisteredWithLakeFormation: true,
    });
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
    {
      name: 'a page of 101',
      call: new GetTablesCommand({ ...sales, MaxResults: 101 }),
      refused: /^ValidationException: 1 validation error detected: Value '101' at 'maxResults'/,
    },
    {
      name: 'a missing database',
      call: new GetTablesCommand({ DatabaseName: 'nope' }),
      refused: /^EntityNotFoundException: Database nope not found/,
    },
  ])('$name is refused', async ({ call, refused }) => {
    const emulator = await start();
    expect(await refusal(clientOf(emulator, admin).glue.send(call))).toMatch(refused);
  });

  test('of a missing table or database', async () => {
    const emulator = await start();
    const { glue } = clientOf(emulator, admin);
    expect(await refusal(glue.send(new GetTableCommand({ ...sales, Name: 'nope' })))).toBe(
      'EntityNotFoundException: Entity Not Found',
    );
    expect(await refusal(glue.send(new GetDatabaseCommand({ Name: 'nope' })))).toBe(
      'EntityNotFoundException: Entity Not Found',
    );
  });
});

describe('what a role sees', () => {
  const europe = {
    DataCellsFilter: { TableCatalogId: central, DatabaseName: 'sales', TableName: 'orders', Name: 'europe' },
  };
  const cases: { name: string; given: SeedGrant[]; tables: string[]; columns: string[]; databases: string[] }[] = [
    { name: 'nothing', given: [], tables: [], columns: [], databases: [] },
    {
      name: 'a database',
      given: [{ principal: analyst, resource: database, permissions: ['DESCRIBE'] }],
      tables: [],
      columns: [],
      databases: ['sales'],
    },
    {
      name: 'a table',
      given: [{ principal: analyst, resource: table('orders'), permissions: ['SELECT'] }],
      tables: ['orders'],
      columns: ['o_id', 'o_email', 'o_total'],
      databases: [],
    },
    {
      name: 'some columns',
      given: [{ principal: analyst, resource: columns('orders', ['o_id']), permissions: ['SELECT'] }],
      tables: ['orders'],
      columns: ['o_id'],
      databases: [],
    },
    {
      name: 'all columns but one',
      given: [{ principal: analyst, resource: allBut('orders', ['o_email']), permissions: ['SELECT'] }],
      tables: ['orders'],
      columns: ['o_id', 'o_total'],
      databases: [],
    },
    {
      name: 'a filter',
      given: [{ principal: analyst, resource: europe, permissions: ['SELECT'] }],
      tables: ['orders'],
      columns: ['o_id', 'o_total'],
      databases: [],
    },
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
    const isWhole = given.some(
      ({ permissions, resource }) =>
        permissions.includes('ALL') || ('Table' in resource && permissions.includes('SELECT')),
    );
    expect(Table?.Parameters?.['spark.sql.sources.schema'] !== undefined).toBe(isWhole);
  });

  test('nothing at all without IAM permissions', async () => {
    const emulator = await start();
    const { glue } = clientOf(emulator, `arn:aws:iam::${central}:role/outsider`);
    expect(await refusal(glue.send(new GetDatabasesCommand({})))).toMatch(
      /^AccessDeniedException: User: .* is not authorized to perform: glue:GetDatabases/,
    );
  });
});

describe('a database that is a resource link', () => {
  const linkTo = (name: string) =>
    new CreateDatabaseCommand({
      DatabaseInput: { Name: 'linked', TargetDatabase: { CatalogId: central, DatabaseName: name } },
    });
  const shared = {
    principal: consumer,
    resource: table('orders'),
    permissions: ['SELECT'],
    withGrantOption: ['SELECT'],
  };

  test('leads to the tables of its target', async () => {
    const emulator = await start({ seed: seedWith(grants(shared)) });
    const { glue } = clientOf(emulator, `arn:aws:iam::${consumer}:role/admin`);
    await glue.send(linkTo('sales'));
    const { TableList } = await glue.send(new GetTablesCommand({ DatabaseName: 'linked' }));
    expect(TableList?.map(({ Name, DatabaseName, CatalogId }) => [Name, DatabaseName, CatalogId])).toEqual([
      ['orders', 'sales', central],
    ]);
    expect((await glue.send(new GetTableCommand({ DatabaseName: 'linked', Name: 'orders' }))).Table?.CatalogId).toBe(
      central,
    );
  });

  test('is listed but of no use when it dangles', async () => {
    const emulator = await start();
    const { glue } = clientOf(emulator, admin);
    await glue.send(linkTo('nope'));
    expect((await glue.send(new GetDatabasesCommand({}))).DatabaseList?.map(({ Name }) => Name)).toContain('linked');
    expect(await refusal(glue.send(new GetTablesCommand({ DatabaseName: 'linked' })))).toMatch(
      /^EntityNotFoundException/,
    );
  });
});
