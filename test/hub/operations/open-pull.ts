import { type Answer, created, invalid, notFound, Refusal, type RepoCall } from '../call.ts';
import { commitsBetween } from '../git/history.ts';
import { renderFullPull } from '../render/pull.ts';
import { askedOwners } from '../rules/owner-rules.ts';
import {
  actionsBot,
  isAtLeast,
  nextId,
  type PullRequest,
  type Repo,
  roleOf,
  timestamp,
  type User,
  type World,
} from '../world.ts';
import { checkText, checkTitle } from './issues.ts';

/** Opens a pull request from a branch of the repository or of a fork. */
export function openPull(call: RepoCall): Answer {
  const { world, repo, user, body } = call;
  const { title, head, base, draft = false } = body;
  if (user.id === actionsBot.id && !repo.settings.actionsApprove)
    throw new Refusal(403, 'GitHub Actions is not permitted to create or approve pull requests.');
  checkTitle('PullRequest', title);
  checkText('PullRequest', body['body']);
  const source = headOf(call, String(head));
  const baseSha = repo.bare.ref(`refs/heads/${base}`);
  if (baseSha === undefined) throw invalid('PullRequest', 'base', 'invalid');
  if (source?.sha === undefined) throw invalid('PullRequest', 'head', 'invalid');
  if (!isAtLeast(roleOf(source.repo, user), 'write')) throw notFound();
  const twin = repo.issues.find(
    (issue) =>
      issue.state === 'open' &&
      issue.pull?.headRepo === source.repo &&
      issue.pull.headRef === source.ref &&
      issue.pull.baseRef === base,
  );
  if (twin) throw custom(`A pull request already exists for ${source.repo.owner.login}:${source.ref}.`);
  repo.bare.fetch(source.repo.bare, source.sha);
  if (commitsBetween(repo.bare, baseSha, source.sha).length === 0)
    throw custom(
      `No commits between ${repo.owner.login === source.repo.owner.login ? base : `${repo.owner.login}:${base}`} and ${head}`,
    );
  const now = timestamp(world);
  const number = repo.issues.length + 1;
  const issue: PullRequest = {
    ...{
      id: nextId(world),
      number,
      user,
      title: String(title),
      body: body['body'] ?? null,
      state: 'open',
      stateReason: null,
    },
    ...{
      labels: [],
      assignees: [],
      locked: false,
      createdAt: now,
      updatedAt: now,
      closedAt: null,
      closedBy: undefined,
    },
    ...{ comments: [], happenings: [] },
    pull: {
      ...{
        draft: draft === true,
        maintainerCanModify: source.repo !== repo && body['maintainer_can_modify'] === true,
        headRepo: source.repo,
        headRef: source.ref,
        headSha: source.sha,
        baseRef: String(base),
        baseSha,
      },
      ...{
        mergedAt: null,
        mergedBy: undefined,
        mergeCommit: null,
        landed: [],
        requested: [],
        reviews: [],
        lastPusher: user,
        pushes: 0,
      },
    },
  };
  const pusher = source.repo.activity.findLast(
    ({ ref, after }) => ref === `refs/heads/${source.ref}` && after === source.sha,
  );
  issue.pull.lastPusher = pusher?.actor ?? user;
  repo.issues.push(issue);
  repo.bare.setRef(`refs/pull/${number}/head`, source.sha);
  if (!issue.pull.draft) requestOwners(world, repo, issue);
  return created(renderFullPull(world, repo, issue));
}

function custom(message: string): Refusal {
  return new Refusal(422, 'Validation Failed', { errors: [{ resource: 'PullRequest', code: 'custom', message }] });
}

/** `branch`, or `owner:branch` for the fork of somebody else. */
function headOf(
  { world, repo }: RepoCall,
  head: string,
): { repo: Repo; ref: string; sha: string | undefined } | undefined {
  const [, owner, ref = ''] = /^(?:([^:]+):)?(.+)$/.exec(head) ?? [];
  const from =
    owner === undefined || owner === repo.owner.login
      ? repo
      : world.repos.find((one) => one.owner.login === owner && (one.parent === repo || one === repo));
  return from && { repo: from, ref, sha: from.bare.ref(`refs/heads/${ref}`) };
}

/** GitHub asks the code owners, never the author, once a pull request is no draft. */
export function requestOwners(world: World, repo: Repo, issue: PullRequest): void {
  const reviewed = new Set(issue.pull.reviews.map(({ user }) => user));
  for (const user of askedOwners(world, repo, issue).flat())
    if (user !== issue.user && !reviewed.has(user) && !issue.pull.requested.includes(user)) ask(issue, user);
}

/** Puts somebody among those whose review is asked for. */
export function ask(issue: PullRequest, user: User): void {
  issue.pull.requested.push(user);
}
