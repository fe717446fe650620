import type { Seed, SeedGrant } from '../../src/emulator/seed.ts';

/** The central account of a lake that people made by hand. */
const central = '111122223333';
export const region = 'eu-west-1';

const consumer = '333344445555';
const producer = '222233334444';
const role = (name: string, account = central): string => `arn:aws:iam::${account}:role/${name}`;
const organization = 'arn:aws:organizations::999900001111:organization/o-handmade123';
const people = 'arn:aws:identitystore:::group/a1b2c3d4-0000-4000-8000-5e6f70819203';
const signer = (name: string) => ({
  arn: role(name),
  accessKeyId: `AKIA${name.toUpperCase().padStart(16, '0')}`,
  secretAccessKey: `secret-${name}`,
  lakeFormation: true,
  glue: true,
});

/** Keys of the lake's roles, as the environment variables that AWS's tools read. */
export function keysOf(name: 'admin' | 'reader' | 'nobody'): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey } = signer(name);
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}

const table = (database: string, name: string) => ({ Table: { DatabaseName: database, Name: name } });
const columns = (database: string, name: string, list: Readonly<Record<string, unknown>>) => ({
  TableWithColumns: { DatabaseName: database, Name: name, ...list },
});
const grant = (
  principal: string,
  resource: SeedGrant['resource'],
  permissions: readonly string[],
  option = false,
): SeedGrant => ({
  principal,
  resource,
  permissions,
  ...(option ? { withGrantOption: permissions } : {}),
});
const read = ['SELECT', 'DESCRIBE'];

/** What becomes lines of mesh files. */
export const sayable: readonly SeedGrant[] = [
  grant(consumer, { Database: { Name: 'sales' } }, ['DESCRIBE'], true),
  ...['day_1', 'day_2', 'day_3', 'orders'].map((name) => grant(consumer, table('sales', name), read, true)),
  grant(role('analysts', consumer), columns('sales', 'customers', { ColumnNames: ['id', 'region'] }), ['SELECT']),
  grant(
    role('analysts', consumer),
    { DataCellsFilter: { TableCatalogId: central, DatabaseName: 'sales', TableName: 'orders', Name: 'europe' } },
    ['SELECT'],
  ),
  grant(organization, table('sales', 'orders'), ['DESCRIBE'], true),
  grant(people, table('sales', 'orders'), read),
  grant(producer, table('sales', 'orders'), ['SELECT', 'DESCRIBE', 'INSERT', 'DELETE', 'ALTER'], true),
  grant(role('a/reporting'), table('sales', 'orders'), read),
  grant(role('b/reporting'), table('sales', 'orders'), read),
  grant(role('loader'), { Table: { DatabaseName: 'stores', TableWildcard: {} } }, ['SELECT', 'INSERT']),
  grant(role('loader'), { Database: { Name: 'stores' } }, ['CREATE_TABLE', 'DESCRIBE']),
  grant(role('loader'), { DataLocation: { ResourceArn: 'arn:aws:s3:::town/stores' } }, ['DATA_LOCATION_ACCESS']),
  grant(role('loader'), { Catalog: {} }, ['CREATE_DATABASE']),
];

/** What stays out of them, each for a reason of its own. */
const unsayable: readonly SeedGrant[] = [
  grant('IAM_ALLOWED_PRINCIPALS', table('stores', 'shops'), ['ALL']),
  grant(role('old'), table('sales', 'orders'), ['ALL']),
  { ...grant(role('old'), table('sales', 'day_1'), ['SELECT']), condition: 'context has project' },
  grant(role('old'), columns('sales', 'orders', { ColumnWildcard: { ExcludedColumnNames: ['email'] } }), ['SELECT']),
  grant(role('old'), columns('sales', 'visits', { ColumnNames: ['id'] }), ['SELECT']),
  grant('444455556666', table('sales', 'orders'), ['SELECT']),
  grant(role('loader'), table('stores', 'shops'), ['SELECT']),
  // What another filter gives this principal already.
  grant(
    role('analysts', consumer),
    { DataCellsFilter: { TableCatalogId: central, DatabaseName: 'sales', TableName: 'orders', Name: 'the-union' } },
    ['SELECT'],
  ),
  grant(role('loader'), { DataLocation: { ResourceArn: 'arn:aws:s3:::elsewhere' } }, ['DATA_LOCATION_ACCESS']),
];

/** The seed of an emulator that holds the lake. */
export function handmade(grants: readonly SeedGrant[] = [...sayable, ...unsayable]): Seed {
  const word = 'string';
  const sales = { columns: { id: word, region: word, email: word }, location: 's3://town/sales/t' };
  return {
    switches: { pageCuts: 'none' },
    accounts: {
      [central]: {
        memberOf: [organization],
        principals: [
          signer('admin'),
          signer('reader'),
          signer('nobody'),
          ...['a/reporting', 'b/reporting', 'loader', 'old'].map((name) => ({ arn: role(name) })),
        ],
        regions: {
          [region]: {
            settings: {
              DataLakeAdmins: [role('admin')],
              ReadOnlyAdmins: [role('reader')],
              CreateDatabaseDefaultPermissions: [],
              CreateTableDefaultPermissions: [],
              Parameters: { CROSS_ACCOUNT_VERSION: '4' },
            },
            locations: ['town', 'elsewhere'].map((bucket) => ({ arn: `arn:aws:s3:::${bucket}`, hybrid: true })),
            databases: {
              sales: {
                parameters: { data_owner: producer, data_owner_name: 'Sales & Co' },
                tables: {
                  orders: sales,
                  day_1: sales,
                  day_2: sales,
                  day_3: sales,
                  customers: {
                    columns: { id: word, region: word, email: { type: word, parameters: { pii_flag: 'true' } } },
                  },
                  visits: { columns: { id: word }, partitionKeys: { day: word } },
                },
              },
              stores: { location: 's3://town/stores', tables: { shops: { columns: { id: word } } } },
              unused: { tables: { nothing: { columns: { id: word } } } },
            },
            filters: ['europe', 'the-union'].map((name) => ({
              database: 'sales',
              table: 'orders',
              name,
              rows: "region = 'EU'",
            })),
            grants,
          },
        },
      },
      [producer]: {},
      [consumer]: { principals: [{ arn: role('analysts', consumer) }] },
      '444455556666': {},
    },
  };
}
