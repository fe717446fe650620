import type { Octokit } from '@octokit/rest';
import type { Renewal } from '../core/forge.ts';
import type { Place } from './trees.ts';

/**
 * By what a pull request becomes another question; the last is what GitHub does when it deletes the branch that one went to.
 * The timeline does not promise to have those of the base (https://docs.github.com/en/rest/using-the-rest-api/issue-event-types).
 */
const renewals: ReadonlySet<string> = new Set(['reopened', 'base_ref_changed', 'automatic_base_change_succeeded']);

/** When a pull request last became another question, and by whom; undefined where it never did. */
export async function renewalIn(
  client: Octokit,
  { pull, ...place }: Place & { readonly pull: number },
): Promise<Renewal | undefined> {
  const found = await client.paginate(client.rest.issues.listEvents, { ...place, issue_number: pull, per_page: 100 });
  const newest = found.findLast(({ event }) => renewals.has(event));
  return newest && { at: newest.created_at, by: newest.actor?.id };
}
