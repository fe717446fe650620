import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toEntry, toRawResource, toRow } from '../../src/aws/translate.ts';
import { apiResource } from '../../src/core/api-resource.ts';
import type { PermissionRow, RawResource } from '../../src/core/canonical.ts';
import type { Permission } from '../../src/core/permission.ts';

const catalog = '111122223333';
const name = fc.string({ minLength: 1, maxLength: 8 });
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 3 });
const resource: fc.Arbitrary<RawResource> = fc.oneof(
  fc.constant<RawResource>({ kind: 'catalog', catalog }),
  name.map((database): RawResource => ({ kind: 'database', catalog, database })),
  fc.tuple(name, name).map(([database, table]): RawResource => ({ kind: 'table', catalog, database, table })),
  name.map((database): RawResource => ({ kind: 'table-wildcard', catalog, database })),
  fc.tuple(name, name, names).map(
    ([database, table, list]): RawResource => ({
      kind: 'table-with-columns',
      catalog,
      database,
      table,
      columns: { names: list },
    }),
  ),
  fc.tuple(name, name, fc.uniqueArray(name, { maxLength: 2 })).map(
    ([database, table, list]): RawResource => ({
      kind: 'table-with-columns',
      catalog,
      database,
      table,
      columns: { excluded: list },
    }),
  ),
  name.map((arn): RawResource => ({ kind: 'data-location', catalog, arn })),
  fc
    .tuple(name, name, name)
    .map(([database, table, filter]): RawResource => ({ kind: 'data-cells-filter', catalog, database, table, filter })),
  fc.tuple(name, names).map(([key, values]): RawResource => ({ kind: 'lf-tag', catalog, key, values })),
  fc
    .tuple(
      fc.constantFrom<'DATABASE' | 'TABLE'>('DATABASE', 'TABLE'),
      fc.array(fc.record({ key: name, values: names }), { minLength: 1, maxLength: 2 }),
    )
    .map(([covers, terms]): RawResource => ({ kind: 'lf-tag-policy', catalog, covers, terms })),
  name.map((saved): RawResource => ({ kind: 'lf-tag-policy', catalog, covers: 'TABLE', terms: [], saved })),
  name.map((one): RawResource => ({ kind: 'lf-tag-expression', catalog, name: one })),
);

test('a resource that is sent is read back as itself', () => {
  fc.assert(
    fc.property(resource, (one) => {
      expect(toRawResource(apiResource(one), 'another')).toEqual(one);
    }),
  );
});

test('a row that is sent is read back as itself', () => {
  const permissions = fc.subarray<Permission>(['SELECT', 'DESCRIBE', 'ALTER']);
  fc.assert(
    fc.property(resource, name, permissions, fc.option(name, { nil: undefined }), (one, principal, list, condition) => {
      const isList =
        one.kind === 'table-with-columns' && !('excluded' in one.columns && one.columns.excluded.length === 0);
      const held = isList ? list.filter((permission) => permission === 'SELECT') : list;
      const row: PermissionRow = {
        principal,
        resource: one,
        permissions: held,
        withGrantOption: held,
        ...(condition === undefined ? {} : { condition }),
      };
      const { Id, ...entry } = toEntry(row, '7');
      expect(Id).toBe('7');
      expect(toRow(entry, catalog)).toEqual(row);
    }),
  );
});

describe('a row', () => {
  const Principal = { DataLakePrincipalIdentifier: 'p' };
  const table = { CatalogId: catalog, DatabaseName: 'd', Name: 't' };

  test('keeps what is said of its last change', () => {
    const row = toRow(
      {
        Principal,
        Resource: { Table: table },
        Permissions: ['DESCRIBE'],
        LastUpdated: new Date(0),
        LastUpdatedBy: 'someone',
      },
      catalog,
    );
    expect(row).toMatchObject({
      updatedAt: '1970-01-01T00:00:00.000Z',
      updatedBy: 'someone',
      permissions: ['DESCRIBE'],
      withGrantOption: [],
    });
  });

  test('of the catalog without an id is of the own one', () => {
    expect(toRow({ Principal, Resource: { Catalog: {} }, Permissions: [] }, catalog)).toMatchObject({
      resource: { kind: 'catalog', catalog },
    });
  });

  test.each<[string, Parameters<typeof toRow>[0]]>([
    ['without a principal', { Resource: { Table: table }, Permissions: ['DESCRIBE'] }],
    ['without a resource', { Principal, Permissions: ['DESCRIBE'] }],
    ['with a resource of no known kind', { Principal, Resource: {}, Permissions: ['DESCRIBE'] }],
    ['with an unknown permission', { Principal, Resource: { Table: table }, Permissions: ['FROBNICATE' as 'ALL'] }],
    [
      'with an unknown grant option',
      { Principal, Resource: { Table: table }, Permissions: [], PermissionsWithGrantOption: ['FROBNICATE' as 'ALL'] },
    ],
    [
      'on a table without a name',
      { Principal, Resource: { Table: { CatalogId: catalog, DatabaseName: 'd' } }, Permissions: ['DESCRIBE'] },
    ],
    [
      'on a table without a catalog',
      { Principal, Resource: { Table: { DatabaseName: 'd', Name: 't' } }, Permissions: ['DESCRIBE'] },
    ],
    [
      'on no columns',
      { Principal, Resource: { TableWithColumns: { ...table, ColumnNames: [] } }, Permissions: ['SELECT'] },
    ],
    [
      'with more than SELECT on columns',
      { Principal, Resource: { TableWithColumns: { ...table, ColumnNames: ['a'] } }, Permissions: ['SELECT', 'ALTER'] },
    ],
    [
      'through a policy on something new',
      {
        Principal,
        Resource: { LFTagPolicy: { CatalogId: catalog, ResourceType: 'COLUMN' as 'TABLE', Expression: [] } },
        Permissions: ['SELECT'],
      },
    ],
    [
      'on a filter without its name',
      {
        Principal,
        Resource: { DataCellsFilter: { TableCatalogId: catalog, DatabaseName: 'd', TableName: 't' } },
        Permissions: ['SELECT'],
      },
    ],
  ])('%s is told, not passed over', (_, listed) => {
    expect(Object.keys(toRow(listed, catalog))).toContain('text');
  });

  test('with more than SELECT on all columns is one of the table', () => {
    const row = toRow(
      { Principal, Resource: { TableWithColumns: { ...table, ColumnWildcard: {} } }, Permissions: ['SELECT', 'ALTER'] },
      catalog,
    );
    expect(row).toMatchObject({ permissions: ['SELECT', 'ALTER'] });
  });
});

test.each([
  [{ Database: { CatalogId: catalog, Name: 'Sales' } }, 'sales'],
  [{ Table: { CatalogId: catalog, DatabaseName: 'Sales' } }, 'sales'],
  [{ TableWithColumns: { CatalogId: catalog, DatabaseName: 'Sales', Name: undefined } }, 'sales'],
  [{ DataCellsFilter: { DatabaseName: 'Sales' } }, 'sales'],
  [{}, undefined],
])('a row that cannot be read says in which database it is: %j', (listed, database) => {
  const row = toRow({ Resource: listed, Permissions: ['SELECT'] }, catalog);
  expect('text' in row ? row.database : 'readable').toBe(database);
});
