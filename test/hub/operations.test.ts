import type { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hub, startHub } from './hub.ts';
import { strict } from './strict.ts';

let hub: Hub;
let rest: Octokit['rest'];
const here = { owner: 'acme', repo: 'mesh' };

beforeAll(async () => {
  hub = await startHub({
    people: { ann: 'write', olga: 'write', rita: 'read' },
    files: {
      'README.md': 'mesh\n',
      'a/b.yaml': 'a: 1\n',
      '.github/CODEOWNERS': '* @acme\n/a/ @olga @nobody\n!x @ann\n',
      '.github/workflows/apply.yml': 'on: { workflow_dispatch: }\n',
    },
    rules: [
      ...strict,
      {
        type: 'required_status_checks',
        parameters: { strict_required_status_checks_policy: false, required_status_checks: [{ context: 'check' }] },
      },
    ],
  });
  ({ rest } = hub.as('ann').octokit);
});
// Everything here was held to GitHub's description on its way; closing says whether all was right.
afterAll(() => hub.close());

test('a repository, its branches, commits and contents', async () => {
  const { data: repo } = await rest.repos.get(here);
  expect([repo.full_name, repo.default_branch, repo.private]).toEqual(['acme/mesh', 'main', true]);
  expect((await rest.repos.listBranches(here)).data).toHaveLength(1);
  expect((await rest.repos.getBranch({ ...here, branch: 'main' })).data.commit.sha).toBe(hub.tip());
  expect((await rest.repos.listCommits({ ...here, path: 'a/b.yaml' })).data).toHaveLength(1);
  expect((await rest.repos.getCommit({ ...here, ref: 'main' })).data.files).toHaveLength(4);
  const { data: file } = await rest.repos.getContent({ ...here, path: 'a/b.yaml' });
  expect(file).toMatchObject({ type: 'file', content: `${Buffer.from('a: 1\n').toString('base64')}\n` });
  expect((await rest.repos.getContent({ ...here, path: 'a' })).data).toHaveLength(1);
  expect((await rest.repos.getContent({ ...here, path: '' })).data).toHaveLength(3);
});

test('a branch with a file made by contents, then by git data', async () => {
  await rest.git.createRef({ ...here, ref: 'refs/heads/made', sha: hub.tip() });
  const content = Buffer.from('x: 1\n').toString('base64');
  const put = { ...here, path: 'a/new file.yaml', message: 'Add', branch: 'made' };
  const { data } = await rest.repos.createOrUpdateFileContents({ ...put, content });
  const sha = data.content?.sha ?? '';
  await rest.repos.createOrUpdateFileContents({ ...put, content: Buffer.from('x: 2\n').toString('base64'), sha });
  const { data: blob } = await rest.git.createBlob({ ...here, content: 'y: 1\n' });
  const head = (await rest.git.getRef({ ...here, ref: 'heads/made' })).data.object.sha;
  const { data: commit } = await rest.git.getCommit({ ...here, commit_sha: head });
  const { data: tree } = await rest.git.createTree({
    ...here,
    base_tree: commit.tree.sha,
    tree: [
      { path: 'y.yaml', mode: '100644', type: 'blob', sha: blob.sha },
      { path: 'README.md', mode: '100644', type: 'blob', sha: null },
    ],
  });
  const made = await rest.git.createCommit({ ...here, message: 'More', tree: tree.sha, parents: [head] });
  await rest.git.updateRef({ ...here, ref: 'heads/made', sha: made.data.sha });
  const { data: whole } = await rest.git.getTree({ ...here, tree_sha: made.data.sha, recursive: 'true' });
  expect(whole.tree.filter(({ type }) => type === 'blob').map(({ path }) => path)).toEqual([
    '.github/CODEOWNERS',
    '.github/workflows/apply.yml',
    'a/b.yaml',
    'a/new file.yaml',
    'y.yaml',
  ]);
  expect((await rest.git.getBlob({ ...here, file_sha: blob.sha })).data.content).toContain('eTogMQo=');
  expect((await rest.repos.compareCommitsWithBasehead({ ...here, basehead: `main...made` })).data.ahead_by).toBe(3);
  const { data: refs } = await rest.git.listMatchingRefs({ ...here, ref: 'heads/ma' });
  expect(refs.map(({ ref }) => ref)).toEqual(['refs/heads/made', 'refs/heads/main']);
  await rest.git.deleteRef({ ...here, ref: 'heads/made' });
});

test('a pull request from its opening to its merge', async () => {
  hub.as('ann').commit({ 'a/b.yaml': 'a: 2\n' }, { branch: 'topic' });
  const number = await hub.as('ann').open('topic', { body: 'please' });
  const pull = { ...here, pull_number: number };
  const issue = { ...here, issue_number: number };
  expect((await rest.pulls.get(pull)).data).toMatchObject({ mergeable: true, mergeable_state: 'blocked', commits: 1 });
  expect((await rest.pulls.listRequestedReviewers(pull)).data.users.map(({ login }) => login)).toEqual(['olga']);
  await rest.pulls.requestReviewers({ ...pull, reviewers: ['rita'] });
  expect((await rest.pulls.listFiles(pull)).data[0]).toMatchObject({
    filename: 'a/b.yaml',
    patch: '@@ -1 +1 @@\n-a: 1\n+a: 2',
  });
  expect((await rest.pulls.listCommits(pull)).data).toHaveLength(1);
  const review = await hub.as('rita').approve(number);
  await hub.as('olga').dismiss(number, review);
  await hub.as('olga').approve(number);
  expect((await rest.pulls.listReviews(pull)).data.map(({ state }) => state)).toEqual(['DISMISSED', 'APPROVED']);
  expect((await rest.pulls.getReview({ ...pull, review_id: review })).data.state).toBe('DISMISSED');
  const { data: comment } = await rest.issues.createComment({ ...issue, body: 'hello' });
  await rest.issues.updateComment({ ...here, comment_id: comment.id, body: 'hello again' });
  expect((await rest.issues.getComment({ ...here, comment_id: comment.id })).data.body).toBe('hello again');
  expect((await rest.issues.listComments(issue)).data).toHaveLength(1);
  const permissions = { checks: 'write', statuses: 'write', pull_requests: 'read', actions: 'write' } as const;
  const bot = hub.client(hub.workflowToken(permissions)).rest;
  const head_sha = hub.tip('topic');
  const { data: run } = await bot.checks.create({ ...here, name: 'check', head_sha, status: 'in_progress' });
  await bot.checks.update({
    ...here,
    check_run_id: run.id,
    conclusion: 'success',
    output: { title: 'fine', summary: 'all' },
  });
  expect((await bot.checks.get({ ...here, check_run_id: run.id })).data.conclusion).toBe('success');
  expect((await bot.checks.listForRef({ ...here, ref: 'topic' })).data.total_count).toBe(1);
  await bot.repos.createCommitStatus({ ...here, sha: head_sha, state: 'success', context: 'more' });
  expect((await bot.repos.listCommitStatusesForRef({ ...here, ref: head_sha })).data).toHaveLength(1);
  expect((await bot.repos.getCombinedStatusForRef({ ...here, ref: head_sha })).data.state).toBe('success');
  await expect(rest.pulls.checkIfMerged(pull)).rejects.toMatchObject({ status: 404 });
  const { data: done } = await rest.pulls.merge({ ...pull, merge_method: 'merge', sha: head_sha });
  expect((await rest.pulls.checkIfMerged(pull)).status).toBe(204);
  expect((await rest.pulls.get(pull)).data).toMatchObject({
    merged: true,
    merge_commit_sha: done.sha,
    state: 'closed',
  });
  const { data: pulls } = await rest.repos.listPullRequestsAssociatedWithCommit({ ...here, commit_sha: done.sha });
  expect(pulls.map((one) => one.number)).toEqual([number]);
  expect((await rest.issues.listEvents(issue)).data.map(({ event }) => event)).toEqual([
    'review_dismissed',
    'merged',
    'closed',
  ]);
  const { data: timeline } = await rest.issues.listEventsForTimeline(issue);
  expect(timeline.map(({ event }) => event)).toEqual([
    'committed',
    'reviewed',
    'review_dismissed',
    'reviewed',
    'commented',
    'merged',
    'closed',
  ]);
  const { data: activity } = await rest.repos.listActivities({ ...here, ref: 'main' });
  expect(activity.map((one) => one.activity_type)).toEqual(['pr_merge', 'branch_creation']);
  expect((await rest.pulls.list({ ...here, state: 'closed' })).data).toHaveLength(1);
  await bot.actions.createWorkflowDispatch({ ...here, workflow_id: 'apply.yml', ref: 'main', inputs: { a: 'b' } });
});

test('issues and labels', async () => {
  await rest.issues.createLabel({ ...here, name: 'drift', color: 'ff0000' });
  const { data: issue } = await rest.issues.create({ ...here, title: 'Drift', body: 'x', labels: ['drift'] });
  const one = { ...here, issue_number: issue.number };
  await rest.issues.addLabels({ ...one, labels: ['more'] });
  await rest.issues.removeLabel({ ...one, name: 'more' });
  await rest.issues.setLabels({ ...one, labels: ['drift'] });
  expect((await rest.issues.listLabelsForRepo(here)).data).toHaveLength(2);
  expect((await rest.issues.listLabelsOnIssue(one)).data.map(({ name }) => name)).toEqual(['drift']);
  expect((await rest.issues.getLabel({ ...here, name: 'drift' })).data.color).toBe('ff0000');
  expect((await rest.issues.listForRepo({ ...here, labels: 'drift', creator: 'ann' })).data).toHaveLength(1);
  await rest.issues.update({ ...one, state: 'closed', state_reason: 'completed' });
  expect((await rest.issues.get(one)).data).toMatchObject({ state: 'closed', closed_by: { login: 'ann' } });
  expect((await rest.issues.listForRepo({ ...here, labels: 'drift' })).data).toHaveLength(0);
});

test('rules, owners and people', async () => {
  const { data: rules } = await rest.repos.getBranchRules({ ...here, branch: 'main' });
  expect(rules.map(({ type }) => type)).toEqual([
    'deletion',
    'non_fast_forward',
    'pull_request',
    'required_status_checks',
  ]);
  const admin = hub.as('acme').octokit.rest;
  const { data: rulesets } = await admin.repos.getRepoRulesets(here);
  const { data: ruleset } = await admin.repos.getRepoRuleset({ ...here, ruleset_id: rulesets[0]?.id ?? 0 });
  expect(ruleset.bypass_actors).toEqual([]);
  const { data: made } = await admin.repos.createRepoRuleset({
    ...here,
    name: 'second',
    enforcement: 'active',
    conditions: { ref_name: { include: ['refs/heads/rel/*'], exclude: [] } },
    rules: [{ type: 'deletion' }],
  });
  await admin.repos.updateRepoRuleset({ ...here, ruleset_id: made.id, enforcement: 'disabled' });
  await admin.repos.deleteRepoRuleset({ ...here, ruleset_id: made.id });
  const { data: errors } = await rest.repos.codeownersErrors(here);
  expect(errors.errors.map(({ line, kind, path }) => [line, kind, path])).toEqual([
    [2, 'Unknown owner', '.github/CODEOWNERS'],
    [3, 'Invalid pattern', '.github/CODEOWNERS'],
  ]);
  expect((await rest.repos.getCollaboratorPermissionLevel({ ...here, username: 'rita' })).data.permission).toBe('read');
  expect((await rest.repos.listCollaborators(here)).data).toHaveLength(5);
  expect((await rest.users.getAuthenticated()).data.login).toBe('ann');
  const { data: olga } = await rest.users.getByUsername({ username: 'olga' });
  expect((await rest.users.getById({ account_id: olga.id })).data.login).toBe('olga');
  expect((await rest.rateLimit.get()).data.rate.limit).toBe(5000);
  await expect(
    rest.teams.getMembershipForUserInOrg({ org: 'acme', team_slug: 'sales', username: 'ann' }),
  ).rejects.toMatchObject({ status: 404 });
});
