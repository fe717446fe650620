import type { CatalogParameter, DataCellsFilter, Grant } from '../../src/core/fact.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Change, Plan } from '../../src/core/plan.ts';
import { account, allTables, changeOf, database, grantOf, lake, planOf, revokeOf, role, table } from './builders.ts';

const marketing = '333344445555';
const because = (line: number, file = 'mesh/subscriptions/sales/orders/marketing.yaml') => [
  { place: { file, line, column: 5 }, subscription: 'sales/orders/marketing', product: 'sales/orders' },
];
const touched = { classes: ['pii'], pii: true };
const changed = { updatedAt: '2026-06-01T08:00:00.000Z', updatedBy: role('someone') };
const product = 'sales/orders';
const id = (number: number): string => number.toString(16).padStart(12, '0');

function toMarketing(more: Partial<Grant> = {}): Grant {
  return grantOf({ principal: marketing, ...more });
}

const filter: DataCellsFilter = {
  kind: 'data-cells-filter',
  lake,
  catalog: account,
  database: 'sales',
  table: 'orders',
  name: 'eu',
  rows: "region = 'EU'",
  columns: { only: ['day', 'id', 'region'] },
};
const owner: CatalogParameter = {
  kind: 'catalog-parameter',
  lake,
  catalog: account,
  database: 'sales',
  name: 'data_owner',
  value: '222233334444',
};
const long = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];

const revokes: readonly Change[] = [
  revokeOf(toMarketing({ permission: 'INSERT' }), { id: id(1), product, ...changed }),
  revokeOf(toMarketing({ permission: 'INSERT', grantOption: true }), { id: id(2), product, ...changed }),
  revokeOf(grantOf({ principal: role('analyst'), resource: allTables }), {
    id: id(3),
    product,
    reason: 'expired',
    because: because(9),
  }),
  changeOf(filter, { id: id(4), verb: 'delete', product }, [{ stage: 50, action: 'delete' }]),
  revokeOf(
    grantOf({ principal: role('analyst'), resource: table('items'), permission: 'DESCRIBE', grantOption: true }),
    {
      id: id(15),
      product,
      interrupts: 'the grant option cannot be revoked alone: the permission goes with it and is granted again',
    },
  ),
];
const held: readonly Change[] = [
  revokeOf(grantOf({ principal: role('analyst'), resource: allTables, permission: 'DELETE' }), {
    id: id(17),
    product,
    reason: 'held',
    because: because(30, 'mesh/mesh.yaml').map(({ place }) => ({ place })),
    note: 'the all-tables wildcard cannot leave a table out, so it goes as a whole',
  }),
];
const grants: readonly Change[] = [
  changeOf(owner, { id: id(5), verb: 'update', product, before: { ...owner, value: '999999999999' } }, [
    { stage: 10, action: 'write' },
  ]),
  changeOf({ ...filter, name: 'town' }, { id: id(6), verb: 'create', product, because: because(6) }, [
    { stage: 20, action: 'write' },
  ]),
  changeOf(toMarketing({ resource: database, permission: 'CREATE_TABLE' }), {
    id: id(16),
    product,
    because: because(6),
  }),
  changeOf(toMarketing({ resource: database, permission: 'DESCRIBE' }), { id: id(7), product, because: because(6) }),
  changeOf(toMarketing({ resource: database, permission: 'DESCRIBE', grantOption: true }), {
    id: id(8),
    product,
    because: because(6),
  }),
  changeOf(toMarketing({ columns: { only: long } }), { id: id(9), product, because: because(7), ...touched }),
  changeOf(
    toMarketing({ resource: table('items'), columns: { only: ['a', 'c'] } }),
    {
      id: id(10),
      verb: 'replace',
      product,
      before: toMarketing({ resource: table('items'), columns: { only: ['a', 'b'] } }),
      because: because(8),
      ...changed,
    },
    [
      { stage: 30, action: 'grant' },
      { stage: 40, action: 'revoke' },
    ],
  ),
  changeOf(
    grantOf({ principal: role('analyst'), columns: { only: ['a'] } }),
    {
      id: id(11),
      verb: 'replace',
      product,
      before: grantOf({ principal: role('analyst') }),
      reason: 'remainder',
      because: because(12, 'mesh/subscriptions/sales/orders/finance.yaml'),
      interrupts:
        'Lake Formation refuses SELECT on all columns beside SELECT on a list: the old goes before the new comes',
    },
    [
      { stage: 29, action: 'revoke' },
      { stage: 30, action: 'grant' },
    ],
  ),
  changeOf(
    grantOf({
      principal: role('builder'),
      resource: { kind: 'catalog', catalog: account },
      permission: 'CREATE_DATABASE',
    }),
    { id: id(12), because: because(20, 'mesh/mesh.yaml').map(({ place }) => ({ place })) },
  ),
];
const withheld = changeOf(toMarketing({ resource: table('people') }), {
  id: id(13),
  product,
  because: because(14),
  steps: [],
  ...touched,
});
const many = revokeOf(grantOf({ principal: role('analyst'), resource: table('people') }), { id: id(18), product });
const refused = revokeOf(grantOf({ principal: role('meshgate'), resource: table('people') }), { id: id(14), product });

/** A plan with something of everything. */
export function examplePlan(): Plan {
  return planOf({
    changes: [...revokes, ...held, ...grants],
    withheld: [
      {
        change: withheld,
        code: 'NOT_PROVEN',
        reason:
          'subscriptions/sales/orders/marketing.yaml: it touches pii and has 0 of 1 approvals by owners of sales/orders',
        remedy: 'have an owner of sales/orders approve it: @bob',
      },
    ],
    leftOut: [revokeOf(toMarketing({ resource: table('stores') }), { id: id(17), product: 'sales/stores', steps: [] })],
    picture: [
      { enforce: 'full', isGone: false, managed: 1, unmanaged: 0, protected: 0, leftOut: 0 },
      { product, enforce: 'full', isGone: false, managed: 1204, unmanaged: 3, protected: 1, leftOut: 0 },
      { product: 'sales/returns', enforce: 'full', isGone: true, managed: 4, unmanaged: 0, protected: 0, leftOut: 0 },
      {
        product: 'sales/stores',
        enforce: 'additive',
        isGone: false,
        managed: 2,
        unmanaged: 0,
        protected: 0,
        leftOut: 1,
      },
    ],
    notes: [
      {
        code: 'SHALLOW_HISTORY',
        message: 'the clone is shallow: what only older mesh files declared is not managed',
        hint: 'fetch the full history: `git fetch --unshallow`',
      },
    ],
    refusals: [
      {
        code: 'OWN_ACCESS',
        message: `this would take access from ${role('meshgate')}, which is running Meshgate`,
        hint: 'list the role under `protected` in mesh.yaml, or revoke as another administrator',
        changes: [refused],
      },
      {
        code: 'TOO_MANY_REVOKES',
        message:
          'this would revoke 120 of the 150 live grants of the product sales/orders (80 percent), and 100 are allowed at once',
        hint: 'if that is meant, add this to mesh.yaml and have an administrator approve it',
        yaml: 'overrides:\n  - guard: TOO_MANY_REVOKES\n    scope: { product: sales/orders }\n    reason: WRITE WHY\n    until: 2026-06-22\n',
        changes: [many],
      },
    ],
    standing: [
      {
        kind: 'hold',
        scope: 'principal analyst, table orders',
        reason: 'A key was found in a public repository.',
        until: '2026-07-31',
        place: { file: 'mesh/mesh.yaml', line: 30, column: 5 },
        state: 'in force',
      },
      {
        kind: 'hold',
        scope: 'account marketing',
        reason: 'Contract under review.',
        until: '2026-06-14',
        place: { file: 'mesh/mesh.yaml', line: 33, column: 5 },
        state: 'over',
      },
      {
        kind: 'override',
        guard: 'OWN_ACCESS',
        scope: 'the mesh',
        reason: 'Moving to another role.',
        until: '2026-06-30',
        place: { file: 'mesh/mesh.yaml', line: 37, column: 5 },
        state: 'not proven',
      },
      {
        kind: 'override',
        guard: 'TOO_MANY_REVOKES',
        scope: 'product sales/stores',
        reason: 'The product moves.',
        until: '2026-06-01',
        place: { file: 'mesh/mesh.yaml', line: 41, column: 5 },
        state: 'over',
      },
    ],
    byHand: [
      {
        account: '333344445555',
        region: 'eu-west-1',
        steps: [
          {
            what: 'make the resource link shop to sales of account 111122223333',
            command: `aws glue create-database --database-input '{"Name":"shop"}' --region eu-west-1`,
            subscriptions: ['sales/orders/marketing'],
          },
        ],
      },
    ],
    gaps: [
      {
        lake,
        code: 'NO_CATALOG',
        message: 'database hr in the catalog: GetTables answered AccessDeniedException: no',
        hint: 'grant glue:GetTables',
        database: 'hr',
        blocks: 'all',
      },
    ],
    problems: [
      {
        code: 'NOT_IN_CATALOG',
        message: 'table sales.gone is not in the catalog',
        hint: 'correct the name, or remove it once the data is gone for good',
        place: { file: 'mesh/subscriptions/sales/orders/finance.yaml', line: 6, column: 5 },
      },
    ],
    unmanaged: [
      {
        fact: grantOf({ principal: role('legacy') }),
        product,
        note: 'no mesh file declares this principal',
        ...changed,
      },
      {
        fact: grantOf({ principal: role('legacy'), permission: 'DESCRIBE' }),
        product,
        note: 'no mesh file declares this principal',
      },
      { fact: { ...filter, name: 'by_hand' }, product, note: 'a data cells filter that no mesh file names' },
    ],
    protected: [
      { fact: grantOf({ principal: role('admin'), permission: 'ALL' }), product, note: 'a data lake administrator' },
    ],
    outside: 3,
  });
}

/** What became of it. */
export function exampleOutcomes(): readonly Outcome[] {
  const { changes } = examplePlan();
  const ends: Readonly<Record<number, Partial<Outcome>>> = {
    1: { status: 'already', reason: 'it was so already' },
    5: {
      status: 'failed',
      code: 'AccessDeniedException',
      reason: 'UpdateDatabase answered AccessDeniedException: Insufficient Lake Formation permission(s)',
      hint: 'IAM allows the call, and Lake Formation does not: the role lacks a permission; grant it',
    },
    12: { status: 'skipped', reason: 'the run was interrupted' },
  };
  return [
    ...changes.map((change, index): Outcome => ({ change, status: 'applied', ...ends[index] })),
    {
      change: withheld,
      status: 'withheld',
      code: 'NOT_PROVEN',
      reason: 'it touches pii and has 0 of 1 approvals by owners of sales/orders',
    },
    {
      change: refused,
      status: 'refused',
      code: 'OWN_ACCESS',
      reason: 'this would take access from the role that is running Meshgate',
    },
  ];
}

/** Names for some of its principals. */
export const exampleNames: ReadonlyMap<string, string> = new Map([
  [marketing, 'marketing'],
  [role('analyst'), 'analyst'],
]);
