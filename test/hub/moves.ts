import { Refusal } from './call.ts';
import { isRefName } from './git/bare.ts';
import { commitsBetween, isAncestor } from './git/history.ts';
import { keyOf } from './pull-range.ts';
import { parametersOf, pushFaults, rulesOn, violations } from './rules/branch-rules.ts';
import {
  type Issue,
  isPull,
  nextId,
  type PullRequest,
  type Repo,
  record,
  timestamp,
  type User,
  type World,
} from './world.ts';

/** A ref on its way to another commit, or away where there is none. */
export interface Move {
  readonly ref: string;
  readonly to: string | undefined;
  readonly by: User;
  readonly force?: boolean;
  /** The pull request that is being merged: its rules were looked at already. */
  readonly merging?: PullRequest;
  /** Whether the merge queue does it. */
  readonly queued?: boolean;
  /** What a refused push answers with; 422 for refs, 409 for contents. */
  readonly refusal?: number;
}

const none = '0'.repeat(40);

/** Moves a ref as a push does: the rules first, then git, then all that follows from it. */
export function moveRef(world: World, repo: Repo, move: Move): void {
  const { ref, to, by, merging } = move;
  if (!isRefName(ref)) throw new Refusal(422, `${ref} is not a valid ref name.`);
  const before = repo.bare.ref(ref);
  if (before === to) return;
  const forced = before !== undefined && to !== undefined && !isAncestor(repo.bare, before, to);
  if (forced && move.force !== true) throw new Refusal(422, 'Update is not a fast forward');
  const faults = merging ? [] : pushFaults(repo, by, { ref, before, after: to, forced });
  if (faults.length > 0) throw new Refusal(move.refusal ?? 422, violations(faults));
  repo.bare.setRef(ref, to);
  repo.activity.push({
    id: nextId(world),
    before: before ?? none,
    after: to ?? none,
    ref,
    timestamp: timestamp(world),
    actor: by,
    type: activityType(move, { before, forced }),
  });
  if (!ref.startsWith('refs/heads/')) return;
  const branch = ref.slice('refs/heads/'.length);
  for (const base of world.repos)
    for (const issue of base.issues) {
      if (!isPull(issue) || issue.state !== 'open' || issue === merging) continue;
      if (issue.pull.headRepo === repo && issue.pull.headRef === branch)
        headMoved(world, base, { issue, to, by, forced });
      if (base === repo && issue.pull.baseRef === branch) baseMoved(world, repo, { issue, to, by });
    }
}

function activityType(
  { to, merging, queued }: Move,
  { before, forced }: { before: string | undefined; forced: boolean },
) {
  if (merging) return queued === true ? 'merge_queue_merge' : 'pr_merge';
  if (before === undefined) return 'branch_creation';
  if (to === undefined) return 'branch_deletion';
  return forced ? 'force_push' : 'push';
}

/** A pull request follows its branch, and is closed with it. */
function headMoved(
  world: World,
  repo: Repo,
  { issue, to, by, forced }: { issue: PullRequest; to: string | undefined; by: User; forced: boolean },
): void {
  if (to === undefined) {
    close(world, issue, by);
    return;
  }
  const { pull } = issue;
  const before = keyOf(repo, issue);
  if (pull.headRepo) repo.bare.fetch(pull.headRepo.bare, to);
  pull.headSha = to;
  repo.bare.setRef(`refs/pull/${issue.number}/head`, to);
  pull.baseSha = repo.bare.ref(`refs/heads/${pull.baseRef}`) ?? pull.baseSha;
  if (keyOf(repo, issue) !== before) {
    pull.pushes += 1;
    pull.lastPusher = by;
  }
  if (forced) record(world, issue, { event: 'head_ref_force_pushed', actor: by, commitId: to });
  issue.updatedAt = timestamp(world);
  dismissStale(world, repo, { issue, by, commit: to });
}

/** What reached the base branch by another way is merged, too; what changed its meaning loses its approvals. */
function baseMoved(
  world: World,
  repo: Repo,
  { issue, to, by }: { issue: PullRequest; to: string | undefined; by: User },
): void {
  if (to === undefined) {
    close(world, issue, by);
    return;
  }
  const { pull } = issue;
  if (isAncestor(repo.bare, pull.headSha, to)) {
    merged(world, issue, { by, commit: pull.headSha, landed: commitsBetween(repo.bare, pull.baseSha, pull.headSha) });
    return;
  }
  dismissStale(world, repo, { issue, by, commit: undefined });
}

/** Where the rules say so, approvals go whose pull request has come to change something else. */
export function dismissStale(
  world: World,
  repo: Repo,
  { issue, by, commit }: { issue: PullRequest; by: User; commit: string | undefined },
): void {
  const rules = parametersOf(rulesOn(repo, `refs/heads/${issue.pull.baseRef}`), 'pull_request');
  if (!rules.some((parameters) => parameters['dismiss_stale_reviews_on_push'] === true)) return;
  const approved = issue.pull.reviews.filter(({ state }) => state === 'APPROVED');
  if (approved.length === 0) return;
  const key = keyOf(repo, issue);
  for (const review of approved) {
    if (review.diff === key) continue;
    dismiss(world, issue, { review, by, message: null, commit });
  }
}

/** Takes a review's verdict away, and says so in the timeline. */
export function dismiss(
  world: World,
  issue: PullRequest,
  {
    review,
    by,
    message,
    commit,
  }: { review: PullRequest['pull']['reviews'][number]; by: User; message: string | null; commit: string | undefined },
): void {
  const dismissed_review = {
    state: review.state.toLowerCase(),
    review_id: review.id,
    dismissal_message: message,
    ...(commit === undefined ? {} : { dismissal_commit_id: commit }),
  };
  review.state = 'DISMISSED';
  record(world, issue, { event: 'review_dismissed', actor: by, more: { dismissed_review } });
}

export function close(world: World, issue: Issue, by: User): void {
  issue.state = 'closed';
  issue.closedAt = timestamp(world);
  issue.closedBy = by;
  record(world, issue, { event: 'closed', actor: by });
}

/** Marks a pull request as merged. */
export function merged(
  world: World,
  issue: PullRequest,
  { by, commit, landed }: { by: User; commit: string; landed: readonly string[] },
): void {
  const { pull } = issue;
  pull.mergedAt = timestamp(world);
  pull.mergedBy = by;
  pull.mergeCommit = commit;
  pull.landed = landed;
  pull.requested = [];
  record(world, issue, { event: 'merged', actor: by, commitId: commit });
  close(world, issue, by);
}
