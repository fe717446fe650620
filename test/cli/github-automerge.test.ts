import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Hub, startHub } from '../hub/hub.ts';
import { meshgate, type Ran } from '../support/meshgate.ts';
import { baseMesh } from '../support/problem-cases.ts';

const place = { owner: 'acme', repo: 'mesh' };
const workflow = 'on:\n  workflow_dispatch:\n    inputs: { reason: { type: string } }\njobs: {}\n';
const request = (columns: string, tables = 'items'): string =>
  `apiVersion: meshgate/v1\nkind: Subscription\npurpose: Campaigns\naccess:\n  - { tables: [${tables}], columns: { include: [${columns}] }, permissions: read }\n`;
const path = (name: string): string => `mesh/subscriptions/sales/orders/marketing.${name}.yaml`;

let hub: Hub;
let work: string;

beforeEach(async () => {
  const files = Object.fromEntries(Object.entries(baseMesh()).map(([name, text]) => [`mesh/${name}`, text]));
  hub = await startHub({ files: { ...files, '.github/workflows/apply.yml': workflow } });
  for (const [login, id] of Object.entries({ ada: 1, bob: 2, eve: 3, mal: 4 }))
    hub.join(login, login === 'ada' ? 'admin' : 'write', { id });
  work = mkdtempSync(join(tmpdir(), 'meshgate-automerge-'));
});

afterEach(async () => {
  rmSync(work, { recursive: true, force: true });
  await hub.close();
});

test('merges what needs no human, says why the rest waits, and starts the apply', async () => {
  const plain = await asks('eve', { [path('plain')]: request('id') });
  const pii = await asks('eve', { [path('pii')]: request('id, email', 'orders') });
  const other = await asks('mal', { [path('other')]: request('id') });
  const early = await asks('eve', { [path('early')]: request('price') }, 'none');
  const red = await asks('eve', { [path('red')]: request('price') }, 'failure');
  const wrong = await asks('eve', { [path('wrong')]: request('id').replace('purpose', 'porpoise') });
  const code = await asks('eve', { [path('code')]: request('id'), '.github/workflows/x.yml': workflow });
  const link = await asks('eve', { [path('link')]: { mode: '120000', text: 'plain.yaml' } });
  const gone = await asks('eve', { 'mesh/products/sales/stores.yaml': null });
  const { code: exit, out } = await automerge();
  expect(exit).toBe(0);
  expect(out.split('\n')).toEqual([
    `#${plain} merged`,
    expect.stringMatching(`#${pii} needs a person: .* waits for an owner of`),
    expect.stringMatching(`#${other} needs a person: .* is for marketing, which its author does not own`),
    `#${early} waits: its check has not ended`,
    `#${red} needs a person: its check failed`,
    expect.stringMatching(`#${wrong} needs a person: .*its files have problems`),
    expect.stringMatching(`#${code} needs a person: .github/workflows/x.yml is no subscription`),
    expect.stringMatching(`#${link} needs a person: .* is no plain file`),
    expect.stringMatching(`#${gone} needs a person: .* is removed`),
    'apply.yml started',
    '',
  ]);
  expect(hub.repo.runs.map(({ workflow: name, inputs }) => [name, inputs])).toEqual([
    ['apply.yml', { reason: 'merge' }],
  ]);
  expect(String(hub.repo.bare.file(hub.tip(), path('plain')))).toBe(request('id'));
});

test('what its author has withdrawn and somebody else opens again waits for a person', async () => {
  const number = await asks('eve', { [path('plain')]: request('id') });
  const turn = (login: string, state: 'open' | 'closed') =>
    hub.as(login).octokit.rest.pulls.update({ ...place, pull_number: number, state });
  await turn('eve', 'closed');
  await turn('mal', 'open');
  expect((await automerge()).out).toBe(`#${number} needs a person: somebody else opened it again or turned it here\n`);
  await turn('eve', 'closed');
  hub.wait(1000);
  await turn('eve', 'open');
  expect((await automerge()).out).toContain(`#${number} merged`);
});

test('what somebody else pushed to the branch of an owner is not the owner’s word', async () => {
  const number = await asks('eve', { [path('plain')]: request('id') });
  const branch = `ask-${hub.repo.issues.length}`;
  const head = hub.as('mal').commit({ [path('plain')]: request('id, price') }, { branch });
  const { rest } = new Octokit({ auth: hub.workflowToken({ checks: 'write' }), baseUrl: hub.url });
  await rest.checks.create({ ...place, name: 'check', head_sha: head, status: 'completed', conclusion: 'success' });
  expect((await automerge()).out).toBe(`#${number} needs a person: somebody else pushed to its branch\n`);
});

test('says what it would merge, and merges nothing', async () => {
  const number = await asks('eve', { [path('plain')]: request('id') });
  const ran = await automerge({ args: ['--dry-run'] });
  expect(ran.out).toBe(`#${number} would be merged\n`);
  expect(hub.repo.runs).toEqual([]);
});

test('what cannot be looked at is said, and the others are merged', async () => {
  await asks('eve', { [path('a')]: request('id') });
  const second = await asks('eve', { [path('b')]: request('id') });
  hub.setFaults([{ kind: 'server-error', operation: 'pulls/get', times: 4 }]);
  const ran = await automerge();
  expect(ran.code).toBe(5);
  expect(ran.out).toContain('could not be looked at');
  expect(ran.out).toContain(`#${second} merged`);
});

/** Somebody asks on a branch of their own, and the check ends. */
async function asks(
  login: string,
  files: Parameters<ReturnType<Hub['as']>['commit']>[0],
  conclusion: 'success' | 'failure' | 'none' = 'success',
): Promise<number> {
  const branch = `ask-${hub.repo.issues.length + 1}`;
  const head = hub.as(login).commit(files, { branch });
  const number = await hub.as(login).open(branch);
  if (conclusion !== 'none') {
    const { rest } = new Octokit({ auth: hub.workflowToken({ checks: 'write' }), baseUrl: hub.url });
    await rest.checks.create({ ...place, name: 'check', head_sha: head, status: 'completed', conclusion });
  }
  return number;
}

async function automerge({ args = [] }: { readonly args?: readonly string[] } = {}): Promise<Ran> {
  rmSync(work, { recursive: true, force: true });
  hub.clone(work);
  const token = hub.workflowToken({ contents: 'write', pull_requests: 'write', checks: 'read', actions: 'write' });
  return meshgate(['github', 'automerge', ...args], {
    cwd: work,
    env: {
      GITHUB_REPOSITORY: hub.repository,
      GITHUB_API_URL: hub.url,
      GITHUB_TOKEN: token,
      MESHGATE_GITHUB_PACE: '5',
    },
  });
}
