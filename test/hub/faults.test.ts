import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from './faults.ts';
import { type Hub, startHub } from './hub.ts';

let hub: Hub;
const here = { owner: 'acme', repo: 'mesh' };

beforeEach(async () => {
  hub = await startHub({ people: { ann: 'write' } });
});
afterEach(() => hub.close());

/** GitHub's own client as programs set it up: it waits where it is told to, and tries again. */
function patient(): { rest: Octokit['rest']; waited: string[] } {
  const waited: string[] = [];
  const again = (kind: string) => (_: number, options: object) => {
    waited.push(kind);
    return (options as { request: { retryCount: number } }).request.retryCount < 2;
  };
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const { rest } = new (Octokit.plugin(throttling, retry))({
    ...{ auth: hub.token('ann'), baseUrl: hub.url, log: silent },
    throttle: {
      onRateLimit: again('rate'),
      onSecondaryRateLimit: again('secondary'),
      fallbackSecondaryRateRetryAfter: 1,
      retryAfterBaseValue: 1,
    },
    retry: { retryAfterBaseValue: 1 },
  });
  return { rest, waited };
}

test.each<[Fault, string[]]>([
  [{ kind: 'rate-limit', seconds: 1 }, ['rate']],
  [{ kind: 'secondary-limit', seconds: 1 }, ['secondary']],
  [{ kind: 'secondary-limit', seconds: 1, status: 429 }, ['secondary']],
  [{ kind: 'server-error' }, []],
  [{ kind: 'drop-before' }, []],
])('$kind once is survived', async (fault, kinds) => {
  hub.setFaults([{ ...fault, operation: 'pulls/list', times: 1 }]);
  const { rest, waited } = patient();
  expect((await rest.pulls.list(here)).data).toEqual([]);
  expect(waited).toEqual(kinds);
  expect(hub.journal.map(({ status }) => status)).toEqual([expect.anything(), 200]);
});

test.each<[Fault['kind'], number]>([
  ['server-error', 502],
  ['forbidden', 403],
  ['not-found', 404],
  ['drop-before', 500],
])('%s for ever is an error', async (kind, status) => {
  hub.setFaults([{ kind, after: 1 }]);
  const { rest } = hub.as('ann').octokit;
  expect((await rest.pulls.list(here)).status).toBe(200);
  await expect(rest.pulls.list(here)).rejects.toMatchObject({ status });
  expect((await rest.pulls.list(here).catch((error: unknown) => error)) as object).toMatchObject({ status });
});

test('a workflow has so many requests an hour, and people have theirs', async () => {
  hub.setBudget(2);
  const { rest } = hub.client(hub.workflowToken({ pull_requests: 'read' }));
  const left = async () => (await rest.pulls.list(here)).headers['x-ratelimit-remaining'];
  expect([await left(), await left()]).toEqual(['1', '0']);
  const refused = { status: 403, response: { headers: { 'x-ratelimit-remaining': '0' } } };
  await expect(rest.pulls.list(here)).rejects.toMatchObject(refused);
  expect((await rest.rateLimit.get()).data.rate).toMatchObject({ limit: 2, used: 3 });
  expect((await hub.as('ann').octokit.rest.pulls.list(here)).status).toBe(200);
  hub.wait(3_600_000);
  expect(await left()).toBe('1');
});

test('what is cut off after it was carried out is there all the same', async () => {
  hub.setFaults([{ kind: 'drop-after', operation: 'issues/create', times: 1 }]);
  const { rest } = hub.as('ann').octokit;
  await expect(rest.issues.create({ ...here, title: 'once' })).rejects.toThrow();
  expect((await rest.issues.listForRepo(here)).data.map(({ title }) => title)).toEqual(['once']);
});

test('the pull request of a merge is known late where that is set', async () => {
  hub.as('ann').commit({ 'a.yaml': '' }, { branch: 'topic' });
  const commit_sha = await hub.as('ann').merge(await hub.as('ann').open('topic'));
  hub.setLag(2);
  const { rest } = hub.as('ann').octokit;
  const known = async () =>
    (await rest.repos.listPullRequestsAssociatedWithCommit({ ...here, commit_sha })).data.length;
  expect([await known(), await known(), await known()]).toEqual([0, 0, 1]);
});

test('whether it can be merged is known late where that is set', async () => {
  hub.as('ann').commit({ 'a.yaml': '' }, { branch: 'topic' });
  const pull_number = await hub.as('ann').open('topic');
  hub.setLag(0, 1);
  const { rest } = hub.as('ann').octokit;
  const known = async () => (await rest.pulls.get({ ...here, pull_number })).data.mergeable;
  expect([await known(), await known()]).toEqual([null, true]);
});

describe('lists come in pages', () => {
  test('by number', async () => {
    const { rest, paginate } = hub.as('ann').octokit;
    for (const title of ['a', 'b', 'c', 'd', 'e']) await rest.issues.create({ ...here, title });
    const { headers } = await rest.issues.listForRepo({ ...here, per_page: 2, page: 2 });
    expect(headers.link?.match(/rel="\w+"/g)).toEqual(['rel="prev"', 'rel="next"', 'rel="last"', 'rel="first"']);
    const all = await paginate(rest.issues.listForRepo, { ...here, per_page: 2, direction: 'asc' });
    expect(all.map(({ title }) => title).join('')).toBe('abcde');
  });

  test('and activity by cursor', async () => {
    const { rest, paginate } = hub.as('ann').octokit;
    for (const name of ['1', '2', '3', '4']) hub.as('ann').commit({ [name]: '' }, { branch: 'main' });
    const all = await paginate(rest.repos.listActivities, { ...here, per_page: 2 });
    expect(all.map(({ activity_type }) => activity_type)).toEqual(['push', 'push', 'push', 'push', 'branch_creation']);
  });
});
