import { GrantPermissionsCommand, type Permission, type Resource } from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import {
  admin,
  allBut,
  allTables,
  analyst,
  brief,
  central,
  clientOf,
  columns,
  database,
  listAll,
  start,
  table,
  who,
} from './fixture.ts';

interface Case {
  readonly name: string;
  readonly resource: Resource;
  readonly permissions: Permission[];
  readonly options?: Permission[];
  readonly rows: string[];
}

const everyColumn = { TableWithColumns: { DatabaseName: 'Sales', Name: 'ORDERS', ColumnWildcard: {} } };

const cases: Case[] = [
  {
    name: 'DESCRIBE on a table',
    resource: table('Orders'),
    permissions: ['DESCRIBE'],
    rows: ['analyst: table sales.orders DESCRIBE'],
  },
  {
    name: 'SELECT on a table',
    resource: table('orders'),
    permissions: ['SELECT'],
    rows: ['analyst: columns sales.orders *-[] SELECT'],
  },
  {
    name: 'SELECT among others',
    resource: table('orders'),
    permissions: ['SELECT', 'ALTER'],
    options: ['SELECT'],
    rows: ['analyst: table sales.orders ALTER', 'analyst: columns sales.orders *-[] SELECT +SELECT'],
  },
  {
    name: 'all tables',
    resource: allTables,
    permissions: ['DESCRIBE'],
    rows: ['analyst: table sales.ALL_TABLES (wildcard) DESCRIBE'],
  },
  {
    name: 'all tables with SELECT',
    resource: allTables,
    permissions: ['SELECT', 'DESCRIBE'],
    rows: ['analyst: table sales.ALL_TABLES (wildcard) DESCRIBE', 'analyst: columns sales.ALL_TABLES *-[] SELECT'],
  },
  {
    name: 'all columns',
    resource: everyColumn,
    permissions: ['SELECT'],
    rows: ['analyst: columns sales.orders *-[] SELECT'],
  },
  {
    name: 'all columns and more',
    resource: everyColumn,
    permissions: ['SELECT', 'DROP'],
    rows: ['analyst: table sales.orders DROP', 'analyst: columns sales.orders *-[] SELECT'],
  },
  {
    name: 'some columns',
    resource: columns('orders', ['o_total', 'O_ID']),
    permissions: ['SELECT'],
    rows: ['analyst: columns sales.orders [o_id,o_total] SELECT'],
  },
  {
    name: 'all columns but some',
    resource: allBut('orders', ['o_email']),
    permissions: ['SELECT'],
    rows: ['analyst: columns sales.orders *-[o_email] SELECT'],
  },
  {
    name: 'ALL on a table',
    resource: table('orders'),
    permissions: ['ALL'],
    rows: [
      'analyst: table sales.orders ALL,ALTER,DELETE,DESCRIBE,DROP,INSERT',
      'analyst: columns sales.orders *-[] SELECT',
    ],
  },
  { name: 'ALL on a database', resource: database, permissions: ['ALL'], rows: ['analyst: database sales ALL'] },
];

describe('what is granted comes back normalised', () => {
  test.each(cases)('$name', async ({ resource, permissions, options, rows }) => {
    const emulator = await start();
    const client = clientOf(emulator, admin);
    await client.lakeFormation.send(
      new GrantPermissionsCommand({
        Principal: who(analyst),
        Resource: resource,
        Permissions: permissions,
        PermissionsWithGrantOption: options,
      }),
    );
    const found = await listAll(client);
    expect(found.map(brief).sort()).toEqual([...rows].sort());
    for (const row of found) {
      const { Database, Table, TableWithColumns } = row.Resource ?? {};
      expect((Database ?? Table ?? TableWithColumns)?.CatalogId).toBe(central);
      expect(row.LastUpdatedBy).toBe(admin);
      expect(row.LastUpdated).toBeInstanceOf(Date);
    }
  });
});
