import type { Fact, Grant } from '../../src/core/fact.ts';
import { keyOf } from '../../src/core/fact.ts';
import type { Change, Plan, Step } from '../../src/core/plan.ts';
import type { Resource } from '../../src/core/resource.ts';
import { defaultLimits } from '../../src/core/safety.ts';
import type { Scope, ScopeProduct } from '../../src/core/scope.ts';
import type { Observed, ObservedFact } from '../../src/core/state.ts';
import type { GuardContext } from '../../src/plan/guards/guard.ts';

export const account = '111122223333';
export const lake = `${account}/eu-west-1`;

/** A role of the central account. */
export function role(name: string): string {
  return `arn:aws:iam::${account}:role/${name}`;
}

/** A table of the database `sales`. */
export function table(name: string): Resource {
  return { kind: 'table', catalog: account, database: 'sales', table: name };
}

export const allTables: Resource = { kind: 'all-tables', catalog: account, database: 'sales' };
export const database: Resource = { kind: 'database', catalog: account, database: 'sales' };

/** SELECT on the table `orders` for a role, or what is said instead. */
export function grantOf(more: Partial<Grant> = {}): Grant {
  const grant: Grant = {
    kind: 'grant',
    lake,
    principal: role('analyst'),
    resource: table('orders'),
    permission: 'SELECT',
    grantOption: false,
    ...more,
  };
  const hasColumns = grant.permission === 'SELECT' && grant.resource.kind === 'table';
  return hasColumns ? { columns: 'all', ...grant } : grant;
}

/** A change that sends each of its steps for one fact. */
export function changeOf(
  fact: Fact,
  more: Partial<Change> = {},
  steps: readonly Omit<Step, 'fact'>[] = [{ stage: 30, action: 'grant' }],
): Change {
  const isTaken = more.verb === 'revoke' || more.verb === 'delete';
  return {
    id: keyOf(fact),
    verb: 'grant',
    lake: fact.lake,
    key: keyOf(fact),
    ...(isTaken ? { before: fact } : { after: fact }),
    steps: steps.map((step) => ({ ...step, fact })),
    reason: isTaken ? 'not desired' : 'desired',
    classes: [],
    pii: false,
    because: [],
    ...more,
  };
}

/** The change that revokes a grant. */
export function revokeOf(grant: Grant, more: Partial<Change> = {}): Change {
  return changeOf(grant, { verb: 'revoke', ...more }, [{ stage: 0, action: 'revoke' }]);
}

/** What a lake says of itself, empty but for what is given. */
export function observedOf(
  more: Partial<Omit<Observed, 'facts'>> & { readonly facts?: readonly Fact[] } = {},
): Observed {
  const { facts = [], ...rest } = more;
  return {
    lake,
    endpoint: 'http://127.0.0.1:1',
    caller: { account, arn: `arn:aws:sts::${account}:assumed-role/meshgate/run` },
    settings: { administrators: [role('meshgate')], readOnlyAdministrators: [] },
    catalog: { databases: new Map(), unread: new Set() },
    gaps: [],
    openedByIam: new Set(),
    filterGrants: new Map(),
    sweepPages: 1,
    rows: facts.length,
    ...rest,
    facts: new Map(facts.map((fact): [string, ObservedFact] => [keyOf(fact), { key: keyOf(fact), fact, parts: [] }])),
  };
}

/** A product that claims the given tables of `sales`. */
export function productOf(id: string, tables: readonly string[], more: Partial<ScopeProduct> = {}): ScopeProduct {
  return {
    id,
    claims: (name) => tables.includes(name),
    producers: new Set(['222233334444']),
    listed: new Set(),
    enforce: 'full',
    isHybrid: false,
    ...more,
  };
}

/** A scope with one product, `sales/orders`, that claims the table `orders`. */
export function scopeOf(more: Partial<Scope> = {}): Scope {
  const now: Omit<Scope, 'ever'> = {
    databases: new Map([['sales', [productOf('sales/orders', ['orders'])]]]),
    locations: [],
    principals: new Set(['333344445555']),
    catalogPrincipals: new Set(),
    imports: new Map(),
    protectedPrincipals: new Set(),
    centralAccount: account,
    centralRegion: lake.split('/')[1] ?? '',
    parameters: new Set(),
    namesFilter: () => false,
    derivedFilterPrefix: 'meshgate_',
    ...more,
  };
  return { ...now, ever: more.ever ?? now };
}

/** What guards look at beside the changes: nothing but what is given. */
export function guardContextOf(more: Partial<GuardContext> & Pick<GuardContext, 'desired'>): GuardContext {
  return {
    lakes: [observedOf()],
    scope: scopeOf(),
    uncommitted: [],
    managed: [],
    limits: defaultLimits,
    soon: '2026-06-22',
    ...more,
  };
}

/** A plan of nothing but what is given. */
export function planOf(more: Partial<Plan> = {}): Plan {
  const count = (verb: Change['verb']): number => (more.changes ?? []).filter((change) => change.verb === verb).length;
  return {
    format: 1,
    mesh: 'example',
    commit: '0123456789abcdef0123456789abcdef01234567',
    asOf: '2026-06-15T12:00:00.000Z',
    lakes: [{ account, region: 'eu-west-1', endpoint: 'https://lakeformation.eu-west-1.amazonaws.com' }],
    basis: { desired: '0'.repeat(64), observed: '1'.repeat(64) },
    summary: {
      grant: count('grant'),
      revoke: count('revoke'),
      replace: count('replace'),
      create: count('create'),
      update: count('update'),
      delete: count('delete'),
      accept: count('accept'),
    },
    changes: [],
    withheld: [],
    leftOut: [],
    unmanaged: [],
    protected: [],
    outside: 0,
    picture: [],
    refusals: [],
    byHand: [],
    standing: [],
    gaps: [],
    problems: [],
    notes: [],
    ...more,
  };
}
