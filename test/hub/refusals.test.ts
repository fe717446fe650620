import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Hub } from './hub.ts';
import { edit, open, refusal, startScene } from './scene.ts';

let hub: Hub;
const here = { owner: 'acme', repo: 'mesh' };
const of = (number: number) => ({ ...here, pull_number: number });
const rest = (login: string) => hub.as(login).octokit.rest;

beforeEach(async () => {
  hub = await startScene();
});
afterEach(() => hub.close());

test.each<[string, number, string, (number: number) => Promise<unknown>]>([
  ['an author approves', 422, 'Can not approve your own pull request', (n) => hub.as('ann').approve(n)],
  [
    'an author asks for changes',
    422,
    'Can not request changes on your own',
    (n) => hub.as('ann').review(n, 'REQUEST_CHANGES'),
  ],
  [
    'somebody asks for changes without a word',
    422,
    'Body can not be blank',
    (n) => hub.as('bob').review(n, 'REQUEST_CHANGES', { body: '' }),
  ],
  ['a review is of a foreign commit', 422, 'not part of the pull request', (n) => hub.as('bob').approve(n, hub.tip())],
  ['a reader dismisses', 403, 'rights', async (n) => hub.as('rita').dismiss(n, await hub.as('olga').approve(n))],
  [
    'a comment is dismissed',
    422,
    'Can not dismiss',
    async (n) => hub.as('olga').dismiss(n, await hub.as('bob').review(n, 'COMMENT')),
  ],
  ['a reader merges', 403, 'rights', (n) => hub.as('rita').merge(n)],
  [
    'the head has moved on',
    409,
    'Head branch was modified. Review and try the merge again.',
    (n) => hub.as('olga').merge(n, 'squash', hub.tip()),
  ],
  ['a stranger looks', 404, 'Not Found', (n) => rest('eve').pulls.get(of(n))],
  ['a pull request is opened twice', 422, 'already exists for acme:topic', () => hub.as('bob').open('topic')],
  ['a pull request has nothing in it', 422, 'No commits between main and main', () => hub.as('bob').open('main')],
  ['a pull request has no branch', 422, 'Validation Failed', () => hub.as('bob').open('nowhere')],
  ['a reader opens one from the repository', 404, 'Not Found', () => hub.as('rita').open('topic', { base: 'topic' })],
  ['a comment is too long', 422, 'too long', (n) => comment(n, 'x'.repeat(65_537))],
  ['a title is too long', 422, 'too long', (n) => rest('ann').pulls.update({ ...of(n), title: 'x'.repeat(257) })],
  ['a label is too long', 422, 'too long', () => rest('ann').issues.createLabel({ ...here, name: 'x'.repeat(51) })],
  ['a comment is empty', 422, 'Validation Failed', (n) => comment(n, ' ')],
  [
    'a description is too long',
    422,
    'too long',
    (n) => rest('ann').pulls.update({ ...of(n), body: 'x'.repeat(65_537) }),
  ],
  [
    'somebody edits another one’s comment',
    403,
    'write access',
    async (n) => rest('rita').issues.updateComment({ ...here, comment_id: await comment(n, 'mine'), body: 'yours' }),
  ],
  ['a branch is up to date', 422, 'no new commits', (n) => rest('ann').pulls.updateBranch(of(n))],
  [
    'a branch is not where it is thought',
    422,
    'expected head sha',
    (n) => rest('ann').pulls.updateBranch({ ...of(n), expected_head_sha: hub.tip() }),
  ],
  [
    'a review is asked of the author',
    422,
    'pull request author',
    (n) => rest('bob').pulls.requestReviewers({ ...of(n), reviewers: ['ann'] }),
  ],
  ['main is written past a pull request', 409, 'Changes must be made through a pull request.', () => write('main')],
  [
    'a ref is forced',
    422,
    'Cannot force-push to this branch',
    () => {
      hub.setRules([{ type: 'non_fast_forward' }]);
      hub.as('dora').commit({ 'x.yaml': '' }, { branch: 'main' });
      return rest('dora').git.updateRef({ ...here, ref: 'heads/main', sha: edit(hub, 'a: 5\n'), force: true });
    },
  ],
  [
    'a ref goes back without force',
    422,
    'not a fast forward',
    () => rest('ann').git.updateRef({ ...here, ref: 'heads/topic', sha: hub.tip() }),
  ],
  [
    'main is deleted',
    422,
    'Cannot delete this branch',
    () => rest('dora').git.deleteRef({ ...here, ref: 'heads/main' }),
  ],
  ['a file is overwritten unseen', 422, "wasn't supplied", () => write('topic')],
  ['a file is not what it was', 409, 'does not match', () => write('topic', hub.tip())],
  [
    'a person makes a check run',
    403,
    'GitHub App',
    () => rest('ann').checks.create({ ...here, name: 'check', head_sha: hub.tip() }),
  ],
  [
    'somebody who may only write makes rules',
    403,
    'rights',
    () => rest('ann').repos.createRepoRuleset({ ...here, name: 'x', enforcement: 'active' }),
  ],
  [
    'a workflow that is not there is started',
    404,
    'Not Found',
    () => rest('ann').actions.createWorkflowDispatch({ ...here, workflow_id: 'apply.yml', ref: 'main' }),
  ],
])('GitHub refuses where %s', async (_, status, text, doing) => {
  const number = await open(hub);
  expect(await refusal(doing(number))).toEqual([status, expect.stringContaining(text)]);
});

async function comment(number: number, body: string): Promise<number> {
  return (await rest('ann').issues.createComment({ ...here, issue_number: number, body })).data.id;
}

function write(branch: string, sha?: string): Promise<unknown> {
  const file = {
    ...here,
    branch,
    path: sha === undefined && branch === 'main' ? 'new.yaml' : 'sales/orders.yaml',
    message: 'Write',
  };
  return rest('ann').repos.createOrUpdateFileContents({ ...file, content: '', ...(sha === undefined ? {} : { sha }) });
}
