import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Hub, startHub } from './hub.ts';
import { strict } from './strict.ts';

let hub: Hub;
const here = { owner: 'acme', repo: 'mesh' };

beforeEach(async () => {
  hub = await startHub({ people: { ann: 'write', bob: 'write', rita: 'read' }, rules: strict });
});
afterEach(() => hub.close());

async function approved(): Promise<number> {
  hub.as('ann').commit({ 'a.yaml': 'a: 1\n' }, { branch: 'topic' });
  const number = await hub.as('ann').open('topic');
  await hub.as('bob').approve(number);
  return number;
}

async function reviewers(number: number): Promise<unknown> {
  const { data } = await hub.as('acme').octokit.rest.pulls.listReviews({ ...here, pull_number: number });
  return data.map(({ user, commit_id }) => [user?.login, user?.id, commit_id === null]);
}

test('what a deleted account left is the ghost’s', async () => {
  const number = await approved();
  const token = hub.token('bob');
  hub.remove('bob');
  expect(await reviewers(number)).toEqual([['ghost', 10137, false]]);
  const { rest } = hub.client(token);
  await expect(rest.repos.get(here)).rejects.toMatchObject({ status: 401 });
  await expect(hub.as('ann').merge(number)).rejects.toThrow('At least 1 approving review');
});

test('a login that somebody gave up is another one’s, with another id', async () => {
  const number = await approved();
  const { id } = hub.user('bob');
  hub.rename('bob', 'robert');
  hub.join('bob', 'write');
  expect(hub.user('bob').id).not.toBe(id);
  expect(await reviewers(number)).toEqual([['robert', id, false]]);
  const { data } = await hub.as('ann').octokit.rest.users.getById({ account_id: id });
  expect(data.login).toBe('robert');
});

test('a review of a commit that is gone has none', async () => {
  const number = await approved();
  const gone = hub.tip('topic');
  hub.as('ann').commit({ 'a.yaml': 'a: 2\n' }, { branch: 'topic' });
  hub.forget(gone);
  expect(await reviewers(number)).toEqual([['bob', hub.user('bob').id, true]]);
  const { rest } = hub.as('ann').octokit;
  await expect(rest.git.getCommit({ ...here, commit_sha: gone })).rejects.toMatchObject({ status: 404 });
});

test('a pull request from a fork is read, reviewed and merged here', async () => {
  const fork = hub.fork('rita');
  const commit = hub.as('rita').commit({ 'a.yaml': 'a: 1\n' }, { branch: 'topic', repo: fork });
  const number = await hub.as('rita').open('rita:topic');
  const { rest } = hub.as('ann').octokit;
  const { data } = await rest.pulls.get({ ...here, pull_number: number });
  expect([data.head.label, data.head.repo.full_name, data.head.sha]).toEqual(['rita:topic', 'rita/mesh', commit]);
  expect(hub.repo.bare.ref(`refs/pull/${number}/head`)).toBe(commit);
  const second = hub.as('rita').commit({ 'a.yaml': 'a: 2\n' }, { branch: 'topic', repo: fork });
  await hub.as('bob').approve(number);
  const { data: content } = await rest.repos.getContent({ ...here, path: 'a.yaml', ref: second });
  expect(content).toMatchObject({ sha: hub.repo.bare.writeBlob('a: 2\n') });
  await expect(hub.as('rita').merge(number)).rejects.toMatchObject({ status: 403 });
  await hub.as('ann').merge(number, 'rebase');
  expect(hub.repo.bare.run(['log', '-1', '--format=%an %cn', 'main']).trim()).toBe('rita ann');
});

test.each<[Record<string, 'read' | 'write'>, Record<string, number>]>([
  [{}, { get: 200, pulls: 403, comment: 403, merge: 403, content: 403 }],
  [
    { contents: 'read', pull_requests: 'read' },
    { get: 200, pulls: 200, comment: 403, merge: 403, content: 200 },
  ],
  [
    { contents: 'read', pull_requests: 'write' },
    { get: 200, pulls: 200, comment: 201, merge: 403, content: 200 },
  ],
  [
    { contents: 'write', issues: 'write' },
    { get: 200, pulls: 403, comment: 201, merge: 200, content: 200 },
  ],
])('a workflow’s token may what its job was given: %o', async (permissions, statuses) => {
  const pull_number = await approved();
  const { rest } = hub.client(hub.workflowToken(permissions));
  const status = async (doing: Promise<{ status: number }>) =>
    doing.then(
      ({ status }) => status,
      ({ status }) => status,
    );
  expect({
    get: await status(rest.repos.get(here)),
    pulls: await status(rest.pulls.list(here)),
    comment: await status(rest.issues.createComment({ ...here, issue_number: pull_number, body: 'x' })),
    content: await status(rest.repos.getContent({ ...here, path: 'README.md' })),
    merge: await status(rest.pulls.merge({ ...here, pull_number })),
  }).toEqual(statuses);
});

test('nobody sees a private repository without a token; a public one is seen, and not written', async () => {
  const { rest } = hub.client();
  await expect(rest.repos.get(here)).rejects.toMatchObject({ status: 404 });
  await hub.close();
  hub = await startHub({ public: true });
  const open = hub.client().rest;
  expect((await open.repos.get(here)).data.visibility).toBe('public');
  await expect(open.issues.create({ ...here, title: 'x' })).rejects.toMatchObject({ status: 401 });
});

test('a token that GitHub does not know is refused', async () => {
  const { rest } = hub.client('ghp_other');
  await expect(rest.repos.get(here)).rejects.toMatchObject({ status: 401 });
});

test('a workflow opens and approves nothing unless that is switched on; an app does', async () => {
  const number = await approved();
  const all = { contents: 'write', pull_requests: 'write', metadata: 'read' } as const;
  const actions = hub.client(hub.workflowToken(all)).rest.pulls;
  const app = hub.client(hub.appToken('mesh-app[bot]', all)).rest.pulls;
  hub.as('ann').commit({ 'b.yaml': '' }, { branch: 'second' });
  const pull = { ...here, head: 'second', base: 'main', title: 'Second' };
  const approval = { ...here, pull_number: number, event: 'APPROVE' } as const;
  await expect(actions.create(pull)).rejects.toMatchObject({ status: 403 });
  await expect(actions.createReview(approval)).rejects.toMatchObject({ status: 422 });
  const { data } = await app.create(pull);
  expect([data.user.login, data.user.type]).toEqual(['mesh-app[bot]', 'Bot']);
  hub.repo.settings.actionsApprove = true;
  expect((await actions.createReview(approval)).data.user?.login).toBe('github-actions[bot]');
});

test('a check counts from the app that is asked for alone', async () => {
  const number = await approved();
  const actions = 15_368;
  const check = { required_status_checks: [{ context: 'check', integration_id: actions }] };
  hub.setRules([...strict, { type: 'required_status_checks', parameters: check }]);
  const sha = hub.tip('topic');
  await hub.as('ann').octokit.rest.repos.createCommitStatus({ ...here, sha, state: 'success', context: 'check' });
  await expect(hub.as('ann').merge(number)).rejects.toThrow('Required status check "check" is expected.');
  const { rest } = hub.client(hub.workflowToken({ checks: 'write' }));
  const { data } = await rest.checks.create({ ...here, name: 'check', head_sha: sha, conclusion: 'success' });
  expect(data.app?.id).toBe(actions);
  await hub.as('ann').merge(number);
});

test('a commit bears whatever name its maker writes', async () => {
  const commit = hub.as('ann').commit({ 'a.yaml': '' }, { branch: 'topic', author: 'bob' });
  const { data } = await hub.as('ann').octokit.rest.repos.getCommit({ ...here, ref: commit });
  expect(data.author?.login).toBe('bob');
  expect(hub.repo.activity.at(-1)?.actor.login).toBe('ann');
});

test('a repository says what the caller may do there', async () => {
  const may = async (login: string) => (await hub.as(login).octokit.rest.repos.get(here)).data.permissions;
  expect(await may('rita')).toEqual({ admin: false, maintain: false, push: false, triage: false, pull: true });
  expect(await may('ann')).toMatchObject({ admin: false, push: true });
});
