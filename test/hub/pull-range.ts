import { diffKey, mergeBase } from './git/history.ts';
import type { PullRequest, Repo } from './world.ts';

/** From where to where a pull request goes; once merged, from where it left the base branch then. */
export function rangeOf(repo: Repo, { pull }: PullRequest): { from: string | undefined; to: string } {
  const base = pull.mergedAt === null ? repo.bare.ref(`refs/heads/${pull.baseRef}`) : pull.baseSha;
  return { from: mergeBase(repo.bare, base ?? pull.baseSha, pull.headSha), to: pull.headSha };
}

/** What a pull request changes, now. */
export function keyOf(repo: Repo, { pull }: PullRequest): string {
  const base = repo.bare.ref(`refs/heads/${pull.baseRef}`);
  return base === undefined ? pull.headSha : diffKey(repo.bare, base, pull.headSha);
}
