import type { Approver } from '../core/approvals.ts';
import type { Review } from '../core/forge.ts';

/** The newest verdict of one person on a pull request. */
export interface Verdict extends Approver {
  readonly verdict: 'approved' | 'changes requested' | 'dismissed';
  /** The commit that it is about. */
  readonly commit: string | undefined;
}

/**
 * What each person last said, of all reviews from the oldest to the newest. A comment says nothing; a verdict that
 * was dismissed is none, and brings back no older one. Apps say nothing, nor do accounts that are gone.
 */
export function newestVerdicts(reviews: readonly Review[]): readonly Verdict[] {
  const newest = new Map<number, Verdict>();
  for (const { reviewer, verdict, commit } of reviews)
    if (verdict !== 'comment' && reviewer?.isHuman === true)
      newest.set(reviewer.id, { login: reviewer.login, id: reviewer.id, verdict, commit });
  return [...newest.values()];
}
