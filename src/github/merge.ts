import type { Octokit } from '@octokit/rest';
import { forgeFailure, statusOf } from './failure.ts';
import type { Place } from './trees.ts';

/** Merges a pull request as it was looked at; answers why not where GitHub says no: another head, a rule, a conflict. */
export async function merge(
  client: Octokit,
  { number, head, ...place }: Place & { readonly number: number; readonly head: string },
): Promise<string | undefined> {
  try {
    await client.rest.pulls.merge({ ...place, pull_number: number, sha: head, merge_method: 'squash' });
    return undefined;
  } catch (thrown) {
    const status = statusOf(thrown);
    if (status === 405 || status === 409 || status === 422)
      return `GitHub does not merge it: ${thrown instanceof Error ? thrown.message.split(' - ')[0] : String(thrown)}`;
    throw forgeFailure(thrown, `the merge of pull request ${number}`);
  }
}

/** Starts a workflow on a branch: what a workflow's token merges or pushes starts none by itself. */
export async function dispatch(
  client: Octokit,
  start: Place & { readonly workflow: string; readonly branch: string; readonly reason: string },
): Promise<void> {
  const { workflow, branch, reason, ...place } = start;
  try {
    await client.rest.actions.createWorkflowDispatch({
      ...place,
      workflow_id: workflow,
      ref: branch,
      inputs: { reason },
    });
  } catch (thrown) {
    throw forgeFailure(thrown, `the start of ${workflow}`);
  }
}
