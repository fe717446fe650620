import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApplyScene, applyScene, soundRules } from '../support/apply-scene.ts';
import { townMesh } from '../support/town.ts';

const asking = 'mesh/subscriptions/sales/orders/finance.campaigns.yaml';
const request =
  'apiVersion: meshgate/v1\nkind: Subscription\npurpose: Campaigns\naccess:\n  - { tables: [orders], columns: { include: [id, email] }, permissions: read }\n';

let scene: ApplyScene;

beforeEach(async () => {
  scene = await applyScene();
});

afterEach(() => scene.end());

async function open(login: string, files: Readonly<Record<string, string | null>>): Promise<number> {
  const branch = `ask-${scene.hub.repo.issues.length + 1}`;
  scene.hub.as(login).commit(files, { branch });
  return scene.hub.as(login).open(branch);
}

/** The verdict that the workflow's comment begins with. */
async function verdict(number: number): Promise<string | undefined> {
  const own = (await scene.comments(number)).filter(({ by }) => by === 'github-actions[bot]');
  expect(own.length).toBeLessThanOrEqual(1);
  return own[0]?.body.split('\n')[1];
}

const titles = async (): Promise<readonly string[]> => (await scene.issues()).map(({ title }) => title);

test('from the first run to an approval after the merge', async () => {
  const first = await scene.apply();
  expect(first.err).toMatch(/RULE_OFF main is not guarded: changes need no pull request/);
  expect(first.code).toBe(3);
  expect(await titles()).toEqual([expect.stringMatching(/^Incident: \d things guarded/)]);
  // What is on main past a merge is told, until an administrator has looked at it and closes the issue.
  scene.hub.setRules([]);
  scene.hub.as('mal').commit({ 'README.md': 'mine\n' }, { branch: 'main' });
  scene.hub.setRules(soundRules);
  expect((await scene.apply()).err).toMatch(/^DIRECT_PUSH main was moved to \w{12} by a push of @mal/);
  const [incident] = await scene.issues();
  const closed = { owner: 'acme', repo: 'mesh', issue_number: incident?.number ?? 0, state: 'closed' as const };
  await scene.hub.as('mal').octokit.rest.issues.update(closed);
  expect((await scene.apply()).err).toMatch(/^DIRECT_PUSH/);
  const [again] = await scene.issues();
  await scene.hub.as('ada').octokit.rest.issues.update({ ...closed, issue_number: again?.number ?? 0 });
  const good = await scene.apply();
  expect(good.err).toBe('');
  expect(good.code).toBe(0);
  expect(await titles()).toEqual([]);

  const number = await open('fay', { [asking]: request });
  await scene.check(number);
  // Somebody who may lets it by the rules, without the owner's word.
  scene.hub.setRules([]);
  await scene.hub.as('ada').merge(number, 'squash');
  scene.hub.setRules(soundRules);
  const merged = await scene.apply();
  expect(merged.err).toBe('');
  expect(merged.code).toBe(0);
  expect(await verdict(number)).toMatch(/^### Not all applied: |^### Merged: /);
  expect(await titles()).toEqual([expect.stringMatching(/^Withheld: \d changes? that must wait$/)]);
  expect((await scene.issues())[0]?.body).toContain('bob');
  expect(scene.held().some((line) => line.includes('444455556666') && line.includes('email'))).toBe(false);

  await scene.hub.as('bob').approve(number);
  // What somebody wrote into the issue says nothing of what waits: then all is tried again.
  const [waiting] = await scene.issues();
  const edited = { owner: 'acme', repo: 'mesh', issue_number: waiting?.number ?? 0, body: 'Nothing waits.' };
  const body = `${waiting?.body.split('\n')[0]}\n${edited.body}`;
  await scene.hub.as('mal').octokit.rest.issues.update({ ...edited, body });
  const retried = await scene.apply({ MESHGATE_REASON: 'schedule' });
  expect(retried.err).toMatch(/^NOT_SEALED #\d+ is not as a run wrote it/);
  expect(retried.code).toBe(0);
  expect(await verdict(number)).toMatch(/^### Applied: \d applied$/);
  expect(await titles()).toEqual([]);
  expect(scene.held().some((line) => line.includes('444455556666') && line.includes('email'))).toBe(true);
});

test('drift is one issue, which is edited and closes itself; the schedule leaves it for a person', async () => {
  await scene.apply();
  const { GrantPermissionsCommand, LakeFormationClient } = await import('@aws-sdk/client-lakeformation');
  const { keysOf, region } = await import('../support/town.ts');
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = keysOf.admin;
  const client = new LakeFormationClient({
    endpoint: scene.emulator.url,
    region,
    credentials: { accessKeyId: accessKeyId ?? '', secretAccessKey: secretAccessKey ?? '' },
  });
  await client.send(
    new GrantPermissionsCommand({
      Principal: { DataLakePrincipalIdentifier: '444455556666' },
      Resource: { Table: { DatabaseName: 'stores', Name: 'shops' } },
      Permissions: ['DROP'],
      PermissionsWithGrantOption: ['DROP'],
    }),
  );
  const found = await scene.drift();
  expect(found.code).toBe(0);
  expect(found.out).toMatch(/^Drift: #\d+ opened\./);
  expect(await titles()).toContainEqual(expect.stringMatching(/^Drift: \d to revoke$/));
  expect((await scene.drift()).out).toMatch(/unchanged/);
  const scheduled = await scene.apply({ MESHGATE_REASON: 'schedule' });
  expect(scheduled.out).not.toContain('Withheld: #');
  expect((await scene.drift()).out).toMatch(/unchanged/);
  await scene.apply({ MESHGATE_REASON: 'dispatch' });
  expect((await scene.drift()).out).toMatch(/^Drift: #\d+ closed\./);
});

test('where GitHub does not answer nothing is granted that needs its word, and what has ended ends', async () => {
  await scene.apply();
  const number = await open('fay', {
    [asking]: request,
    'mesh/subscriptions/sales/orders/marketing.yaml': null,
  });
  await scene.hub.as('bob').approve(number);
  await scene.hub.as('ada').merge(number, 'squash');
  scene.hub.setFaults([{ kind: 'server-error' }]);
  const { code, err } = await scene.apply();
  scene.hub.setFaults([]);
  expect(code).toBe(5);
  expect(err).toContain('GITHUB GitHub could not be asked');
  expect(scene.held().some((line) => line.includes('444455556666') && line.includes('email'))).toBe(false);
  expect(scene.held().some((line) => line.includes('"333344445555"') && line.includes('orders'))).toBe(false);
});

test('a hold in the open pull request of an administrator counts already, and nobody else’s does', async () => {
  await scene.apply();
  const mesh = townMesh['mesh.yaml'] ?? '';
  const hold = (account: string): string =>
    `${mesh}holds: [{ scope: { account: ${account} }, reason: Leaked., until: 2099-12-31 }]\n`;
  await open('mal', { 'mesh/mesh.yaml': hold('finance') });
  const number = await open('ada', { 'mesh/mesh.yaml': hold('marketing') });
  const isHeld = (id: string): boolean => !scene.held().some((line) => line.includes(`"${id}"`));
  const ran = await scene.apply({ MESHGATE_REASON: 'schedule' });
  expect(ran.out).toContain('mesh/mesh.yaml of #');
  expect(isHeld('333344445555')).toBe(true);
  expect(isHeld('444455556666')).toBe(false);
  // Whoever only reads sees the same: the lake is as it should be.
  expect(await scene.drift()).toMatchObject({ out: 'Drift: none.\n', err: '', code: 0 });
  // Nobody lifts it who does not decide, and nothing is given while nobody knows what is held.
  await scene.hub.as('mal').close(number);
  const closed = await scene.apply();
  expect(closed.err).toMatch(/^HOLD_DISPUTED the hold of @ada in #\d+ \(account marketing\) counts: @mal closed it/m);
  expect(closed.code).toBe(3);
  const incident = async () => (await scene.issues()).find(({ title }) => title.startsWith('Incident'))?.body;
  expect(await incident()).toContain('HOLD\\_DISPUTED');
  scene.hub.setFaults([{ kind: 'not-found', operation: 'pulls/list' }]);
  const blind = await scene.apply();
  expect(blind.err).toMatch(/^HOLDS_UNREAD/m);
  expect(blind.out).toContain('nothing is granted while this is unknown');
  expect(blind.code).toBe(5);
  expect(await incident()).toContain('HOLDS\\_UNREAD');
  expect(isHeld('333344445555')).toBe(true);
  const unknown = await scene.drift();
  expect(unknown.code).toBe(5);
  expect(await titles()).toContainEqual(expect.stringMatching(/^Drift: /));
});

test('a merge that is not applied for a day is told, until a run has ended well', async () => {
  scene.hub.world.clock.now -= 2 * 86_400_000;
  scene.hub.as('ada').commit({ 'README.md': 'new\n' }, { branch: 'main' });
  const stalled = await scene.drift();
  expect(stalled.out).toMatch(/ Stalled: #\d+ opened\.$/m);
  expect(stalled.code).toBe(3);
  const issue = (await scene.issues()).find(({ title }) => title.startsWith('Stalled'));
  expect(issue?.title).toBe('Stalled: no run of apply.yml has ended well for more than a day');
  expect(issue?.body).toMatch(/main was moved at \S+, and no run that began since has ended well; none ever has\./);
  scene.hub.repo.runs.push({
    ...{ id: 1, workflow: 'apply.yml', ref: 'main', sha: scene.hub.tip(), event: 'push', inputs: {} },
    ...{
      actor: scene.hub.user('ada'),
      createdAt: new Date().toISOString(),
      status: 'completed',
      conclusion: 'success',
    },
  });
  expect((await scene.drift()).out).toMatch(/ Stalled: #\d+ closed\.$/m);
});

test('cancelled half-way and run again it ends as the files say, gives nothing else, and the pull request is told', async () => {
  await scene.apply();
  const number = await open('fay', { [asking]: request, 'mesh/subscriptions/sales/orders/marketing.yaml': null });
  await scene.hub.as('bob').approve(number);
  await scene.hub.as('ada').merge(number, 'squash');
  const before = scene.emulator.journal().length;
  await scene.applyKilledAt('BatchGrantPermissions');
  const isGiven = (): boolean => scene.held().some((line) => line.includes('444455556666') && line.includes('email'));
  const isTaken = (): boolean =>
    !scene.held().some((line) => line.includes('"333344445555"') && line.includes('orders'));
  // What takes away goes first.
  expect([isGiven(), isTaken()]).toEqual([false, true]);
  expect(await verdict(number)).toBeUndefined();
  // The branch has no rules here, which is an incident; all else was done.
  expect((await scene.apply()).code).toBe(3);
  expect([isGiven(), isTaken()]).toEqual([true, true]);
  expect(await verdict(number)).toMatch(/^### Applied: /);
  const given = scene.emulator
    .journal()
    .slice(before)
    .flatMap(({ changes }) => changes);
  expect(given.length).toBeGreaterThan(0);
  for (const change of given) expect(JSON.stringify(change)).toMatch(/333344445555|444455556666/);
  expect((await scene.drift()).out).toMatch(/^Drift: none/);
});

test('code owners of 3 MB, of whom GitHub loads nothing: what it merges without a review is withheld, and told as an incident', async () => {
  await scene.apply();
  const owners = scene.hub.repo.bare.file(scene.hub.tip(), '.github/CODEOWNERS');
  const rule = {
    type: 'pull_request',
    parameters: { require_code_owner_review: true, required_approving_review_count: 0 },
  };
  scene.hub.setRules([rule as (typeof soundRules)[number]]);
  const asked = await open('fay', { [asking]: request });
  await expect(scene.hub.as('fay').merge(asked, 'squash')).rejects.toThrow();
  scene.hub.setRules([]);
  scene.hub.as('ada').commit({ '.github/CODEOWNERS': `${owners}${'# padded\n'.repeat(350_000)}` }, { branch: 'main' });
  scene.hub.setRules([rule as (typeof soundRules)[number]]);
  await scene.hub.as('fay').merge(asked, 'squash');
  scene.hub.setRules(soundRules);
  const ran = await scene.apply();
  expect(ran.code).toBe(3);
  expect(ran.err).toMatch(
    /^CODEOWNERS_TOO_LARGE \.github\/CODEOWNERS:1:1 GitHub does not load a file of 3,000,000 bytes or more/m,
  );
  expect((await scene.issues()).map(({ title }) => title.split(':')[0])).toEqual(['Withheld', 'Incident']);
  expect(scene.held().some((line) => line.includes('444455556666') && line.includes('email'))).toBe(false);
});

test.each([['MESHGATE_REASON', 'whim', 'BAD_OPTION']])(
  '%s %s is a problem of the set-up',
  async (name, value, code) => {
    const ran = await scene.apply({ [name]: value });
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(code);
  },
);

test('a request that nobody approved keeps nothing of one that was ended', async () => {
  const [own, other] = ['finance', 'finance.more'].map((one) => `mesh/subscriptions/sales/stores/${one}.yaml`);
  const mayRead = (): boolean => scene.held().some((line) => line.includes('444455556666') && line.includes('"shops"'));
  const merge = async (number: number): Promise<void> => {
    await scene.hub.as('ada').merge(number, 'squash');
  };
  await scene.apply();
  expect(mayRead()).toBe(true);
  await merge(await open('bob', { [own ?? '']: null }));
  const twin = await open('mal', { [other ?? '']: townMesh['subscriptions/sales/stores/finance.yaml'] ?? '' });
  await merge(twin);
  await scene.apply();
  expect(mayRead()).toBe(false);
  expect((await scene.issues()).at(0)?.body).toContain('finance.more.yaml');
  await scene.hub.as('fay').approve(twin);
  await scene.apply();
  expect(mayRead()).toBe(true);
  // Once it was given it stays what it is, also where somebody edits it whom nobody asked.
  const text = String(scene.hub.repo.bare.file(scene.hub.tip(), other ?? ''));
  await merge(await open('mal', { [other ?? '']: text.replace('[shops]', '[shops, visits]') }));
  await scene.apply();
  expect(mayRead()).toBe(true);
});

test('a request that somebody changed keeps no more of one that has an end, or had, than it was given', async () => {
  const [own, other] = ['finance', 'finance.more'].map((one) => `mesh/subscriptions/sales/stores/${one}.yaml`) as [
    string,
    string,
  ];
  const shops = townMesh['subscriptions/sales/stores/finance.yaml'] ?? '';
  const visits = shops.replace('shops', 'visits');
  const both = shops.replace('shops', 'shops, visits');
  const mayRead = (table: string): boolean =>
    scene.held().some((line) => line.includes('444455556666') && line.includes(`"${table}"`));
  const merge = async (login: string, files: Readonly<Record<string, string | null>>): Promise<number> => {
    const number = await open(login, files);
    await scene.hub.as('ada').merge(number, 'squash');
    return number;
  };
  await merge('fay', { [own]: `${shops}expires: 2099-12-31\n`, [other]: visits });
  await scene.apply();
  expect([mayRead('shops'), mayRead('visits')]).toEqual([true, true]);
  // The one with an end goes, and what it gave is asked for where there is none.
  const moved = await merge('mal', { [own]: null, [other]: both });
  await scene.apply();
  expect([mayRead('shops'), mayRead('visits')]).toEqual([false, true]);
  expect((await scene.issues()).map(({ body }) => body).join()).toContain('finance.more.yaml');
  await scene.hub.as('fay').approve(moved);
  await scene.apply();
  expect([mayRead('shops'), mayRead('visits')]).toEqual([true, true]);
});

test('a request for a principal of mesh.yaml keeps nothing of another account’s that was ended', async () => {
  const shops = townMesh['subscriptions/sales/stores/finance.yaml'] ?? '';
  const visits = `${shops.replace('shops', 'visits')}principals: [reporting]\n`;
  const [own, other] = ['marketing', 'finance'].map((one) => `mesh/subscriptions/sales/stores/${one}.report.yaml`);
  const mayRead = (): boolean =>
    scene.held().some((line) => line.includes('role/reporting') && line.includes('visits'));
  for (const [login, files] of [
    ['eve', { [own ?? '']: visits }],
    ['eve', { [own ?? '']: null }],
    ['mal', { [other ?? '']: visits }],
  ] as const) {
    await scene.hub.as('ada').merge(await open(login, files), 'squash');
    if (login === 'eve' && !mayRead()) await scene.apply();
    if (login === 'eve') expect(mayRead()).toBe(true);
  }
  await scene.apply();
  expect(mayRead()).toBe(false);
});

test('files that are not valid stop everything, and the issue says so until they are', async () => {
  const shops = townMesh['subscriptions/sales/stores/finance.yaml'] ?? '';
  const asks = (name: string) => ({
    [`mesh/subscriptions/sales/stores/finance.${name}.yaml`]: shops.replace('shops', 'visits'),
  });
  scene.hub.setRules(soundRules);
  scene.hub.as('ada').force(await open('fay', asks('a')));
  const second = await open('fay', asks('b'));
  // Each is sound by itself.
  scene.hub.as('ada').force(second);
  const before = scene.held();
  const stopped = await scene.apply();
  expect(stopped.code).toBe(1);
  expect(stopped.err).toMatch(/^mesh\/subscriptions\/\S+finance\.b\.yaml:\d+:\d+ OVERLAP/);
  expect(scene.held()).toEqual(before);
  const [issue] = await scene.issues();
  expect(issue?.title).toMatch(/^Incident/);
  expect(issue?.body).toContain('INVALID\\_FILES');
  expect(issue?.body).toContain('finance.b.yaml:');
  scene.hub.as('ada').force(await open('fay', { 'mesh/subscriptions/sales/stores/finance.b.yaml': null }));
  expect((await scene.apply()).code).toBe(0);
  expect((await titles()).filter((title) => title.startsWith('Incident'))).toEqual([]);
});
