import { describe, expect, test } from 'vitest';
import type { Columns } from '../../src/core/columns.ts';
import { type Fact, type Grant, keyOf } from '../../src/core/fact.ts';
import type { Sight } from '../../src/core/hold.ts';
import { toPrincipal } from '../../src/core/principal.ts';
import type { Resource } from '../../src/core/resource.ts';
import type { Observed } from '../../src/core/state.ts';
import { absencesOn } from '../../src/explain/absences.ts';
import { givenBy } from '../../src/explain/given.ts';
import { type Ground, layersOn, readingOnly } from '../../src/explain/layers.ts';
import { gives, type Target } from '../../src/explain/target.ts';
import { throughOf } from '../../src/explain/through.ts';

const [central, consumer] = ['111122223333', '333344445555'];
const lake = `${central}/eu-west-1`;
const role = (name: string, account = consumer): string => `arn:aws:iam::${account}:role/${name}`;
const on = {
  catalog: { kind: 'catalog', catalog: central },
  database: { kind: 'database', catalog: central, database: 'sales' },
  table: { kind: 'table', catalog: central, database: 'sales', table: 'orders' },
  other: { kind: 'table', catalog: central, database: 'sales', table: 'items' },
  all: { kind: 'all-tables', catalog: central, database: 'sales' },
  allElsewhere: { kind: 'all-tables', catalog: central, database: 'stores' },
  location: { kind: 'data-location', catalog: central, location: 'arn:aws:s3:::lake/sales' },
  filter: { kind: 'data-cells-filter', catalog: central, database: 'sales', table: 'orders', filter: 'europe' },
  lost: { kind: 'data-cells-filter', catalog: central, database: 'sales', table: 'orders', filter: 'lost' },
  tablePolicy: { kind: 'lf-tag-policy', catalog: central, covers: 'TABLE', expression: ['team=a'] },
  databasePolicy: { kind: 'lf-tag-policy', catalog: central, covers: 'DATABASE', expression: ['team=a'] },
  tag: { kind: 'lf-tag', catalog: central, tag: 'team', values: ['a'] },
} as const satisfies Readonly<Record<string, Resource>>;

function grant(resource: Resource, { columns, ...more }: Partial<Grant> & { readonly columns?: Columns } = {}): Grant {
  const isSelect = resource.kind === 'table' && (more.permission ?? 'SELECT') === 'SELECT';
  return {
    kind: 'grant',
    lake,
    principal: consumer,
    resource,
    permission: 'SELECT',
    grantOption: false,
    ...more,
    ...(isSelect && { columns: columns ?? 'all' }),
  };
}

const columns = ['id', 'email', 'day'].map((name) => ({ name, isPartitionKey: name === 'day', parameters: {} }));
const orders = {
  name: 'orders',
  kind: 'table' as const,
  parameters: {},
  columns,
  createdBy: `arn:aws:sts::${central}:assumed-role/loader/1`,
};
const sight: Sight = {
  catalog: {
    databases: new Map([
      ['sales', { database: { name: 'sales', parameters: {} }, tables: new Map([['orders', orders]]) }],
    ]),
    unread: new Set(),
  },
  filterColumns: ({ filter }) => (filter === 'europe' ? { only: ['id'] } : undefined),
};
const table: Target = { kind: 'table', database: 'sales', table: 'orders' };
const column = (name: string): Target => ({ ...table, column: name });

describe('what a grant gives', () => {
  test.each<[name: string, resource: Resource, columns: Columns | undefined, target: Target, answer: string]>([
    ['the table', on.table, 'all', table, 'yes'],
    ['another table', on.other, 'all', table, 'no'],
    ['a column of a list', on.table, { only: ['email'] }, column('email'), 'yes'],
    ['a column beside a list', on.table, { only: ['id'] }, column('email'), 'no'],
    ['an excluded column', on.table, { except: ['email'] }, column('email'), 'no'],
    ['a partition key beside a list', on.table, { only: ['id'] }, column('day'), 'yes'],
    ['some columns of the table', on.table, { only: ['id'] }, table, 'yes'],
    ['all tables', on.all, undefined, column('email'), 'yes'],
    ['all tables of another database', on.allElsewhere, undefined, table, 'no'],
    ['a column of a data cells filter', on.filter, undefined, column('id'), 'yes'],
    ['a column beside a data cells filter', on.filter, undefined, column('email'), 'no'],
    ['a data cells filter that nobody knows', on.lost, undefined, column('email'), 'maybe'],
    ['an LF-Tag policy on tables', on.tablePolicy, undefined, table, 'maybe'],
    [
      'an LF-Tag policy on tables, for a database',
      on.tablePolicy,
      undefined,
      { kind: 'database', database: 'sales' },
      'no',
    ],
    ['an LF-Tag policy on databases', on.databasePolicy, undefined, { kind: 'database', database: 'sales' }, 'maybe'],
    ['an LF-Tag itself', on.tag, undefined, table, 'no'],
    ['the database', on.database, undefined, { kind: 'database', database: 'sales' }, 'yes'],
    ['the database, for a table in it', on.database, undefined, table, 'no'],
    ['a table, for its database', on.table, 'all', { kind: 'database', database: 'sales' }, 'no'],
    [
      'a path within a location',
      on.location,
      undefined,
      { kind: 'location', location: 'arn:aws:s3:::lake/sales/orders' },
      'yes',
    ],
    [
      'a path that only begins alike',
      on.location,
      undefined,
      { kind: 'location', location: 'arn:aws:s3:::lake/sales2' },
      'no',
    ],
    ['the catalog', on.catalog, undefined, { kind: 'catalog' }, 'yes'],
    ['anything of everything', on.filter, undefined, { kind: 'everything' }, 'yes'],
  ])('%s', (_, resource, read, target, answer) => {
    expect(gives(grant(resource, read === undefined ? {} : { columns: read }), target, sight)).toBe(answer);
  });
});

describe('how somebody comes by what another holds', () => {
  const organization = 'arn:aws:organizations::999900001111:organization/o-meshexample';
  test.each([
    [role('a'), role('a'), 'itself'],
    [role('a'), role('b'), undefined],
    [role('a'), consumer, 'its account'],
    [role('a'), `arn:aws:iam::${consumer}:root`, 'its account'],
    [role('a'), '999988887777', undefined],
    [consumer, role('a'), 'a principal of it'],
    [consumer, role('a', '999988887777'), undefined],
    [role('a'), `${consumer}:IAMPrincipals`, 'all principals of its account'],
    [role('a'), '999988887777:IAMPrincipals', undefined],
    [role('a'), organization, 'an organization'],
    [organization, consumer, undefined],
    [role('a'), 'IAM_ALLOWED_PRINCIPALS', 'IAM'],
    [role('a'), 'EVERYONE', 'IAM'],
  ])('%s of %s: %s', (asked, holder, through) => {
    expect(throughOf(toPrincipal(asked), toPrincipal(holder))).toBe(through);
  });
});

function groundOf(facts: readonly Fact[], wanted: readonly Grant[] = []): Ground {
  const observed: Observed = {
    lake,
    endpoint: '',
    caller: { account: central, arn: role('meshgate', central) },
    settings: { administrators: [role('admin', central)], readOnlyAdministrators: [role('auditor', central)] },
    catalog: sight.catalog,
    facts: new Map(facts.map((fact) => [keyOf(fact), { key: keyOf(fact), fact, parts: [] }])),
    gaps: [],
    openedByIam: new Set(),
    filterGrants: new Map(),
    sweepPages: 1,
    rows: facts.length,
  };
  return {
    observed,
    sight,
    wanted: new Map(wanted.map((fact) => [keyOf(fact), { key: keyOf(fact), fact, wishes: [], classes: [] }])),
    verdict: ({ principal }) =>
      principal === role('stranger')
        ? { kind: 'unmanaged', note: 'nobody declares it' }
        : { kind: 'managed', enforce: 'full' },
    originsOf: () => [{ place: { file: 'mesh/a.yaml', line: 1, column: 1 } }],
    classesOf: () => [],
    nameOf: () => undefined,
    unread: () => undefined,
  };
}

describe('layers', () => {
  test('permissions that stand alike are one; what is wider than asked says so', () => {
    const facts = [
      grant(on.table, { columns: 'all' }),
      grant(on.table, { permission: 'DESCRIBE' }),
      grant(on.table, { permission: 'DESCRIBE', grantOption: true }),
      grant(on.all, { principal: role('stranger') }),
    ];
    const layers = layersOn(
      table,
      () => 'itself',
      groundOf(facts, [grant(on.table, { columns: { only: ['id'] } }), facts[1] ?? grant(on.table)]),
    );
    expect(
      layers.map(({ footing, permissions, withGrantOption, notes }) => [footing, permissions, withGrantOption, notes]),
    ).toEqual([
      ['declared', ['SELECT'], [], ['it is wider than what the files ask']],
      ['declared', ['DESCRIBE'], [], []],
      ['left over', [], ['DESCRIBE'], []],
      ['unmanaged', ['SELECT'], [], ['nobody declares it']],
      ['implied', ['DESCRIBE'], [], [expect.stringContaining('a data lake administrator')]],
      ['implied', ['DESCRIBE'], [], ['a read-only data lake administrator']],
      ['implied', expect.arrayContaining(['SELECT']), [], ['it created the table']],
    ]);
  });

  test('what hangs on something unread is not certain', () => {
    const facts = [
      grant(on.tablePolicy),
      grant(on.lost),
      grant(on.table, { principal: 'IAM_ALLOWED_PRINCIPALS', permission: 'ALL' }),
    ];
    const asked = toPrincipal(role('a'));
    const layers = layersOn(column('email'), (holder) => throughOf(asked, holder), groundOf(facts));
    expect(layers).toHaveLength(3);
    expect(layers.every(({ isCertain, notes }) => !isCertain && notes.length > 0)).toBe(true);
    expect(readingOnly(layers)).toHaveLength(3);
  });

  test('a creator is found by the role of its session', () => {
    const layers = layersOn(table, (holder) => throughOf(toPrincipal(role('loader', central)), holder), groundOf([]));
    expect(layers).toEqual([expect.objectContaining({ footing: 'implied', notes: ['it created the table'] })]);
  });
});

test('what is asked and not live is missing, what nobody knows is not known', () => {
  const cause = { place: { file: 'mesh/a.yaml', line: 5, column: 5 }, files: [] };
  const facts = [grant(on.table, { columns: 'all' }), grant(on.table, { permission: 'DESCRIBE' }), grant(on.other)].map(
    (fact) => ({ key: keyOf(fact), fact, cause }),
  );
  const originOf = () => ({ place: cause.place });
  const ask = (isLive: (permission: string) => boolean | undefined) =>
    absencesOn(table, () => 'itself', {
      sight,
      nameOf: () => undefined,
      unread: () => undefined,
      askings: [{ facts, originOf, isLive: ({ fact }) => isLive(fact.kind === 'grant' ? fact.permission : '') }],
    });
  expect(ask(() => true)).toEqual([]);
  expect(ask((permission) => permission === 'DESCRIBE')).toEqual([
    { permissions: ['SELECT'], on: { resource: 'table sales.orders' }, isKnown: true, origins: [originOf()] },
  ]);
  expect(ask(() => undefined)).toMatchObject([{ permissions: ['DESCRIBE', 'SELECT'], isKnown: false }]);
  expect(givenBy(facts, () => undefined, { sight, nameOf: () => 'marketing' })).toMatchObject([
    { permissions: ['SELECT'], on: { resource: 'table sales.items' } },
    { permissions: ['DESCRIBE', 'SELECT'], on: { resource: 'table sales.orders' } },
  ]);
});
