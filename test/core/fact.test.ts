import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Columns } from '../../src/core/columns.ts';
import {
  type CatalogParameter,
  covers,
  type DataCellsFilter,
  type Fact,
  type Grant,
  isSameFact,
  join,
  keyOf,
  meet,
  orderOf,
} from '../../src/core/fact.ts';
import type { Permission } from '../../src/core/permission.ts';
import type { Resource } from '../../src/core/resource.ts';

const lake = '111122223333/eu-west-1';
const catalog = '111122223333';

const text = fc.string({
  unit: fc.constantFrom('a', ' ', '%', '\n', '2', '0', '|', '\t', '.'),
  minLength: 1,
  maxLength: 4,
});
const columns = fc.oneof(
  fc.constant<Columns>('all'),
  fc.subarray(['a', 'b', 'c'], { minLength: 1 }).map((only): Columns => ({ only })),
  fc.subarray(['a', 'b', 'c'], { minLength: 1 }).map((except): Columns => ({ except })),
);
const resource: fc.Arbitrary<Resource> = fc.oneof(
  fc.constant<Resource>({ kind: 'catalog', catalog }),
  text.map((database): Resource => ({ kind: 'database', catalog, database })),
  text.map((database): Resource => ({ kind: 'all-tables', catalog, database })),
  fc.tuple(text, text).map(([database, table]): Resource => ({ kind: 'table', catalog, database, table })),
  fc
    .tuple(text, text, text)
    .map(([database, table, filter]): Resource => ({ kind: 'data-cells-filter', catalog, database, table, filter })),
  text.map((location): Resource => ({ kind: 'data-location', catalog, location })),
);
const permission = fc.constantFrom<Permission>('SELECT', 'DESCRIBE', 'ALL');
const grant: fc.Arbitrary<Grant> = fc
  .record({
    principal: text,
    resource,
    permission,
    grantOption: fc.boolean(),
    condition: fc.option(text, { nil: undefined }),
    columns,
  })
  .map(({ condition, columns: set, ...rest }) => ({
    kind: 'grant' as const,
    lake,
    ...rest,
    ...(condition === undefined ? {} : { condition }),
    ...(rest.permission === 'SELECT' && rest.resource.kind === 'table' ? { columns: set } : {}),
  }));
const filter: fc.Arbitrary<DataCellsFilter> = fc
  .record({ database: text, table: text, name: text, rows: fc.option(text), columns })
  .map((rest) => ({ kind: 'data-cells-filter' as const, lake, catalog, ...rest }));
const parameter: fc.Arbitrary<CatalogParameter> = fc
  .record({ database: text, name: text, value: text })
  .map((rest) => ({ kind: 'catalog-parameter' as const, lake, catalog, ...rest }));
const fact: fc.Arbitrary<Fact> = fc.oneof(grant, filter, parameter);

/** What a fact is about, spelled out: everything but its value. */
function subject(one: Fact): string {
  if (one.kind === 'grant') return JSON.stringify({ ...one, columns: null });
  return JSON.stringify(
    one.kind === 'data-cells-filter' ? { ...one, rows: null, columns: null } : { ...one, value: null },
  );
}

/** A grant on few tables, so that two often have to do with each other. */
const near: fc.Arbitrary<Grant> = fc
  .record({
    resource: fc.constantFrom<Resource>(
      { kind: 'table', catalog, database: 'd', table: 't' },
      { kind: 'table', catalog, database: 'd', table: 'u' },
      { kind: 'all-tables', catalog, database: 'd' },
      { kind: 'data-cells-filter', catalog, database: 'd', table: 't', filter: 'f' },
    ),
    permission,
    grantOption: fc.boolean(),
    columns,
  })
  .map(({ columns: set, ...rest }) => ({
    kind: 'grant' as const,
    lake,
    principal: 'p',
    ...rest,
    ...(rest.permission === 'SELECT' && rest.resource.kind === 'table' ? { columns: set } : {}),
  }));

describe('a key', () => {
  test('tells two facts apart exactly where they are about different things', () => {
    fc.assert(
      fc.property(fact, fact, (a, b) => {
        expect(keyOf(a) === keyOf(b)).toBe(subject(a) === subject(b));
      }),
      { numRuns: 1000 },
    );
  });

  test('does not depend on the value', () => {
    fc.assert(
      fc.property(grant, columns, (one, set) => {
        expect(keyOf({ ...one, columns: set })).toBe(keyOf(one));
      }),
    );
  });

  test.each<[Resource, Resource]>([
    [
      { kind: 'table', catalog, database: 'a b', table: 'c' },
      { kind: 'table', catalog, database: 'a', table: 'b c' },
    ],
    [
      { kind: 'table', catalog, database: 'a%20b', table: 'c' },
      { kind: 'table', catalog, database: 'a b', table: 'c' },
    ],
    [
      { kind: 'table', catalog, database: 'a\nb', table: 'c' },
      { kind: 'table', catalog, database: 'a%0Ab', table: 'c' },
    ],
    [
      { kind: 'lf-tag', catalog, tag: 't', values: ['a b'] },
      { kind: 'lf-tag', catalog, tag: 't b', values: ['a'] },
    ],
  ])('%j is not %j', (a, b) => {
    const of = (one: Resource): Grant => ({
      kind: 'grant',
      lake,
      principal: 'p',
      resource: one,
      permission: 'DESCRIBE',
      grantOption: false,
    });
    expect(keyOf(of(a))).not.toBe(keyOf(of(b)));
  });

  test('reads well', () => {
    const one: Grant = {
      kind: 'grant',
      lake,
      principal: '444455556666',
      resource: { kind: 'table', catalog, database: 'sales', table: 'orders' },
      permission: 'SELECT',
      grantOption: true,
      columns: 'all',
    };
    expect(keyOf(one)).toBe('grant 111122223333/eu-west-1 444455556666 111122223333 table sales orders SELECT option');
  });
});

describe('meet, covers and join', () => {
  test('a fact covers itself, and meets itself as itself', () => {
    fc.assert(
      fc.property(fact, (one) => {
        expect(covers(one, one)).toBe(true);
        const met = meet(one, one);
        expect(met !== undefined && isSameFact(met, one)).toBe(true);
      }),
    );
  });

  test('what two facts meet in is covered by both, in the shape of the second', () => {
    fc.assert(
      fc.property(near, near, (a, b) => {
        const met = meet(a, b);
        if (met === undefined) return;
        expect(keyOf(met)).toBe(keyOf(b));
        expect(covers(a, met)).toBe(true);
        expect(covers(b, met)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('covers passes on', () => {
    fc.assert(
      fc.property(near, near, near, (a, b, c) => {
        if (covers(a, b) && covers(b, c)) expect(covers(a, c)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('what two values of one key join to covers both', () => {
    fc.assert(
      fc.property(near, columns, columns, (one, x, y) => {
        if (one.columns === undefined) return;
        const [a, b] = [
          { ...one, columns: x },
          { ...one, columns: y },
        ];
        const joined = join(a, b);
        expect(joined !== undefined && covers(joined, a) && covers(joined, b)).toBe(true);
      }),
    );
  });

  test('objects of different values do not join', () => {
    fc.assert(
      fc.property(filter, fc.option(text), columns, (one, rows, set) => {
        const other = { ...one, rows, columns: set };
        expect(join(one, other) === undefined).toBe(!isSameFact(one, other));
      }),
    );
  });

  const on = (one: Resource, more: Partial<Grant> = {}): Grant => ({
    kind: 'grant',
    lake,
    principal: 'p',
    resource: one,
    permission: 'SELECT',
    grantOption: false,
    ...more,
  });
  const orders: Resource = { kind: 'table', catalog, database: 'd', table: 'orders' };
  const all: Resource = { kind: 'all-tables', catalog, database: 'd' };
  const cells: Resource = { kind: 'data-cells-filter', catalog, database: 'd', table: 'orders', filter: 'f' };
  test.each<[string, Grant, Grant, boolean]>([
    ['all tables cover a table', on(all), on(orders, { columns: 'all' }), true],
    ['all tables cover columns of a table', on(all), on(orders, { columns: { only: ['a'] } }), true],
    ['a table does not cover all tables', on(orders, { columns: 'all' }), on(all), false],
    ['all tables do not cover another database', on(all), on({ ...orders, database: 'e' }, { columns: 'all' }), false],
    ['a table covers a filter on it', on(orders, { columns: 'all' }), on(cells), true],
    ['columns of a table do not cover a filter on it', on(orders, { columns: { only: ['a'] } }), on(cells), false],
    ['a filter does not cover its table', on(cells), on(orders, { columns: 'all' }), false],
    ['ALL covers SELECT', on(orders, { permission: 'ALL' }), on(orders, { columns: { only: ['a'] } }), true],
    ['SELECT does not cover ALL', on(orders, { columns: 'all' }), on(orders, { permission: 'ALL' }), false],
    ['the permission does not cover the grant option', on(all), on(all, { grantOption: true }), false],
    ['a condition is another grant', on(all, { condition: 'true' }), on(all), false],
    ['another principal', on(all, { principal: 'q' }), on(all), false],
    ['another lake', on(all, { lake: '111122223333/us-east-1' }), on(all), false],
    ['another catalog', on({ ...all, catalog: '444455556666' }), on(all), false],
  ])('%s', (_, a, b, is) => {
    expect(covers(a, b)).toBe(is);
  });

  test('facts of two kinds have nothing in common', () => {
    fc.assert(
      fc.property(grant, filter, (a, b) => {
        expect(meet(a, b)).toBeUndefined();
        expect(join(a, b)).toBeUndefined();
        expect(isSameFact(a, b)).toBe(false);
      }),
    );
  });
});

test('parameters come before filters, and filters before grants', () => {
  fc.assert(
    fc.property(parameter, filter, grant, (a, b, c) => {
      expect(orderOf(a)).toBeLessThan(orderOf(b));
      expect(orderOf(b)).toBeLessThan(orderOf(c));
    }),
  );
});
