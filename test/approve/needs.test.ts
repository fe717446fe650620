import { describe, expect, test } from 'vitest';
import { needsOf } from '../../src/approve/needs.ts';
import type { Desired } from '../../src/core/state.ts';
import { declare } from '../../src/declare/declare.ts';
import { meshOf, type ReconcileCase, reconcileBase } from '../support/reconcile-cases.ts';

const one: ReconcileCase = {
  title: 'needs',
  mesh: {
    'products/sales/stores.yaml': { owners: [{ login: 'sue', id: 7 }] },
    'subscriptions/sales/orders/marketing.yaml': { access: [{ database: true, permissions: 'discover' }] },
    'subscriptions/sales/stores/finance.yaml': { access: [{ database: true, permissions: 'discover' }] },
  },
};

function needs(touched: Readonly<Record<string, readonly string[]>>) {
  const result = declare(meshOf(reconcileBase(), one));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const desired: Desired = {
    facts: new Map(),
    ended: new Map(),
    iamAccess: [],
    refused: [],
    undecided: [],
    asksForAccess: true,
    holds: [],
    held: new Map(),
    touched: new Map(Object.entries(touched)),
  };
  return needsOf(result.declaration, desired, {
    administrators: result.declaration.mesh.value.administrators,
    asked: (classes) => classes.length * 2,
  });
}

describe('who must approve', () => {
  test.each([
    'mesh.yaml',
    'accounts/marketing.yaml',
    'accounts/sales.yaml',
    'products/sales/orders.yaml',
    'unheard.yaml',
  ])('%s: an administrator, who is not its author', (path) => {
    expect(needs({})(path)).toEqual({
      anyOf: [{ login: 'ada', id: 1 }],
      role: 'an administrator of the mesh',
      authorCounts: false,
    });
  });

  test('a subscription that touches nothing: an owner of the consumer, its author too', () => {
    expect(needs({})('subscriptions/sales/orders/marketing.yaml')).toEqual({
      anyOf: [{ login: 'eve', id: 3 }],
      role: 'an owner of the account marketing',
      authorCounts: true,
    });
  });

  test("one that touches pii: so many of the producer's owners besides", () => {
    expect(needs({ 'sales/orders/marketing': ['pii'] })('subscriptions/sales/orders/marketing.yaml')).toMatchObject({
      owners: { people: [{ login: 'bob', id: 2 }], count: 2, of: 'sales/orders' },
    });
  });

  test("the product's own owners come before the producer's", () => {
    expect(
      needs({ 'sales/stores/finance': ['pii', 'secret'] })('subscriptions/sales/stores/finance.yaml'),
    ).toMatchObject({
      anyOf: [{ login: 'fay', id: 4 }],
      owners: { people: [{ login: 'sue', id: 7 }], count: 4, of: 'sales/stores' },
    });
  });
});
