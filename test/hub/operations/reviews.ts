import { type Answer, notFound, type Operations, ok, page, pullOf, Refusal, type RepoCall } from '../call.ts';
import { isAncestor } from '../git/history.ts';
import { dismiss } from '../moves.ts';
import { keyOf, rangeOf } from '../pull-range.ts';
import { renderReview } from '../render/issues.ts';
import {
  actionsBot,
  isAtLeast,
  nextId,
  type PullRequest,
  type Review,
  roleOf,
  timestamp,
  type Verdict,
} from '../world.ts';
import { checkText } from './issues.ts';

/** Reviews: anybody who may read may give one; which of them count is the rules' business. */
export const reviews: Operations = {
  'pulls/list-reviews': {
    scope: 'pull_requests:read',
    role: 'read',
    run: (call) => {
      const issue = pullOf(call);
      // What somebody has begun and not handed in, nobody else sees.
      const seen = issue.pull.reviews.filter(({ state, user }) => state !== 'PENDING' || user === call.user);
      return page(call, seen, (review) => renderReview(call.world, call.repo, { issue, review }));
    },
  },
  'pulls/get-review': {
    scope: 'pull_requests:read',
    role: 'read',
    run: (call) => shown(call, reviewOf(call)),
  },
  'pulls/create-review': { scope: 'pull_requests:write', role: 'read', run: create },
  'pulls/dismiss-review': { scope: 'pull_requests:write', role: 'write', run: dismissReview },
};

const verdicts: Readonly<Record<string, Verdict>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
};

function create(call: RepoCall): Answer {
  const { world, repo, user, body } = call;
  const issue = pullOf(call);
  const { pull } = issue;
  const text = String(body['body'] ?? '');
  checkText('PullRequestReview', text);
  const state = verdicts[String(body['event'])] ?? 'PENDING';
  if (state === 'APPROVED' && user.id === actionsBot.id && !repo.settings.actionsApprove)
    throw unprocessable('GitHub Actions is not permitted to approve pull requests.');
  if (issue.user === user && state === 'APPROVED') throw unprocessable('Can not approve your own pull request');
  if (issue.user === user && state === 'CHANGES_REQUESTED')
    throw unprocessable('Can not request changes on your own pull request');
  if (text === '' && (state === 'CHANGES_REQUESTED' || state === 'COMMENTED'))
    throw unprocessable('Body can not be blank');
  const review: Review = {
    id: nextId(world),
    user,
    state,
    body: text,
    commitId: reviewedCommit(call, issue),
    submittedAt: timestamp(world),
    diff: keyOf(repo, issue),
    pushes: pull.pushes,
  };
  pull.reviews.push(review);
  pull.requested = pull.requested.filter((one) => one !== user);
  issue.updatedAt = timestamp(world);
  return shown(call, review);
}

/** The commit that a review is of: one of the pull request's own, by default its head. */
function reviewedCommit({ repo, body }: RepoCall, issue: PullRequest): string {
  const { pull } = issue;
  const named = body['commit_id'] as string | undefined;
  if (named === undefined || named === pull.headSha) return pull.headSha;
  const { from } = rangeOf(repo, issue);
  const inside = repo.bare.resolve(named) === named && isAncestor(repo.bare, named, pull.headSha);
  if (!inside || (from !== undefined && isAncestor(repo.bare, named, from)))
    throw unprocessable('The commit_id is not part of the pull request');
  return named;
}

function unprocessable(text: string): Refusal {
  return new Refusal(422, 'Unprocessable Entity', { errors: [text] });
}

function dismissReview(call: RepoCall): Answer {
  const { world, repo, user, body } = call;
  const review = reviewOf(call);
  if (!isAtLeast(roleOf(repo, user), 'write')) throw notFound();
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')
    throw unprocessable('Can not dismiss a commented pull request review');
  dismiss(world, pullOf(call), { review, by: user, message: String(body['message']), commit: undefined });
  return shown(call, review);
}

function reviewOf(call: RepoCall): Review {
  const review = pullOf(call).pull.reviews.find(({ id }) => id === Number(call.path['review_id']));
  if (!review) throw notFound();
  return review;
}

function shown(call: RepoCall, review: Review): Answer {
  return ok(renderReview(call.world, call.repo, { issue: pullOf(call), review }));
}
