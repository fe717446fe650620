import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Event } from './events.ts';
import { type Hub, startHub } from './hub.ts';

let hub: Hub;
let number: number;
let review: number;
let issue: number;

beforeAll(async () => {
  hub = await startHub({ people: { ann: 'write', olga: 'write' } });
  hub.as('ann').commit({ 'a.yaml': 'a: 1\n' }, { branch: 'topic' });
  number = await hub.as('ann').open('topic', { body: 'please' });
  review = await hub.as('olga').approve(number);
  const here = { owner: 'acme', repo: 'mesh' };
  issue = (await hub.as('ann').octokit.rest.issues.create({ ...here, title: 'Access', body: '### Product\n\nx' })).data
    .number;
});
afterAll(() => hub.close());

test.each<[string, () => Event]>([
  ['a pull request opened', () => ({ name: 'pull_request', action: 'opened', number })],
  [
    'a push to a pull request',
    () => ({
      name: 'pull_request',
      action: 'synchronize',
      number,
      more: { before: hub.tip(), after: hub.tip('topic') },
    }),
  ],
  ['a pull request closed', () => ({ name: 'pull_request', action: 'closed', number })],
  ['a review', () => ({ name: 'pull_request_review', number, review })],
  ['an issue opened', () => ({ name: 'issues', action: 'opened', number: issue })],
  ['a push', () => ({ name: 'push' })],
  ['a branch made', () => ({ name: 'push', branch: 'topic' })],
  [
    'a workflow started by hand',
    () => ({ name: 'workflow_dispatch', workflow: 'apply.yml', inputs: { full: 'true' } }),
  ],
])('%s is as GitHub describes it', async (_, event) => {
  if (event().name === 'pull_request' && (event() as { action: string }).action === 'closed')
    await hub.as('olga').merge(number);
  expect(hub.event(event(), 'ann')).toMatchObject({ sender: { login: 'ann' }, repository: { full_name: 'acme/mesh' } });
});

test('an event that GitHub does not have is refused', () => {
  expect(() => hub.event({ name: 'pull_request', action: 'pondered', number }, 'ann')).toThrow('GitHub has no event');
  expect(() => hub.event({ name: 'pull_request', action: 'synchronize', number }, 'ann')).toThrow(
    "off GitHub's schema",
  );
});
