import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LifecycleState, lifecycleStates } from '../../src/core/lifecycle.ts';
import type { SubscriptionRow } from '../../src/core/subscriptions.ts';
import { type ListFilters, matching } from '../../src/lifecycle/filter.ts';

const today = '2026-11-22';
const someOf = <T>(...values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: values.length });
const states = fc.constantFrom<LifecycleState>(...lifecycleStates);
const anyRow: fc.Arbitrary<SubscriptionRow> = fc
  .record({
    owners: someOf('bob', 'Bea'),
    producer: fc.constantFrom('sales', 'health'),
    consumer: fc.constantFrom('finance', 'marketing'),
    principals: someOf({ id: '333344445555', name: 'marketing' }, { id: 'arn:aws:iam::333344445555:role/a' }),
    database: fc.constantFrom('sales', 'stores'),
    tables: someOf('orders', 'order_items', '*', 'ord*'),
    permissions: someOf('SELECT', 'DESCRIBE', 'INSERT'),
    classes: someOf('pii', 'secret'),
    expires: fc.constantFrom(undefined, '2026-11-21', '2026-11-22', '2026-12-01', '2027-06-30'),
    since: fc.constantFrom(undefined, '2026-10-01T00:00:00Z', '2026-11-22'),
    state: states,
  })
  .map(({ expires, since, ...row }) => ({
    ...row,
    subscription: 'a/b/c',
    file: 'c.yaml',
    product: 'a/b',
    purpose: '',
    why: 'x',
    blind: [],
    ...(expires !== undefined && { expires }),
    ...(since !== undefined && { since }),
  }));

/** Values of each filter, also such as no row has; and what they mean, told once more. */
const meanings: {
  readonly [K in Exclude<keyof ListFilters, 'product'>]-?: {
    readonly values: fc.Arbitrary<NonNullable<ListFilters[K]>>;
    readonly fits: (row: SubscriptionRow, asked: NonNullable<ListFilters[K]>) => boolean;
  };
} = {
  owner: {
    values: someOf('bob', '@bea', 'sales', 'nobody'),
    fits: ({ owners, producer }, asked) =>
      asked.some((one) => [...owners, producer].some((known) => known?.toLowerCase() === one.replace('@', ''))),
  },
  principal: {
    values: someOf('finance', 'marketing', '333344445555', 'arn:aws:iam::333344445555:role/a', 'nobody'),
    fits: ({ consumer, principals }, asked) =>
      asked.some((one) => one === consumer || principals.some(({ id, name }) => one === id || one === name)),
  },
  database: {
    values: someOf('sales', 'st*', 'none'),
    fits: ({ database }, asked) => asked.some((one) => database?.startsWith(one.replace('*', '')) === true),
  },
  tables: {
    values: someOf('orders', 'order_*', 'visits', 'ord*'),
    fits: ({ tables }, asked) =>
      asked.some((one) =>
        tables.some((table) => {
          if (table === '*' || table === one) return true;
          if (one.endsWith('*')) return table !== 'ord*' ? table.startsWith(one.slice(0, -1)) : one === 'ord*';
          return table === 'ord*' && one.startsWith('ord');
        }),
      ),
  },
  permissions: {
    values: someOf('select', 'INSERT', 'DROP'),
    fits: ({ permissions }, asked) => asked.some((one) => permissions.includes(one.toUpperCase())),
  },
  status: { values: fc.uniqueArray(states, { maxLength: 3 }), fits: ({ state }, asked) => asked.includes(state) },
  pii: { values: fc.boolean(), fits: ({ classes }, asked) => asked === classes.length > 0 },
  expiring: {
    values: fc.constantFrom(0, 9, 300),
    fits: ({ expires }, asked) =>
      expires !== undefined &&
      { 0: ['2026-11-22'], 9: ['2026-11-22', '2026-12-01'], 300: ['2026-11-22', '2026-12-01', '2027-06-30'] }[
        asked
      ]?.includes(expires) === true,
  },
  since: {
    values: fc.constantFrom('2026-10-01', '2026-10-02', '2026-11-23'),
    fits: ({ since = '' }, asked) => since !== '' && since.slice(0, 10) >= asked,
  },
};

const names = Object.keys(meanings) as (keyof typeof meanings)[];
const anyFilters = fc.record(Object.fromEntries(names.map((name) => [name, meanings[name].values])), {
  requiredKeys: [],
}) as fc.Arbitrary<ListFilters>;

describe('the filters of a list', () => {
  test('mean what they say, with no value, one, two and more, in any combination', () => {
    fc.assert(
      fc.property(anyRow, anyFilters, (row, filters) => {
        const expected = Object.entries(filters).every(([name, asked]) => {
          if (Array.isArray(asked) && asked.length === 0) return true;
          return meanings[name as keyof typeof meanings].fits(row, asked as never);
        });
        expect(matching(filters, today)(row)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('that are combined let through what each lets through', () => {
    fc.assert(
      fc.property(anyRow, anyFilters, anyFilters, (row, a, b) => {
        const shared = Object.keys(a).some((name) => name in b);
        if (shared) return;
        expect(matching({ ...a, ...b }, today)(row)).toBe(matching(a, today)(row) && matching(b, today)(row));
      }),
    );
  });
});
