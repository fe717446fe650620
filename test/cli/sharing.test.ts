import { GrantPermissionsCommand, LakeFormationClient } from '@aws-sdk/client-lakeformation';
import {
  DeleteResourceShareCommand,
  DisassociateResourceShareCommand,
  GetResourceSharesCommand,
  RAMClient,
} from '@aws-sdk/client-ram';
import { expect, test } from 'vitest';
import type { Diagnosis } from '../../src/core/diagnosis.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import type { Seed, SeedRegion } from '../../src/emulator/seed.ts';
import { analysts, marketing, path, subscription, withMarketing } from '../support/consumer-town.ts';
import { runHere } from '../support/run-here.ts';
import { type Stage, setStage } from '../support/stage.ts';
import { central, keysOf, region, townLake, townMesh } from '../support/town.ts';

const mesh = {
  'mesh.yaml': `${townMesh['mesh.yaml']}runsAs: { observe: meshgate-observe, apply: meshgate-apply }
`,
  [path]: subscription(),
};

function reads({ emulator }: Stage, column = 'region', table = 'orders'): boolean {
  const question = { principal: analysts, region, database: 'town_orders', table, columns: [column] };
  return emulator.access(question).allowed;
}

const apply = ['apply', '--trust-root', 'HEAD'];
const plan = ['plan', '--trust-root', 'HEAD'];

function troubles(stage: Stage): readonly string[] {
  return stage.emulator
    .snapshot(central, region)
    .shares.filter(({ status, receiver }) => status === 'ACTIVE' && receiver === marketing)
    .flatMap(({ resources }) => resources.filter(({ status }) => status !== 'ASSOCIATED').map(({ arn }) => arn));
}

function clientOf({ emulator }: Stage) {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = keysOf.admin;
  return { endpoint: emulator.url, region, credentials: { accessKeyId, secretAccessKey } };
}

/** A stage on which everything was applied, under faults that have gone since. */
async function applied(faults: readonly Fault[] = [], lake: Partial<SeedRegion> = {}): Promise<Stage> {
  const stage = await setStage({ mesh, lake, seed: withMarketing() });
  stage.emulator.setFaults(faults);
  await runHere(stage, [...apply, '--tries', '1']);
  stage.emulator.setFaults([]);
  return stage;
}

/** What was granted and revoked in the central account. */
function batches({ emulator }: Stage, since: number) {
  const made = emulator.journal().slice(since);
  return made.filter(({ operation, account }) => account === central && /^Batch(Grant|Revoke)/.test(operation));
}

async function deleteShares(stage: Stage): Promise<void> {
  const ram = new RAMClient(clientOf(stage));
  const own = new GetResourceSharesCommand({ resourceOwner: 'SELF', resourceShareStatus: 'ACTIVE' });
  for (const { resourceShareArn } of (await ram.send(own)).resourceShares ?? [])
    await ram.send(new DeleteResourceShareCommand({ resourceShareArn }));
}

const fails: readonly Fault[] = [{ kind: 'share-fails' }];

const gone: readonly string[] = [];

test('what RAM could not associate is told, mended without touching a grant, and read then', async () => {
  const stage = await applied(fails);
  expect(reads(stage)).toBe(false);
  expect(troubles(stage).length).toBeGreaterThan(0);
  const planned = await runHere(stage, [...plan, '--exit-code']);
  expect(planned.code).toBe(2);
  expect(planned.out).toMatch(
    /update {2}RAM share on table sales\.orders\n.*FAILED: The resource could not be .* try again/,
  );
  const before = stage.emulator.journal().length;
  expect(await runHere(stage, apply)).toMatchObject({ code: 0, err: '' });
  expect(batches(stage, before)).toEqual([]);
  expect([reads(stage), reads(stage, 'email'), troubles(stage)]).toEqual([true, false, gone]);
  expect((await runHere(stage, [...plan, '--exit-code'])).code).toBe(0);
});

test('while the cause is there a run says so, and what would help', async () => {
  const lake = { resourcePolicy: { Version: '2012-10-17', Statement: [] } };
  const stage = await setStage({ mesh, lake, seed: withMarketing() });
  for (let run = 1; run <= 2; run += 1) {
    const ran = await runHere(stage, [...apply, '--tries', '1']);
    expect(ran.code).toBe(5);
    expect(ran.out).toMatch(/AssociateResourceShare answered AssociationFailed: The resource policy of the catalog/);
    expect(ran.out).toMatch(/see what `meshgate doctor` says of RESOURCE_POLICY/);
    expect(reads(stage)).toBe(false);
  }
});

test('what RAM does not come to an end with is tried again', async () => {
  const stuck: Partial<SeedRegion> = {
    shares: [{ receiver: marketing, kind: 'table', associating: ['table/sales/orders'] }],
    grants: [
      {
        principal: marketing,
        resource: { Table: { DatabaseName: 'sales', Name: 'orders' } },
        permissions: ['DESCRIBE'],
        withGrantOption: ['DESCRIBE'],
      },
    ],
  };
  const stage = await setStage({ mesh, lake: stuck, seed: withMarketing() });
  expect((await runHere(stage, plan)).out).toMatch(/RAM share on table sales\.orders\n.*RAM says ASSOCIATING/);
  expect((await runHere(stage, apply)).code).toBe(0);
  expect([reads(stage), troubles(stage)]).toEqual([true, gone]);
});

test('a share that somebody deleted is made anew, and what it carried is read again', async () => {
  const stage = await applied();
  expect(reads(stage)).toBe(true);
  await deleteShares(stage);
  expect(reads(stage)).toBe(false);
  const planned = await runHere(stage, plan);
  expect(planned.out).toMatch(/RAM share on table sales\.orders\n.*the RAM share is gone: what it carried is revoked/);
  // Killed between the two, so to speak: what was revoked is given by the next run as anything that is missing.
  stage.emulator.setFaults([{ kind: 'access-denied', operation: 'BatchGrantPermissions' }]);
  expect((await runHere(stage, [...apply, '--tries', '1'])).code).toBe(5);
  stage.emulator.setFaults([]);
  expect(await runHere(stage, apply)).toMatchObject({ code: 0, err: '' });
  expect([reads(stage), reads(stage, 'email')]).toEqual([true, false]);
  expect((await runHere(stage, [...plan, '--exit-code'])).code).toBe(0);
});

test('a share of which somebody else has a part is not made anew, and it is said why', async () => {
  const stage = await applied();
  const request = {
    Principal: { DataLakePrincipalIdentifier: marketing },
    Resource: { Database: { Name: 'sales' } },
    Permissions: ['CREATE_TABLE' as const],
    PermissionsWithGrantOption: ['CREATE_TABLE' as const],
  };
  await new LakeFormationClient(clientOf(stage)).send(new GrantPermissionsCommand(request));
  await stage.write('mesh/products/sales/orders.yaml', `${townMesh['products/sales/orders.yaml']}enforce: additive\n`);
  await stage.git('commit', '--quiet', '--all', '--message', 'Gently');
  await deleteShares(stage);
  const before = stage.emulator.journal().length;
  const ran = await runHere(stage, apply);
  expect(ran.out).toMatch(/no file asks for CREATE_TABLE on database sales/);
  expect(JSON.stringify(batches(stage, before))).not.toContain('CREATE_TABLE');
});

test('where Lake Formation names no shares, what is sound is not taken for broken, and nothing is revoked', async () => {
  const stage = await applied();
  stage.emulator.setSwitches({ sharesNamed: false });
  expect((await runHere(stage, [...plan, '--exit-code'])).code).toBe(0);
  await deleteShares(stage);
  const before = stage.emulator.journal().length;
  const ran = await runHere(stage, [...apply, '--tries', '1']);
  expect(ran.code).toBe(5);
  expect(ran.out).toMatch(/RAM has no share with 333344445555, and Lake Formation names none/);
  expect(batches(stage, before)).toEqual([]);
});

test('nothing is mended for files that are not proven', async () => {
  const stage = await applied(fails);
  const before = stage.emulator.journal().length;
  const ran = await runHere(stage, ['apply']);
  expect(ran.code).toBe(4);
  expect(ran.out).toMatch(/RAM share on table sales\.orders for marketing/);
  const calls = stage.emulator.journal().slice(before);
  expect(calls.filter(({ operation }) => operation === 'AssociateResourceShare')).toEqual([]);
  expect(reads(stage)).toBe(false);
});

test('an account that no run enters is invited again once its invitation has lapsed', async () => {
  const lake: Partial<SeedRegion> = {
    grants: [
      {
        principal: marketing,
        resource: { Database: { Name: 'sales' } },
        permissions: ['DESCRIBE'],
        withGrantOption: ['DESCRIBE'],
      },
    ],
    shares: [{ receiver: marketing, kind: 'database', invitation: 'EXPIRED' }],
  };
  const stage = await setStage({ mesh: { [path]: subscription() }, lake, seed: withMarketing({ sharing: false }) });
  expect((await runHere(stage, plan)).out).toMatch(/RAM share on database sales\n.*did not accept in time/);
  expect((await runHere(stage, apply)).code).toBe(0);
  const states = stage.emulator.snapshot(marketing, region).invitations.map((one) => one['status']);
  expect(states.sort()).toEqual(['EXPIRED', 'PENDING', 'PENDING']);
  // It waits, and that is no difference.
  expect((await runHere(stage, [...plan, '--exit-code'])).code).toBe(0);
});

test('shares that Lake Formation does not keep under its name are left alone', async () => {
  const settings = { ...townLake.settings, Parameters: { CROSS_ACCOUNT_VERSION: '1' } };
  const stage = await applied(fails, { settings });
  const ran = await runHere(stage, [...apply, '--tries', '1']);
  expect(ran.code).toBe(5);
  expect(ran.out).toMatch(/NotOfLakeFormation: the share .* is not one that Lake Formation keeps/);
});

test('where RAM cannot be read that is a gap, and nothing else waits for it', async () => {
  const stage = await applied(fails);
  stage.emulator.setFaults([{ kind: 'access-denied', operation: 'GetResourceShares' }]);
  const ran = await runHere(stage, ['drift', '--trust-root', 'HEAD']);
  expect(ran.code).toBe(5);
  expect(ran.out).toMatch(/NO_SHARES whether other accounts get what they are given: GetResourceShares answered Acc/);
  expect(ran.out).not.toContain('RAM share on');
});

test('RAM is asked a handful of calls, whatever there is on shares', async () => {
  const stage = await applied();
  const before = stage.emulator.journal().length;
  await runHere(stage, plan);
  const calls = stage.emulator.journal().slice(before);
  expect(calls.filter(({ service, account }) => service === 'ram' && account === central).length).toBe(4);
});

test('doctor tells what is on shares and not granted, and what is granted and not on its share', async () => {
  const stage = await applied([], {
    shares: [
      { receiver: '555566667777', kind: 'table', orphans: ['table/sales/gone'] },
      { receiver: marketing, kind: 'table', orphans: ['table/sales/dropped'] },
    ],
  });
  const { shares } = stage.emulator.snapshot(central, region);
  const arn = `arn:aws:glue:${region}:${central}:table/sales/orders`;
  const on = shares.find(
    ({ receiver, resources }) => receiver === marketing && resources.some((one) => one.arn === arn),
  );
  const taken = { resourceShareArn: on?.arn, resourceArns: [arn] };
  await new RAMClient(clientOf(stage)).send(new DisassociateResourceShareCommand(taken));
  expect(reads(stage)).toBe(false);
  const { out } = await runHere(stage, ['doctor', '--trust-root', 'HEAD', '--format', 'json']);
  const { checks } = JSON.parse(out) as Diagnosis;
  const said = checks.flatMap((check) => (check.code === 'SHARES' ? [check.message] : [])).sort();
  expect(said).toEqual([
    expect.stringMatching(
      /^arn:aws:glue:.*:table\/sales\/dropped is on a RAM share, and nobody is granted anything on it$/,
    ),
    expect.stringMatching(/^table sales.orders is granted to .*333344445555.*, and is not on its RAM share$/),
    expect.stringMatching(/^the RAM share LakeFormation-\w+ with 555566667777 carries nothing that is granted$/),
  ]);
});

test('what RAM has no room for fails with the reason, and is given once there is room', async () => {
  const seed = (usual: Seed): Seed => ({
    ...withMarketing({ sharing: false })(usual),
    limits: { shares: 25_000, resourcesPerShare: 5_000, pendingInvitations: 3 },
  });
  const stage = await setStage({ mesh, lake: { grants: [] }, seed });
  const first = await runHere(stage, [...apply, '--tries', '1']);
  expect(first.code).toBe(5);
  expect(first.out).toMatch(/ResourceShareLimitExceededException[\s\S]*RAM takes no more from this account/);
  // What marketing has accepted meanwhile waits no longer.
  expect((await runHere(stage, apply)).code).toBe(0);
  expect(reads(stage)).toBe(true);
});
