import { ListPermissionsCommand, type ListPermissionsCommandInput } from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import type { SeedGrant } from '../../src/emulator/seed.ts';
import {
  admin,
  allTables,
  analyst,
  auditor,
  brief,
  central,
  clientOf,
  columns,
  consumer,
  database,
  grants,
  listAll,
  refusal,
  seedWith,
  start,
  steward,
  table,
  who,
} from './fixture.ts';

const europe = {
  DataCellsFilter: { TableCatalogId: central, DatabaseName: 'sales', TableName: 'orders', Name: 'europe' },
};

const given: SeedGrant[] = [
  { principal: analyst, resource: { Catalog: {} }, permissions: ['CREATE_DATABASE'] },
  { principal: analyst, resource: database, permissions: ['DESCRIBE'] },
  { principal: analyst, resource: table('orders'), permissions: ['DESCRIBE'] },
  { principal: steward, resource: columns('orders', ['o_id']), permissions: ['SELECT'] },
  { principal: steward, resource: table('items'), permissions: ['ALTER', 'DESCRIBE'] },
  { principal: analyst, resource: table('items'), permissions: ['SELECT', 'ALTER', 'DROP'] },
  { principal: analyst, resource: allTables, permissions: ['DESCRIBE'] },
  { principal: analyst, resource: europe, permissions: ['SELECT'] },
  {
    principal: analyst,
    resource: { DataLocation: { ResourceArn: 'arn:aws:s3:::lake/sales/orders' } },
    permissions: ['DATA_LOCATION_ACCESS'],
  },
];

const rows = {
  catalog: 'analyst: {"Id":"111122223333"} CREATE_DATABASE',
  database: 'analyst: database sales DESCRIBE',
  orders: 'analyst: table sales.orders DESCRIBE',
  ordersColumns: 'steward: columns sales.orders [o_id] SELECT',
  items: 'analyst: table sales.items ALTER,DROP',
  itemsColumns: 'analyst: columns sales.items *-[] SELECT',
  stewardItems: 'steward: table sales.items ALTER,DESCRIBE',
  wildcard: 'analyst: table sales.ALL_TABLES (wildcard) DESCRIBE',
  filter: 'analyst: filter orders.europe SELECT',
  location: 'analyst: location arn:aws:s3:::lake/sales/orders DATA_LOCATION_ACCESS',
};

const emulatorWithGrants = () => start({ seed: seedWith(grants(...given)) });

describe('stored grants', () => {
  const cases: { name: string; input: ListPermissionsCommandInput; expected: string[] }[] = [
    { name: 'no filter: everything', input: {}, expected: Object.values(rows) },
    { name: 'databases', input: { ResourceType: 'DATABASE' }, expected: [rows.database] },
    {
      name: 'tables',
      input: { ResourceType: 'TABLE' },
      expected: [rows.orders, rows.ordersColumns, rows.items, rows.itemsColumns, rows.stewardItems, rows.wildcard],
    },
    { name: 'locations', input: { ResourceType: 'DATA_LOCATION' }, expected: [rows.location] },
    { name: 'the catalog', input: { ResourceType: 'CATALOG' }, expected: [rows.catalog] },
    { name: 'a database without its tables', input: { Resource: database }, expected: [rows.database] },
    {
      name: 'a table with its columns',
      input: { Resource: table('orders') },
      expected: [rows.orders, rows.ordersColumns],
    },
    {
      name: 'a table with its filters',
      input: { Resource: table('orders'), IncludeRelated: 'TRUE' },
      expected: [rows.orders, rows.ordersColumns, rows.filter],
    },
    { name: 'all tables', input: { Resource: allTables }, expected: [rows.wildcard] },
    { name: 'a filter', input: { Resource: europe }, expected: [rows.filter] },
    {
      name: 'a resource and its type',
      input: { Resource: table('orders'), ResourceType: 'TABLE' },
      expected: [rows.orders, rows.ordersColumns],
    },
  ];

  test.each(cases)('$name', async ({ input, expected }) => {
    const emulator = await emulatorWithGrants();
    expect((await listAll(clientOf(emulator, admin), input)).map(brief).sort()).toEqual([...expected].sort());
  });

  test('a read-only administrator sees the same', async () => {
    const emulator = await emulatorWithGrants();
    expect(await listAll(clientOf(emulator, auditor))).toEqual(await listAll(clientOf(emulator, admin)));
  });

  test('others see rows of permissions that they hold themselves', async () => {
    const emulator = await emulatorWithGrants();
    expect((await listAll(clientOf(emulator, steward))).map(brief).sort()).toEqual(
      [
        'steward: columns sales.orders [o_id] SELECT',
        'steward: table sales.items ALTER,DESCRIBE',
        'analyst: table sales.items ALTER',
      ].sort(),
    );
  });
});

describe('effective permissions', () => {
  const effective = async (principal: string, resource: NonNullable<ListPermissionsCommandInput['Resource']>) => {
    const emulator = await emulatorWithGrants();
    return (await listAll(clientOf(emulator, admin), { Principal: who(principal), Resource: resource }))
      .map(brief)
      .sort();
  };

  test('what an administrator holds implicitly, with seven grant options', async () => {
    expect(await effective(admin, table('orders'))).toEqual([
      'admin: columns sales.orders *-[] SELECT +SELECT',
      'admin: table sales.orders ALL,ALTER,DELETE,DESCRIBE,DROP,INSERT +ALL,ALTER,DELETE,DESCRIBE,DROP,INSERT',
    ]);
  });

  test('what all tables give on one, and the DESCRIBE that comes with SELECT', async () => {
    expect(await effective(analyst, table('items'))).toEqual([
      'analyst: columns sales.items *-[] SELECT',
      'analyst: table sales.items ALTER,DESCRIBE,DROP',
    ]);
    expect(await effective(steward, table('orders'))).toEqual([
      'steward: columns sales.orders [o_id] SELECT',
      'steward: table sales.orders DESCRIBE',
    ]);
  });

  test('nothing', async () => {
    expect(await effective(auditor, table('orders'))).toEqual([]);
  });

  test('an Identity Center group is empty', async () => {
    expect(await effective('arn:aws:identitystore:::group/1234', table('orders'))).toEqual([]);
  });
});

describe('listings that are refused', () => {
  const cases: { name: string; caller?: string; input: ListPermissionsCommandInput; refused: RegExp }[] = [
    {
      name: 'a principal alone',
      input: { Principal: who(analyst) },
      refused: /^InvalidInputException: Resource is mandatory if Principal is set in the input\.$/,
    },
    {
      name: 'a principal and a type',
      input: { Principal: who(analyst), ResourceType: 'TABLE' },
      refused: /Resource is mandatory/,
    },
    {
      name: 'an empty resource',
      input: { Resource: {} },
      refused: /Resource must have either the catalog, table or database field populated/,
    },
    {
      name: 'a table with columns',
      input: { Resource: columns('orders', ['o_id']) },
      refused: /^InvalidInputException/,
    },
    {
      name: 'a principal with related rows',
      input: { Principal: who(analyst), Resource: table('orders'), IncludeRelated: 'TRUE' },
      refused: /^InvalidInputException/,
    },
    {
      name: 'IncludeRelated that is neither',
      input: { Resource: table('orders'), IncludeRelated: 'YES' },
      refused: /^InvalidInputException/,
    },
    {
      name: 'an Identity Center user',
      input: { Principal: who('arn:aws:identitystore:::user/1'), Resource: database },
      refused: /AccountId cannot be null or empty/,
    },
    {
      name: 'a missing table',
      input: { Resource: table('nope') },
      refused: /^AccessDeniedException: Resource does not exist or requester/,
    },
    {
      name: 'a table the caller holds nothing on',
      caller: steward,
      input: { Resource: table('recent') },
      refused: /^AccessDeniedException/,
    },
    {
      name: 'a table that was not shared',
      input: { Resource: table('orders', { catalog: consumer }) },
      refused: /^AccessDeniedException/,
    },
    { name: "another account's catalog", input: { CatalogId: consumer }, refused: /^AccessDeniedException/ },
    {
      name: 'no page at all',
      input: { MaxResults: 0 },
      refused: /^InvalidInputException: 1 validation error detected: Value '0' at 'maxResults'/,
    },
    { name: 'too large a page', input: { MaxResults: 1001 }, refused: /less than or equal to 1000/ },
    { name: 'a token that is none', input: { NextToken: 'x' }, refused: /^InvalidInputException/ },
  ];

  test.each(cases)('$name', async ({ caller = admin, input, refused }) => {
    const emulator = await emulatorWithGrants();
    expect(await refusal(clientOf(emulator, caller).lakeFormation.send(new ListPermissionsCommand(input)))).toMatch(
      refused,
    );
  });
});
