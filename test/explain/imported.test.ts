import { expect, test } from 'vitest';
import type { Columns } from '../../src/core/columns.ts';
import { type Fact, type Grant, keyOf } from '../../src/core/fact.ts';
import type { Resource } from '../../src/core/resource.ts';
import type { Gap, Observed } from '../../src/core/state.ts';
import { localLayersOn, notPassedOn } from '../../src/explain/imported.ts';
import { type Ground, type LocalGround, layersOn } from '../../src/explain/layers.ts';
import type { Target } from '../../src/explain/target.ts';

const [central, consumer] = ['111122223333', '333344445555'];
const analysts = `arn:aws:iam::${consumer}:role/analysts`;
const organization = 'arn:aws:organizations::999900001111:organization/o-townexample';
const [here, there] = [`${central}/eu-west-1`, `${consumer}/eu-west-1`];
const orders = { kind: 'table', catalog: central, database: 'sales', table: 'orders' } as const;
const all = { kind: 'all-tables', catalog: central, database: 'sales' } as const;
const filter = {
  kind: 'data-cells-filter',
  catalog: central,
  database: 'sales',
  table: 'orders',
  filter: 'x',
} as const;
const policy = { kind: 'lf-tag-policy', catalog: central, covers: 'TABLE', expression: ['team=a'] } as const;
const link: Resource = { kind: 'database', catalog: consumer, database: 'shop' };

function grant(resource: Resource, columns?: Columns, more: Partial<Grant> = {}): Grant {
  const isSelect = resource.kind === 'table';
  return {
    kind: 'grant',
    lake: here,
    principal: consumer,
    resource,
    permission: 'SELECT',
    grantOption: false,
    ...more,
    ...(isSelect && { columns: columns ?? 'all' }),
  };
}
const local = (resource: Resource, columns?: Columns): Grant =>
  grant(resource, columns, { lake: there, principal: analysts });
const accepted = (shares: 'database' | 'tables'): Fact => ({
  kind: 'acceptance',
  lake: there,
  catalog: central,
  database: 'sales',
  shares,
});
const unbrought = (table: string): Fact => ({
  kind: 'association',
  lake: here,
  principal: consumer,
  catalog: central,
  database: 'sales',
  table,
  on: 'table',
  trouble: { kind: 'failed', shares: [], says: 'RAM could not put it on the share' },
});
const shop: Fact = {
  kind: 'resource-link',
  lake: there,
  catalog: consumer,
  database: 'shop',
  target: { catalog: central, database: 'sales', region: 'eu-west-1' },
};
const described: Grant = { ...grant(link, undefined, { lake: there, principal: analysts }), permission: 'DESCRIBE' };

function observed(lake: string, facts: readonly Fact[], gaps: readonly Gap[] = []): Observed {
  return {
    lake,
    endpoint: '',
    caller: { account: central, arn: '' },
    settings: { administrators: [], readOnlyAdministrators: [] },
    catalog: { databases: new Map(), unread: new Set() },
    facts: new Map(facts.map((fact) => [keyOf(fact), { key: keyOf(fact), fact, parts: [] }])),
    gaps,
    openedByIam: new Set(),
    filterGrants: new Map(),
    sweepPages: 1,
    rows: facts.length,
  };
}

function groundOf(own: readonly Fact[], facts: readonly Fact[], gaps: readonly Gap[] = []): LocalGround {
  const ground: Ground = {
    observed: observed(
      here,
      facts,
      gaps.filter(({ lake }) => lake === here),
    ),
    sight: {
      catalog: { databases: new Map(), unread: new Set() },
      filterColumns: () => ({ only: ['id'] }),
    },
    wanted: new Map(),
    verdict: () => ({ kind: 'outside' }),
    originsOf: () => [],
    classesOf: () => [],
    nameOf: (id) => (id === consumer ? 'marketing' : undefined),
    unread: () => undefined,
  };
  const at = observed(
    there,
    own,
    gaps.filter(({ lake }) => lake === there),
  );
  return { ...ground, observed: at, account: consumer, lakes: [at], central: ground };
}

const gapAt = (lake: string, code: string, blocks: Gap['blocks']): Gap => ({ lake, code, message: 'no', blocks });
const table: Target = { kind: 'table', database: 'sales', table: 'orders' };
const id: Target = { ...table, column: 'id' };
const email: Target = { ...table, column: 'email' };

test.each<[string, Target, readonly Fact[], readonly Fact[], readonly Gap[], string]>([
  ['all is there', id, [local(orders), accepted('tables'), shop, described], [grant(orders)], [], 'reads: = = = ='],
  ['by an own name only', id, [local(orders), accepted('tables')], [grant(orders)], [], 'reads: = = -'],
  ['a link that it may not see', id, [local(orders), accepted('tables'), shop], [grant(orders)], [], 'reads: = = = -'],
  ['nothing accepted', id, [local(orders)], [grant(orders)], [], 'may read: = - -'],
  [
    'whether it was is not known',
    id,
    [local(orders)],
    [grant(orders)],
    [gapAt(there, 'NO_SHARES', 'nothing')],
    'may read: = ? -',
  ],
  [
    'RAM does not bring it',
    id,
    [local(orders), accepted('tables')],
    [grant(orders), unbrought('orders')],
    [],
    'may read: = - = -',
  ],
  [
    'RAM does not bring another',
    id,
    [local(orders), accepted('tables')],
    [grant(orders), unbrought('items')],
    [],
    'reads: = = -',
  ],
  ['nothing held', id, [local(orders), accepted('tables')], [], [], 'nothing: - -'],
  ['what is held not read', id, [local(orders)], [], [gapAt(here, 'NO_LIST', 'revokes')], 'may read: ? -'],
  [
    'other columns held',
    email,
    [local(orders), accepted('tables')],
    [grant(orders, { only: ['id'] })],
    [],
    'nothing: - -',
  ],
  ['columns apart', table, [local(orders, { only: ['email'] })], [grant(orders, { only: ['id'] })], [], 'nothing: - -'],
  [
    'columns in common',
    table,
    [local(orders, { only: ['id'] }), accepted('tables')],
    [grant(orders)],
    [],
    'reads: = = -',
  ],
  ['all tables held', id, [local(orders), accepted('database')], [grant(all)], [], 'reads: = = -'],
  ['one table of all passed on', id, [local(all), accepted('tables')], [grant(orders)], [], 'reads: = = -'],
  ['a filter held', id, [local(orders), accepted('tables')], [grant(filter)], [], 'reads: = = -'],
  ['a filter held, another column', email, [local(orders)], [grant(filter)], [], 'nothing: - -'],
  [
    'another permission held',
    id,
    [local(orders)],
    [grant(orders, 'all', { permission: 'DESCRIBE' })],
    [],
    'nothing: - -',
  ],
  ['by LF-Tags, which were not read', id, [local(orders)], [grant(policy)], [], 'may read: ? -'],
  ['by an organization', id, [local(orders)], [grant(orders, 'all', { principal: organization })], [], 'may read: ? -'],
  [
    'a stranger holds it',
    id,
    [local(orders)],
    [grant(orders, 'all', { principal: '999988887777' })],
    [],
    'nothing: - -',
  ],
  ['all there is, held', { kind: 'everything' }, [local(all), accepted('tables')], [grant(orders)], [], 'reads: = = -'],
  ['all there is, not held', { kind: 'everything' }, [local(all)], [], [], 'nothing: - -'],
])('%s', (_, target, own, facts, gaps, expected) => {
  const layers = localLayersOn(target, () => 'itself', groundOf(own, facts, gaps));
  const marks = { there: '=', missing: '-', unknown: '?' };
  const said = layers.map(({ isCertain, isIdle, path = [] }) =>
    [isIdle ? 'nothing:' : isCertain ? 'reads:' : 'may read:', ...path.map(({ state }) => marks[state])].join(' '),
  );
  expect(said).toEqual([expected]);
});

test('a table of its own by the same name is none of it', () => {
  const own = local({ ...orders, catalog: consumer });
  expect(localLayersOn(id, () => 'itself', groundOf([own], [grant(orders)]))).toEqual([]);
});

test('what the account holds and does not pass on gives nothing', () => {
  const facts = [grant(orders), grant(orders, undefined, { permission: 'DESCRIBE' })];
  const ground = groundOf([local(orders), accepted('tables')], facts);
  const passed = localLayersOn(table, () => 'itself', ground);
  const held = layersOn(table, () => 'its account', ground.central);
  expect(notPassedOn(held, passed, 'analysts')).toMatchObject([
    { permissions: ['DESCRIBE'], isIdle: true, notes: [expect.stringContaining('passes none of it on to analysts')] },
  ]);
});
