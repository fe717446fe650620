import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LakeFormationClient, RevokePermissionsCommand } from '@aws-sdk/client-lakeformation';
import { afterEach, expect, test, vi } from 'vitest';
import type { Seed } from '../../src/emulator/seed.ts';
import { administrator, analysts, marketing, path, subscription, withMarketing } from '../support/consumer-town.ts';
import { runHere } from '../support/run-here.ts';
import { lakeOf, type Stage, setStage, writesOf } from '../support/stage.ts';
import { central, keysOf, region, townMesh } from '../support/town.ts';

const finance = '444455556666';
const role = (name: string): string => `arn:aws:iam::${finance}:role/${name}`;
const mesh = {
  'mesh.yaml': `${townMesh['mesh.yaml']}runsAs: { observe: meshgate-observe, apply: meshgate-apply }\n`,
  'accounts/finance.yaml': `${townMesh['accounts/finance.yaml']}principals: { clerks: "${role('clerks')}" }\n`,
  [path]: subscription(),
  'subscriptions/sales/stores/finance.yaml': `apiVersion: meshgate/v1
kind: Subscription
purpose: A town needs to know.
access:
  - { tables: [shops], permissions: read }
import:
  database: town_stores
  grants: [{ principals: [clerks], permissions: [SELECT, DESCRIBE] }]
`,
};

/** The town with two consumers that runs enter. */
function withBoth(usual: Seed): Seed {
  const seed = withMarketing()(usual);
  const account = seed.accounts[marketing];
  const text = JSON.stringify(account).replaceAll(marketing, finance).replaceAll('analysts', 'clerks');
  const keyless = text.replaceAll(/"(?:accessKeyId|secretAccessKey)":"[^"]*",?/g, '').replaceAll(',}', '}');
  return { ...seed, accounts: { ...seed.accounts, [finance]: JSON.parse(keyless) } };
}

afterEach(() => void vi.useRealTimers());

const key = { MESHGATE_CACHE_KEY: 'a-key-of-the-test'.repeat(2) };

async function ran(stage: Stage, line: string, env = {}) {
  return runHere(stage, line.split(' '), { ...key, ...env });
}

async function good(stage: Stage, line: string): Promise<string> {
  const { code, out, err } = await ran(stage, line);
  expect({ line, code, err }).toEqual({ line, code: 0, err: line.includes('part') ? err : '' });
  return out;
}

/** Reads in three parts and merges them. */
async function planned(stage: Stage): Promise<void> {
  for (const share of [1, 2, 3]) await good(stage, `plan --accounts ${share}/3 --out parts/${share}.part`);
  await good(stage, 'plan --merge parts --out whole --trust-root HEAD');
}

/** Carries out a plan by turns and parts, as the workflow does. */
async function applied(stage: Stage, file = 'whole'): Promise<void> {
  for (const turn of [1, 2, 3, 4])
    for (const accounts of turn % 2 === 0 ? [central] : ['marketing', finance])
      await good(stage, `apply --plan ${file} --accounts ${accounts} --turn ${turn}`);
}

test('the plan of parts is the plan of one process, byte for byte', { timeout: 60_000 }, async () => {
  const stage = await setStage({ mesh, seed: withBoth });
  for (const share of [3, 1, 2]) await good(stage, `plan --accounts ${share}/3 --out parts/${share}.part`);
  const day = '--format json --as-of 2026-11-22 --trust-root HEAD';
  const merged = await good(stage, `plan --merge parts/2.part parts/3.part parts/1.part ${day}`);
  expect(merged).toBe(await good(stage, `plan ${day}`));
  expect(JSON.parse(merged).changes.length).toBeGreaterThan(10);
});

test('parts and turns come to what one run comes to, and say what they did', { timeout: 60_000 }, async () => {
  const stage = await setStage({ mesh, seed: withBoth });
  await planned(stage);
  await applied(stage);
  const question = { region, database: 'town_orders', table: 'orders', columns: ['region'] };
  expect(stage.emulator.access({ ...question, principal: analysts }).allowed).toBe(true);
  const clerks = { region, database: 'town_stores', table: 'shops', columns: ['id'], principal: role('clerks') };
  expect(stage.emulator.access(clerks).allowed).toBe(true);
  expect(await ran(stage, 'plan --trust-root HEAD --exit-code')).toMatchObject({ code: 0 });
  const whole = await setStage({ mesh, seed: withBoth });
  await good(whole, 'apply --trust-root HEAD');
  expect(lakeOf(stage)).toEqual(lakeOf(whole));
  // Again, as after a run that was interrupted: nothing is left to do, and nothing is written.
  const before = writesOf(stage).length;
  expect(await good(stage, 'apply --plan whole')).toMatch(/^Done: \d\d already so\.$/m);
  expect(writesOf(stage).length).toBe(before);
});

test.each([
  ['lists filters of all tables', {}, 2],
  ['wants a table named', { filterListWithoutTable: false }, 8],
])('a part finds the grants on filters, also where the service %s', { timeout: 60_000 }, async (_, more, all) => {
  const rows = subscription().replace('columns: { exclude: pii }', `rows: "region = 'EU'"`);
  const switches = { sweepShowsFilterGrants: false, ...more };
  const stage = await setStage({ mesh: { ...mesh, [path]: rows }, seed: withBoth, switches });
  await good(stage, 'apply --trust-root HEAD');
  const before = stage.emulator.journal().length;
  await planned(stage);
  const calls = stage.emulator.journal().slice(before);
  expect(await good(stage, 'apply --plan whole')).toContain('Nothing to do');
  // The part with the central lake, and that with marketing, whose rows are limited; not that with finance.
  const listed = calls.filter(({ operation }) => operation === 'ListDataCellsFilter');
  expect(listed.length).toBe(all);
  await stage.write(`mesh/${path}`, rows.replace('permissions: [SELECT, DESCRIBE]', 'permissions: [DESCRIBE]'));
  await stage.git('commit', '--all', '--quiet', '--message', 'Less');
  await planned(stage);
  expect(await good(stage, 'apply --plan whole')).toMatch(
    /- revoke {2}SELECT on data cells filter .* in account 333344445555/,
  );
});

test('what goes in consumers goes in the first turn, before the account loses it', { timeout: 60_000 }, async () => {
  const stage = await setStage({ mesh, seed: withBoth });
  await good(stage, 'apply --trust-root HEAD');
  await stage.write(`mesh/${path}`, subscription('expires: 2026-01-31\n'));
  await stage.git('commit', '--all', '--quiet', '--message', 'Another day');
  await planned(stage);
  const links = () => JSON.stringify(stage.emulator.snapshot(marketing, region));
  expect(links()).toContain('town_orders');
  expect(await good(stage, 'apply --plan whole --accounts marketing --turn 1')).toContain('town_orders');
  expect(links()).not.toContain('town_orders');
  await applied(stage);
  expect((await ran(stage, 'plan --trust-root HEAD --exit-code')).code).toBe(0);
});

test('the lake of an account that no part has read was not read', { timeout: 60_000 }, async () => {
  const stage = await setStage({ mesh, seed: withBoth });
  await good(stage, `plan --accounts ${central},marketing --out part`);
  const merged = await ran(stage, 'plan --merge part --out whole --trust-root HEAD');
  expect(merged.code).toBe(5);
  expect(merged.out).toMatch(/NO_LAKE .*444455556666\/eu-west-1 was read by no part/);
  const ended = await ran(stage, 'apply --plan whole');
  expect(ended).toMatchObject({ code: 3, out: expect.stringContaining('INCOMPLETE_READ') });
  expect(JSON.stringify(stage.emulator.snapshot(finance, region))).not.toContain('town_stores');
  expect(JSON.stringify(stage.emulator.snapshot(marketing, region))).toContain('town_orders');
});

/** What is wrong with a saved plan, or became so, and what is said of it. */
const refusals: readonly (readonly [fault: string, words: RegExp, make: (stage: Stage) => Promise<string>])[] = [
  [
    'it was tampered with',
    /SAVED_FILE whole is not as a run wrote it/,
    async (stage) => {
      const file = join(stage.directory, 'whole');
      const saved = JSON.parse(await readFile(file, 'utf8'));
      const body = Buffer.from(saved.body, 'base64');
      body[100] = (body[100] ?? 0) ^ 1;
      await writeFile(file, JSON.stringify({ ...saved, body: body.toString('base64') }));
      return 'apply --plan whole';
    },
  ],
  [
    'it is cut short',
    /SAVED_FILE whole is damaged/,
    async (stage) => {
      const file = join(stage.directory, 'whole');
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.slice(0, -100));
      return 'apply --plan whole';
    },
  ],
  [
    'it is of another version of the format',
    /SAVED_FILE whole is of another version/,
    async (stage) => {
      const file = join(stage.directory, 'whole');
      await writeFile(file, (await readFile(file, 'utf8')).replace('"format":1', '"format":2'));
      return 'apply --plan whole';
    },
  ],
  ['it is a part', /SAVED_FILE parts\/1.part is a part .*, and not a plan/, async () => 'apply --plan parts/1.part'],
  ['it is not there', /SAVED_FILE elsewhere cannot be read/, async () => 'apply --plan elsewhere'],
  [
    'the commit is another',
    /OTHER_PLAN whole is of commit [0-9a-f]{12}, and [0-9a-f]{12} is checked out/,
    async (stage) => {
      await stage.git('commit', '--quiet', '--allow-empty', '--message', 'Another day');
      return 'apply --plan whole';
    },
  ],
  [
    'a mesh file is another',
    /OTHER_PLAN whole was made of mesh files that differ/,
    async (stage) => {
      await stage.write(`mesh/${path}`, subscription('expires: 2030-01-31\n'));
      return 'apply --plan whole';
    },
  ],
  [
    'the mesh is another',
    /OTHER_PLAN whole is of mesh town, and this is mesh village/,
    async (stage) => {
      await stage.write('mesh/mesh.yaml', mesh['mesh.yaml'].replace('name: town', 'name: village'));
      return 'apply --plan whole';
    },
  ],
  [
    'it is for a day to come',
    /OLD_PLAN late is for 2030-01-01T12:00:00.000Z, which is yet to come/,
    async (stage) => {
      await good(stage, 'plan --merge parts --out late --trust-root HEAD --as-of 2030-01-01');
      return 'apply --plan late';
    },
  ],
  [
    'it is for a day that has passed',
    /OLD_PLAN late is of .*; what was read and approved then counts for 2 hours/,
    async (stage) => {
      await good(stage, 'plan --merge parts --out late --trust-root HEAD --as-of 2026-01-01');
      return 'apply --plan late';
    },
  ],
  [
    'a part of the accounts comes without its turn',
    /BAD_OPTION --accounts are a part of the mesh/,
    async () => 'apply --plan whole --accounts marketing',
  ],
  [
    'one lake is in two parts',
    /OTHER_PLAN lake 111122223333\/eu-west-1 is in 2 parts/,
    async () => 'plan --merge parts/1.part parts/1.part',
  ],
  ['the central lake is in none', /OTHER_PLAN no part has read 111122223333/, async () => 'plan --merge parts/2.part'],
  ['no part is there', /SAVED_FILE mesh: no file \*\.part is there/, async () => 'plan --merge mesh'],
  ['there is no such account', /BAD_OPTION --accounts: there is no account x/, async () => 'plan --accounts x --out p'],
  ['no run enters it', /no run enters account sales/, async () => 'plan --accounts sales --out p'],
  ['a share is too large', /there is no share 4\/3/, async () => 'plan --accounts 4/3 --out p'],
  ['a part is not saved', /BAD_OPTION a part of the accounts is no plan yet/, async () => 'plan --accounts 1/3'],
  ['there is no plan', /BAD_OPTION a part of the accounts/, async () => 'apply --turn 1'],
  [
    'what becomes of it could not be saved',
    /NOT_WRITTEN whole\/it cannot be written .*ENOTDIR|EEXIST/,
    async () => 'apply --plan whole --out whole/it',
  ],
  ['a folder is in the way', /NOT_WRITTEN parts cannot be written/, async () => 'apply --plan whole --out parts'],
];

test('a plan that is not for here and now is refused, and nothing is written', { timeout: 120_000 }, async () => {
  const stage = await setStage({ mesh, seed: withBoth });
  await planned(stage);
  const sound = await readFile(join(stage.directory, 'whole'));
  for (const [fault, words, make] of refusals) {
    const line = await make(stage);
    const { code, err } = await ran(stage, line);
    expect({ fault, code, err }).toEqual({ fault, code: 1, err: expect.stringMatching(words) });
    await writeFile(join(stage.directory, 'whole'), sound);
    for (const file of ['mesh.yaml', path] as const) await stage.write(`mesh/${file}`, mesh[file]);
    await stage.git('reset', '--quiet', '--hard', (await stage.git('rev-list', '--max-parents=0', 'HEAD')).trim());
  }
  const sayings = [
    [{ MESHGATE_CACHE_KEY: '' }, /NO_CACHE_KEY whole is believed only with a seal/],
    [{ MESHGATE_CACHE_KEY: 'another-key'.repeat(4) }, /sealed with another MESHGATE_CACHE_KEY/],
    [
      { AWS_ENDPOINT_URL: stage.emulator.url.replace('127.0.0.1', 'localhost') },
      /OTHER_PLAN 111122223333\/eu-west-1 was planned through http:\/\/127/,
    ],
    [
      keysOf.reader,
      /OTHER_PLAN the plan of 111122223333\/eu-west-1 was made by .*\/admin, and the caller is .*\/reader/,
    ],
  ] as const;
  const keyless = await ran(stage, 'apply --trust-root HEAD --out it', { MESHGATE_CACHE_KEY: '' });
  expect(keyless).toMatchObject({ code: 1, err: expect.stringContaining('NO_CACHE_KEY') });
  for (const [env, words] of sayings) expect((await ran(stage, 'apply --plan whole', env)).err).toMatch(words);
  expect(writesOf(stage)).toEqual([]);
});

/** Does something by hand as somebody. */
async function byHand(
  stage: Stage,
  who: Readonly<Record<string, string>>,
  command: RevokePermissionsCommand,
): Promise<void> {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = who;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new LakeFormationClient({ endpoint: stage.emulator.url, region, credentials });
  await client.send(command);
}

test('in a lake that somebody has changed since nothing is done, and the others go on', {
  timeout: 60_000,
}, async () => {
  const stage = await setStage({ mesh, seed: withBoth });
  await good(stage, 'apply --trust-root HEAD');
  await stage.write(`mesh/${path}`, subscription().replace('exclude: pii', 'include: [id]'));
  await stage.git('rm', '--quiet', 'mesh/subscriptions/sales/stores/finance.yaml');
  await stage.git('commit', '--all', '--quiet', '--message', 'Less');
  await planned(stage);
  const link = { Database: { Name: 'town_orders' } };
  const given = {
    Principal: { DataLakePrincipalIdentifier: analysts },
    Resource: link,
    Permissions: ['DESCRIBE' as const],
  };
  await byHand(stage, administrator, new RevokePermissionsCommand(given));
  const ended = await ran(stage, 'apply --plan whole');
  expect(ended.code).toBe(3);
  expect(ended.out).toMatch(/LAKE_CHANGED\n.*333344445555\/eu-west-1 is no longer as it was/);
  expect(JSON.stringify(stage.emulator.snapshot(finance, region))).not.toContain('town_stores');
  const held = () => stage.emulator.snapshot(marketing, region).atoms.map((atom) => JSON.stringify(atom));
  expect(held().filter((atom) => atom.includes('region'))).not.toEqual([]);
  await good(stage, 'apply --trust-root HEAD');
  expect(held().filter((atom) => atom.includes('region'))).toEqual([]);
});

test('what ends between plan and apply is not given', { timeout: 60_000 }, async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2027-01-31T23:30:00Z') });
  const stage = await setStage({ mesh: { ...mesh, [path]: subscription('expires: 2027-01-31\n') }, seed: withBoth });
  await planned(stage);
  vi.setSystemTime(new Date('2027-02-01T00:30:00Z'));
  const ended = await ran(stage, 'apply --plan whole');
  expect(ended).toMatchObject({ code: 5, out: expect.stringMatching(/^Done: \d+ applied, \d+ skipped\.$/m) });
  const { atoms } = stage.emulator.snapshot(marketing, region);
  expect(atoms.filter(({ principal }) => principal === analysts)).toEqual([]);
  expect((await ran(stage, 'plan --trust-root HEAD --exit-code')).code).toBe(0);
});

test('what a run has begun with a plan, the next one ends with it', { timeout: 60_000 }, async () => {
  const stage = await setStage({ mesh, seed: withBoth });
  await planned(stage);
  stage.emulator.setFaults([{ kind: 'throttle', operation: 'AssumeRole' }]);
  const unread = await ran(stage, `apply --plan whole --accounts marketing --turn 3 --tries 1`);
  expect(unread.code).toBe(5);
  expect(unread.out).toMatch(/NO_LAKE .*333344445555\/eu-west-1/);
  stage.emulator.setFaults([{ kind: 'throttle', operation: 'CreateDatabase' }]);
  expect((await ran(stage, 'apply --plan whole --tries 1')).code).toBe(5);
  stage.emulator.setFaults([]);
  await applied(stage);
  expect((await ran(stage, 'plan --trust-root HEAD --exit-code')).code).toBe(0);
});

test('a plan that tells what people take back can be carried out', { timeout: 60_000 }, async () => {
  const entering = `${townMesh['accounts/finance.yaml']}principals: { clerks: "${role('clerks')}" }\nrunsAs: { observe: meshgate-observe, apply: meshgate-apply }\n`;
  const some = { ...mesh, 'mesh.yaml': townMesh['mesh.yaml'] ?? '', 'accounts/finance.yaml': entering };
  const stage = await setStage({ mesh: some, seed: withBoth });
  await good(stage, 'apply --trust-root HEAD');
  await stage.git('rm', '--quiet', `mesh/${path}`);
  await stage.git('commit', '--quiet', '--message', 'Less');
  expect(await good(stage, 'plan --out whole --trust-root HEAD')).toContain('delete the resource link town_orders');
  expect(await good(stage, 'apply --plan whole')).toMatch(/^Done: \d+ applied\.$/m);
});
