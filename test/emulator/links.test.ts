import {
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
import { GrantPermissionsCommand, type Permission, type Resource } from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { foreign, link, startOpened, to } from './access-scene.ts';
import {
  admin,
  central,
  clientOf,
  consumer,
  consumerAdmin,
  consumerAnalyst,
  refusal,
  region,
  start,
  table,
  who,
} from './fixture.ts';

const TargetDatabase = { CatalogId: central, DatabaseName: 'sales' };
const TargetTable = { ...TargetDatabase, Name: 'orders' };
const own = { databases: { own: { createdBy: consumerAdmin } } };

function grantThere(emulator: Emulator, resource: Resource, permissions: Permission[]) {
  return clientOf(emulator, consumerAdmin).lakeFormation.send(
    new GrantPermissionsCommand({ Principal: who(consumerAnalyst), Resource: resource, Permissions: permissions }),
  );
}

describe('a link to a database', () => {
  test('is made without looking at its target, and shows it once that can be seen', async () => {
    const emulator = await startOpened({
      grants: [to(consumer, { Database: { Name: 'sales' } }, ['DESCRIBE']), to(consumer)],
    });
    const { glue } = clientOf(emulator, consumerAdmin);
    await glue.send(
      new CreateDatabaseCommand({
        DatabaseInput: { Name: 'nowhere', TargetDatabase: { CatalogId: central, DatabaseName: 'gone' } },
      }),
    );
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'Shop', TargetDatabase } }));
    const { Database } = await glue.send(new GetDatabaseCommand({ Name: 'shop' }));
    expect(Database).toMatchObject({
      Name: 'shop',
      CatalogId: consumer,
      TargetDatabase,
      Parameters: { data_owner: central },
    });
    expect((await glue.send(new GetDatabaseCommand({ Name: 'nowhere' }))).Database?.Parameters).toBeUndefined();
    expect((await glue.send(new GetDatabasesCommand({}))).DatabaseList?.map(({ Name }) => Name)).toEqual([
      'nowhere',
      'shop',
    ]);
    expect(
      (await glue.send(new GetTablesCommand({ DatabaseName: 'shop' }))).TableList?.map(({ Name, CatalogId }) => [
        Name,
        CatalogId,
      ]),
    ).toEqual([['orders', central]]);
    expect(await refusal(glue.send(new GetTablesCommand({ DatabaseName: 'nowhere' })))).toMatch(
      /^EntityNotFoundException/,
    );
  });

  test('is seen by administrators and its creator until DESCRIBE is granted on it', async () => {
    const emulator = await startOpened({ consumer: { databases: link.databases } });
    const { glue } = clientOf(emulator, consumerAnalyst);
    expect(await refusal(glue.send(new GetDatabaseCommand({ Name: 'shop' })))).toMatch(/^EntityNotFoundException/);
    await grantThere(emulator, { Database: { Name: 'shop' } }, ['DESCRIBE']);
    expect((await glue.send(new GetDatabaseCommand({ Name: 'shop' }))).Database?.Name).toBe('shop');
  });

  test.each(['ALTER', 'CREATE_TABLE', 'ALL'] as const)('takes no %s', async (permission) => {
    const emulator = await startOpened({ consumer: { databases: link.databases } });
    expect(await refusal(grantThere(emulator, { Database: { Name: 'shop' } }, [permission]))).toMatch(
      /^InvalidInputException/,
    );
  });

  test('gives nothing of its target: that is granted on the target', async () => {
    const emulator = await startOpened({ grants: [to(consumer)], consumer: link });
    const { glue } = clientOf(emulator, consumerAnalyst);
    const get = new GetTableCommand({ DatabaseName: 'shop', Name: 'orders' });
    expect(await refusal(glue.send(get))).toMatch(/^EntityNotFoundException/);
    await grantThere(emulator, foreign, ['SELECT']);
    expect((await glue.send(get)).Table).toMatchObject({ Name: 'orders', CatalogId: central, DatabaseName: 'sales' });
  });

  test('goes alone, and leaves its target', async () => {
    const emulator = await start();
    const { glue } = clientOf(emulator, consumerAdmin);
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'shop', TargetDatabase } }));
    await glue.send(new DeleteDatabaseCommand({ Name: 'shop' }));
    expect(emulator.snapshot(consumer, region).databases).toEqual([]);
    expect(emulator.snapshot(central, region).databases.map(({ name }) => name)).toEqual(['hr', 'sales']);
  });

  test('with default permissions is open to everyone in the account', async () => {
    const settings = { DataLakeAdmins: [consumerAdmin], Parameters: { CROSS_ACCOUNT_VERSION: '4' } };
    const defaults = [{ principal: 'IAM_ALLOWED_PRINCIPALS', permissions: ['ALL'] }];
    const emulator = await startOpened({
      consumer: { settings: { ...settings, CreateDatabaseDefaultPermissions: defaults } },
    });
    await clientOf(emulator, consumerAdmin).glue.send(
      new CreateDatabaseCommand({ DatabaseInput: { Name: 'shop', TargetDatabase } }),
    );
    expect(
      (await clientOf(emulator, consumerAnalyst).glue.send(new GetDatabaseCommand({ Name: 'shop' }))).Database?.Name,
    ).toBe('shop');
  });
});

describe('a link to a table', () => {
  const linked = async (grants = [to(consumer)]) => {
    const emulator = await startOpened({ grants, consumer: own });
    await clientOf(emulator, consumerAdmin).glue.send(
      new CreateTableCommand({ DatabaseName: 'own', TableInput: { Name: 'bought', TargetTable } }),
    );
    return emulator;
  };

  test('shows the columns of its target under its own name', async () => {
    const { glue } = clientOf(await linked(), consumerAdmin);
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'own', Name: 'bought' }));
    expect(Table).toMatchObject({
      Name: 'bought',
      DatabaseName: 'own',
      CatalogId: consumer,
      TargetTable,
      TableType: 'EXTERNAL_TABLE',
    });
    expect(Table?.StorageDescriptor?.Columns?.map(({ Name }) => Name)).toEqual(['o_id', 'o_email', 'o_total']);
    const { TableList } = await glue.send(new GetTablesCommand({ DatabaseName: 'own' }));
    expect(TableList?.map((one) => [one.Name, one.StorageDescriptor?.Columns?.length])).toEqual([['bought', 3]]);
  });

  test('is listed and cannot be read where its target is out of reach', async () => {
    const { glue } = clientOf(await linked([]), consumerAdmin);
    expect(
      (await glue.send(new GetTablesCommand({ DatabaseName: 'own' }))).TableList?.map(
        ({ TargetTable: target }) => target,
      ),
    ).toEqual([TargetTable]);
    expect(await refusal(glue.send(new GetTableCommand({ DatabaseName: 'own', Name: 'bought' })))).toMatch(
      /^EntityNotFoundException/,
    );
  });

  test('cannot be made through a link to a database', async () => {
    const emulator = await startOpened({ consumer: link });
    const { glue } = clientOf(emulator, consumerAdmin);
    expect(
      await refusal(
        glue.send(new CreateTableCommand({ DatabaseName: 'shop', TableInput: { Name: 'bought', TargetTable } })),
      ),
    ).toMatch(/^InvalidInputException/);
  });

  test('goes alone', async () => {
    const emulator = await linked();
    await clientOf(emulator, consumerAdmin).glue.send(new DeleteTableCommand({ DatabaseName: 'own', Name: 'bought' }));
    expect(emulator.snapshot(central, region).databases[1]?.tables.map(({ name }) => name)).toContain('orders');
  });
});

describe('what is changed through a link', () => {
  const given = ['ALTER', 'DROP', 'CREATE_TABLE'];
  const sales = { Database: { Name: 'sales' } };
  const here = async () => {
    const emulator = await startOpened({
      grants: [
        { principal: admin, resource: sales, permissions: given },
        { principal: admin, resource: table('items'), permissions: ['ALTER', 'DROP'] },
      ],
    });
    const { glue } = clientOf(emulator, admin);
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'alias', TargetDatabase } }));
    return { emulator, glue };
  };
  const tablesOf = (emulator: Emulator) =>
    emulator
      .snapshot(central, region)
      .databases.find(({ name }) => name === 'sales')
      ?.tables.map(({ name }) => name);

  test('is its target, in the own catalog', async () => {
    const { emulator, glue } = await here();
    await glue.send(
      new UpdateDatabaseCommand({ Name: 'alias', DatabaseInput: { Name: 'alias', Parameters: { a: 'b' } } }),
    );
    await glue.send(new CreateTableCommand({ DatabaseName: 'alias', TableInput: { Name: 'fresh' } }));
    await glue.send(new DeleteTableCommand({ DatabaseName: 'alias', Name: 'items' }));
    expect(emulator.snapshot(central, region).databases.find(({ name }) => name === 'sales')?.parameters).toEqual({
      a: 'b',
    });
    expect(tablesOf(emulator)).toEqual(['fresh', 'link', 'orders', 'recent']);
  });

  test('by a link to a table is the table it leads to', async () => {
    const { emulator, glue } = await here();
    const target = { CatalogId: central, DatabaseName: 'sales', Name: 'items' };
    await glue.send(
      new CreateTableCommand({ DatabaseName: 'sales', TableInput: { Name: 'other', TargetTable: target } }),
    );
    await glue.send(
      new UpdateTableCommand({ DatabaseName: 'sales', TableInput: { Name: 'other', Parameters: { c: 'd' } } }),
    );
    const { tables = [] } = emulator.snapshot(central, region).databases.find(({ name }) => name === 'sales') ?? {};
    expect(tables.find(({ name }) => name === 'items')?.parameters).toEqual({ c: 'd' });
    expect(
      await refusal(glue.send(new UpdateTableCommand({ DatabaseName: 'alias', TableInput: { Name: 'other' } }))),
    ).toMatch(/^InvalidInputException/);
  });

  test("is refused where it is another account's", async () => {
    const emulator = await startOpened({ consumer: link });
    const { glue } = clientOf(emulator, consumerAdmin);
    expect(
      await refusal(glue.send(new CreateTableCommand({ DatabaseName: 'shop', TableInput: { Name: 'fresh' } }))),
    ).toMatch(/^AccessDeniedException/);
  });
});
