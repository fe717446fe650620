import { GetDatabasesCommand, GetTableCommand, GetTablesCommand } from '@aws-sdk/client-glue';
import {
  GrantPermissionsCommand,
  type Permission,
  type Resource,
  RevokePermissionsCommand,
} from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import type { Seed, SeedGrant, SeedRegion } from '../../src/emulator/seed.ts';
import {
  admin,
  allTables,
  brief,
  central,
  clientOf,
  columns,
  consumer,
  consumerAdmin,
  consumerAnalyst,
  database,
  grants,
  listAll,
  refusal,
  region,
  seedWith,
  start,
  table,
  who,
} from './fixture.ts';

const foreign = table('orders', { catalog: central });
const shared: SeedGrant = {
  principal: consumer,
  resource: table('orders'),
  permissions: ['SELECT', 'DESCRIBE'],
  withGrantOption: ['SELECT', 'DESCRIBE'],
};

function grant(principal: string, resource: Resource, permissions: Permission[], options: Permission[] = []) {
  return new GrantPermissionsCommand({
    Principal: who(principal),
    Resource: resource,
    Permissions: permissions,
    PermissionsWithGrantOption: options,
  });
}

/** The seed with IAM_ALLOWED_PRINCIPALS on a table, and the settings that decide whether that matters. */
function openTable(version: string, hybrid: boolean): Seed {
  const more: Partial<SeedRegion> = {
    ...grants({ principal: 'IAM_ALLOWED_PRINCIPALS', resource: table('orders'), permissions: ['ALL'] }),
    settings: { DataLakeAdmins: [admin], Parameters: { CROSS_ACCOUNT_VERSION: version } },
    locations: [{ arn: 'arn:aws:s3:::lake/sales', hybrid }],
  };
  return seedWith(more);
}

describe('granting to another account', () => {
  test('makes one RAM share for tables and one for databases, shown on the rows', async () => {
    const emulator = await start();
    const client = clientOf(emulator, admin);
    for (const name of ['orders', 'items'])
      await client.lakeFormation.send(grant(consumer, table(name), ['SELECT'], ['SELECT']));
    await client.lakeFormation.send(grant(consumer, database, ['DESCRIBE'], ['DESCRIBE']));
    const rows = await listAll(client);
    const arns = new Set(rows.map((row) => row.AdditionalDetails?.ResourceShare?.[0]));
    expect(arns.size).toBe(2);
    expect([...arns].every((arn) => arn?.startsWith(`arn:aws:ram:${region}:${central}:resource-share/`))).toBe(true);
  });

  test.each([
    { version: '3', hybrid: true, isRefused: true },
    { version: '4', hybrid: false, isRefused: true },
    { version: '4', hybrid: true, isRefused: false },
  ])(
    'while IAM_ALLOWED_PRINCIPALS holds the table: version $version, hybrid $hybrid',
    async ({ version, hybrid, isRefused }) => {
      const emulator = await start({ seed: openTable(version, hybrid) });
      const call = clientOf(emulator, admin).lakeFormation.send(
        grant(consumer, table('orders'), ['SELECT'], ['SELECT']),
      );
      if (isRefused)
        expect(await refusal(call)).toBe(
          'AccessDeniedException: Insufficient Lake Formation permissions: Illegal combination',
        );
      else await call;
    },
  );

  test('all tables are refused while one of them is open to IAM', async () => {
    const emulator = await start({ seed: openTable('4', false) });
    const call = clientOf(emulator, admin).lakeFormation.send(grant(consumer, allTables, ['SELECT'], ['SELECT']));
    expect(await refusal(call)).toMatch(/Illegal combination/);
  });

  test('a role there needs version 3', async () => {
    const emulator = await start({ seed: openTable('2', false) });
    const call = clientOf(emulator, admin).lakeFormation.send(grant(consumerAnalyst, table('items'), ['SELECT']));
    expect(await refusal(call)).toMatch(/^InvalidInputException: .*version 3/);
  });
});

describe('what the other account sees', () => {
  test('its administrator lists it by naming the owner, not in a sweep', async () => {
    const emulator = await start({ seed: seedWith(grants(shared)) });
    const client = clientOf(emulator, consumerAdmin);
    expect(await listAll(client)).toEqual([]);
    expect((await listAll(client, { Resource: foreign })).map(brief).sort()).toEqual([
      `${consumer}: columns sales.orders *-[] SELECT +SELECT`,
      `${consumer}: table sales.orders DESCRIBE +DESCRIBE`,
    ]);
  });

  test('a grant made to one role there is seen by that role only', async () => {
    const emulator = await start({
      seed: seedWith(grants({ principal: consumerAnalyst, resource: table('orders'), permissions: ['SELECT'] })),
    });
    expect((await listAll(clientOf(emulator, consumerAnalyst), { Resource: foreign })).map(brief)).toEqual([
      'analyst: columns sales.orders *-[] SELECT',
    ]);
    expect(await refusal(listAll(clientOf(emulator, consumerAdmin), { Resource: foreign }))).toMatch(
      /^AccessDeniedException/,
    );
  });

  test('Glue shows shared databases and tables', async () => {
    const seed = seedWith(
      grants(shared, {
        principal: consumer,
        resource: database,
        permissions: ['DESCRIBE'],
        withGrantOption: ['DESCRIBE'],
      }),
    );
    const emulator = await start({ seed });
    const { glue } = clientOf(emulator, consumerAdmin);
    const { DatabaseList } = await glue.send(new GetDatabasesCommand({ ResourceShareType: 'FOREIGN' }));
    expect(DatabaseList?.map(({ Name, CatalogId }) => [Name, CatalogId])).toEqual([['sales', central]]);
    const { TableList } = await glue.send(new GetTablesCommand({ CatalogId: central, DatabaseName: 'sales' }));
    expect(TableList?.map(({ Name }) => Name)).toEqual(['orders']);
    const analyst = clientOf(emulator, consumerAnalyst).glue;
    expect(
      await refusal(analyst.send(new GetTableCommand({ CatalogId: central, DatabaseName: 'sales', Name: 'orders' }))),
    ).toMatch(/^EntityNotFoundException/);
  });

  test('nothing until the share is accepted', async () => {
    const seed = seedWith({
      ...grants(shared),
      shares: [{ receiver: consumer, kind: 'table', invitation: 'PENDING' }],
    });
    const emulator = await start({ seed });
    expect(await refusal(listAll(clientOf(emulator, consumerAdmin), { Resource: foreign }))).toMatch(
      /^AccessDeniedException/,
    );
  });
});

describe('passing on what was shared', () => {
  test('is kept in the catalog of the receiver, under the id of the owner', async () => {
    const emulator = await start({ seed: seedWith(grants(shared)) });
    const client = clientOf(emulator, consumerAdmin);
    await client.lakeFormation.send(grant(consumerAnalyst, foreign, ['SELECT']));
    expect((await listAll(client)).map(brief)).toEqual(['analyst: columns sales.orders *-[] SELECT']);
    expect(emulator.snapshot(consumer, region).atoms.map(({ resource }) => resource.catalogId)).toEqual([central]);
    expect(emulator.snapshot(central, region).atoms).toHaveLength(2);
    const { Table } = await clientOf(emulator, consumerAnalyst).glue.send(
      new GetTableCommand({ CatalogId: central, DatabaseName: 'sales', Name: 'orders' }),
    );
    expect(Table?.Name).toBe('orders');
    await client.lakeFormation.send(
      new RevokePermissionsCommand({ Principal: who(consumerAnalyst), Resource: foreign, Permissions: ['SELECT'] }),
    );
    expect(await listAll(client)).toEqual([]);
  });

  const columnsThere = { TableWithColumns: { ...columns('orders', ['o_id']).TableWithColumns, CatalogId: central } };

  test.each([
    { name: 'more than was shared', principal: consumerAnalyst, resource: foreign, permissions: ['ALTER'] },
    {
      name: 'another table',
      principal: consumerAnalyst,
      resource: table('items', { catalog: central }),
      permissions: ['SELECT'],
    },
    { name: 'to a third account', principal: central, resource: foreign, permissions: ['SELECT'] },
    {
      name: 'to IAM_ALLOWED_PRINCIPALS',
      principal: 'IAM_ALLOWED_PRINCIPALS',
      resource: foreign,
      permissions: ['SELECT'],
    },
  ] as { name: string; principal: string; resource: Resource; permissions: Permission[] }[])(
    '$name is refused',
    async ({ principal, resource, permissions }) => {
      const emulator = await start({ seed: seedWith(grants(shared)) });
      expect(
        await refusal(clientOf(emulator, consumerAdmin).lakeFormation.send(grant(principal, resource, permissions))),
      ).toMatch(/^AccessDeniedException/);
    },
  );

  test('columns of it may be chosen', async () => {
    const emulator = await start({ seed: seedWith(grants(shared)) });
    const client = clientOf(emulator, consumerAdmin);
    await client.lakeFormation.send(grant(consumerAnalyst, columnsThere, ['SELECT']));
    expect((await listAll(client)).map(brief)).toEqual(['analyst: columns sales.orders [o_id] SELECT']);
  });
});
