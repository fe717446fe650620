import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Hub, startHub } from './hub.ts';
import { strict } from './strict.ts';

let hub: Hub;
const here = { owner: 'acme', repo: 'mesh' };

beforeEach(async () => {
  hub = await startHub({
    people: { ann: 'write', bob: 'write', olga: 'write' },
    // A name that git sorts before the folder `dir`, and text does after it.
    files: { 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n', 'dir.yaml': '' },
  });
});
afterEach(async () => {
  // Objects and refs are written as files: git has the last word on whether they are right.
  hub.repo.bare.run(['fsck', '--strict', '--no-dangling']);
  await hub.close();
});

/** A pull request of two commits, while main goes on. */
async function two(): Promise<number> {
  hub.as('ann').commit({ 'a.yaml': 'a: 2\n' }, { branch: 'topic', message: 'First' });
  hub.as('ann').commit({ 'a.yaml': 'a: 3\n', 'dir/c.yaml': 'c\n' }, { branch: 'topic', message: 'Second' });
  const number = await hub.as('ann').open('topic', { title: 'Two' });
  hub.as('olga').commit({ 'b.yaml': 'b: 2\n' }, { branch: 'main', message: 'Meanwhile' });
  return number;
}

function log(): string {
  return hub.repo.bare.run(['log', '--topo-order', '--format=%s by %an, %cn', 'main']);
}

async function merged(number: number) {
  const { data } = await hub.as('ann').octokit.rest.pulls.get({ ...here, pull_number: number });
  return data;
}

async function pullsOf(commit_sha: string): Promise<readonly number[]> {
  const { data } = await hub.as('ann').octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...here, commit_sha });
  return data.map(({ number }) => number);
}

test.each<['merge' | 'squash' | 'rebase', string]>([
  [
    'merge',
    'Merge pull request #1 from acme/topic by bob, GitHub\nSecond by ann, ann\nFirst by ann, ann\nMeanwhile by olga, olga\nBegin by acme, acme\n',
  ],
  ['squash', 'Two (#1) by ann, GitHub\nMeanwhile by olga, olga\nBegin by acme, acme\n'],
  ['rebase', 'Second by ann, bob\nFirst by ann, bob\nMeanwhile by olga, olga\nBegin by acme, acme\n'],
])('by %s', async (method, expected) => {
  const number = await two();
  const { data: before } = await hub.as('bob').octokit.rest.pulls.get({ ...here, pull_number: number });
  const sha = await hub.as('bob').merge(number, method, hub.tip('topic'));
  expect(log()).toBe(expected);
  expect(await merged(number)).toMatchObject({ merged: true, merge_commit_sha: sha, merged_by: { login: 'bob' } });
  expect(before.merge_commit_sha).not.toBe(sha);
  // The blobs are those of the pull request, whatever the way.
  for (const path of ['a.yaml', 'dir/c.yaml'])
    expect(hub.repo.bare.at(sha, path)?.id).toBe(hub.repo.bare.at(hub.tip('topic'), path)?.id);
  expect(hub.repo.bare.file(sha, 'b.yaml')?.toString()).toBe('b: 2\n');
  expect(await pullsOf(sha)).toEqual([number]);
  expect(await pullsOf(hub.repo.bare.commit(sha).parents[0] ?? '')).toEqual(method === 'rebase' ? [number] : []);
  expect(hub.repo.activity.at(-1)).toMatchObject({ type: 'pr_merge', actor: { login: 'bob' }, after: sha });
  const { data: files } = await hub.as('bob').octokit.rest.pulls.listFiles({ ...here, pull_number: number });
  expect(files.map(({ filename }) => filename)).toEqual(['a.yaml', 'dir/c.yaml']);
});

test('by the queue', async () => {
  const number = await two();
  const sha = hub.as('olga').queue(number);
  expect(hub.repo.activity.at(-1)).toMatchObject({ type: 'merge_queue_merge', after: sha });
  expect(await merged(number)).toMatchObject({ merged: true, merge_commit_sha: sha });
});

test('by a push of its head', async () => {
  hub.as('ann').commit({ 'a.yaml': 'a: 2\n' }, { branch: 'topic' });
  const number = await hub.as('ann').open('topic');
  hub.as('bob').push(hub.tip('topic'), { branch: 'main' });
  expect(hub.repo.activity.at(-1)?.type).toBe('push');
  expect(await merged(number)).toMatchObject({ merged: true, merged_by: { login: 'bob' } });
  expect(await pullsOf(hub.tip())).toEqual([number]);
});

test('a branch that is brought up to date keeps its approvals where it changes the same', async () => {
  hub.setRules(strict, [{ actor_id: 4, actor_type: 'RepositoryRole', bypass_mode: 'always' }]);
  const number = await two();
  await hub.as('olga').approve(number);
  const { rest } = hub.as('bob').octokit;
  await rest.pulls.updateBranch({ ...here, pull_number: number, expected_head_sha: hub.tip('topic') });
  const tip = hub.repo.bare.commit(hub.tip('topic'));
  expect([tip.parents.length, tip.message]).toEqual([2, "Merge branch 'main' into topic\n"]);
  const states = async () =>
    (await rest.pulls.listReviews({ ...here, pull_number: number })).data.map(({ state }) => state);
  expect(await states()).toEqual(['APPROVED']);
  hub.as('olga').commit({ 'a.yaml': 'a: 3\n' }, { branch: 'main' });
  await rest.pulls.updateBranch({ ...here, pull_number: number });
  expect(await states()).toEqual(['DISMISSED']);
});

test('who may bypass the rules merges, and their approval counts no more than before', async () => {
  hub.setRules(strict, [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'pull_request' }]);
  hub.as('ann').commit({ 'a.yaml': 'a: 2\n' }, { branch: 'topic' });
  const number = await hub.as('ann').open('topic');
  await expect(hub.as('bob').merge(number)).rejects.toMatchObject({ status: 405 });
  expect(() => hub.as('acme').commit({ 'a.yaml': 'a: 4\n' }, { branch: 'main' })).toThrow('through a pull request');
  await hub.as('acme').merge(number);
});

test('what somebody did to the branch is seen in the pull request', async () => {
  const number = await two();
  const { rest } = hub.as('ann').octokit;
  const kinds = async () => {
    const { data } = await rest.issues.listEventsForTimeline({ ...here, issue_number: number });
    return data.map(({ event }) => event).filter((event) => event !== 'committed');
  };
  hub.as('ann').push(hub.as('ann').commit({ 'a.yaml': '' }, { branch: 'new' }), { branch: 'topic', force: true });
  await rest.pulls.update({ ...here, pull_number: number, state: 'closed' });
  await rest.pulls.update({ ...here, pull_number: number, state: 'open' });
  await expect(rest.pulls.update({ ...here, pull_number: number, base: 'new' })).rejects.toThrow('no new commits');
  hub.as('ann').commit({ 'b.yaml': '' }, { branch: 'release' });
  await rest.pulls.update({ ...here, pull_number: number, base: 'release' });
  await rest.git.deleteRef({ ...here, ref: 'heads/topic' });
  expect(await kinds()).toEqual(['head_ref_force_pushed', 'closed', 'reopened', 'closed']);
  // Only the events tell of a change of the base.
  const { data: events } = await rest.issues.listEvents({ ...here, issue_number: number });
  expect(events.map(({ event }) => event)).toEqual([
    ...['head_ref_force_pushed', 'closed', 'reopened', 'base_ref_changed', 'closed'],
  ]);
});

test('links, submodules, modes and cases are what git says they are', async () => {
  const gone = '1'.repeat(40);
  const commit = hub.as('ann').commit(
    {
      link: { mode: '120000', text: 'a.yaml' },
      sub: { mode: '160000', text: gone },
      'run.sh': { mode: '100755', text: 'x\n' },
      'A.yaml': 'upper\n',
      'a.yaml': null,
    },
    { branch: 'odd' },
  );
  const { rest } = hub.as('ann').octokit;
  const { data } = await rest.git.getTree({ ...here, tree_sha: commit, recursive: '1' });
  expect(data.tree.map(({ mode, type, path }) => `${mode} ${type} ${path}`)).toEqual([
    '100644 blob A.yaml',
    '100644 blob b.yaml',
    '100644 blob dir.yaml',
    '120000 blob link',
    '100755 blob run.sh',
    '160000 commit sub',
  ]);
  const at = async (path: string) => (await rest.repos.getContent({ ...here, path, ref: 'odd' })).data;
  expect(await at('link')).toMatchObject({ type: 'symlink', target: 'a.yaml' });
  expect(await at('sub')).toMatchObject({ type: 'submodule', sha: gone });
  await expect(at('a.yaml')).rejects.toMatchObject({ status: 404 });
  const number = await hub.as('ann').open('odd');
  const { data: files } = await rest.pulls.listFiles({ ...here, pull_number: number });
  const patches = files.map(({ patch = 'none' }) => patch.replace(/\n.*/s, ''));
  expect(patches).toEqual(['@@ -0,0 +1 @@', '@@ -1 +0,0 @@', '@@ -0,0 +1 @@', '@@ -0,0 +1 @@', '@@ -0,0 +1 @@']);
  expect(files.map(({ status, filename }) => `${status} ${filename}`)).toEqual([
    'added A.yaml',
    'removed a.yaml',
    'added link',
    'added run.sh',
    'added sub',
  ]);
});
