import { created, invalid, issueOf, type Operations, ok, page, pullOf, Refusal, type RepoCall } from '../call.ts';
import { changesBetween, commitsBetween } from '../git/history.ts';
import { isLate } from '../late.ts';
import { close, dismissStale } from '../moves.ts';
import { keyOf, rangeOf } from '../pull-range.ts';
import { renderChange, renderCommit } from '../render/commits.ts';
import { renderPull } from '../render/issues.ts';
import { renderFullPull } from '../render/pull.ts';
import { isAtLeast, isPull, type PullRequest, record, roleOf, timestamp, userNamed } from '../world.ts';
import { checkText, checkTitle } from './issues.ts';
import { ask, openPull } from './open-pull.ts';

/** Pull requests themselves. */
export const pulls: Operations = {
  'pulls/list': { scope: 'pull_requests:read', role: 'read', run: list },
  'pulls/get': {
    scope: 'pull_requests:read',
    role: 'read',
    run: get,
  },
  'pulls/create': { scope: 'pull_requests:write', role: 'read', run: openPull },
  'pulls/update': { scope: 'pull_requests:write', role: 'read', run: update },
  'pulls/list-files': {
    scope: 'pull_requests:read',
    role: 'read',
    run: (call) => {
      const { from, to } = rangeOf(call.repo, pullOf(call));
      return page(call, changesBetween(call.repo.bare, from, to), (change) =>
        renderChange(call.world, call.repo, { change, from, commit: to }),
      );
    },
  },
  'pulls/list-commits': {
    scope: 'pull_requests:read',
    role: 'read',
    run: (call) => {
      const { from, to } = rangeOf(call.repo, pullOf(call));
      const commits = commitsBetween(call.repo.bare, from ?? to, to);
      return page(call, commits.slice(0, 250), (id) => renderCommit(call.world, call.repo, id));
    },
  },
  'pulls/list-requested-reviewers': {
    scope: 'pull_requests:read',
    role: 'read',
    run: (call) => ok({ users: renderPull(call.world, call.repo, pullOf(call)).requested_reviewers, teams: [] }),
  },
  'pulls/request-reviewers': { scope: 'pull_requests:write', role: 'write', run: requestReviewers },
};

/** GitHub works out whether it can merge only once somebody asks, and says so to those who ask again. */
function get(call: RepoCall) {
  const { world, repo } = call;
  const issue = pullOf(call);
  const key = `${issue.number} ${issue.pull.headSha} ${repo.bare.ref(`refs/heads/${issue.pull.baseRef}`)}`;
  const shown = renderFullPull(world, repo, issue);
  const late = issue.state === 'open' && isLate(world, 'mergeable', key);
  return ok(late ? { ...shown, mergeable: null, rebaseable: null, mergeable_state: 'unknown' } : shown);
}

function list(call: RepoCall) {
  const { state = 'open', head, base, sort = 'created', direction } = call.query;
  const time = (issue: PullRequest) => (sort === 'updated' ? issue.updatedAt : issue.createdAt);
  const order = (direction ?? (call.query['sort'] === undefined ? 'desc' : 'asc')) === 'asc' ? 1 : -1;
  const rows = call.repo.issues
    .filter(isPull)
    .filter((issue) => state === 'all' || issue.state === state)
    .filter(({ pull }) => base === undefined || pull.baseRef === base)
    .filter(({ pull }) => head === undefined || `${pull.headRepo?.owner.login}:${pull.headRef}` === head)
    .toSorted((one, other) => order * (time(one).localeCompare(time(other)) || one.number - other.number));
  return page(call, rows, (issue) => renderPull(call.world, call.repo, issue));
}

function update(call: RepoCall) {
  const { world, repo, user, body } = call;
  const issue = pullOf(call);
  if (user !== issue.user && !isAtLeast(roleOf(repo, user), 'write')) throw new Refusal(403, 'Must have write access.');
  checkTitle('PullRequest', body['title']);
  checkText('PullRequest', body['body']);
  if (body['title'] !== undefined) issue.title = String(body['title']);
  if (body['body'] !== undefined) issue.body = body['body'];
  if (body['base'] !== undefined && body['base'] !== issue.pull.baseRef) retarget(call, issue, String(body['base']));
  if (body['state'] === 'closed' && issue.state === 'open') close(world, issue, user);
  else if (body['state'] === 'open' && issue.state === 'closed') reopen(call, issue);
  issue.updatedAt = timestamp(world);
  return ok(renderFullPull(world, repo, issueOf(call) as PullRequest));
}

function reopen({ world, repo, user }: RepoCall, issue: PullRequest): void {
  const { pull } = issue;
  const head = pull.headRepo?.bare.ref(`refs/heads/${pull.headRef}`);
  if (pull.mergedAt !== null)
    throw invalid('PullRequest', 'state', 'invalid', 'state cannot be changed. The pull request cannot be reopened.');
  if (head === undefined || pull.headRepo === undefined)
    throw invalid(
      'PullRequest',
      'state',
      'invalid',
      `state cannot be changed. The ${pull.headRef} branch has been deleted.`,
    );
  issue.state = 'open';
  issue.closedAt = null;
  issue.closedBy = undefined;
  repo.bare.fetch(pull.headRepo.bare, head);
  pull.headSha = head;
  repo.bare.setRef(`refs/pull/${issue.number}/head`, head);
  record(world, issue, { event: 'reopened', actor: user });
  dismissStale(world, repo, { issue, by: user, commit: head });
}

function retarget({ world, repo, user }: RepoCall, issue: PullRequest, base: string): void {
  const sha = repo.bare.ref(`refs/heads/${base}`);
  if (sha === undefined) throw invalid('PullRequest', 'base', 'invalid');
  if (issue.state === 'closed')
    throw invalid('PullRequest', 'base', 'invalid', 'Cannot change the base branch of a closed pull request.');
  if (commitsBetween(repo.bare, sha, issue.pull.headSha).length === 0) {
    const message = `There are no new commits between base branch '${base}' and head branch '${issue.pull.headRef}'`;
    throw invalid('PullRequest', 'base', 'invalid', message);
  }
  const before = keyOf(repo, issue);
  issue.pull.baseRef = base;
  issue.pull.baseSha = sha;
  record(world, issue, { event: 'base_ref_changed', actor: user });
  if (keyOf(repo, issue) !== before) dismissStale(world, repo, { issue, by: user, commit: undefined });
}

function requestReviewers(call: RepoCall) {
  const { world, repo, body } = call;
  const issue = pullOf(call);
  for (const login of (body['reviewers'] ?? []) as readonly string[]) {
    const user = userNamed(world, login);
    if (user === issue.user) throw new Refusal(422, 'Review cannot be requested from pull request author.');
    if (user === undefined || roleOf(repo, user) === 'none')
      throw new Refusal(
        422,
        'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.',
      );
    if (!issue.pull.requested.includes(user)) ask(issue, user);
  }
  return created(renderPull(world, repo, issue));
}
