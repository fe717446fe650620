import { describe, expect, test } from 'vitest';
import type { Fact, Grant } from '../../src/core/fact.ts';
import type { Resource } from '../../src/core/resource.ts';
import type { Scope } from '../../src/core/scope.ts';
import type { Observed } from '../../src/core/state.ts';
import { judge } from '../../src/plan/judge.ts';
import {
  account,
  allTables,
  database,
  grantOf,
  lake,
  observedOf,
  productOf,
  role,
  scopeOf,
  table,
} from '../support/builders.ts';

const consumer = '333344445555';
const producer = '222233334444';

function verdict(fact: Fact, scope: Partial<Scope> = {}, observed: Observed = observedOf()): string {
  const { kind, ...rest } = judge(scopeOf(scope), observed)(fact);
  return [kind, ...('note' in rest ? [rest.note] : [])].join(': ');
}

const to = (principal: string, resource: Resource = table('orders')): Grant => grantOf({ principal, resource });

describe('a grant', () => {
  test.each<[title: string, grant: Grant, verdict: string]>([
    ['a declared principal on a claimed table', to(consumer), 'managed'],
    ['on the database of a product', to(consumer, database), 'managed'],
    ['on all its tables', to(consumer, allTables), 'managed'],
    [
      'on a filter of a claimed table',
      to(consumer, { kind: 'data-cells-filter', catalog: account, database: 'sales', table: 'orders', filter: 'x' }),
      'managed',
    ],
    ['on a table that nobody claims', to(consumer, table('items')), 'outside'],
    ['on another database', to(consumer, { kind: 'database', catalog: account, database: 'other' }), 'outside'],
    [
      "on another account's table of the same name",
      to(consumer, { kind: 'table', catalog: consumer, database: 'sales', table: 'orders' }),
      'outside',
    ],
    ['on the catalog', to(consumer, { kind: 'catalog', catalog: account }), 'outside'],
    [
      'on a location that nobody declares',
      to(consumer, { kind: 'data-location', catalog: account, location: 'arn:aws:s3:::lake' }),
      'outside',
    ],
    ['to nobody known', to('999988887777'), 'unmanaged: no mesh file declares this principal'],
    [
      'to everybody',
      to('IAM_ALLOWED_PRINCIPALS'),
      'protected: IAM_ALLOWED_PRINCIPALS: everyone whom IAM lets read can read this, whatever the mesh files say',
    ],
    ['to an administrator', to(role('meshgate')), 'protected: a data lake administrator'],
    ['to a service-linked role', to(role('aws-service-role/glue.amazonaws.com/X')), 'protected: a service-linked role'],
    [
      'on an LF-Tag',
      to(consumer, { kind: 'lf-tag', catalog: account, tag: 'team', values: ['a'] }),
      'unmanaged: a permission on or through LF-Tags; it is reported and not compared',
    ],
    [
      'through a saved expression',
      to(consumer, { kind: 'lf-tag-expression', catalog: account, expression: 'x' }),
      'unmanaged: a permission on or through LF-Tags; it is reported and not compared',
    ],
  ])('%s', (_, grant, expected) => {
    expect(verdict(grant)).toBe(expected);
  });

  test("the producer's and the central account's own principals are managed where they are listed", () => {
    const own = "unmanaged: the producer's or the central account's own principal, which the product does not list";
    for (const principal of [producer, `arn:aws:iam::${producer}:role/pipeline`, role('reporting')]) {
      const principals = new Set([principal]);
      const listed = new Map([['sales', [productOf('sales/orders', ['orders'], { listed: principals })]]]);
      expect(verdict(to(principal), { principals })).toBe(own);
      expect(verdict(to(principal), { principals, databases: listed })).toBe('managed');
    }
  });

  test('on a database of two products it is managed by the one that lists the principal', () => {
    const products = [
      productOf('sales/orders', ['orders'], { producers: new Set([consumer]) }),
      productOf('sales/items', ['items']),
    ];
    const databases = new Map([['sales', products]]);
    const judged = judge(scopeOf({ databases }), observedOf());
    expect(judged(to(consumer, database))).toEqual({
      kind: 'managed',
      product: 'sales/items',
      products: ['sales/orders', 'sales/items'],
      enforce: 'full',
    });
    expect(judged(to(consumer))).toMatchObject({ kind: 'unmanaged', product: 'sales/orders' });
  });

  test('on a declared location or below it', () => {
    const locations = [{ location: 'arn:aws:s3:::lake/sales', product: productOf('sales/orders', []) }];
    const at = (location: string): string =>
      verdict(to(consumer, { kind: 'data-location', catalog: account, location }), { locations });
    expect(at('arn:aws:s3:::lake/sales')).toBe('managed');
    expect(at('arn:aws:s3:::lake/sales/2026')).toBe('managed');
    expect(at('arn:aws:s3:::lake/sales-old')).toBe('outside');
    expect(at('arn:aws:s3:::lake')).toBe('outside');
  });

  test('on the catalog, of a principal that mesh.yaml lists for it', () => {
    const catalogPrincipals = new Set([role('builder'), role('meshgate')]);
    expect(verdict(to(role('builder'), { kind: 'catalog', catalog: account }), { catalogPrincipals })).toBe('managed');
    expect(verdict(to(role('meshgate'), { kind: 'catalog', catalog: account }), { catalogPrincipals })).toBe(
      'protected: a data lake administrator',
    );
  });
});

describe('what is protected stays so, whoever declares it', () => {
  const declared = { principals: new Set([role('x'), role('aws-service-role/a/b'), 'IAM_ALLOWED_PRINCIPALS']) };

  test('an administrator, a read-only one too', () => {
    const observed = observedOf({ settings: { administrators: [], readOnlyAdministrators: [role('x')] } });
    expect(verdict(to(role('x')), declared, observed)).toBe('protected: a data lake administrator');
  });

  test('what mesh.yaml lists', () => {
    expect(verdict(to(role('x')), { ...declared, protectedPrincipals: new Set([role('x')]) })).toBe(
      'protected: protected in mesh.yaml',
    );
  });

  test("a table's creator, by its session, on that table only", () => {
    const entry = {
      database: { name: 'sales', parameters: {} },
      tables: new Map([
        [
          'orders',
          {
            name: 'orders',
            kind: 'table' as const,
            parameters: {},
            columns: [],
            createdBy: `arn:aws:sts::${account}:assumed-role/x/s`,
          },
        ],
      ]),
    };
    const observed = observedOf({ catalog: { databases: new Map([['sales', entry]]), unread: new Set() } });
    const listed = {
      ...declared,
      databases: new Map([['sales', [productOf('p', ['orders', 'items'], { listed: new Set([role('x')]) })]]]),
    };
    expect(verdict(to(role('x')), listed, observed)).toBe("protected: the table's creator");
    expect(verdict(to(role('x'), table('items')), listed, observed)).toBe('managed');
  });

  test("Meshgate's own role, unless a mesh file declares it", () => {
    const observed = observedOf({ settings: { administrators: [], readOnlyAdministrators: [] } });
    expect(verdict(to(role('meshgate')), {}, observed)).toBe("protected: Meshgate's own role");
    expect(verdict(to(role('ci/meshgate')), {}, observed)).toBe("protected: Meshgate's own role");
    expect(verdict(to(role('meshgate')), { principals: new Set([role('meshgate')]) }, observed)).toContain('unmanaged');
  });
});

describe('an object', () => {
  const filter = (name: string, on = 'orders'): Fact => ({
    kind: 'data-cells-filter',
    lake,
    catalog: account,
    database: 'sales',
    table: on,
    name,
    rows: 'a',
    columns: 'all',
  });
  const parameter = (name: string, of = 'sales'): Fact => ({
    kind: 'catalog-parameter',
    lake,
    catalog: account,
    database: of,
    name,
    value: 'x',
  });

  test.each<[string, Fact, string]>([
    ['a filter with a derived name', filter('meshgate_0123456789ab'), 'managed'],
    ['a filter that a mesh file names', filter('eu'), 'managed'],
    ['a filter that none names', filter('us'), 'unmanaged: a data cells filter that no mesh file names'],
    ['a filter on a table that nobody claims', filter('eu', 'items'), 'outside'],
    ['a parameter that is kept', parameter('data_owner'), 'managed'],
    ['a parameter that is not', parameter('pii_flag'), 'outside'],
    ['a parameter of another database', parameter('data_owner', 'other'), 'outside'],
  ])('%s', (_, fact, expected) => {
    expect(
      verdict(fact, {
        namesFilter: ({ database, name }) => `${database} ${name}` === 'sales eu',
        parameters: new Set(['data_owner']),
      }),
    ).toBe(expected);
  });
});
