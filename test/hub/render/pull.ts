import { changesBetween, commitsBetween, isAncestor } from '../git/history.ts';
import { rangeOf } from '../pull-range.ts';
import { isMergeable, mergeFaults } from '../rules/merge-rules.ts';
import type { PullRequest, Repo, World } from '../world.ts';
import { renderPull } from './issues.ts';
import { renderUser } from './shapes.ts';

/** A pull request as it answers for itself. */
export function renderFullPull(world: World, repo: Repo, issue: PullRequest) {
  const { pull } = issue;
  const { from, to } = rangeOf(repo, issue);
  const changes = changesBetween(repo.bare, from, to);
  const isMerged = pull.mergedAt !== null;
  const mergeable = issue.state === 'closed' ? null : (isMergeable(repo, issue) ?? null);
  return {
    ...renderPull(world, repo, issue),
    merged: isMerged,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeableState(world, repo, { issue, mergeable }),
    merged_by: pull.mergedBy ? renderUser(world, pull.mergedBy) : null,
    comments: issue.comments.length,
    review_comments: 0,
    maintainer_can_modify: issue.pull.maintainerCanModify,
    commits: commitsBetween(repo.bare, from ?? to, to).length,
    additions: changes.reduce((sum, { additions }) => sum + additions, 0),
    deletions: changes.reduce((sum, { deletions }) => sum + deletions, 0),
    changed_files: changes.length,
  };
}

function mergeableState(
  world: World,
  repo: Repo,
  { issue, mergeable }: { issue: PullRequest; mergeable: boolean | null },
): string {
  if (mergeable === null) return 'unknown';
  if (!mergeable) return 'dirty';
  if (issue.pull.draft) return 'draft';
  const faults = mergeFaults(world, repo, { issue, user: issue.user });
  if (faults.length > 0) return 'blocked';
  const base = repo.bare.ref(`refs/heads/${issue.pull.baseRef}`);
  const failing = repo.checks.some(
    ({ sha, conclusion, status }) => sha === issue.pull.headSha && (conclusion ?? status) === 'failure',
  );
  if (failing) return 'unstable';
  return base !== undefined && isAncestor(repo.bare, base, issue.pull.headSha) ? 'clean' : 'clean';
}
