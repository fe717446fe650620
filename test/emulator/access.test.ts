import { GrantPermissionsCommand, RevokePermissionsCommand } from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import type { AccessQuestion } from '../../src/emulator/access/access.ts';
import {
  allColumns,
  asConsumer,
  ask,
  europe,
  foreign,
  link,
  loader,
  type Opened,
  opened,
  orders,
  some,
  startOpened,
  to,
} from './access-scene.ts';
import {
  admin,
  allBut,
  allTables,
  analyst,
  central,
  clientOf,
  consumer,
  consumerAdmin,
  consumerAnalyst,
  region,
  roleArn,
  start,
  table,
  who,
} from './fixture.ts';
import { acceptAll, hours, share } from './sharing.ts';

interface Case {
  readonly name: string;
  readonly given: Opened;
  readonly asked?: Partial<AccessQuestion>;
  readonly columns: Readonly<Record<string, string>>;
  readonly reason: RegExp;
}

const limited = { o_id: 'all', o_total: 'all', o_date: 'all' };
const european = { o_id: "region = 'EU'", o_total: "region = 'EU'", o_date: "region = 'EU'" };
const tagged = (tags: { readonly database?: object; readonly email?: object }): NonNullable<Opened['central']> => ({
  tags: { class: ['open', 'closed'] },
  databases: {
    sales: {
      location: 's3://lake/sales',
      tags: { class: 'open', ...tags.database },
      tables: {
        orders: {
          columns: { o_id: 'bigint', o_email: { type: 'string', tags: { ...tags.email } }, o_total: 'double' },
          partitionKeys: { o_date: 'date' },
          location: 's3://lake/sales/orders',
        },
      },
    },
  },
});
const policy = (values: string[]) => ({
  LFTagPolicy: { CatalogId: central, ResourceType: 'TABLE', Expression: [{ TagKey: 'class', TagValues: values }] },
});
const oldVersion = { settings: { DataLakeAdmins: [admin], Parameters: { CROSS_ACCOUNT_VERSION: '2' } } };
const opening = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: [consumer] },
      Action: 'glue:*',
      Resource: '*',
      Condition: { Bool: { 'glue:EvaluatedByLakeFormationTags': true } },
    },
  ],
};
const hybrid = {
  locations: [{ arn: 'arn:aws:s3:::lake/sales', hybrid: true }],
};
const toIam = to('IAM_ALLOWED_PRINCIPALS', orders, ['ALL']);

const cases: readonly Case[] = [
  { name: 'nothing was granted', given: {}, columns: {}, reason: /nothing was granted to it/ },
  {
    name: 'the whole table',
    given: { grants: [to(analyst)] },
    columns: allColumns,
    reason: /^SELECT on sales\.orders for .*analyst$/,
  },
  { name: 'some columns', given: { grants: [to(analyst, some)] }, columns: limited, reason: /cannot read o_email/ },
  {
    name: 'all but some',
    given: { grants: [to(analyst, allBut('orders', ['o_email']))] },
    columns: limited,
    reason: /cannot read o_email/,
  },
  {
    name: 'all tables',
    given: { grants: [to(analyst, allTables)] },
    columns: allColumns,
    reason: /all tables of sales/,
  },
  {
    name: 'ALL',
    given: { grants: [to(analyst, orders, ['ALL'])] },
    columns: allColumns,
    reason: /ALL on sales\.orders/,
  },
  { name: 'DESCRIBE alone', given: { grants: [to(analyst, orders, ['DESCRIBE'])] }, columns: {}, reason: /no SELECT/ },
  { name: 'a filter', given: { grants: [to(analyst, europe)] }, columns: european, reason: /cannot read o_email/ },
  {
    name: 'a filter beside a list of columns',
    given: { grants: [to(analyst, europe), to(analyst, some)] },
    columns: limited,
    reason: /o_email/,
  },
  {
    name: 'all principals of the account',
    given: { grants: [to(`${central}:IAMPrincipals`)] },
    columns: allColumns,
    reason: /IAMPrincipals/,
  },
  {
    name: 'IAM_ALLOWED_PRINCIPALS',
    given: { grants: [to('IAM_ALLOWED_PRINCIPALS', orders, ['ALL'])] },
    columns: allColumns,
    reason: /IAM_ALLOWED/,
  },
  {
    name: 'a grant under a condition',
    given: { grants: [{ ...to(analyst), condition: 'context.user == "a"' }] },
    columns: {},
    reason: /nothing was granted/,
  },
  { name: 'an administrator', given: {}, asked: { principal: admin }, columns: {}, reason: /nothing was granted/ },
  {
    name: 'nobody of that name',
    given: {},
    asked: { principal: roleArn(central, 'gone') },
    columns: {},
    reason: /there is no principal/,
  },
  {
    name: 'who may not call Lake Formation',
    given: {
      grants: [to(roleArn(central, 'metadata'))],
      principals: [{ arn: roleArn(central, 'metadata'), lakeFormation: false }],
    },
    asked: { principal: roleArn(central, 'metadata') },
    columns: {},
    reason: /GetDataAccess/,
  },
  {
    name: 'a database that is not there',
    given: {},
    asked: { database: 'none' },
    columns: {},
    reason: /no database none/,
  },
  { name: 'a table that is not there', given: {}, asked: { table: 'none' }, columns: {}, reason: /no table none/ },
  {
    name: 'a column that is not there',
    given: { grants: [to(analyst)] },
    asked: { columns: ['o_id', 'none'] },
    columns: {},
    reason: /no column none/,
  },
  {
    name: 'a path that IAM opens',
    given: { principals: [{ arn: roleArn(central, 'direct'), s3: ['s3://lake/'] }] },
    asked: { principal: roleArn(central, 'direct') },
    columns: allColumns,
    reason: /IAM lets it read s3:\/\/lake without/,
  },
  {
    name: 'a location that is not registered',
    given: { grants: [to(analyst)], central: { locations: [] } },
    columns: {},
    reason: /not registered/,
  },
  {
    name: 'a hybrid location, not opted in',
    given: { grants: [toIam, to(analyst)], central: hybrid },
    columns: {},
    reason: /not opted in/,
  },
  {
    name: 'a hybrid location that IAM_ALLOWED_PRINCIPALS does not hold, not opted in',
    given: { grants: [to(analyst, some)], central: hybrid },
    columns: limited,
    reason: /cannot read o_email/,
  },
  {
    name: 'a hybrid location, opted in to some columns',
    given: {
      grants: [toIam, to(analyst, some)],
      central: { ...hybrid, optIns: [{ principal: analyst, resource: orders }] },
    },
    columns: limited,
    reason: /cannot read o_email/,
  },
  {
    name: 'a hybrid location, opted in without a permission',
    given: { grants: [toIam], central: { ...hybrid, optIns: [{ principal: analyst, resource: orders }] } },
    columns: {},
    reason: /nothing was granted to it/,
  },
  {
    name: 'a hybrid location, opted in to the table',
    given: { grants: [toIam, to(analyst)], central: { ...hybrid, optIns: [{ principal: analyst, resource: orders }] } },
    columns: allColumns,
    reason: /SELECT on sales\.orders/,
  },
  {
    name: 'a hybrid location, opted in to all tables',
    given: { grants: [to(analyst)], central: { ...hybrid, optIns: [{ principal: analyst, resource: allTables }] } },
    columns: allColumns,
    reason: /SELECT on sales\.orders/,
  },
  {
    name: 'LF-Tags that the table inherits',
    given: { grants: [to(analyst, policy(['open']))], central: tagged({}) },
    columns: allColumns,
    reason: /LF-Tags class=open/,
  },
  {
    name: 'LF-Tags that a column overrides',
    given: { grants: [to(analyst, policy(['open']))], central: tagged({ email: { class: 'closed' } }) },
    columns: limited,
    reason: /cannot read o_email/,
  },
  {
    name: 'any value of an LF-Tag',
    given: { grants: [to(analyst, policy(['*']))], central: tagged({ email: { class: 'closed' } }) },
    columns: allColumns,
    reason: /class=\*/,
  },
  {
    name: 'LF-Tags beside a grant by name',
    given: {
      grants: [
        to(analyst, policy(['open'])),
        to(analyst, { TableWithColumns: { DatabaseName: 'sales', Name: 'orders', ColumnNames: ['o_email'] } }),
      ],
      central: tagged({ email: { class: 'closed' } }),
    },
    columns: allColumns,
    reason: /LF-Tags/,
  },
  {
    name: 'through a link to what was shared and passed on',
    given: { grants: [to(consumer)], consumer: { ...link, grants: [...link.grants, to(consumerAnalyst, foreign)] } },
    asked: asConsumer,
    columns: allColumns,
    reason: /for 444455556666; SELECT .*analyst$/,
  },
  {
    name: 'by naming the owner',
    given: { grants: [to(consumer)], consumer: { grants: [to(consumerAnalyst, foreign)] } },
    asked: { principal: consumerAnalyst, catalogId: central },
    columns: allColumns,
    reason: /SELECT/,
  },
  {
    name: 'no more than the account was given',
    given: {
      grants: [to(consumer, some)],
      consumer: { ...link, grants: [...link.grants, to(consumerAnalyst, foreign)] },
    },
    asked: asConsumer,
    columns: limited,
    reason: /cannot read o_email/,
  },
  {
    name: 'no more rows than the account was given',
    given: {
      grants: [to(consumer, europe)],
      consumer: { ...link, grants: [...link.grants, to(consumerAnalyst, foreign)] },
    },
    asked: asConsumer,
    columns: european,
    reason: /o_email/,
  },
  {
    name: 'no more than was passed on',
    given: {
      grants: [to(consumer)],
      consumer: {
        ...link,
        grants: [
          ...link.grants,
          to(consumerAnalyst, {
            TableWithColumns: { CatalogId: central, DatabaseName: 'sales', Name: 'orders', ColumnNames: ['o_id'] },
          }),
        ],
      },
    },
    asked: { ...asConsumer, columns: ['o_id'] },
    columns: { o_id: 'all', o_date: 'all' },
    reason: /SELECT on columns/,
  },
  {
    name: 'what nobody passed on',
    given: { grants: [to(consumer)], consumer: link },
    asked: asConsumer,
    columns: {},
    reason: /nobody has passed on/,
  },
  {
    name: 'what was granted to it directly',
    given: { grants: [to(consumerAnalyst)], consumer: link },
    asked: asConsumer,
    columns: allColumns,
    reason: /SELECT on sales\.orders for .*analyst$/,
  },
  {
    name: 'a link that it may not use',
    given: { grants: [to(consumerAnalyst)], consumer: { databases: link.databases } },
    asked: asConsumer,
    columns: {},
    reason: /no DESCRIBE on the resource link shop/,
  },
  {
    name: 'a link that leads nowhere',
    given: { consumer: { ...link, databases: { shop: { target: { catalogId: central, database: 'gone' } } } } },
    asked: asConsumer,
    columns: {},
    reason: /leads nowhere/,
  },
  {
    name: 'a link to a link',
    given: {
      consumer: {
        ...link,
        databases: { shop: { target: { catalogId: consumer, database: 'other' } }, other: link.databases.shop },
      },
    },
    asked: asConsumer,
    columns: {},
    reason: /leads to another link/,
  },
  {
    name: 'a link to a table',
    given: {
      grants: [to(consumerAnalyst)],
      consumer: {
        databases: {
          own: { tables: { bought: { target: { catalogId: central, database: 'sales', table: 'orders' } } } },
        },
        grants: [to(consumerAnalyst, { Table: { DatabaseName: 'own', Name: 'bought' } }, ['DESCRIBE'])],
      },
    },
    asked: { principal: consumerAnalyst, database: 'own', table: 'bought' },
    columns: allColumns,
    reason: /SELECT on sales\.orders/,
  },
  {
    name: 'an invitation that nobody has answered',
    given: {
      grants: [to(consumer)],
      central: { shares: [{ receiver: consumer, kind: 'table', invitation: 'PENDING' }] },
      consumer: { ...link, grants: [...link.grants, to(consumerAnalyst, foreign)] },
    },
    asked: asConsumer,
    columns: {},
    reason: /its invitation is PENDING/,
  },
  {
    name: 'an association that failed',
    given: {
      grants: [to(consumer)],
      central: {
        shares: [{ receiver: consumer, kind: 'table', failed: ['table/sales/orders'], statusMessage: 'not allowed' }],
      },
      consumer: { ...link, grants: [...link.grants, to(consumerAnalyst, foreign)] },
    },
    asked: asConsumer,
    columns: {},
    reason: /could not associate .*: not allowed/,
  },
  {
    name: 'a hybrid location of another account, opted in by that one',
    given: {
      grants: [toIam, to(consumerAnalyst)],
      central: { ...hybrid, optIns: [{ principal: consumerAnalyst, resource: orders }] },
      consumer: link,
    },
    asked: asConsumer,
    columns: allColumns,
    reason: /SELECT/,
  },
  {
    name: 'a hybrid location of another account, opted in to all tables but not to the database',
    given: {
      grants: [toIam, to(consumerAnalyst)],
      central: hybrid,
      consumer: {
        ...link,
        optIns: [
          {
            principal: consumerAnalyst,
            resource: { Table: { CatalogId: central, DatabaseName: 'sales', TableWildcard: {} } },
          },
        ],
      },
    },
    asked: asConsumer,
    columns: {},
    reason: /not opted in/,
  },
  {
    name: 'a hybrid location of another account, opted in to both',
    given: {
      grants: [toIam, to(consumerAnalyst)],
      central: hybrid,
      consumer: {
        ...link,
        optIns: [
          {
            principal: consumerAnalyst,
            resource: { Table: { CatalogId: central, DatabaseName: 'sales', TableWildcard: {} } },
          },
          { principal: consumerAnalyst, resource: { Database: { CatalogId: central, Name: 'sales' } } },
        ],
      },
    },
    asked: asConsumer,
    columns: allColumns,
    reason: /SELECT/,
  },
  {
    name: 'LF-Tags shared with its account, and a policy passed on',
    given: {
      grants: [to(consumer, policy(['open']))],
      central: tagged({ email: { class: 'closed' } }),
      consumer: { ...link, grants: [...link.grants, to(consumerAnalyst, policy(['open']))] },
    },
    asked: asConsumer,
    columns: limited,
    reason: /cannot read o_email/,
  },
  {
    name: 'LF-Tags of version 2 that the resource policy does not open',
    given: {
      grants: [to(consumer, policy(['open']))],
      central: { ...tagged({}), ...oldVersion },
      consumer: { ...link, grants: [...link.grants, to(consumerAnalyst, policy(['open']))] },
    },
    asked: asConsumer,
    columns: {},
    reason: /resource policy of 111122223333 does not open/,
  },
  {
    name: 'LF-Tags of version 2 that the resource policy opens',
    given: {
      grants: [to(consumer, policy(['open']))],
      central: { ...tagged({}), ...oldVersion, resourcePolicy: opening },
      consumer: { ...link, grants: [...link.grants, to(consumerAnalyst, policy(['open']))] },
    },
    asked: asConsumer,
    columns: allColumns,
    reason: /LF-Tags class=open/,
  },
];

test.each(cases)('$name', async ({ given, asked, columns, reason }) => {
  const answer = ask(await startOpened(given), asked);
  expect(answer.reason).toMatch(reason);
  if (!/no column/.test(answer.reason)) expect(answer.columns).toEqual(columns);
  const wanted = asked?.columns ?? Object.keys(allColumns);
  expect(answer.allowed).toBe(wanted.every((name) => name in columns));
});

test('rows of several filters are joined, and the rows of what is asked for are said', async () => {
  const more = {
    database: 'sales',
    table: 'orders',
    name: 'large',
    rows: 'o_total > 100',
    columns: ['o_id', 'o_email'],
  };
  const large = { DataCellsFilter: { ...europe.DataCellsFilter, Name: 'large' } };
  const filters = [
    { database: 'sales', table: 'orders', name: 'europe', rows: "region = 'EU'", columns: ['o_id', 'o_total'] },
    more,
  ];
  const emulator = await startOpened({ grants: [to(analyst, europe), to(analyst, large)], central: { filters } });
  expect(ask(emulator).columns).toEqual({
    o_id: "(region = 'EU') OR (o_total > 100)",
    o_email: 'o_total > 100',
    o_total: "region = 'EU'",
    o_date: "(region = 'EU') OR (o_total > 100)",
  });
  expect(ask(emulator, { columns: ['o_email', 'o_total'] }).rows).toBe("(o_total > 100) AND (region = 'EU')");
  expect(ask(emulator, { columns: ['o_id'] })).toMatchObject({
    allowed: true,
    rows: "(region = 'EU') OR (o_total > 100)",
  });
});

test('who creates a table reads it', async () => {
  const databases = { sales: { tables: { orders: { columns: { o_id: 'bigint' }, createdBy: loader } } } };
  const emulator = await startOpened({ central: { databases, filters: [] } });
  expect(ask(emulator, { principal: loader })).toMatchObject({ allowed: true, reason: 'it created the table' });
});

describe('from sharing to reading and back', () => {
  test('an analyst of another account reads what was granted, accepted, linked and passed on, and not the rest', async () => {
    const emulator = await startOpened({ consumer: link });
    await share(emulator, { resource: some });
    const { lakeFormation } = clientOf(emulator, consumerAdmin);
    expect(ask(emulator, asConsumer).reason).toMatch(/its invitation is PENDING/);
    await acceptAll(emulator);
    expect(ask(emulator, asConsumer).reason).toMatch(/nobody has passed on/);
    const passedOn = { Principal: who(consumerAnalyst), Resource: foreign, Permissions: ['SELECT' as const] };
    await lakeFormation.send(new GrantPermissionsCommand(passedOn));
    expect(ask(emulator, { ...asConsumer, columns: ['o_id', 'o_total'] })).toMatchObject({
      allowed: true,
      rows: 'all',
    });
    expect(ask(emulator, { ...asConsumer, columns: ['o_email'] })).toMatchObject({ allowed: false });
    await clientOf(emulator, admin).lakeFormation.send(
      new RevokePermissionsCommand({
        Principal: who(consumer),
        Resource: some,
        Permissions: ['SELECT'],
        PermissionsWithGrantOption: ['SELECT'],
      }),
    );
    expect(ask(emulator, { ...asConsumer, columns: ['o_id'] }).reason).toMatch(/gave its account nothing/);
    emulator.advance(13 * hours);
    expect(ask(emulator, asConsumer).allowed).toBe(false);
  });
});

describe('the question over the control endpoint', () => {
  const put = async (url: string, body: object) => {
    const answer = await fetch(`${url}/_emulator/access`, { method: 'POST', body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  test('is answered with the reason', async () => {
    const emulator = await startOpened({ grants: [to(analyst, some)] });
    const question = { principal: analyst, region, database: 'Sales', table: 'Orders', columns: ['O_ID'] };
    expect(await put(emulator.url, question)).toMatchObject({
      status: 200,
      body: { allowed: true, rows: 'all', columns: limited },
    });
  });

  test.each([
    [{ region, database: 'sales', table: 'orders' }, /principal: is missing/],
    [{ principal: consumer, region, database: 'sales', table: 'orders' }, /must be the ARN/],
    [{ principal: analyst, region, database: 'sales', table: 'orders', nope: 1 }, /nope: is not known/],
  ])('is refused where it is none: %j', async (question, error) => {
    const emulator = await startOpened({});
    expect(await put(emulator.url, question)).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(error) },
    });
  });
});

test('a table of another region is read through a link that names the region', async () => {
  const { accounts } = opened({ consumer: link });
  const there = { ...accounts[central]?.regions?.[region], grants: [to(consumer)] };
  const databases = { shop: { target: { catalogId: central, database: 'sales', region: 'us-east-1' } } };
  const home = accounts[consumer]?.regions?.[region];
  const emulator = await start({
    seed: {
      accounts: {
        [central]: { ...accounts[central], regions: { 'us-east-1': there } },
        [consumer]: {
          ...accounts[consumer],
          regions: {
            [region]: { ...home, databases, grants: link.grants },
            'us-east-1': {
              ...home,
              databases: {},
              grants: [to(consumerAnalyst, table('orders', { catalog: central }))],
            },
          },
        },
      },
    },
  });
  expect(ask(emulator, asConsumer)).toMatchObject({ allowed: true, columns: allColumns });
  expect(ask(emulator, { principal: consumerAnalyst, catalogId: central }).allowed).toBe(false);
});
