import type { Explanation, Layer, Origin, Readers } from '../../src/core/explanation.ts';
import type { ShownThing } from '../../src/core/shown.ts';
import type { Sources, SubscriptionList, SubscriptionRow } from '../../src/core/subscriptions.ts';

const head = {
  format: 1,
  mesh: 'town',
  commit: '0123456789abcdef0123456789abcdef01234567',
  asOf: '2026-11-22T09:00:00.000Z',
} as const;
const read: Sources = {
  lake: { account: '111122223333', region: 'eu-west-1', endpoint: 'https://lakeformation.eu-west-1.amazonaws.com' },
  requests: { repository: 'acme/mesh' },
  gaps: [],
  notes: [],
};
const blind: Sources = {
  lake: { unknown: 'NO_CONNECTION https://lakeformation.eu-west-1.amazonaws.com cannot be reached (ENOTFOUND)' },
  approvals: { unknown: 'neither a trust root nor another source of approvals is given' },
  requests: { unknown: 'GITHUB_REPOSITORY and GITHUB_TOKEN are not set' },
  gaps: ['permissions on table sales.orders: ListPermissions answered AccessDeniedException: no'],
  notes: ['the clone is shallow: what older commits brought and removed is not known'],
};
const brought = { commit: 'abcdef0123456789abcdef0123456789abcdef01', at: '2026-10-01T08:00:00.000Z', author: 'Eve' };
const marketing = { id: '333344445555', name: 'marketing' };

function row(name: string, more: Partial<SubscriptionRow> & Pick<SubscriptionRow, 'state'>): SubscriptionRow {
  const [product = '', consumer = ''] = name.split(' ');
  return {
    subscription: `${product}/${consumer}`,
    file: `mesh/subscriptions/${product}/${consumer}.yaml`,
    product,
    producer: 'sales',
    owners: ['bob', 'bea'],
    consumer: consumer.split('.')[0] ?? '',
    principals: [marketing],
    database: 'sales',
    tables: ['items', 'orders'],
    permissions: ['DESCRIBE', 'SELECT'],
    classes: [],
    purpose: 'Plan campaigns, by region.',
    brought,
    why: 'the central catalog grants it, and nobody else has to act',
    blind: [],
    ...more,
  };
}

const rows: readonly SubscriptionRow[] = [
  row('sales/orders finance', { state: 'active', since: '2026-10-02T00:00:00.000Z' }),
  row('sales/orders finance.a-name-that-is-longer-than-most', {
    state: 'approved',
    since: '2026-10-01T08:00:00.000Z',
    why: 'the next apply gives it',
  }),
  row('sales/orders marketing', {
    state: 'expiring',
    since: '2026-11-10',
    expires: '2026-12-10',
    classes: ['pii', 'secret'],
    request: { pull: 12, does: 'change' },
  }),
  row('sales/orders marketing.lab', {
    state: 'held',
    classes: ['pii'],
    why: 'held until 2027-01-31 (account marketing): Key leaked, INC-4711',
  }),
  row('sales/stores finance', {
    state: 'requested',
    since: '2026-11-20T08:00:00.000Z',
    why: '#14 waits for @bob, @fay',
    owners: [],
  }),
  row('sales/stores marketing', {
    state: 'requested',
    since: '2026-11-20T08:00:00.000Z',
    blind: ['approval', 'lake'],
    why: 'whether it is approved is not known: nobody was asked',
  }),
];

/** A list with every kind of row. */
export const exampleList: SubscriptionList = { ...head, sources: read, subscriptions: rows, hidden: 3 };
/** The same where nothing but git could be asked. */
export const blindList: SubscriptionList = { ...exampleList, sources: blind, subscriptions: rows.slice(4), hidden: 0 };
/** A list of nothing. */
export const emptyList: SubscriptionList = { ...exampleList, subscriptions: [], hidden: 1 };

const origin: Origin = {
  place: { file: 'mesh/subscriptions/sales/orders/marketing.yaml', line: 5, column: 5 },
  subscription: 'sales/orders/marketing',
  product: 'sales/orders',
  state: 'expiring',
  why: 'its last day is 2026-12-10',
  brought,
  pull: {
    pull: 7,
    by: 'eve',
    mergedAt: '2026-10-01T08:00:00Z',
    approvals: [{ login: 'bob', at: '2026-09-30T10:00:00Z' }, { login: 'bea' }],
  },
};

const layer: Layer = {
  principal: marketing,
  through: 'itself',
  isCertain: true,
  permissions: ['SELECT'],
  withGrantOption: ['SELECT'],
  on: { resource: 'table sales.orders', columns: { only: ['city', 'email', 'id'] } },
  footing: 'declared',
  notes: [],
  classes: ['pii'],
  origins: [origin],
  updatedAt: '2026-10-02T00:00:00.000Z',
  updatedBy: 'arn:aws:iam::111122223333:role/meshgate',
};
const byHand: Layer = {
  ...layer,
  permissions: ['DELETE', 'SELECT'],
  withGrantOption: [],
  on: { resource: 'all tables of sales' },
  footing: 'unmanaged',
  notes: ['no mesh file declares this principal'],
  origins: [],
  principal: { id: 'arn:aws:iam::111122223333:role/somebody' },
};
const open: Layer = {
  ...byHand,
  through: 'IAM',
  isCertain: false,
  permissions: ['ALL'],
  on: { resource: 'table sales.orders' },
  footing: 'protected',
  notes: ['IAM alone decides: whoever IAM lets read can read it, whatever the mesh files say'],
  principal: { id: 'IAM_ALLOWED_PRINCIPALS' },
};
const filtered: Layer = {
  ...layer,
  through: 'its account',
  isCertain: false,
  withGrantOption: [],
  on: {
    resource: 'data cells filter europe on sales.orders',
    rows: "region = 'EU'",
    columns: { only: ['email', 'id'] },
  },
  notes: ['the account holds it: its data lake administrators decide who in it gets it, which was not read'],
  origins: [{ ...origin, pull: { unknown: 'not asked' } }],
};
const administrator: Layer = {
  principal: { id: 'arn:aws:iam::111122223333:role/admin' },
  through: 'itself',
  isCertain: true,
  permissions: ['DESCRIBE'],
  withGrantOption: [],
  on: { resource: 'everything' },
  footing: 'implied',
  notes: ['a data lake administrator, who may grant any permission to anybody, and so to itself'],
  classes: [],
  origins: [],
};

const analysts = { id: 'arn:aws:iam::333344445555:role/analysts', name: 'marketing/analysts' };
const local: Layer = {
  ...layer,
  principal: analysts,
  account: marketing,
  withGrantOption: [],
  path: [
    {
      what: 'marketing holds SELECT on table sales.orders, columns: only city, email, id',
      state: 'there',
      origins: [{ ...origin, subscription: 'sales/orders/marketing.lab' }],
    },
    { what: 'marketing has accepted what is shared of tables of sales', state: 'there', origins: [] },
    { what: 'resource link shop', state: 'there', origins: [origin] },
    {
      what: 'DESCRIBE on resource link shop',
      state: 'missing',
      why: 'without a name in its own catalog it is reached only under the id of the central one',
      origins: [],
    },
  ],
};
const lapsed: Layer = {
  ...local,
  isCertain: false,
  footing: 'outside',
  origins: [],
  on: { resource: 'all tables of sales' },
  path: [
    { what: 'what marketing holds of it', state: 'unknown', why: 'permissions on table sales.orders: no', origins: [] },
    {
      what: 'marketing has accepted what is shared of database sales',
      state: 'missing',
      why: 'an invitation to database sales may wait there, which lapses after 12 hours',
      origins: [],
    },
  ],
};
const idle: Layer = {
  ...local,
  isCertain: false,
  isIdle: true,
  permissions: ['INSERT'],
  on: { resource: 'table sales.orders' },
  footing: 'outside',
  origins: [],
  path: [
    {
      what: 'marketing holds nothing of it in the central catalog',
      state: 'missing',
      why: 'a grant in its own lake gives no more than that',
      origins: [],
    },
  ],
};

const away = { account: marketing, isKnown: false, why: 'no run enters it: nobody says runsAs', origins: [origin] };

/** An explanation with every kind of layer, and with what is missing. */
export const exampleExplanation: Explanation = {
  ...head,
  principal: { id: 'arn:aws:iam::333344445555:role/analysts', name: 'marketing/analysts' },
  resource: 'table sales.orders, column email',
  classes: ['pii'],
  layers: [
    layer,
    byHand,
    { ...byHand, footing: 'left over', permissions: [], withGrantOption: ['SELECT'] },
    administrator,
    filtered,
    open,
    local,
    lapsed,
    idle,
  ],
  absences: [
    {
      permissions: ['DESCRIBE'],
      on: { resource: 'table sales.orders' },
      isKnown: true,
      origins: [
        {
          ...origin,
          state: 'requested',
          why: '#7: nobody approved it; have an owner of sales/orders approve it: @bob',
        },
      ],
    },
    { ...away, permissions: [], on: { resource: 'resource link shop to database sales' } },
    { ...away, permissions: ['DESCRIBE'], on: { resource: 'resource link shop' } },
  ],
  advice: [],
  sources: read,
};

/** An explanation where there is nothing, and what would give it. */
export const nothingThere: Explanation = {
  ...exampleExplanation,
  layers: [],
  absences: [],
  advice: ['ask for it: meshgate request --product sales/orders --as marketing --table orders --column email'],
};

/** Who can read a column. */
export const exampleReaders: Readers = {
  ...head,
  resource: 'table sales.orders, column email',
  classes: ['pii'],
  readers: [
    { principal: byHand.principal, layers: [byHand] },
    { principal: open.principal, layers: [open] },
    { principal: marketing, layers: [layer] },
    { principal: analysts, layers: [local] },
  ],
  unread: [{ account: { id: '444455556666', name: 'finance' }, why: 'no run enters it: nobody says runsAs' }],
  limits: ['data lake administrators may grant it to themselves: arn:aws:iam::111122223333:role/admin'],
  sources: blind.lake === undefined ? blind : { ...read, gaps: blind.gaps },
};

const hold = {
  scope: 'account marketing',
  reason: 'Key leaked, INC-4711',
  until: '2027-01-31',
  isOver: false,
  place: { file: 'mesh/mesh.yaml', line: 12, column: 5 },
};
const gives = [
  { principal: marketing, permissions: ['SELECT'], withGrantOption: ['SELECT'], on: layer.on, isLive: true },
  {
    principal: marketing,
    permissions: ['DESCRIBE'],
    withGrantOption: [],
    on: { resource: 'table sales.items' },
    isLive: false,
  },
  { principal: marketing, permissions: [], withGrantOption: ['DESCRIBE'], on: { resource: 'database sales' } },
];
const history = [
  { at: '2026-09-29T08:00:00Z', what: 'asked for in #7', state: 'requested' as const },
  {
    at: brought.at,
    what: 'added',
    state: 'approved' as const,
    commit: brought.commit,
    author: 'Eve',
    ...(origin.pull && { pull: origin.pull }),
  },
  {
    at: '2026-11-01T08:00:00.000Z',
    what: 'changed access, expires 2026-11-10 -> 2026-12-10',
    commit: '99'.repeat(20),
    author: 'Eve',
    pull: { unknown: 'not asked' },
  },
  { at: '2026-11-10', what: 'its last day is 2026-12-10', state: 'expiring' as const },
];

/** One of everything that `show` shows. */
export const exampleThings: Readonly<Record<ShownThing['kind'], ShownThing>> = {
  subscription: {
    ...head,
    kind: 'subscription',
    subscription: rows[2] ?? row('sales/orders x', { state: 'active' }),
    notes: ['extended once, see #12'],
    gives,
    byHand: [
      {
        what: 'make the resource link shop to sales of account 111122223333',
        command: 'aws glue create-database --database-input \'{"Name":"shop"}\' --region eu-west-1',
        subscriptions: ['sales/orders/marketing'],
      },
    ],
    holds: [hold],
    history,
    sources: read,
  },
  product: {
    ...head,
    kind: 'product',
    product: 'sales/orders',
    file: 'mesh/products/sales/orders.yaml',
    description: 'Every order since the first.',
    producer: 'sales',
    owners: ['bob', 'bea'],
    database: 'sales',
    enforce: 'full',
    tables: [
      { table: 'orders', classes: ['pii', 'secret'] },
      { table: 'order_*', classes: [] },
    ],
    gives: gives.slice(0, 1),
    subscriptions: rows.slice(0, 4),
    counts: { managed: 30, unmanaged: 2, protected: 1, leftOut: 0 },
    holds: [{ ...hold, isOver: true }],
    history: history.slice(1, 2),
    sources: read,
  },
  account: {
    ...head,
    kind: 'account',
    account: 'marketing',
    id: '333344445555',
    file: 'mesh/accounts/marketing.yaml',
    roles: ['consumer'],
    owners: ['eve'],
    principals: [{ name: 'analysts', id: 'arn:aws:iam::333344445555:role/analysts' }],
    produces: [],
    subscriptions: rows.slice(2, 4),
    holds: [hold],
    history: history.slice(1, 2),
    sources: blind,
  },
  principal: {
    ...head,
    kind: 'principal',
    principal: { id: 'arn:aws:iam::333344445555:role/analysts', name: 'marketing/analysts' },
    account: 'marketing',
    subscriptions: rows.slice(3, 4),
    layers: [layer, byHand, filtered, local, idle],
    holds: [],
    history: [],
    sources: read,
  },
};
