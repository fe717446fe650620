import { join } from 'node:path';
import { GrantPermissionsCommand, LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analysts } from '../support/consumer-town.ts';
import { meshgate } from '../support/meshgate.ts';
import { central, keysOf, region, townMesh } from '../support/town.ts';
import { type Ended, runQueued, runSchedule, runWorkflow } from './runner.ts';
import { type Setting, setTheStage, steady } from './setting.ts';

const path = 'mesh/subscriptions/sales/orders/finance.campaigns.yaml';
const request = (more = ''): string =>
  `apiVersion: meshgate/v1\nkind: Subscription\npurpose: Campaign attribution\naccess:\n  - { tables: [orders], columns: { include: [id, email] }, permissions: read }\n${more}`;
const place = { owner: 'acme', repo: 'mesh' };

let stage: Setting;
let asked: number;

beforeAll(async () => {
  stage = await setTheStage();
});
afterAll(() => stage.end());

/** Every job that ran ended well, or its log says why not. */
function good(ended: readonly Ended[]): readonly Ended[] {
  for (const one of ended) expect(one.conclusion, `${one.workflow} ${one.job}\n${one.log}`).not.toBe('failure');
  return ended;
}

/** What people read on a pull request or issue. */
async function read(number: number): Promise<string> {
  const { rest } = stage.hub.as('ada').octokit;
  const { data: issue } = await rest.issues.get({ ...place, issue_number: number });
  const { data: comments } = await rest.issues.listComments({ ...place, issue_number: number });
  const own = issue.pull_request === undefined ? `# ${issue.title} (${issue.state})\n\n${issue.body}\n` : '';
  const said = comments.map(({ user, body }) => `\n---- @${user?.login}\n\n${body}\n`);
  return steady(`${own}${said.join('')}`);
}

async function issueOn(start: string): Promise<number | undefined> {
  const { data } = await stage.hub.as('ada').octokit.rest.issues.listForRepo({ ...place, state: 'all', per_page: 100 });
  return data.find(({ title, pull_request: pull }) => pull === undefined && title.startsWith(start))?.number;
}

/** Whether somebody may read a column or a table, by the lake's own grants. */
function reads(principal: string, name: string): boolean {
  return stage.emulator.snapshot(central, region).atoms.some((atom) => {
    const text = JSON.stringify(atom);
    return text.includes(`"${principal}"`) && text.includes('SELECT') && text.includes(`"${name}"`);
  });
}

test('the mesh is applied as it stands', async () => {
  good(await runWorkflow(stage, 'apply.yml', { name: 'push' }, 'ada'));
  expect(await issueOn('Incident')).toBeUndefined();
  expect(await issueOn('Withheld')).toBeUndefined();
});

test('a request is checked, and its comment says who must approve', async () => {
  const { hub } = stage;
  hub.as('fay').commit({ [path]: request() }, { branch: 'ask' });
  asked = await hub.as('fay').open('ask', { title: 'Emails of orders for finance' });
  const [check] = good(
    await runWorkflow(stage, 'check.yml', { name: 'pull_request', action: 'opened', number: asked }, 'fay'),
  );
  expect(check?.artifacts).toEqual(['check']);
  await expect(await read(asked)).toMatchFileSnapshot('../golden/rehearsal/1-requested.md');
});

test('nobody merges it for the owners', async () => {
  const [automerge] = good(await runSchedule(stage, 'automerge.yml', '7,22,37,52 * * * *'));
  expect(automerge?.log).toMatch(/needs a person/);
  await expect(stage.hub.as('fay').merge(asked)).rejects.toThrow();
});

test('the owner approves, and the merge is the grant', async () => {
  const review = await stage.hub.as('bob').approve(asked);
  good(await runWorkflow(stage, 'check.yml', { name: 'pull_request_review', number: asked, review }, 'bob'));
  await expect(await read(asked)).toMatchFileSnapshot('../golden/rehearsal/2-approved.md');
  await stage.hub.as('fay').merge(asked);
  expect(reads('444455556666', 'email')).toBe(false);
  const [apply] = good(await runWorkflow(stage, 'apply.yml', { name: 'push' }, 'fay'));
  expect(apply?.artifacts).toEqual(['apply']);
  expect(reads('444455556666', 'email')).toBe(true);
  await expect(await read(asked)).toMatchFileSnapshot('../golden/rehearsal/3-merged.md');
});

test('a request without personal data needs no human', async () => {
  const { hub } = stage;
  const plain = 'mesh/subscriptions/sales/stores/finance.visits.yaml';
  hub.as('fay').commit(
    {
      [plain]: request()
        .replace('orders', 'visits')
        .replace(/columns: .*?}, /, ''),
    },
    { branch: 'plain' },
  );
  const number = await hub.as('fay').open('plain');
  good(await runWorkflow(stage, 'check.yml', { name: 'pull_request', action: 'opened', number }, 'fay'));
  const [automerge] = good(await runSchedule(stage, 'automerge.yml', '7,22,37,52 * * * *'));
  expect(automerge?.log).toContain(`#${number} merged`);
  expect(reads('444455556666', 'visits')).toBe(false);
  good(await runQueued(stage));
  expect(reads('444455556666', 'visits')).toBe(true);
  await expect(await read(number)).toMatchFileSnapshot('../golden/rehearsal/4-without-a-human.md');
});

test('drift is reported, left for a person, and repaired when asked', async () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = keysOf.admin;
  const client = new LakeFormationClient({
    endpoint: stage.aws,
    region,
    credentials: { accessKeyId, secretAccessKey },
  });
  const people = { DataLakePrincipalIdentifier: '444455556666' };
  const table = { Table: { DatabaseName: 'stores', Name: 'shops' } };
  await client.send(
    new GrantPermissionsCommand({
      ...{ Principal: people, Resource: table, Permissions: ['DROP'], PermissionsWithGrantOption: ['DROP'] },
    }),
  );
  good(await runSchedule(stage, 'drift.yml', '23 1,7,13,19 * * *'));
  good(await runQueued(stage));
  const number = (await issueOn('Drift')) ?? 0;
  await expect(await read(number)).toMatchFileSnapshot('../golden/rehearsal/5-drift.md');
  good(await runWorkflow(stage, 'apply.yml', { name: 'workflow_dispatch', workflow: 'apply.yml' }, 'ada'));
  good(await runSchedule(stage, 'drift.yml', '23 1,7,13,19 * * *'));
  await expect(await read(number)).toMatchFileSnapshot('../golden/rehearsal/6-repaired.md');
});

test('a denial is said', async () => {
  const { hub } = stage;
  hub.as('fay').commit({ [path]: request().replace('id, email', 'id, email, region') }, { branch: 'more' });
  const number = await hub.as('fay').open('more');
  const review = await hub.as('bob').review(number, 'REQUEST_CHANGES', { body: 'Not for this.' });
  good(await runWorkflow(stage, 'check.yml', { name: 'pull_request_review', number, review }, 'bob'));
  await expect(await read(number)).toMatchFileSnapshot('../golden/rehearsal/7-denied.md');
  await hub.as('bob').close(number);
});

test('access ends with its last day', async () => {
  const { hub } = stage;
  hub.as('fay').commit({ [path]: request('expires: 2026-01-31\n') }, { branch: 'end' });
  const number = await hub.as('fay').open('end');
  good(await runWorkflow(stage, 'check.yml', { name: 'pull_request', action: 'opened', number }, 'fay'));
  await hub.as('bob').approve(number);
  await hub.as('fay').merge(number);
  good(await runSchedule(stage, 'drift.yml', '23 1,7,13,19 * * *'));
  good(await runQueued(stage));
  expect(reads('444455556666', 'email')).toBe(false);
});

test('an emergency cut stays cut', async () => {
  const { hub } = stage;
  const directory = join(stage.scratch, 'clone');
  hub.clone(directory);
  const env = {
    ...{ AWS_ENDPOINT_URL: stage.aws, ...keysOf.admin, MESHGATE_READ_BACK: '20,50' },
    ...{ GITHUB_API_URL: hub.url, GITHUB_REPOSITORY: hub.repository, GITHUB_TOKEN: hub.token('ada') },
  };
  const why = ['--reason', 'Keys were leaked.', '--until', '2027-12-31', '--now'];
  const cut = ['revoke', '--account', 'marketing', ...why];
  const ran = await meshgate(cut, { cwd: directory, env, main: stage.meshgate });
  expect(ran).toMatchObject({ code: 0, err: '' });
  await expect(steady(ran.out)).toMatchFileSnapshot('../golden/rehearsal/8-cut.txt');
  const isCut = () =>
    !stage.emulator.snapshot(central, region).atoms.some(({ principal }) => principal.includes('333344445555'));
  expect(isCut()).toBe(true);
  const { data } = await hub.as('ada').octokit.rest.pulls.list({ ...place, state: 'open' });
  const number = data.find(({ title }) => title.startsWith('Hold on'))?.number ?? 0;
  good(await runWorkflow(stage, 'check.yml', { name: 'pull_request', action: 'opened', number }, 'ada'));
  await expect(await read(number)).toMatchFileSnapshot('../golden/rehearsal/8-hold.md');
  // The schedule finds what is to be cut, and nobody who may not lifts it again.
  good(await runSchedule(stage, 'drift.yml', '23 1,7,13,19 * * *'));
  good(await runQueued(stage));
  expect(isCut()).toBe(true);
  await hub.as('mal').close(number);
  const [apply] = await runWorkflow(stage, 'apply.yml', { name: 'workflow_dispatch', workflow: 'apply.yml' }, 'ada');
  expect(apply?.conclusion).toBe('failure');
  expect(isCut()).toBe(true);
  await expect(await read((await issueOn('Incident')) ?? 0)).toMatchFileSnapshot('../golden/rehearsal/9-disputed.md');
  // Who may closes it for good.
  await hub.as('ada').octokit.rest.pulls.update({ ...place, pull_number: number, state: 'open' });
  await hub.as('ada').close(number);
  good(await runWorkflow(stage, 'apply.yml', { name: 'workflow_dispatch', workflow: 'apply.yml' }, 'ada'));
  expect(isCut()).toBe(false);
});

test('the accounts of a large mesh are divided over jobs', async () => {
  const { hub } = stage;
  const file = 'mesh/subscriptions/sales/stores/marketing.yaml';
  const brought =
    'import:\n  database: town_stores\n  grants: [{ principals: [analysts], permissions: [SELECT, DESCRIBE] }]\n';
  hub
    .as('eve')
    .commit({ [file]: `${townMesh['subscriptions/sales/stores/marketing.yaml']}${brought}` }, { branch: 'link' });
  const number = await hub.as('eve').open('link');
  good(await runWorkflow(stage, 'check.yml', { name: 'pull_request', action: 'opened', number }, 'eve'));
  good(await runSchedule(stage, 'automerge.yml', '7,22,37,52 * * * *'));
  const asks = { principal: analysts, region, database: 'town_stores', table: 'shops', columns: ['id'] };
  expect(stage.emulator.access(asks).allowed).toBe(false);
  const large = { ...stage, vars: { ...stage.vars, MESHGATE_PARTS: '["1/2", "2/2"]' } };
  const ended = good(await runQueued(large));
  expect(ended.map(({ job, conclusion }) => `${job} ${conclusion}`)).toEqual([
    'apply skipped',
    ...['begin', 'read', 'read', 'plan', 'first', 'first', 'central', 'last', 'last', 'end', 'report'].map(
      (job) => `${job} success`,
    ),
  ]);
  expect(stage.emulator.access(asks).allowed).toBe(true);
  await expect(await read(number)).toMatchFileSnapshot('../golden/rehearsal/10-in-parts.md');
});
