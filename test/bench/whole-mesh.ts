import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Seed, SeedDatabase, SeedGrant, SeedRegion } from '../../src/emulator/seed.ts';
import { accountOf, central, commit, keys, region } from './scene.ts';
import { scratch } from './scratch.ts';

const admin = `arn:aws:iam::${central}:role/meshgate`;
const organization = 'arn:aws:organizations::999900001111:organization/o-bench';

/** How large a mesh is. */
export interface Size {
  readonly accounts: number;
  readonly products: number;
  /** Subscriptions to each product, of as many accounts. */
  readonly subscribers: number;
  /** Tables of each product, ten at least. */
  readonly tables: number;
}

/** A mesh in many accounts, each of which produces some products, subscribes to others, and is entered. */
export interface WholeMesh extends Size {
  /** Where the mesh files are. */
  readonly directory: string;
  readonly subscriptions: number;
  /** ListPermissions rows in the central lake. */
  readonly rows: number;
  /** Of each account, by index: what is brought into its own catalog. */
  readonly imported: readonly (readonly string[])[];
}

/** ListPermissions rows that a subscription stands for, in the central lake and in the consumer's alike. */
export const rowsPerSubscription = 5;
/** What of a product RAM shares with a consumer: its database and two tables. */
export const sharedPerSubscription = 3;
const listed = ['id', 'region'];

/** Writes the files of a mesh, committed, to a directory of its own. */
export function makeMesh(size: Size): WholeMesh {
  const directory = mkdtempSync(join(scratch, 'whole-'));
  const products = Array.from({ length: size.products }, (_, index) => productName(index));
  for (const [path, text] of filesOf(size, products)) {
    mkdirSync(dirname(join(directory, 'mesh', path)), { recursive: true });
    writeFileSync(join(directory, 'mesh', path), text);
  }
  commit(directory, 'mesh', ['init', '--quiet', '--initial-branch=main']);
  const imported = Array.from({ length: size.accounts }, (_, account) =>
    products.filter((_, product) => subscribersOf(size, product).includes(account)),
  );
  const subscriptions = size.products * size.subscribers;
  return {
    ...size,
    directory: join(directory, 'mesh'),
    subscriptions,
    rows: subscriptions * rowsPerSubscription,
    imported,
  };
}

function productName(index: number): string {
  return `p${String(index).padStart(4, '0')}`;
}

function accountName(index: number): string {
  return `a${String(index).padStart(3, '0')}`;
}

/** The accounts that subscribe to a product: those that follow its producer. */
function subscribersOf({ accounts, subscribers }: Size, product: number): readonly number[] {
  return Array.from({ length: subscribers }, (_, nth) => (producerOf(accounts, product) + 1 + nth) % accounts);
}

function producerOf(accounts: number, product: number): number {
  return product % accounts;
}

function* filesOf(size: Size, products: readonly string[]): Generator<readonly [string, string]> {
  const head = (kind: string): string => `apiVersion: meshgate/v1\nkind: ${kind}\n`;
  yield [
    'mesh.yaml',
    `${head('Mesh')}name: bench
central: { account: "${central}", region: ${region} }
runsAs: { observe: meshgate-observe, apply: meshgate-apply }
administrators: [{ login: administrator, id: 2 }]
`,
  ];
  for (let index = 0; index < size.accounts; index += 1) {
    const own = products.filter((_, product) => producerOf(size.accounts, product) === index);
    yield [
      `accounts/${accountName(index)}.yaml`,
      `${head('Account')}id: "${accountOf(index)}"
roles: [producer, consumer]
databases: [${own.join(', ')}]
owners: [{ login: owner, id: 1 }]
principals: { analysts: "${roleIn(accountOf(index), 'analysts')}" }
`,
    ];
  }
  for (const [index, product] of products.entries()) {
    yield [
      `products/bench/${product}.yaml`,
      `${head('DataProduct')}producer: ${accountName(producerOf(size.accounts, index))}
database: ${product}
tables:
  orders: { columns: { id, region, email: { pii: true } } }
${tableNames(size)
  .filter((name) => name !== 'orders')
  .map((name) => `  ${name}: { columns: { id, region } }\n`)
  .join('')}`,
    ];
    for (const account of subscribersOf(size, index))
      yield [
        `subscriptions/bench/${product}/${accountName(account)}.yaml`,
        `${head('Subscription')}purpose: Reports of ${accountName(account)} on ${product}.
access:
  - { tables: [orders], columns: { exclude: pii }, permissions: [SELECT, DESCRIBE] }
  - { tables: [events], permissions: [SELECT, DESCRIBE] }
import:
  database: ${product}
  grants: [{ principals: [analysts], permissions: [SELECT, DESCRIBE] }]
`,
      ];
  }
}

function tableNames({ tables }: Size): readonly string[] {
  const others = Array.from({ length: tables - 2 }, (_, index) => `t_${String(index).padStart(2, '0')}`);
  return ['orders', 'events', ...others];
}

function roleIn(account: string, name: string): string {
  return `arn:aws:iam::${account}:role/${name}`;
}

/** All lakes of a mesh, in one organization; with `held` they are as its files ask. */
export function seedOfMesh(mesh: WholeMesh, { held }: { readonly held: boolean }): Seed {
  const closed = { CreateDatabaseDefaultPermissions: [], CreateTableDefaultPermissions: [] };
  const products = Array.from({ length: mesh.products }, (_, index) => productName(index));
  const lakes = mesh.imported.map((imported, index): [string, Seed['accounts'][string]] => {
    const account = accountOf(index);
    const member = (name: string) => ({ arn: roleIn(account, name), trusts: [admin] });
    const own: SeedRegion = {
      settings: {
        DataLakeAdmins: [roleIn(account, 'meshgate-apply')],
        ReadOnlyAdmins: [roleIn(account, 'meshgate-observe')],
        ...closed,
      },
      ...(held
        ? {
            databases: Object.fromEntries(imported.map((product) => [product, linkTo(product)])),
            grants: imported.flatMap((product) => ownGrants(roleIn(account, 'analysts'), product)),
          }
        : {}),
    };
    return [
      account,
      {
        memberOf: [organization],
        principals: [{ arn: roleIn(account, 'analysts') }, member('meshgate-apply'), member('meshgate-observe')],
        regions: { [region]: own },
      },
    ];
  });
  return {
    switches: { pageCuts: 'none' },
    organizations: { [organization]: {} },
    accounts: {
      [central]: {
        memberOf: [organization],
        principals: [{ arn: admin, accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY }],
        regions: {
          [region]: {
            settings: { DataLakeAdmins: [admin], ...closed },
            databases: Object.fromEntries(products.map((product) => [product, databaseOf(mesh)])),
            grants: held
              ? mesh.imported.flatMap((imported, index) =>
                  imported.flatMap((product) => sharedGrants(accountOf(index), product)),
                )
              : [],
          },
        },
      },
      ...Object.fromEntries(lakes),
    },
  };
}

function databaseOf(size: Size): SeedDatabase {
  const columns = { id: 'bigint', region: 'string' };
  const tables = tableNames(size).map((name): [string, NonNullable<SeedDatabase['tables']>[string]] => [
    name,
    { columns: name === 'orders' ? { ...columns, email: 'string' } : columns },
  ]);
  return { tables: Object.fromEntries(tables) };
}

function linkTo(database: string): SeedDatabase {
  return { target: { catalogId: central, database } };
}

/** What a subscription gives an account. */
function sharedGrants(principal: string, database: string): readonly SeedGrant[] {
  const grant = (resource: SeedGrant['resource'], ...permissions: readonly string[]): SeedGrant => ({
    principal,
    resource,
    permissions,
    withGrantOption: permissions,
  });
  return [
    grant({ Database: { Name: database } }, 'DESCRIBE'),
    grant({ Table: { DatabaseName: database, Name: 'orders' } }, 'DESCRIBE'),
    grant({ TableWithColumns: { DatabaseName: database, Name: 'orders', ColumnNames: listed } }, 'SELECT'),
    grant({ Table: { DatabaseName: database, Name: 'events' } }, 'DESCRIBE', 'SELECT'),
  ];
}

/** What the account's analysts have of it. */
function ownGrants(principal: string, database: string): readonly SeedGrant[] {
  const grant = (resource: SeedGrant['resource'], ...permissions: readonly string[]): SeedGrant => ({
    principal,
    resource,
    permissions,
  });
  const there = { CatalogId: central, DatabaseName: database };
  return [
    grant({ Database: { Name: database } }, 'DESCRIBE'),
    grant({ Table: { ...there, Name: 'orders' } }, 'DESCRIBE'),
    grant({ TableWithColumns: { ...there, Name: 'orders', ColumnNames: listed } }, 'SELECT'),
    grant({ Table: { ...there, Name: 'events' } }, 'DESCRIBE', 'SELECT'),
  ];
}
