import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Hub } from './hub.ts';
import { edit, open, refusal, startScene } from './scene.ts';
import { strict } from './strict.ts';

let hub: Hub;
const here = { owner: 'acme', repo: 'mesh' };
const of = (number: number) => ({ ...here, pull_number: number });
const rest = (login: string) => hub.as(login).octokit.rest;

beforeEach(async () => {
  hub = await startScene();
});
afterEach(() => hub.close());

test('what its code owner approved is merged', async () => {
  const number = await open(hub);
  await hub.as('olga').approve(number);
  const sha = await hub.as('bob').merge(number, 'squash');
  expect(hub.tip()).toBe(sha);
  expect(hub.repo.bare.file(sha, 'sales/orders.yaml')?.toString()).toBe('a: 2\n');
});

const noApproval = 'At least 1 approving review is required by reviewers with write access.';

test.each<[string, (number: number) => unknown, string]>([
  ['nobody approved', () => undefined, noApproval],
  ['a reader approved', (n) => hub.as('rita').approve(n), noApproval],
  [
    'nobody of the owners approved',
    (n) => hub.as('bob').approve(n),
    'Waiting on code owner review from ann and/or olga.',
  ],
  ['the approval was dismissed', async (n) => hub.as('bob').dismiss(n, await hub.as('olga').approve(n)), noApproval],
  [
    'who approved may no longer write',
    async (n) => {
      await hub.as('olga').approve(n);
      hub.setRole('olga', 'read');
    },
    noApproval,
  ],
  [
    'a push changed what was approved',
    async (n) => {
      await hub.as('olga').approve(n);
      edit(hub, 'a: 3\n');
    },
    noApproval,
  ],
  [
    'the owner who approved pushed last',
    async (n) => {
      edit(hub, 'a: 3\n', 'olga');
      await hub.as('olga').approve(n);
    },
    'New changes require approval from someone other than the last pusher.',
  ],
  [
    'somebody who may write asks for changes',
    async (n) => {
      await hub.as('olga').approve(n);
      await hub.as('bob').review(n, 'REQUEST_CHANGES');
    },
    'Changes must be approved by reviewers who requested changes.',
  ],
  [
    'it makes its own approver an owner',
    (n) => {
      hub.as('ann').commit({ '.github/CODEOWNERS': '* @bob\n' }, { branch: 'topic' });
      return hub.as('bob').approve(n);
    },
    'Waiting on code owner review from ann, dora and/or olga.',
  ],
  [
    'it is retargeted to where it changes something else',
    async (n) => {
      hub.as('ann').commit({ 'more.yaml': '' }, { branch: 'other' });
      const both = hub.as('ann').commit({ 'sales/orders.yaml': 'a: 2\n' }, { branch: 'both', from: 'other' });
      await rest('ann').pulls.update({ ...of(n), base: 'other' });
      hub.as('ann').push(both, { branch: 'topic', force: true });
      await hub.as('olga').approve(n);
      await rest('ann').pulls.update({ ...of(n), base: 'main' });
    },
    noApproval,
  ],
  [
    'a required check is missing',
    async (n) => {
      const check = { required_status_checks: [{ context: 'check' }], strict_required_status_checks_policy: false };
      hub.setRules([...strict, { type: 'required_status_checks', parameters: check }]);
      await hub.as('olga').approve(n);
    },
    'Required status check "check" is expected.',
  ],
  [
    'a required check failed',
    async (n) => {
      const check = { required_status_checks: [{ context: 'check' }], strict_required_status_checks_policy: false };
      hub.setRules([...strict, { type: 'required_status_checks', parameters: check }]);
      await hub.as('olga').approve(n);
      await rest('ann').repos.createCommitStatus({
        ...here,
        sha: hub.tip('topic'),
        state: 'failure',
        context: 'check',
      });
    },
    'Required status check "check" is failing.',
  ],
  [
    'the rules allow another way only',
    async (n) => {
      await hub.as('olga').approve(n);
      const review = { required_approving_review_count: 1, allowed_merge_methods: ['rebase'] };
      hub.setRules([{ type: 'pull_request', parameters: review }]);
    },
    'Squash merges are not allowed on this branch.',
  ],
  [
    'the repository allows another way only',
    (n) => {
      hub.repo.settings.squash = false;
      return hub.as('olga').approve(n);
    },
    'Squash merges are not allowed on this repository.',
  ],
  ['it is a draft', (n) => draft(n), 'Pull Request is still a draft'],
  ['it is closed', (n) => hub.as('ann').close(n), 'Pull Request is not mergeable'],
  [
    'it conflicts',
    async (n) => {
      await hub.as('olga').approve(n);
      const second = hub.as('dora').commit({ 'sales/orders.yaml': 'a: 9\n' }, { branch: 'side' });
      hub.setRules([]);
      hub.as('dora').push(second, { branch: 'main' });
    },
    'Pull Request is not mergeable',
  ],
])('a merge is refused where %s', async (_, doing, text) => {
  const number = await open(hub);
  await doing(number);
  expect(await refusal(hub.as('bob').merge(number))).toEqual([405, expect.stringContaining(text)]);
  const { data } = await rest('bob').pulls.get(of(number));
  expect(data.merged).toBe(false);
});

function draft(number: number): void {
  const pull = hub.repo.issues.find((issue) => issue.number === number)?.pull;
  if (pull) pull.draft = true;
}

const uncounted = strict.map((rule) =>
  rule.type === 'pull_request'
    ? { ...rule, parameters: { ...rule.parameters, required_approving_review_count: 0 } }
    : rule,
);

/** Somebody's pull request on files that nobody owns. */
async function unowned(): Promise<number> {
  hub.setRules([]);
  hub.as('dora').commit({ '.github/CODEOWNERS': '/sales/ @olga @ann\n' }, { branch: 'main' });
  hub.setRules(uncounted);
  hub.as('ann').commit({ 'free.yaml': 'x\n' }, { branch: 'free' });
  return hub.as('ann').open('free');
}

test('where no approvals are counted, what nobody owns needs none', async () => {
  await hub.as('bob').merge(await unowned());
});

test('and what somebody owns needs theirs', async () => {
  hub.setRules(uncounted);
  const number = await open(hub);
  await hub.as('bob').approve(number);
  expect(await refusal(hub.as('bob').merge(number))).toEqual([
    405,
    expect.stringContaining('Waiting on code owner review'),
  ]);
  await hub.as('olga').approve(number);
  await hub.as('bob').merge(number);
});

test('GitHub may also be read otherwise', async () => {
  const free = await unowned();
  hub.switches.lastPushAlone = true;
  expect(await refusal(hub.as('bob').merge(free))).toEqual([
    405,
    expect.stringContaining('other than the last pusher'),
  ]);
  hub.switches.lastPushAlone = false;
  hub.switches.ownersWithoutCount = false;
  await hub.as('bob').merge(await open(hub));
});
