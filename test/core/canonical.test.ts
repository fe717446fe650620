import { describe, expect, test } from 'vitest';
import { toRow } from '../../src/aws/translate.ts';
import {
  canonicalResource,
  columnsOf,
  grantsOf,
  locationOf,
  type PermissionRow,
  rawResource,
} from '../../src/core/canonical.ts';
import type { Columns } from '../../src/core/columns.ts';
import { type Grant, keyOf } from '../../src/core/fact.ts';
import type { Permission } from '../../src/core/permission.ts';
import type { Resource } from '../../src/core/resource.ts';

const lake = '111122223333/eu-west-1';
const catalog = '111122223333';
const principal = 'arn:aws:iam::111122223333:role/analyst';

type ApiRow = Parameters<typeof toRow>[0];

/** The grants of rows as they are listed, by key and columns. */
function listed(...rows: readonly Omit<ApiRow, 'Principal'>[]): readonly string[] {
  return cells(
    rows.flatMap((row) => {
      const read = toRow({ Principal: { DataLakePrincipalIdentifier: principal }, ...row }, catalog);
      if ('text' in read) throw new Error(read.text);
      return grantsOf(lake, read);
    }),
  );
}

/** The grants of a row as it is asked for. */
function asked(
  resource: PermissionRow['resource'],
  permissions: readonly Permission[],
  withGrantOption: readonly Permission[] = [],
): readonly string[] {
  return cells(grantsOf(lake, { principal, resource, permissions, withGrantOption }));
}

function cells(grants: readonly Grant[]): readonly string[] {
  return [...new Set(grants.map((grant) => `${keyOf(grant)} ${JSON.stringify(grant.columns ?? null)}`))].sort();
}

const table = { kind: 'table', catalog, database: 'sales', table: 'orders' } as const;
const wildcard = { kind: 'table-wildcard', catalog, database: 'sales' } as const;
const api = { CatalogId: catalog, DatabaseName: 'sales', Name: 'orders' };
const apiAll = { CatalogId: catalog, DatabaseName: 'sales', Name: 'ALL_TABLES' };
const withColumns = (columns: { names: readonly string[] } | { excluded: readonly string[] }) => ({
  ...table,
  kind: 'table-with-columns' as const,
  columns,
});

describe('what is granted and what comes back are the same facts', () => {
  const rows: readonly (readonly [title: string, granted: readonly string[], back: readonly string[]])[] = [
    [
      'DESCRIBE on a table',
      asked(table, ['DESCRIBE']),
      listed({ Resource: { Table: api }, Permissions: ['DESCRIBE'] }),
    ],
    [
      'SELECT on a table',
      asked(table, ['SELECT']),
      listed({ Resource: { TableWithColumns: { ...api, ColumnWildcard: {} } }, Permissions: ['SELECT'] }),
    ],
    [
      'SELECT and others on a table, with the grant option',
      asked(table, ['SELECT', 'ALTER'], ['SELECT', 'ALTER']),
      listed(
        { Resource: { Table: api }, Permissions: ['ALTER'], PermissionsWithGrantOption: ['ALTER'] },
        {
          Resource: { TableWithColumns: { ...api, ColumnWildcard: {} } },
          Permissions: ['SELECT'],
          PermissionsWithGrantOption: ['SELECT'],
        },
      ),
    ],
    [
      'DESCRIBE on all tables',
      asked(wildcard, ['DESCRIBE']),
      listed({ Resource: { Table: { ...apiAll, TableWildcard: {} } }, Permissions: ['DESCRIBE'] }),
    ],
    [
      'SELECT and others on all tables',
      asked(wildcard, ['SELECT', 'INSERT']),
      listed(
        { Resource: { Table: { ...apiAll, TableWildcard: {} } }, Permissions: ['INSERT'] },
        { Resource: { TableWithColumns: { ...apiAll, ColumnWildcard: {} } }, Permissions: ['SELECT'] },
      ),
    ],
    [
      'SELECT on all columns',
      asked(withColumns({ excluded: [] }), ['SELECT']),
      listed({ Resource: { TableWithColumns: { ...api, ColumnWildcard: {} } }, Permissions: ['SELECT'] }),
    ],
    [
      'SELECT and others on all columns',
      asked(withColumns({ excluded: [] }), ['SELECT', 'DELETE']),
      listed(
        { Resource: { Table: api }, Permissions: ['DELETE'] },
        { Resource: { TableWithColumns: { ...api, ColumnWildcard: {} } }, Permissions: ['SELECT'] },
      ),
    ],
    [
      'SELECT on named columns',
      asked(withColumns({ names: ['b', 'a'] }), ['SELECT']),
      listed({ Resource: { TableWithColumns: { ...api, ColumnNames: ['a', 'b'] } }, Permissions: ['SELECT'] }),
    ],
    [
      'SELECT on all columns but some',
      asked(withColumns({ excluded: ['b', 'a'] }), ['SELECT']),
      listed({
        Resource: { TableWithColumns: { ...api, ColumnWildcard: { ExcludedColumnNames: ['a', 'b'] } } },
        Permissions: ['SELECT'],
      }),
    ],
    [
      'a catalog that is not named is the own one',
      asked({ kind: 'catalog', catalog }, ['CREATE_DATABASE']),
      listed({ Resource: { Catalog: {} }, Permissions: ['CREATE_DATABASE'] }),
    ],
    [
      'names in capital letters',
      asked({ ...withColumns({ names: ['Email'] }), database: 'Sales', table: 'ORDERS' }, ['SELECT']),
      listed({ Resource: { TableWithColumns: { ...api, ColumnNames: ['email'] } }, Permissions: ['SELECT'] }),
    ],
    [
      'LF-Tag terms in another order',
      asked(
        {
          kind: 'lf-tag-policy',
          catalog,
          covers: 'TABLE',
          terms: [
            { key: 'B', values: ['y', 'x'] },
            { key: 'a', values: ['1'] },
          ],
        },
        ['SELECT'],
      ),
      listed({
        Resource: {
          LFTagPolicy: {
            CatalogId: catalog,
            ResourceType: 'TABLE',
            Expression: [
              { TagKey: 'a', TagValues: ['1'] },
              { TagKey: 'b', TagValues: ['x', 'y'] },
            ],
          },
        },
        Permissions: ['SELECT'],
      }),
    ],
  ];

  test.each(rows)('%s', (_, granted, back) => {
    expect(granted.length).toBeGreaterThan(0);
    expect(back).toEqual(granted);
  });

  test('a real table of the name all_tables is a table', () => {
    expect(canonicalResource({ ...table, table: 'all_tables' }).resource).toEqual({ ...table, table: 'all_tables' });
    expect(canonicalResource({ ...table, table: 'ALL_TABLES' }).resource).toEqual({
      kind: 'all-tables',
      catalog,
      database: 'sales',
    });
  });

  test('SELECT alone has columns', () => {
    const grants = grantsOf(lake, {
      principal,
      resource: withColumns({ names: ['a'] }),
      permissions: ['SELECT'],
      withGrantOption: ['SELECT'],
    });
    expect(grants.map(({ grantOption, columns }) => [grantOption, columns])).toEqual([
      [false, { only: ['a'] }],
      [true, { only: ['a'] }],
    ]);
    expect(
      grantsOf(lake, { principal, resource: table, permissions: ['DESCRIBE'], withGrantOption: [] })[0],
    ).not.toHaveProperty('columns');
    expect(
      grantsOf(lake, { principal, resource: wildcard, permissions: ['SELECT'], withGrantOption: [] })[0],
    ).not.toHaveProperty('columns');
  });

  test.each([
    ['EVERYONE', 'IAM_ALLOWED_PRINCIPALS'],
    ['arn:aws:iam::111122223333:root', '111122223333'],
    [principal, principal],
  ])('the principal %s is %s', (written, id) => {
    const [grant] = grantsOf(lake, { principal: written, resource: table, permissions: ['ALL'], withGrantOption: [] });
    expect(grant?.principal).toBe(id);
  });

  test('a condition is part of a grant', () => {
    const row = { principal, resource: table, permissions: ['DESCRIBE'], withGrantOption: [] } as const;
    expect(cells(grantsOf(lake, row))).not.toEqual(cells(grantsOf(lake, { ...row, condition: 'true' })));
  });
});

describe('what is sent reads back as itself', () => {
  const resources: readonly (readonly [Resource, Columns])[] = [
    [{ kind: 'catalog', catalog }, 'all'],
    [{ kind: 'database', catalog, database: 'sales' }, 'all'],
    [table, 'all'],
    [table, { only: ['a', 'b'] }],
    [table, { except: ['a'] }],
    [{ kind: 'all-tables', catalog, database: 'sales' }, 'all'],
    [{ kind: 'data-location', catalog, location: 'arn:aws:s3:::lake/sales' }, 'all'],
    [{ kind: 'data-cells-filter', catalog, database: 'sales', table: 'orders', filter: 'EU' }, 'all'],
  ];

  test.each(resources)('%j %j', (resource, columns) => {
    expect(canonicalResource(rawResource(resource, columns))).toEqual({ resource, columns });
  });

  test('permissions on LF-Tags are never sent', () => {
    expect(() => rawResource({ kind: 'lf-tag', catalog, tag: 'team', values: ['a'] })).toThrow('only ever read');
  });

  test('a list of columns without columns is a bug', () => {
    expect(() => columnsOf({ names: [] })).toThrow('without columns');
  });
});

test.each([
  ['s3://lake/sales/', 'arn:aws:s3:::lake/sales'],
  ['s3://lake', 'arn:aws:s3:::lake'],
  ['arn:aws:s3:::lake/sales//', 'arn:aws:s3:::lake/sales'],
  ['arn:aws:s3:::lake/Sales', 'arn:aws:s3:::lake/Sales'],
])('the location %s is %s', (path, arn) => {
  expect(locationOf(path)).toBe(arn);
});
