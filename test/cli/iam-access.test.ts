import { expect, test } from 'vitest';
import type { Seed, SeedGrant, SeedPrincipal, SeedRegion } from '../../src/emulator/seed.ts';
import { analysts, marketing, path, subscription, withMarketing } from '../support/consumer-town.ts';
import { runHere } from '../support/run-here.ts';
import { type Stage, setStage } from '../support/stage.ts';
import { central, region, townMesh } from '../support/town.ts';

const role = (name: string): string => `arn:aws:iam::${central}:role/${name}`;
const [reporting, legacy] = [role('reporting'), role('legacy')];

/** The town's orders, in a location of Lake Formation, open to whomever IAM lets in. */
const lake = (isHybrid: boolean): Partial<SeedRegion> => ({
  locations: [{ arn: 'arn:aws:s3:::town', hybrid: isHybrid }],
  databases: {
    sales: {
      createdBy: role('admin'),
      location: 's3://town',
      tables: {
        orders: { columns: { id: 'bigint', region: 'string', email: 'string' }, location: 's3://town/orders' },
        items: { columns: { id: 'bigint', price: 'double' }, location: 's3://town/items' },
      },
    },
    stores: {
      createdBy: role('admin'),
      tables: { shops: { columns: { id: 'bigint' } }, visits: { columns: { id: 'bigint' } } },
    },
  },
  grants: [{ Database: { Name: 'sales' } }, table('orders'), table('items')].map(
    (resource): SeedGrant => ({ principal: 'IAM_ALLOWED_PRINCIPALS', resource, permissions: ['ALL'] }),
  ),
});

function table(Name: string) {
  return { Table: { DatabaseName: 'sales', Name } };
}

/** Two roles of the central account; one comes to the files with what IAM gives it in S3, too. */
const people: readonly SeedPrincipal[] = [
  { arn: reporting, lakeFormation: true, glue: true },
  { arn: legacy, lakeFormation: true, glue: true, s3: ['s3://town'] },
];

function seed(usual: Seed): Seed {
  const known = withMarketing()(usual);
  const own = known.accounts[central];
  const others = (own?.principals ?? []).filter(({ arn }) => people.every((one) => one.arn !== arn));
  return { ...known, accounts: { ...known.accounts, [central]: { ...own, principals: [...others, ...people] } } };
}

const mesh = (says: string) => ({
  'mesh.yaml': `${townMesh['mesh.yaml']}runsAs: { observe: meshgate-observe, apply: meshgate-apply }
`,
  'products/sales/orders.yaml': `${townMesh['products/sales/orders.yaml']}iamAllowedPrincipals: ${says}
`,
  [path]: subscription(),
  'subscriptions/sales/orders/marketing.reports.yaml': `apiVersion: meshgate/v1
kind: Subscription
purpose: Somebody near reads the same.
principals: [reporting]
access: [{ tables: [orders], columns: { exclude: pii }, permissions: read }]
`,
});

/** Whether somebody reads the region, and the email. */
function reads({ emulator }: Stage, principal: string): readonly boolean[] {
  const database = principal === analysts ? 'town_orders' : 'sales';
  return ['region', 'email'].map(
    (column) => emulator.access({ principal, region, database, table: 'orders', columns: [column] }).allowed,
  );
}

const everything = [true, true];
const nothing = [false, false];
const withoutPii = [true, false];

test('with hybrid access those who are named cannot read the pii, and the others go on through IAM', {
  timeout: 60_000,
}, async () => {
  const stage = await setStage({ mesh: mesh('hybrid'), lake: lake(true), seed });
  expect([reporting, legacy, analysts].map((one) => reads(stage, one))).toEqual([nothing, everything, nothing]);
  const planned = await runHere(stage, ['plan', '--trust-root', 'HEAD']);
  expect(planned.out).toContain('+ create  opt-in on table sales.orders\n');
  expect(planned.out).toContain(`+ create  opt-in on table sales.orders, in account ${marketing}\n`);
  expect(planned.out).not.toContain('Open past the mesh');
  expect(await runHere(stage, ['apply', '--trust-root', 'HEAD'])).toMatchObject({ code: 0, err: '' });
  expect([reporting, legacy, analysts].map((one) => reads(stage, one))).toEqual([withoutPii, everything, withoutPii]);
  expect((await runHere(stage, ['plan', '--trust-root', 'HEAD', '--exit-code'])).code).toBe(0);
  await stage.git('rm', '--quiet', '-r', 'mesh/subscriptions/sales/orders');
  await stage.git('commit', '--quiet', '--message', 'Nobody needs it any more');
  expect((await runHere(stage, ['apply', '--trust-root', 'HEAD'])).code).toBe(0);
  expect([reporting, legacy, analysts].map((one) => reads(stage, one))).toEqual([nothing, everything, nothing]);
  for (const account of [central, marketing]) expect(stage.emulator.snapshot(account, region).optIns).toEqual([]);
});

test('a product that is closed to IAM is open to those who are named, without the pii, and to nobody else', {
  timeout: 60_000,
}, async () => {
  const stage = await setStage({ mesh: mesh('revoke'), lake: lake(false), seed });
  expect([reporting, analysts].map((one) => reads(stage, one))).toEqual([everything, nothing]);
  const planned = await runHere(stage, ['plan', '--trust-root', 'HEAD']);
  expect(planned.out).toContain('- revoke  ALL on table sales.orders (closed)\n');
  expect(await runHere(stage, ['apply', '--trust-root', 'HEAD'])).toMatchObject({ code: 0, err: '' });
  expect([reporting, analysts].map((one) => reads(stage, one))).toEqual([withoutPii, withoutPii]);
  const writes = stage.emulator
    .journal()
    .flatMap(({ changes }) => changes ?? [])
    .map((change) => JSON.stringify(change));
  const closed = writes.findIndex((one) => one.includes('IAM_ALLOWED_PRINCIPALS'));
  const named = writes.findIndex((one) => one.includes(reporting) && one.includes('DESCRIBE'));
  const shared = writes.findIndex((one) => one.includes(`"${marketing}"`) && one.includes('sales'));
  expect([named >= 0, named < closed, closed < shared]).toEqual([true, true, true]);
  expect((await runHere(stage, ['plan', '--trust-root', 'HEAD', '--exit-code'])).code).toBe(0);
});
