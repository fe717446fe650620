import type { Seed, SeedGrant, SeedRegion } from '../../src/emulator/seed.ts';

/** The central account of the town. */
export const central = '111122223333';
/** Its region. */
export const region = 'eu-west-1';

const role = (name: string, account = central): string => `arn:aws:iam::${account}:role/${name}`;
const keys = (arn: string, id: string) => ({ arn, accessKeyId: keyId(id), secretAccessKey: `secret-${id}` });

/** Keys of the town's roles, as the environment variables that AWS's tools read. */
export const keysOf = {
  admin: environment('ADMIN'),
  reader: environment('READER'),
  nobody: environment('NOBODY'),
  outsider: environment('OUTSIDER'),
  stranger: environment('STRANGER'),
} as const;

function keyId(id: string): string {
  return `AKIA${id.padStart(16, '0')}`;
}

function environment(id: string): Readonly<Record<string, string>> {
  return { AWS_ACCESS_KEY_ID: keyId(id), AWS_SECRET_ACCESS_KEY: `secret-${id}` };
}

/** A small mesh: one producer, two consumers, personal data, a row filter and a database parameter. */
export const townMesh: Readonly<Record<string, string>> = {
  'mesh.yaml': `apiVersion: meshgate/v1
kind: Mesh
name: town
central: { account: "${central}", region: ${region} }
administrators: [{ login: ada, id: 1 }]
principals: { reporting: "${role('reporting')}" }
catalogParameters: [data_owner]
`,
  'accounts/sales.yaml': `apiVersion: meshgate/v1
kind: Account
id: "222233334444"
roles: [producer]
databases: [sales, stores]
owners: [{ login: bob, id: 2 }]
`,
  'accounts/marketing.yaml': `apiVersion: meshgate/v1
kind: Account
id: "333344445555"
roles: [consumer]
owners: [{ login: eve, id: 3 }]
principals: { analysts: "${role('analysts', '333344445555')}" }
`,
  'accounts/finance.yaml': `apiVersion: meshgate/v1
kind: Account
id: "444455556666"
roles: [consumer]
owners: [{ login: fay, id: 4 }]
`,
  'products/sales/orders.yaml': `apiVersion: meshgate/v1
kind: DataProduct
producer: sales
database: sales
tables:
  orders: { columns: { id: null, region: null, email: pii } }
  items: { columns: { id: null, price: null } }
`,
  'products/sales/stores.yaml': `apiVersion: meshgate/v1
kind: DataProduct
producer: sales
database: stores
tables: { shops: null, visits: null }
`,
  'subscriptions/sales/orders/marketing.yaml':
    subscription(`  - { tables: [orders], columns: { exclude: pii }, permissions: read }
  - { tables: [items], permissions: read }
`),
  'subscriptions/sales/orders/marketing.analysts.yaml': subscription(
    `  - { tables: [orders], columns: { exclude: pii }, rows: "region = 'EU'", filter: europe, permissions: [SELECT] }
`,
    'principals: [analysts]\n',
  ),
  'subscriptions/sales/orders/finance.yaml': subscription(`  - { tables: [items], permissions: read }
`),
  'subscriptions/sales/stores/marketing.yaml': subscription(`  - { tables: [shops, visits], permissions: read }
`),
  'subscriptions/sales/stores/finance.yaml': subscription(`  - { tables: [shops], permissions: read }
`),
};

/** A subscription file with these entries. */
function subscription(access: string, more = ''): string {
  return `apiVersion: meshgate/v1
kind: Subscription
purpose: A town needs to know.
${more}access:
${access}`;
}

/** The grant that the town's mesh does not ask for, made by hand. */
export const byHand: SeedGrant = {
  principal: '444455556666',
  resource: { Table: { DatabaseName: 'sales', Name: 'orders' } },
  permissions: ['SELECT', 'DESCRIBE'],
  withGrantOption: ['SELECT', 'DESCRIBE'],
  lastUpdated: '2026-02-03T04:05:06Z',
  lastUpdatedBy: role('nobody'),
};

/** IAM lets everyone into a table of the town. */
export const openShops: SeedGrant = {
  principal: 'IAM_ALLOWED_PRINCIPALS',
  resource: { Table: { DatabaseName: 'stores', Name: 'shops' } },
  permissions: ['ALL'],
};

/** What the emulator holds for the town at the start. */
export function townSeed(more: Partial<SeedRegion> = {}): Seed {
  return {
    switches: { pageCuts: 'none' },
    accounts: {
      [central]: {
        principals: [
          { ...keys(role('admin'), 'ADMIN'), trusts: [role('nobody')] },
          keys(role('reader'), 'READER'),
          keys(role('nobody'), 'NOBODY'),
          { ...keys(role('outsider'), 'OUTSIDER'), lakeFormation: false, glue: false },
          { arn: role('reporting') },
        ],
        regions: { [region]: { ...townLake, ...more } },
      },
      '222233334444': { principals: [keys(role('stranger', '222233334444'), 'STRANGER')] },
      '333344445555': { principals: [{ arn: role('analysts', '333344445555') }] },
      '444455556666': {},
    },
  };
}

/** The town's lake. */
export const townLake: SeedRegion = {
  settings: {
    DataLakeAdmins: [role('admin')],
    ReadOnlyAdmins: [role('reader')],
    CreateDatabaseDefaultPermissions: [],
    CreateTableDefaultPermissions: [],
    Parameters: { CROSS_ACCOUNT_VERSION: '4' },
  },
  databases: {
    sales: {
      createdBy: role('admin'),
      tables: {
        orders: { columns: { id: 'bigint', region: 'string', email: 'string' } },
        items: { columns: { id: 'bigint', price: 'double' } },
      },
    },
    stores: {
      createdBy: role('admin'),
      tables: { shops: { columns: { id: 'bigint' } }, visits: { columns: { id: 'bigint', shop: 'bigint' } } },
    },
  },
  grants: [byHand],
};
