import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Forge, ForgeFailure } from '../../src/core/forge.ts';
import { type GitHubForge, githubForge } from '../../src/github/forge.ts';
import type { Fault } from '../hub/faults.ts';
import { type Hub, startHub } from '../hub/hub.ts';

let hub: Hub;
const path = 'mesh/accounts/a.yaml';

beforeEach(async () => {
  hub = await startHub({ files: { [path]: 'one\n', link: 'x' } });
  for (const [login, id] of Object.entries({ ada: 1, bob: 2, eve: 3 })) hub.join(login, 'write', { id });
});

afterEach(() => hub.close());

function forge(more: Partial<GitHubForge> = {}): Forge {
  const token = hub.workflowToken({ contents: 'read', pull_requests: 'read', issues: 'read' });
  const { url, repository } = hub;
  return githubForge({ url, repository, token, budget: 1000, pace: 1, isNew: () => true, ...more });
}

async function opened(
  by: string,
  branch: string,
  files: Parameters<ReturnType<Hub['as']>['commit']>[0] = { [path]: 'two\n' },
) {
  const commit = hub.as(by).commit(files, { branch });
  return { commit, number: await hub.as(by).open(branch) };
}

test('a merged pull request, with its author, its base and the commit that merged it', async () => {
  const { number } = await opened('eve', 'a');
  const commit = await hub.as('eve').merge(number);
  const asked = forge();
  const home = await asked.home();
  expect(home).toEqual({ repository: hub.repo.id, branch: 'main' });
  expect(await asked.pullsOf(commit)).toEqual([
    {
      number,
      author: { login: 'eve', id: 3, isHuman: true },
      base: { repository: home.repository, branch: 'main' },
      isMerged: true,
      mergedAt: expect.any(String),
      merge: commit,
    },
  ]);
});

test('when a pull request was last opened again or turned to another branch, and by whom', async () => {
  const { number } = await opened('eve', 'a');
  expect(await forge().renewalOf(number)).toBeUndefined();
  const turn = (login: string, more: { state?: 'open' | 'closed'; base?: string }) => {
    hub.wait(1000);
    return hub.as(login).octokit.rest.pulls.update({ owner: 'acme', repo: 'mesh', pull_number: number, ...more });
  };
  await turn('eve', { state: 'closed' });
  expect(await forge().renewalOf(number)).toBeUndefined();
  await turn('bob', { state: 'open' });
  const opening = await forge().renewalOf(number);
  expect(opening).toEqual({ at: expect.any(String), by: 2 });
  hub.as('ada').commit({ other: 'x\n' }, { branch: 'release' });
  await turn('ada', { base: 'release' });
  const turning = await forge().renewalOf(number);
  expect(turning?.by).toBe(1);
  expect(Date.parse(turning?.at ?? '')).toBeGreaterThan(Date.parse(opening?.at ?? ''));
});

test('every question is asked once', async () => {
  const { number, commit } = await opened('eve', 'a');
  const asked = forge({ isNew: () => false });
  const calls = hub.journal.length;
  for (const _ of [1, 2, 3])
    await Promise.all([
      ...[asked.home(), asked.pullsOf(commit), asked.blobAt(commit, path)],
      ...[asked.reviewsOf(number), asked.renewalOf(number)],
    ]);
  expect(hub.journal.length - calls).toBe(5);
});

test('what GitHub learns late is asked for again, and not forever', async () => {
  hub.setLag(3);
  const { number } = await opened('eve', 'a');
  const commit = await hub.as('eve').merge(number);
  expect(await forge({ isNew: () => false }).pullsOf(commit)).toEqual([]);
  expect(await forge().pullsOf(commit)).toHaveLength(1);
  hub.setLag(1000);
  const later = await opened('eve', 'b', { [path]: 'three\n' });
  const never = await hub.as('eve').merge(later.number);
  const asked = forge();
  const calls = hub.journal.length;
  expect(await asked.pullsOf(never)).toEqual([]);
  await asked.pullsOf(hub.tip());
  expect(hub.journal.length - calls).toBeLessThan(10);
});

test('all reviews, over as many pages as there are, oldest first', async () => {
  const { number, commit } = await opened('eve', 'a');
  for (let each = 0; each < 101; each += 1) await hub.as('bob').review(number, 'COMMENT');
  await hub.as('bob').approve(number);
  const reviews = await forge().reviewsOf(number);
  expect(reviews).toHaveLength(102);
  expect(reviews.at(-1)).toEqual({
    reviewer: { login: 'bob', id: 2, isHuman: true },
    at: expect.any(String),
    verdict: 'approved',
    commit,
  });
  hub.forget(commit);
  expect((await forge().reviewsOf(number)).at(-1)?.commit).toBeUndefined();
});

test('only a regular file is one', async () => {
  const blob = hub.repo.bare.at(hub.tip(), path)?.id;
  const { commit } = await opened('eve', 'a', {
    mode: { mode: '100755', text: 'one\n' },
    link: { mode: '120000', text: path },
    module: { mode: '160000', text: '1111111111111111111111111111111111111111' },
  });
  const asked = forge();
  expect(await asked.blobAt(commit, path)).toBe(blob);
  expect(await asked.blobAt(commit, 'mode')).toBe(blob);
  for (const none of ['link', 'module', 'mesh', 'mesh/accounts', 'mesh/none', 'MESH/accounts/a.yaml'])
    expect(await asked.blobAt(commit, none)).toBeUndefined();
  expect(await asked.blobAt('0123456789012345678901234567890123456789', path)).toBeUndefined();
});

test('for our own app the author is the one of the issue that the branch names', async () => {
  const app = hub.join('meshgate[bot]', 'write', { id: 500, type: 'Bot' });
  const { owner, name } = hub.repo;
  const asked = { owner: owner.login, repo: name, title: 'I need it' };
  const issue = (await hub.as('bob').octokit.rest.issues.create(asked)).data.number;
  const named = await opened(app.login, `meshgate/issue-${issue}`);
  const unnamed = await opened(app.login, 'meshgate/other', { [path]: 'three\n' });
  // A pull request is an issue to GitHub, and its author asked for nothing.
  const pull = await opened('eve', 'eves', { [path]: 'four\n' });
  const onPull = await opened(app.login, `meshgate/issue-${pull.number}`, { [path]: 'five\n' });
  const authorOf = async (commit: string, own?: number) =>
    (await forge({ isNew: () => false, ...(own !== undefined && { app: own }) }).pullsOf(commit))[0]?.author;
  expect(await authorOf(named.commit, 500)).toEqual({ login: 'bob', id: 2, isHuman: true });
  expect(await authorOf(unnamed.commit, 500)).toBeUndefined();
  expect(await authorOf(onPull.commit, 500)).toBeUndefined();
  expect((await authorOf(named.commit))?.isHuman).toBe(false);
  expect((await authorOf(named.commit, 501))?.isHuman).toBe(false);
  // A person's branch of that name is a person's pull request.
  const forged = await opened('eve', `meshgate/issue-${issue}0`, { [path]: 'six\n' });
  expect(await authorOf(forged.commit, 500)).toEqual({ login: 'eve', id: 3, isHuman: true });
});

test.each<[what: string, more: () => Partial<GitHubForge>, message: string]>([
  ['a token that nobody knows', () => ({ token: 'nobodys' }), 'GitHub refused the token'],
  ['a token without rights', () => ({ token: hub.workflowToken({ issues: 'read' }) }), 'may not read'],
  ['no answer', () => ({ url: 'http://127.0.0.1:9' }), 'could not be asked'],
  ['a budget that is used up', () => ({ budget: 0 }), 'the budget of 0 requests'],
])('%s is no answer', async (_, more, message) => {
  const { number, commit } = await opened('eve', 'a');
  const asked = forge(more());
  const answers = await Promise.allSettled([asked.pullsOf(commit), asked.reviewsOf(number)]);
  for (const answer of answers)
    expect(answer).toMatchObject({ reason: { name: 'ForgeFailure', message: expect.stringContaining(message) } });
});

test.each<[fault: Fault, isAnswered: boolean]>([
  [{ kind: 'server-error', times: 2 }, true],
  [{ kind: 'drop-before', times: 2 }, true],
  [{ kind: 'secondary-limit', times: 1, seconds: 1 }, true],
  [{ kind: 'server-error' }, false],
  [{ kind: 'rate-limit', seconds: 3600 }, false],
  [{ kind: 'forbidden' }, false],
])('%j', async (fault, isAnswered) => {
  const { number } = await opened('eve', 'a');
  hub.setFaults([fault]);
  const answer = await forge()
    .reviewsOf(number)
    .catch((thrown: unknown) => thrown);
  hub.setFaults([]);
  if (isAnswered) expect(answer).toEqual([]);
  else expect(answer).toBeInstanceOf(ForgeFailure);
});
