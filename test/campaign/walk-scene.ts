import type { Seed, SeedGrant, SeedTable } from '../../src/emulator/seed.ts';
import { keysOf } from '../support/law-lake.ts';
import { caller, central, region } from '../support/law-place.ts';

/** A mesh and a lake that differ by everything a run can do. */
export interface WalkScene {
  /** The mesh files by path. */
  readonly files: Readonly<Record<string, unknown>>;
  readonly seed: Seed;
}

const head = { apiVersion: 'meshgate/v1' } as const;
const owners = [{ login: 'owner', id: 7 }];
const ids = {
  shop: '222233334444',
  marketing: '444455556666',
  research: '555566667777',
  finance: '333344445555',
} as const;
const analysts = `arn:aws:iam::${ids.marketing}:role/analysts`;

/** A scene with so many tables in each of two databases; 27 of them make some 500 changes. */
export function walkScene(size: number): WalkScene {
  const numbers = Array.from({ length: size }, (_, index) => String(index + 1).padStart(2, '0'));
  const subscription = (access: readonly unknown[], more: object = {}): object => ({
    ...head,
    kind: 'Subscription',
    purpose: 'A walk.',
    ...more,
    access,
  });
  const account = (id: string, more: object = {}): object => ({
    ...head,
    kind: 'Account',
    id,
    roles: ['consumer'],
    owners,
    ...more,
  });
  const files = {
    'mesh.yaml': {
      ...head,
      kind: 'Mesh',
      name: 'walk',
      central: { account: central, region },
      administrators: [{ login: 'admin', id: 1 }],
      catalogParameters: ['data_owner'],
    },
    'accounts/shop.yaml': account(ids.shop, { roles: ['producer'], databases: ['sales', 'stock'] }),
    'accounts/marketing.yaml': account(ids.marketing, { principals: { analysts } }),
    'accounts/research.yaml': account(ids.research),
    'accounts/finance.yaml': account(ids.finance),
    'products/shop/sales.yaml': {
      ...head,
      kind: 'DataProduct',
      producer: 'shop',
      database: 'sales',
      tables: Object.fromEntries(
        numbers.map((number) => [`order_${number}`, { columns: { c1: null, c2: null, c3: null, c4: 'pii' } }]),
      ),
    },
    'products/shop/stock.yaml': {
      ...head,
      kind: 'DataProduct',
      producer: 'shop',
      database: 'stock',
      tables: Object.fromEntries(numbers.map((number) => [`item_${number}`, null])),
    },
    'subscriptions/shop/sales/marketing.yaml': subscription([
      { tables: ['order_*'], columns: { exclude: 'pii' }, permissions: 'read' },
    ]),
    'subscriptions/shop/sales/marketing.analysts.yaml': subscription(
      [
        {
          tables: [`order_${numbers[0]}`, `order_${numbers[1]}`],
          rows: "c1 = 'EU'",
          filter: 'europe',
          permissions: ['SELECT'],
        },
      ],
      { principals: ['analysts'] },
    ),
    'subscriptions/shop/stock/marketing.yaml': subscription([{ tables: ['item_*'], permissions: 'read' }]),
    'subscriptions/shop/stock/research.yaml': subscription([{ tables: ['item_*'], permissions: 'read' }]),
    'subscriptions/shop/stock/finance.yaml': subscription([{ tables: ['item_*'], permissions: 'read' }]),
  };
  return { files, seed: seedOf(numbers) };
}

/** What stands: permissions nobody asks for any more, and column lists that are to change. */
function seedOf(numbers: readonly string[]): Seed {
  const table = (names: readonly string[]): SeedTable => ({
    columns: Object.fromEntries(names.map((name) => [name, 'string'])),
    createdBy: caller,
  });
  const stale = numbers.map(
    (number): SeedGrant => ({
      principal: ids.finance,
      resource: { Table: { DatabaseName: 'sales', Name: `order_${number}` } },
      permissions: ['DESCRIBE', 'INSERT'],
      withGrantOption: ['DESCRIBE', 'INSERT'],
    }),
  );
  const lists = numbers.slice(0, Math.ceil(numbers.length / 3)).map(
    (number): SeedGrant => ({
      principal: ids.marketing,
      resource: { TableWithColumns: { DatabaseName: 'sales', Name: `order_${number}`, ColumnNames: ['c1', 'c4'] } },
      permissions: ['SELECT'],
      withGrantOption: ['SELECT'],
    }),
  );
  return {
    accounts: {
      [central]: {
        principals: [{ arn: caller, ...keysOf(caller) }],
        regions: {
          [region]: {
            settings: {
              DataLakeAdmins: [caller],
              ReadOnlyAdmins: [],
              CreateDatabaseDefaultPermissions: [],
              CreateTableDefaultPermissions: [],
              Parameters: { CROSS_ACCOUNT_VERSION: '4' },
            },
            databases: {
              sales: {
                createdBy: caller,
                tables: Object.fromEntries(
                  numbers.map((number) => [`order_${number}`, table(['c1', 'c2', 'c3', 'c4'])]),
                ),
              },
              stock: {
                createdBy: caller,
                tables: Object.fromEntries(numbers.map((number) => [`item_${number}`, table(['c1', 'c2'])])),
              },
            },
            grants: [...stale, ...lists],
          },
        },
      },
      [ids.shop]: {},
      [ids.marketing]: { principals: [{ arn: analysts }] },
      [ids.research]: {},
      [ids.finance]: {},
    },
  };
}
