import fc from 'fast-check';
import type { Event } from './scenarios.ts';

/** Who takes part, by login. */
export const people: Readonly<Record<string, number>> = {
  ada: 1,
  abe: 11,
  bob: 2,
  ben: 12,
  eve: 3,
  fay: 4,
  mallory: 9,
  trudy: 10,
};
const somebody = fc.constantFrom(...Object.keys(people));
const named = fc.subarray(Object.keys(people), { minLength: 1, maxLength: 3 });
const asPeople = (names: readonly string[]) => names.map((login) => ({ login, id: people[login] }));

/** Some tables of the product. */
export const tables = fc.subarray(['orders', 'items', 'cards'], { minLength: 1 });
const classes = fc.record({
  orders: fc.constantFrom(null, 'pii', 'secret'),
  items: fc.constantFrom(null, 'pii'),
  cards: fc.constantFrom('pii', 'secret'),
});
const edit = fc.oneof(
  {
    weight: 4,
    arbitrary: tables.map((some) => ({
      'subscriptions/sales/orders/marketing.yaml': { access: [{ tables: some, permissions: ['SELECT'] }] },
    })),
  },
  {
    weight: 2,
    arbitrary: tables.map((some) => ({
      'subscriptions/sales/orders/finance.yaml': { access: [{ tables: some, permissions: ['SELECT'] }] },
    })),
  },
  fc.constant({ 'subscriptions/sales/orders/marketing.yaml': null }),
  fc.constantFrom('2026-10-01', '2026-10-02').map((reviewed) => ({ 'products/sales/orders.yaml': { reviewed } })),
  fc.constantFrom('2026-10-01', '2026-10-02').map((reviewed) => ({ 'mesh.yaml': { reviewed } })),
  named.map((names) => ({ 'products/sales/orders.yaml': { owners: asPeople(names) } })),
  named.map((names) => ({ 'accounts/marketing.yaml': { owners: asPeople(names) } })),
  named.map((names) => ({ 'mesh.yaml': { administrators: asPeople(names) } })),
  fc.constantFrom(1, 2, 3).map((approvals) => ({ 'mesh.yaml': { classes: [{ name: 'secret', approvals }] } })),
  fc.constantFrom('sales', 'sales_hr').map((database) => ({ 'products/sales/orders.yaml': { database } })),
  classes.map(({ orders, items, cards }) => ({
    'products/sales/orders.yaml': {
      tables: {
        orders: { columns: { id: null, region: null, email: orders } },
        items: { columns: { id: null, price: items } },
        cards: { columns: { id: null, number: cards } },
      },
    },
  })),
);

/** A change that is opened, approved and merged at once, as most are. */
interface Bringing {
  readonly kind: 'bring';
  readonly by: string;
  readonly edits: object;
  readonly approvers: readonly string[];
  readonly how: 'merge' | 'squash' | 'rebase';
}

/** What happens next: to a new pull request, or to one of those that are open. */
type Step =
  | { readonly kind: 'open' | 'push' | 'direct'; readonly by: string; readonly edits: object }
  | Bringing
  | { readonly kind: 'review'; readonly by: string; readonly says: 'approve' | 'changes' | 'comment' }
  | { readonly kind: 'approved'; readonly by: readonly string[] }
  | { readonly kind: 'dismiss'; readonly by: string }
  | { readonly kind: 'merge'; readonly how: 'merge' | 'squash' | 'rebase' };
const step: fc.Arbitrary<readonly [step: Step, of: number]> = fc.tuple(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('open' as const), by: somebody, edits: edit }) },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('bring' as const),
        by: somebody,
        edits: edit,
        approvers: fc.subarray(Object.keys(people), { minLength: 3 }),
        how: fc.constantFrom('merge' as const, 'squash' as const, 'rebase' as const),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('push' as const), by: somebody, edits: edit }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('direct' as const), by: somebody, edits: edit }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('review' as const),
        by: somebody,
        says: fc.constantFrom('approve' as const, 'approve' as const, 'changes' as const, 'comment' as const),
      }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('approved' as const), by: named }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('dismiss' as const), by: somebody }) },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('merge' as const),
        how: fc.constantFrom('merge' as const, 'squash' as const, 'rebase' as const),
      }),
    },
  ),
  fc.nat({ max: 2 }),
);

/** Steps as events; those that have no pull request to be about are left out. */
function eventsOf(steps: readonly (readonly [Step, number])[]): readonly Event[] {
  const events: Event[] = [];
  const open: string[] = [];
  const all: string[] = [];
  for (const [step, at] of steps) {
    // Reviews also come after the merge.
    const of = step.kind === 'merge' || step.kind === 'push' ? open.at(-1 - at) : all.at(-1 - at);
    if (step.kind === 'direct') events.push({ direct: step.edits as NonNullable<Event['direct']> });
    else if (step.kind === 'bring') {
      const name = `p${all.length}`;
      all.push(name);
      events.push({ open: { name, by: step.by, edits: step.edits as NonNullable<Event['direct']> } });
      events.push(...step.approvers.map((by) => ({ review: { of: name, by } })));
      events.push({ merge: { of: name, how: step.how } });
    } else if (step.kind === 'open') {
      const name = `p${all.length}`;
      all.push(name);
      open.push(name);
      events.push({ open: { name, by: step.by, edits: step.edits as NonNullable<Event['direct']> } });
    } else if (of === undefined) continue;
    else if (step.kind === 'push')
      events.push({ push: { to: of, by: step.by, edits: step.edits as NonNullable<Event['direct']> } });
    else if (step.kind === 'review') events.push({ review: { of, by: step.by, says: step.says } });
    else if (step.kind === 'approved') events.push(...step.by.map((by) => ({ review: { of, by } })));
    else if (step.kind === 'dismiss') events.push({ dismiss: { of, by: step.by } });
    else if (step.kind === 'merge') {
      open.splice(open.indexOf(of), 1);
      events.push({ merge: { of, how: step.how } });
    }
  }
  return events;
}

/** Sequences of events, most of which are changes that somebody approves and merges. */
export const sequences = fc.array(step, { minLength: 6, maxLength: 24, size: 'max' }).map(eventsOf);
