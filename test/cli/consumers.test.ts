import { expect, test, vi } from 'vitest';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import type { Seed, SeedRegion } from '../../src/emulator/seed.ts';
import { analysts, marketing, path, subscription, withMarketing } from '../support/consumer-town.ts';
import { runHere } from '../support/run-here.ts';
import { type Stage, setStage } from '../support/stage.ts';
import { central, region, townMesh } from '../support/town.ts';

const mesh = {
  'mesh.yaml': `${townMesh['mesh.yaml']}runsAs: { observe: meshgate-observe, apply: meshgate-apply }
`,
  [path]: subscription(),
};

function reads({ emulator }: Stage, column: string): boolean {
  const question = { principal: analysts, region, database: 'town_orders', table: 'orders', columns: [column] };
  return emulator.access(question).allowed;
}

async function commit(stage: Stage, text: string): Promise<void> {
  await stage.write(`mesh/${path}`, text);
  await stage.git('add', 'mesh');
  await stage.git('commit', '--quiet', '--message', 'Another day');
}

test('an analyst reads through the link, never the pii, until access ends', { timeout: 60_000 }, async () => {
  const stage = await setStage({ mesh, seed: withMarketing() });
  expect(reads(stage, 'region')).toBe(false);
  const planned = await runHere(stage, ['plan', '--trust-root', 'HEAD']);
  expect(planned.out).toContain(
    `create  target sales of ${central} on resource link town_orders, in account ${marketing}`,
  );
  const applied = await runHere(stage, ['apply', '--trust-root', 'HEAD']);
  expect(applied).toMatchObject({ code: 0, err: '' });
  expect([reads(stage, 'region'), reads(stage, 'email')]).toEqual([true, false]);
  const sessions = stage.emulator.journal().filter(({ operation }) => operation === 'AssumeRole');
  expect(JSON.stringify(sessions)).toMatch(/meshgate-by-hand-[0-9a-f]{12}/);
  expect((await runHere(stage, ['plan', '--trust-root', 'HEAD', '--exit-code'])).code).toBe(0);
  await commit(stage, subscription('expires: 2026-01-31\n'));
  expect((await runHere(stage, ['apply', '--trust-root', 'HEAD'])).code).toBe(0);
  expect(reads(stage, 'region')).toBe(false);
  expect(JSON.stringify(stage.emulator.snapshot(marketing, region))).not.toContain('town_orders');
});

test('list and show tell how far the account has come', { timeout: 60_000 }, async () => {
  const stage = await setStage({ mesh, seed: withMarketing() });
  const row = async (): Promise<string> => {
    const { out } = await runHere(stage, ['list', '--trust-root', 'HEAD', '--format', 'csv']);
    return out.split('\n').find((line) => line.startsWith('sales/orders/marketing,')) ?? '';
  };
  expect(await row()).toContain(',approved,');
  await runHere(stage, ['apply', '--trust-root', 'HEAD']);
  expect(await row()).toContain(',active,');
  // Who reads through the link, not only who is given something in the central catalog.
  const analyst = ['--principal', 'marketing/analysts', '--trust-root', 'HEAD', '--format', 'csv'];
  expect((await runHere(stage, ['list', ...analyst])).out).toContain(`\nsales/orders/marketing,active,`);
  const own = await runHere(stage, ['show', 'marketing/analysts', '--trust-root', 'HEAD']);
  expect(own.out).toMatch(/^ +marketing +active/m);
  const shown = await runHere(stage, ['show', 'sales/orders/marketing', '--trust-root', 'HEAD']);
  expect(shown.out).toContain("the resource link and the consumer's own grants are there");
  expect(shown.out).toContain('= SELECT on table sales.orders, columns: only id, region for marketing/analysts\n');
  expect(shown.out).toContain('= DESCRIBE on database town_orders for marketing/analysts\n');
});

test('an account that is sent invitations accepts those, and no others', { timeout: 60_000 }, async () => {
  const stage = await setStage({ mesh, seed: withMarketing({ sharing: false }) });
  const applied = await runHere(stage, ['apply', '--trust-root', 'HEAD']);
  expect(applied).toMatchObject({ code: 0, err: '' });
  expect([reads(stage, 'region'), reads(stage, 'email')]).toEqual([true, false]);
  const accepted = stage.emulator.journal().filter(({ operation }) => operation === 'AcceptResourceShareInvitation');
  expect(accepted.length).toBeGreaterThan(0);
  expect((await runHere(stage, ['plan', '--trust-root', 'HEAD', '--exit-code'])).code).toBe(0);
});

test('an invitation from a stranger to a database of the same name is left waiting', { timeout: 60_000 }, async () => {
  const stranger = '777788889999';
  const theirs = { DatabaseName: 'sales', Name: 'orders' };
  const shared: SeedRegion = {
    databases: { sales: { tables: { orders: { columns: { id: 'bigint' } } } } },
    grants: [{ principal: marketing, resource: { Table: theirs }, permissions: ['SELECT'] }],
    shares: [{ receiver: marketing, kind: 'table', invitation: 'PENDING' }],
  };
  const seed = (usual: Seed): Seed => {
    const known = withMarketing({ sharing: false })(usual);
    return { ...known, accounts: { ...known.accounts, [stranger]: { regions: { [region]: shared } } } };
  };
  const stage = await setStage({ mesh, seed });
  expect((await runHere(stage, ['apply', '--trust-root', 'HEAD'])).code).toBe(0);
  const { invitations } = stage.emulator.snapshot(marketing, region);
  const from = (account: string) =>
    invitations.filter((one) => one['senderAccountId'] === account).map((one) => one['status']);
  expect(from(stranger)).toEqual(['PENDING']);
  expect(new Set(from(central))).toEqual(new Set(['ACCEPTED']));
});

test('an invitation that lapsed is sent anew, and accepted', { timeout: 60_000 }, async () => {
  const given = (resource: object, permissions: readonly string[]) => ({
    principal: marketing,
    resource: resource as Readonly<Record<string, unknown>>,
    permissions,
    withGrantOption: permissions,
  });
  const lake: Partial<SeedRegion> = {
    grants: [
      given({ Database: { Name: 'sales' } }, ['DESCRIBE']),
      given({ Table: { DatabaseName: 'sales', Name: 'orders' } }, ['DESCRIBE']),
    ],
    shares: [
      { receiver: marketing, kind: 'database', invitation: 'EXPIRED' },
      { receiver: marketing, kind: 'table', invitation: 'EXPIRED' },
    ],
  };
  const stage = await setStage({ mesh, lake, seed: withMarketing({ sharing: false }) });
  expect((await runHere(stage, ['apply', '--trust-root', 'HEAD'])).code).toBe(0);
  expect([reads(stage, 'region'), reads(stage, 'email')]).toEqual([true, false]);
  const status = stage.emulator.snapshot(marketing, region).invitations.map((one) => one['status']);
  expect(status.sort()).toEqual(['ACCEPTED', 'ACCEPTED', 'EXPIRED', 'EXPIRED']);
});

test('an account that lets nobody in stops nothing elsewhere, and is said', { timeout: 60_000 }, async () => {
  const stage = await setStage({ mesh, seed: withMarketing({ isTrusted: false }) });
  const ran = await runHere(stage, ['apply', '--trust-root', 'HEAD']);
  expect(ran.code).toBe(5);
  expect(ran.out).toMatch(/NO_LAKE .*333344445555\/eu-west-1.*AssumeRole answered AccessDenied/);
  const held = JSON.stringify(stage.emulator.snapshot(central, region).atoms);
  expect(held).toContain(marketing);
});

test('an account that left the mesh and lets nobody in is a gap as long as it holds something', {
  timeout: 60_000,
}, async () => {
  const stage = await setStage({ mesh, seed: withMarketing() });
  const applied = () => runHere(stage, ['apply', '--trust-root', 'HEAD']);
  expect((await applied()).code).toBe(0);
  stage.emulator.setFaults([{ kind: 'access-denied', operation: 'AssumeRole' }]);
  await stage.git('rm', '-rq', 'mesh/accounts/marketing.yaml', 'mesh/subscriptions/sales/*/marketing*');
  await stage.git('commit', '--quiet', '--message', 'Good bye');
  expect(await applied()).toMatchObject({ code: 5, out: expect.stringMatching(/NO_LAKE .*333344445555/) });
  expect(JSON.stringify(stage.emulator.snapshot(central, region).atoms)).not.toContain(marketing);
  const after = await applied();
  expect(after).toMatchObject({ code: 0, out: expect.stringMatching(/ACCOUNT_LEFT .*333344445555.*AssumeRole/) });
  expect(after.out).not.toContain('NO_LAKE');
  // What is still declared is not known, and said.
  await stage.git('revert', '--no-edit', 'HEAD');
  expect((await applied()).code).toBe(5);
});

test('an account that does not answer holds up the rest no longer than it may', { timeout: 60_000 }, async () => {
  const stage = await setStage({ mesh, seed: withMarketing() });
  stage.emulator.setFaults([{ kind: 'hang', operation: 'AssumeRole' }]);
  const hurried = ['apply', '--trust-root', 'HEAD', '--timeout', '1', '--account-timeout', '1'];
  const ran = await runHere(stage, hurried);
  expect(ran.code).toBe(5);
  expect(ran.out).toMatch(/NO_LAKE .*333344445555\/eu-west-1: the lake: the account took more than 1 seconds/);
  expect(JSON.stringify(stage.emulator.snapshot(central, region).atoms)).toContain(marketing);
  // Ten tries are usual.
  expect(stage.emulator.journal().filter(({ operation }) => operation === 'AssumeRole').length).toBeLessThan(5);
  stage.emulator.setFaults([]);
  expect((await runHere(stage, hurried)).code).toBe(0);
  expect(reads(stage, 'region')).toBe(true);
});

test('without runsAs no account is entered', { timeout: 60_000 }, async () => {
  const stage = await setStage({ mesh: { [path]: subscription() }, seed: withMarketing() });
  expect((await runHere(stage, ['apply', '--trust-root', 'HEAD'])).code).toBe(0);
  expect(stage.emulator.journal().filter(({ operation }) => operation === 'AssumeRole')).toEqual([]);
  expect(reads(stage, 'region')).toBe(false);
});

test('doctor tells whether it comes into the accounts', { timeout: 60_000 }, async () => {
  const asks = async (seed: Parameters<typeof withMarketing>[0], files: Readonly<Record<string, string>> = mesh) => {
    const stage = await setStage({ mesh: files, seed: withMarketing(seed) });
    const { out } = await runHere(stage, ['doctor', '--trust-root', 'HEAD', '--format', 'json']);
    const { checks } = JSON.parse(out) as Diagnosis;
    return checks.filter(({ code }) => code === 'ACCOUNTS');
  };
  expect(await asks({})).toMatchObject([
    { result: 'ok', message: expect.stringMatching(/lets .*:role\/meshgate-observe in/) },
  ]);
  expect(await asks({ isTrusted: false })).toMatchObject([
    { result: 'unchecked', why: expect.stringMatching(/the caller is none of them/) },
  ]);
  expect(await asks({}, { [path]: subscription() })).toMatchObject([{ result: 'finding', severity: 'note' }]);
  expect(await asks({}, {})).toMatchObject([{ result: 'ok' }]);
});

test('an account that hangs while access ends there keeps it from ending nowhere else', {
  timeout: 60_000,
}, async () => {
  const stage = await setStage({ mesh, seed: withMarketing() });
  expect((await runHere(stage, ['apply', '--trust-root', 'HEAD'])).code).toBe(0);
  await commit(stage, subscription('expires: 2026-01-31\n'));
  stage.emulator.setFaults([{ kind: 'hang', operation: 'BatchRevokePermissions', account: marketing }]);
  const from = stage.emulator.journal().length;
  const patience = ['--timeout', '600', '--account-timeout', '1'];
  const running = stage.start(['apply', '--trust-root', 'HEAD', ...patience]);
  const revokes = () =>
    stage.emulator
      .journal()
      .slice(from)
      .filter(({ operation }) => operation === 'BatchRevokePermissions')
      .map(({ account, status }) => `${account} ${status}`);
  // The call that is under way there is answered by nobody.
  await vi.waitFor(() => expect(revokes()).toEqual([`${marketing} 0`, `${central} 200`]), 40_000);
  running.child.kill('SIGKILL');
  await running.ended;
  stage.emulator.setFaults([]);
  await runHere(stage, ['apply', '--trust-root', 'HEAD']);
  expect(reads(stage, 'region')).toBe(false);
});

test('a run does not wait for the answer to a call in an account that it has given up', {
  timeout: 60_000,
}, async () => {
  const stage = await setStage({ mesh, seed: withMarketing() });
  stage.emulator.setFaults([{ kind: 'hang', account: marketing }]);
  const ran = await stage.run(['plan', '--trust-root', 'HEAD', '--timeout', '600', '--account-timeout', '1']);
  expect(ran.code).toBe(5);
  expect(ran.out).toMatch(/NO_LAKE .*the account took more than 1 seconds/);
});
