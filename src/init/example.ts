import type { Person } from '../declare/files.ts';
import type { NewFile } from '../import/file.ts';

const apiVersion = 'meshgate/v1';

/** What the files of a new mesh say. */
export interface NewMesh {
  readonly name: string;
  /** The account with the central catalog, and its region. */
  readonly central: { readonly account: string; readonly region: string };
  readonly administrators: readonly Person[];
  /** Whether there are no accounts, products and subscriptions yet. */
  readonly isEmpty: boolean;
}

/** Account ids that AWS's documentation uses for examples, of which one is not the central account's. */
const exampleIds = ['111122223333', '444455556666'] as const;

/** The files of a new mesh, mesh.yaml last: once that is there, a mesh is there. */
export function meshFiles(mesh: NewMesh): readonly NewFile[] {
  const { name, central, administrators } = mesh;
  const file: NewFile = {
    path: 'mesh.yaml',
    value: { apiVersion, kind: 'Mesh', name, central, administrators },
    head: [],
    comments: {
      administrators: [
        'They approve changes of this file, of accounts and of new products. Two at least: nobody approves',
        'their own changes.',
      ],
    },
  };
  return [...(mesh.isEmpty ? [] : example(mesh)), file].map((one) => ({
    ...one,
    head: [schemaLine(one), ...one.head],
  }));
}

const schemas = {
  Mesh: 'mesh',
  Account: 'account',
  DataProduct: 'data-product',
  Subscription: 'subscription',
} as const;

/** By this line editors know the schema, for completion. */
function schemaLine({ path, value }: NewFile): string {
  const up = '../'.repeat(path.split('/').length);
  return `yaml-language-server: $schema=${up}node_modules/meshgate/schemas/${schemas[value.kind]}.schema.json`;
}

const exampleHead = [
  'An example, which gives nothing as long as the catalog has no such table: put your own in its place.',
];

/** A product of the central account, and one subscription to it. */
function example({ central, administrators }: NewMesh): readonly NewFile[] {
  const consumerId = exampleIds.find((id) => id !== central.account) ?? exampleIds[0];
  return [
    {
      path: 'accounts/central.yaml',
      value: {
        apiVersion,
        kind: 'Account',
        description: 'The account with the central catalog, which here also produces.',
        id: central.account,
        roles: ['producer'],
        databases: ['example_*'],
        owners: administrators,
      },
      head: [],
      comments: { databases: ['The databases of the catalog that its products may use.'] },
    },
    {
      path: 'accounts/example-consumer.yaml',
      value: {
        apiVersion,
        kind: 'Account',
        description: 'An account that asks for access.',
        id: consumerId,
        roles: ['consumer'],
        owners: administrators,
      },
      head: exampleHead,
      comments: { owners: ['They may ask for access on behalf of the account.'] },
    },
    {
      path: 'products/example/orders.yaml',
      value: {
        apiVersion,
        kind: 'DataProduct',
        description: 'Orders, one row each.',
        producer: 'central',
        database: 'example_orders',
        enforce: 'additive',
        tables: { orders: { columns: { order_id: null, ordered_at: null, region: null, email: 'pii' } } },
      },
      head: exampleHead,
      comments: {
        enforce: ['What no file asks for is shown and not revoked, until this says full.'],
        tables: ['In a product with anything personal, a column that is not listed counts as personal.'],
      },
    },
    {
      path: 'subscriptions/example/orders/example-consumer.yaml',
      value: {
        apiVersion,
        kind: 'Subscription',
        purpose: 'To show what a request for access looks like.',
        access: [{ tables: ['orders'], columns: { exclude: 'pii' }, permissions: 'read' }],
      },
      head: exampleHead,
      comments: {},
    },
  ];
}
