import type { Approver } from '../core/approvals.ts';
import type { Push, Renewal, Review } from '../core/forge.ts';

/** The newest verdict of one person on a pull request. */
export interface Verdict extends Approver {
  readonly verdict: 'approved' | 'changes requested' | 'dismissed' | 'lapsed';
  /** The commit that it is about. */
  readonly commit: string | undefined;
  /** When, ISO, where that is known. */
  readonly at?: string;
}

/**
 * What each person last said, of all reviews from the oldest to the newest. A comment says nothing; a verdict that
 * was dismissed is none, and brings back no older one. An approval lapses when the pull request is opened again, for
 * closing it was a denial, or is turned to another branch, for which nobody has approved it. Apps say nothing, nor do
 * accounts that are gone.
 */
export function newestVerdicts(reviews: readonly Review[], renewal: Renewal | undefined): readonly Verdict[] {
  const newest = new Map<number, Verdict>();
  for (const { reviewer, verdict: said, commit, at } of reviews) {
    if (said === 'comment' || reviewer?.isHuman !== true) continue;
    const verdict = said === 'approved' && !isSince(at, renewal) ? 'lapsed' : said;
    newest.set(reviewer.id, {
      login: reviewer.login,
      id: reviewer.id,
      verdict,
      commit,
      ...(at !== undefined && { at }),
    });
  }
  return [...newest.values()];
}

/** Whether something was done after a pull request became what it is; what is of the same second was not. */
function isSince(at: string | undefined, renewal: Renewal | undefined): boolean {
  return renewal === undefined || (at !== undefined && Date.parse(at) > Date.parse(renewal.at));
}

/**
 * Whether the author's word is given for what a push brought: commits name whom they like, and others may push to the
 * branch, so who asks has asked for what they pushed, and for the pull request as it is now.
 */
export function isWordOf(author: Approver, push: Push | undefined, renewal: Renewal | undefined): boolean {
  return push?.by === author.id && (isSince(push.at, renewal) || renewal?.by === push.by);
}
