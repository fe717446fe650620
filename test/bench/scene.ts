import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Seed, SeedTable } from '../../src/emulator/seed.ts';
import { scratch } from './scratch.ts';

export const central = '111122223333';
export const region = 'eu-west-1';
export const keys = { AWS_ACCESS_KEY_ID: 'AKIABENCHMESHGATE001', AWS_SECRET_ACCESS_KEY: 'emulator-only-bench' };
const admin = `arn:aws:iam::${central}:role/meshgate`;
const producer = '222200000001';

/** ListPermissions rows that one subscription stands for. */
const rowsPerSubscription = 20;
const plainTables = ['d_0', 'd_1', 'd_2', 'd_3', 'd_4', 'd_5', 'd_6'];

/** A mesh in which every consumer subscribes to every product, with one file for every 20 rows. */
export interface Scene {
  readonly directory: string;
  readonly consumers: readonly string[];
  readonly products: readonly string[];
  readonly rows: number;
  readonly subscriptions: number;
  /** Tables with a data cells filter. */
  readonly filtered: number;
  /** Entries of a batch that one consumer's grants need. */
  readonly entriesPerConsumer: number;
}

/** A grant in the form of the API, as everybody holds it. */
interface Held {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly permissions: readonly string[];
  readonly withGrantOption: readonly string[];
}

/** Writes the mesh files of a scene, committed, to a directory of its own. */
export function makeScene(consumerCount: number, productCount: number): Scene {
  const directory = mkdtempSync(join(scratch, 'mesh-'));
  const consumers = Array.from({ length: consumerCount }, (_, index) => `c${String(index).padStart(3, '0')}`);
  const products = Array.from({ length: productCount }, (_, index) => `p${String(index).padStart(3, '0')}`);
  for (const [path, text] of filesOf(consumers, products)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  commit(directory, 'mesh', ['init', '--quiet', '--initial-branch=main']);
  const subscriptions = consumers.length * products.length;
  return {
    directory: join(directory, 'mesh'),
    consumers,
    products,
    rows: subscriptions * rowsPerSubscription,
    subscriptions,
    filtered: products.filter(hasFilter).length,
    entriesPerConsumer: products.flatMap(heldOn).length,
  };
}

/** Commits everything in a directory, after another git command if one is given. */
export function commit(directory: string, message: string, first?: readonly string[]): void {
  const git = (...args: readonly string[]): void => {
    const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org', '-c', 'commit.gpgsign=false'];
    execFileSync('git', ['-C', directory, ...author, '-c', 'gc.auto=0', ...args], { stdio: 'pipe' });
  };
  if (first) git(...first);
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
}

function* filesOf(consumers: readonly string[], products: readonly string[]): Generator<readonly [string, string]> {
  const head = (kind: string): string => `apiVersion: meshgate/v1\nkind: ${kind}\n`;
  const owner = 'owners:\n  - { login: owner, id: 1 }\n';
  yield [
    'mesh/mesh.yaml',
    `${head('Mesh')}name: bench\ncentral: { account: "${central}", region: ${region} }\nadministrators:\n  - { login: administrator, id: 2 }\n`,
  ];
  yield [
    'mesh/accounts/producer.yaml',
    `${head('Account')}id: "${producer}"\nroles: [producer]\ndatabases: ["p*"]\n${owner}`,
  ];
  for (const [index, name] of consumers.entries())
    yield [`mesh/accounts/${name}.yaml`, `${head('Account')}id: "${accountOf(index)}"\nroles: [consumer]\n${owner}`];
  for (const product of products) {
    yield [`mesh/products/bench/${product}.yaml`, `${head('DataProduct')}${productText(product)}`];
    for (const consumer of consumers)
      yield [
        `mesh/subscriptions/bench/${product}/${consumer}.yaml`,
        `${head('Subscription')}${subscriptionText(product, consumer)}`,
      ];
  }
}

function productText(product: string): string {
  const tables = plainTables.map((table) => `  ${table}: { columns: { id, region, amount, day } }`).join('\n');
  return `producer: producer
database: ${product}
tables:
  events: { columns: { id, region, amount, day } }
  customers: { columns: { id, region, amount, day, email: { pii: true } } }
  orders: { columns: { id, region, amount, day } }
${tables}
`;
}

function subscriptionText(product: string, consumer: string): string {
  const filter = hasFilter(product) ? `    rows: region = 'EU'\n    filter: eu\n` : '';
  return `purpose: Reports of ${consumer} on ${product}.
access:
  - tables: ["d_*"]
    permissions: [SELECT, DESCRIBE]
  - tables: [customers]
    columns: { exclude: pii }
    permissions: [SELECT, DESCRIBE]
  - tables: [orders]
${filter}    permissions: [SELECT, DESCRIBE]
  - tables: [events]
    permissions: [DESCRIBE]
`;
}

/** A lake with the catalog of a scene, its filters too, and with `held` all that its subscriptions ask for. */
export function seedOf(scene: Scene, { held }: { readonly held: boolean }): Seed {
  const accounts = scene.consumers.map((_, index) => accountOf(index));
  return {
    switches: { pageCuts: 'none' },
    accounts: {
      [central]: {
        principals: [{ arn: admin, accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY }],
        regions: {
          [region]: {
            settings: {
              DataLakeAdmins: [admin],
              CreateDatabaseDefaultPermissions: [],
              CreateTableDefaultPermissions: [],
            },
            databases: Object.fromEntries(scene.products.map((product) => [product, { tables: tablesOf() }])),
            filters: scene.products.filter(hasFilter).map(filterOf),
            ...(held ? { group: { accounts, grants: scene.products.flatMap(heldOn) } } : {}),
          },
        },
      },
      [producer]: {},
      ...Object.fromEntries(accounts.map((account) => [account, {}])),
    },
  };
}

function tablesOf(): Readonly<Record<string, SeedTable>> {
  const columns = { id: 'bigint', region: 'string', amount: 'double', day: 'date' };
  const plain = ['events', 'orders', ...plainTables].map((table): [string, SeedTable] => [table, { columns }]);
  return Object.fromEntries([...plain, ['customers', { columns: { ...columns, email: 'string' } }]]);
}

function filterOf(database: string): { database: string; table: string; name: string; rows: string } {
  return { database, table: 'orders', name: 'eu', rows: "region = 'EU'" };
}

/** What every consumer holds on a product, entry by entry. */
export function heldOn(product: string): readonly Held[] {
  const grant = (resource: Held['resource'], ...permissions: readonly string[]): Held => ({
    resource,
    permissions,
    withGrantOption: permissions,
  });
  const table = (name: string): Held['resource'] => ({ Table: { DatabaseName: product, Name: name } });
  const listed = { DatabaseName: product, Name: 'customers', ColumnNames: ['amount', 'day', 'id', 'region'] };
  const filter = { TableCatalogId: central, DatabaseName: product, TableName: 'orders', Name: 'eu' };
  return [
    grant({ Database: { Name: product } }, 'DESCRIBE'),
    grant(table('events'), 'DESCRIBE'),
    grant(table('customers'), 'DESCRIBE'),
    grant({ TableWithColumns: listed }, 'SELECT'),
    ...(hasFilter(product)
      ? [grant(table('orders'), 'DESCRIBE'), grant({ DataCellsFilter: filter }, 'SELECT')]
      : [grant(table('orders'), 'DESCRIBE', 'SELECT')]),
    ...plainTables.map((name) => grant(table(name), 'DESCRIBE', 'SELECT')),
  ];
}

/** Every tenth product has a table of which its consumers see some rows only. */
function hasFilter(product: string): boolean {
  return product.endsWith('0');
}

/** The account id of the consumer with an index. */
export function accountOf(index: number): string {
  return String(300_000_000_000 + index);
}
