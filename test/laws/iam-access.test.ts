import { expect, test } from 'vitest';
import { carryOut } from '../../src/carry-out.ts';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { plan } from '../../src/reconcile.ts';
import { type ReconcileCase, reconcileBase, seedOf } from '../support/reconcile-cases.ts';
import { declarationOf, lakeOf, runOf, sending } from '../support/run-case.ts';

const base = reconcileBase();
const { reporting = '', marketing = '' } = base.principals;
const table = (columns: Readonly<Record<string, string>>, name: string) => ({ columns, location: `s3://data/${name}` });

/** A product that IAM opens, with somebody near and an account that are to read it without its pii. */
function world(iamAllowedPrincipals: 'hybrid' | 'revoke'): ReconcileCase {
  const access = [{ tables: ['orders'], permissions: 'read', columns: { exclude: 'pii' } }];
  return {
    title: iamAllowedPrincipals,
    mesh: {
      'products/sales/orders.yaml': { iamAllowedPrincipals },
      'subscriptions/sales/orders/marketing.yaml': { access },
      'subscriptions/sales/orders/marketing.near.yaml': { principals: ['reporting'], access },
    },
    live: {
      locations: [{ arn: 'arn:aws:s3:::data', hybrid: iamAllowedPrincipals === 'hybrid' }],
      databases: {
        sales: {
          location: 's3://data',
          tables: {
            orders: {
              ...table({ id: 'bigint', region: 'string', email: 'string' }, 'orders'),
              partitionKeys: { day: 'date' },
            },
            items: table({ id: 'bigint', price: 'double' }, 'items'),
          },
        },
      },
      grants: ['database sales', 'table sales.orders', 'table sales.items']
        .map((on) => `ALL ${on} -> IAM_ALLOWED_PRINCIPALS\n`)
        .join(''),
    },
  };
}

/** What must hold after every call, however the run ends. */
function broken({ atoms, optIns }: ReturnType<Awaited<ReturnType<typeof startEmulator>>['snapshot']>) {
  const held = (principal: string) => atoms.filter((one) => one.principal === principal);
  const [iam, near, far] = ['IAM_ALLOWED_PRINCIPALS', reporting, marketing].map(held);
  const isOpen = iam?.some(({ resource }) => resource.table === 'orders') === true;
  const isLimited = ({ resource }: (typeof atoms)[number]): boolean =>
    resource.columns !== undefined && 'include' in resource.columns;
  const selects = [...(near ?? []), ...(far ?? [])].filter(({ permission }) => permission === 'SELECT');
  return [
    ...(selects.every(isLimited) ? [] : ['SELECT on all columns']),
    ...(!isOpen && near?.every(({ permission }) => permission !== 'DESCRIBE')
      ? ['closed before somebody came in']
      : []),
    ...(optIns.some(({ principal }) => held(principal).every(({ permission }) => permission !== 'SELECT'))
      ? ['opted in to nothing']
      : []),
  ];
}

test.each(['hybrid', 'revoke'] as const)('%s: a run that is cut off at any call is ended by the next', async (says) => {
  const one = world(says);
  for (const after of [1, 2, 3, 4, 5, 7]) {
    const emulator = await startEmulator({ seed: seedOf(base, one) });
    const run = runOf(declarationOf(base, one), one);
    const lake = await lakeOf(emulator, base, one);
    const begun = await plan(run, lake);
    emulator.setFaults([{ kind: 'access-denied', after }]);
    await carryOut(begun, lake, sending);
    expect(broken(emulator.snapshot('111122223333', 'eu-west-1')), `cut off at ${after}`).toEqual([]);
    emulator.setFaults([]);
    await carryOut(await plan(run, lake), lake, sending);
    const { plan: left } = await plan(run, lake);
    expect([left.changes, left.withheld]).toEqual([[], []]);
    const snapshot = emulator.snapshot('111122223333', 'eu-west-1');
    expect(broken(snapshot)).toEqual([]);
    expect(snapshot.optIns).toHaveLength(says === 'hybrid' ? 2 : 0);
    await emulator.close();
  }
});
