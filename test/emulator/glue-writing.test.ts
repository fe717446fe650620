import {
  BatchDeleteTableCommand,
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetTableCommand,
  UpdateDatabaseCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { describe, expect, test } from 'vitest';
import {
  admin,
  analyst,
  brief,
  central,
  clientOf,
  consumer,
  database,
  grants,
  listAll,
  refusal,
  region,
  seedWith,
  start,
  table,
} from './fixture.ts';

const sales = { DatabaseName: 'sales' };

describe('writing', () => {
  const input = {
    Name: 'New',
    StorageDescriptor: { Columns: [{ Name: 'A', Type: 'int' }] },
    Parameters: { kind: 'x' },
  };

  test('new objects get what the settings say', async () => {
    const emulator = await start({ seed: seedWith({ settings: { DataLakeAdmins: [admin] } }) });
    const client = clientOf(emulator, admin);
    await client.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'Fresh' } }));
    await client.glue.send(new CreateTableCommand({ DatabaseName: 'FRESH', TableInput: input }));
    expect((await listAll(client)).map(brief).sort()).toEqual([
      'IAM_ALLOWED_PRINCIPALS: database fresh ALL',
      'IAM_ALLOWED_PRINCIPALS: table fresh.new ALL',
    ]);
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
    await glue.send(
      new CreateDatabaseCommand({ DatabaseInput: { Name: 'fresh', Description: 'old', Parameters: { a: '1' } } }),
    );
    await glue.send(new CreateTableCommand({ DatabaseName: 'fresh', TableInput: input }));
    await glue.send(new UpdateTableCommand({ DatabaseName: 'fresh', TableInput: { Name: 'new' }, VersionId: '0' }));
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'fresh', Name: 'new' }));
    expect(Table?.VersionId).toBe('1');
    expect(Table?.Parameters).toBeUndefined();
    const stale = glue.send(
      new UpdateTableCommand({ DatabaseName: 'fresh', TableInput: { Name: 'new' }, VersionId: '0' }),
    );
    expect(await refusal(stale)).toMatch(/^ConcurrentModificationException/);
    await glue.send(
      new UpdateDatabaseCommand({ Name: 'fresh', DatabaseInput: { Name: 'fresh', Parameters: { b: '2' } } }),
    );
    const { Database } = await glue.send(new GetDatabaseCommand({ Name: 'fresh' }));
    expect(Database?.Description).toBeUndefined();
    expect(Database?.Parameters).toEqual({ b: '2' });
  });

  test('an administrator may not change what others made, but may grant itself that', async () => {
    const seed = seedWith(grants({ principal: admin, resource: table('items'), permissions: ['ALTER', 'DROP'] }));
    const emulator = await start({ seed });
    const { glue } = clientOf(emulator, admin);
    expect(await refusal(glue.send(new DeleteTableCommand({ ...sales, Name: 'orders' })))).toMatch(
      /^AccessDeniedException: Insufficient Lake Formation permission\(s\): Required Drop on orders/,
    );
    expect(
      await refusal(glue.send(new UpdateDatabaseCommand({ Name: 'sales', DatabaseInput: { Name: 'sales' } }))),
    ).toMatch(/Required Alter on sales/);
    expect(await refusal(glue.send(new DeleteDatabaseCommand({ Name: 'sales' })))).toMatch(/Required Drop on sales/);
    await glue.send(new UpdateTableCommand({ ...sales, TableInput: { Name: 'items' } }));
    const { Errors } = await glue.send(
      new BatchDeleteTableCommand({ ...sales, TablesToDelete: ['items', 'orders', 'nope'] }),
    );
    expect(Errors?.map(({ TableName, ErrorDetail }) => [TableName, ErrorDetail?.ErrorCode])).toEqual([
      ['orders', 'AccessDeniedException'],
      ['nope', 'EntityNotFoundException'],
    ]);
  });

  test('a table takes its filters and grants with it', async () => {
    const europe = {
      DataCellsFilter: { TableCatalogId: central, DatabaseName: 'sales', TableName: 'orders', Name: 'europe' },
    };
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
    expect(
      emulator
        .journal()
        .at(-1)
        ?.changes.map(({ verb }) => verb)
        .sort(),
    ).toEqual(['delete', 'delete', 'revoke', 'revoke', 'revoke', 'revoke']);
  });

  test('a role needs CREATE_DATABASE, CREATE_TABLE and the location', async () => {
    const emulator = await start({
      seed: seedWith(grants({ principal: analyst, resource: database, permissions: ['CREATE_TABLE'] })),
    });
    const { glue } = clientOf(emulator, analyst);
    expect(await refusal(glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'fresh' } })))).toBe(
      'AccessDeniedException: Insufficient Lake Formation permission(s): Required Create Database on Catalog',
    );
    const located = { ...input, StorageDescriptor: { ...input.StorageDescriptor, Location: 's3://lake/sales/new' } };
    expect(await refusal(glue.send(new CreateTableCommand({ ...sales, TableInput: located })))).toMatch(
      /^AccessDeniedException: Insufficient Lake Formation permission\(s\) on s3/,
    );
    await glue.send(new CreateTableCommand({ ...sales, TableInput: input }));
    await glue.send(new DeleteTableCommand({ ...sales, Name: 'new' }));
  });

  test('a resource link needs no target', async () => {
    const emulator = await start();
    const { glue } = clientOf(emulator, admin);
    await glue.send(
      new CreateDatabaseCommand({
        DatabaseInput: { Name: 'linked', TargetDatabase: { CatalogId: consumer, DatabaseName: 'nope' } },
      }),
    );
    const { Database } = await glue.send(new GetDatabaseCommand({ Name: 'linked' }));
    expect(Database?.TargetDatabase).toEqual({ CatalogId: consumer, DatabaseName: 'nope' });
  });

  test("another account's catalog cannot be changed", async () => {
    const emulator = await start();
    const call = clientOf(emulator, admin).glue.send(
      new CreateDatabaseCommand({ CatalogId: consumer, DatabaseInput: { Name: 'x' } }),
    );
    expect(await refusal(call)).toMatch(/^AccessDeniedException/);
  });
});
