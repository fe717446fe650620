import type { Seed, SeedDatabase, SeedFilter, SeedGrant } from '../../src/emulator/seed.ts';

/** The central account of a lake that grew for years without a mesh. */
const central = '111122223333';
export const region = 'eu-west-1';

const administrator = `arn:aws:iam::${central}:role/lake-administrator`;

/** The keys of its administrator. */
export const keys = { AWS_ACCESS_KEY_ID: 'AKIAOLDLAKEADMIN0001', AWS_SECRET_ACCESS_KEY: 'secret-of-old' } as const;

const databases = 40;
const tables = ['orders', 'order_items', 'customers', 'stock_day', 'stock_week', 'stock_month', 'stores', 'prices'];
const consumers = Array.from({ length: 50 }, (_, index) => String(200_000_000_000 + index * 7_919));
const roles = Array.from({ length: 60 }, (_, index) => `arn:aws:iam::${central}:role/teams/team-${index}`);

/** A lake of about so many rows of permissions, a third of them made by hand in ways that nobody would plan. */
export function oldLake(rows: number): Seed {
  const grants = new Map<string, SeedGrant>();
  const add = (grant: SeedGrant): void =>
    void grants.set(JSON.stringify([grant.principal, grant.resource]), {
      lastUpdated: '2024-05-06T07:08:09Z',
      ...grant,
    });
  for (let index = 0; grants.size < rows; index += 1) {
    const at = placeOf(index);
    const grant = index % 3 === 2 ? odd(index, at) : undefined;
    if (grant === undefined) usual(index, at, add);
    else add(grant);
  }
  return {
    accounts: {
      [central]: {
        principals: [
          {
            arn: administrator,
            accessKeyId: keys.AWS_ACCESS_KEY_ID,
            secretAccessKey: keys.AWS_SECRET_ACCESS_KEY,
            lakeFormation: true,
            glue: true,
          },
          ...roles.map((arn) => ({ arn })),
        ],
        regions: {
          [region]: {
            settings: {
              DataLakeAdmins: [administrator],
              CreateDatabaseDefaultPermissions: [],
              CreateTableDefaultPermissions: [],
              Parameters: { CROSS_ACCOUNT_VERSION: '4' },
            },
            locations: [{ arn: 'arn:aws:s3:::old-lake', hybrid: true }],
            databases: Object.fromEntries(
              Array.from({ length: databases }, (_, index) => [`area_${index}`, databaseOf(index)]),
            ),
            filters: filtersOf(),
            grants: [...grants.values()],
          },
        },
      },
      ...Object.fromEntries(consumers.map((id) => [id, { principals: [{ arn: analystOf(id) }] }])),
    },
  };
}

function databaseOf(index: number): SeedDatabase {
  const owner = consumers[index % 5] ?? central;
  return {
    location: `s3://old-lake/area_${index}`,
    ...(index % 2 === 0 ? { parameters: { data_owner: owner, data_owner_name: `Area ${index % 5}` } } : {}),
    tables: Object.fromEntries(
      tables.map((name, at) => [
        name,
        {
          columns: {
            id: 'string',
            region: 'string',
            amount: 'double',
            email: { type: 'string', ...(index % 4 === 0 && at === 2 ? { parameters: { pii_flag: 'true' } } : {}) },
          },
          ...(at % 3 === 0 ? { partitionKeys: { day: 'string' } } : {}),
          location: `s3://old-lake/area_${index}/${name}`,
        },
      ]),
    ),
  };
}

interface At {
  readonly database: string;
  readonly table: string;
  readonly consumer: string;
  readonly role: string;
}

/** Which place a number stands for: numbers in a row are far apart. */
function placeOf(index: number): At {
  const mixed = (index * 2_654_435_761) % 4_294_967_296;
  return {
    database: `area_${mixed % databases}`,
    table: tables[Math.floor(mixed / 64) % tables.length] ?? 'orders',
    consumer: consumers[Math.floor(mixed / 1024) % consumers.length] ?? '',
    role: roles[Math.floor(mixed / 4096) % roles.length] ?? '',
  };
}

function usual(index: number, { database, table, consumer, role }: At, add: (grant: SeedGrant) => void): void {
  const read = ['SELECT', 'DESCRIBE'];
  const named = { Table: { DatabaseName: database, Name: table } };
  if (index % 2 === 0) {
    add({
      principal: consumer,
      resource: { Database: { Name: database } },
      permissions: ['DESCRIBE'],
      withGrantOption: ['DESCRIBE'],
    });
    add({ principal: consumer, resource: named, permissions: read, withGrantOption: read });
    return;
  }
  const stock = tables.filter((name) => name.startsWith('stock_'));
  for (const name of table.startsWith('stock_') ? stock : [table])
    add({ principal: role, resource: { Table: { DatabaseName: database, Name: name } }, permissions: read });
}

type Name = { readonly DatabaseName: string; readonly Name: string };

/** Grants that nobody would plan, on one table, for a role of the central account and one of a consumer's. */
const oddities: readonly ((on: Name, role: string, consumer: string) => SeedGrant)[] = [
  (on, role) => ({ principal: role, resource: { Table: on }, permissions: ['ALL'] }),
  (on, role) => ({
    principal: role,
    resource: { TableWithColumns: { ...on, ColumnWildcard: { ExcludedColumnNames: ['email'] } } },
    permissions: ['SELECT'],
  }),
  (on, _, consumer) => ({ principal: consumer, resource: { Table: on }, permissions: ['SELECT'] }),
  (on, _, consumer) => ({
    principal: analystOf(consumer),
    resource: { TableWithColumns: { ...on, ColumnNames: ['id', 'amount'] } },
    permissions: ['SELECT'],
  }),
  (on, role) => ({
    principal: role,
    resource: { Table: { DatabaseName: on.DatabaseName, TableWildcard: {} } },
    permissions: ['DESCRIBE'],
  }),
  (on) => ({ principal: 'IAM_ALLOWED_PRINCIPALS', resource: { Table: on }, permissions: ['ALL'] }),
  (on, role) => ({
    principal: role,
    resource: { Table: on },
    permissions: ['SELECT', 'INSERT'],
    withGrantOption: ['INSERT'],
  }),
  (on, role) => ({
    principal: role,
    resource: { Table: on },
    permissions: ['SELECT'],
    condition: 'context has project',
  }),
  (on, _, consumer) => ({
    principal: analystOf(consumer),
    resource: {
      DataCellsFilter: { TableCatalogId: central, DatabaseName: on.DatabaseName, TableName: on.Name, Name: 'north' },
    },
    permissions: ['SELECT'],
  }),
  (on, role) => ({
    principal: role,
    resource: { Database: { Name: on.DatabaseName } },
    permissions: ['CREATE_TABLE', 'DESCRIBE'],
    withGrantOption: ['DESCRIBE'],
  }),
];

function odd(index: number, { database, table, consumer, role }: At): SeedGrant | undefined {
  return oddities[Math.floor(index / 3) % oddities.length]?.({ DatabaseName: database, Name: table }, role, consumer);
}

function analystOf(account: string): string {
  return `arn:aws:iam::${account}:role/analyst`;
}

/** A filter of one name on every table of every database. */
function filtersOf(): readonly SeedFilter[] {
  return Array.from({ length: databases }, (_, index) =>
    tables.map((table) => ({ database: `area_${index}`, table, name: 'north', rows: "region = 'north'" })),
  ).flat();
}
