import type { Octokit } from '@octokit/rest';
import type { BranchActivity, BranchRule } from '../approve/guardrails.ts';
import { forgeFailure, statusOf } from './failure.ts';
import type { Place } from './trees.ts';

/** A run of a workflow that ended well. */
export interface GoodRun {
  readonly commit: string;
  /** When it began, ISO. */
  readonly at: string;
}

interface Runs extends Place {
  /** The file of the workflow. */
  readonly workflow: string;
  readonly branch: string;
  /** The commits of the branch. */
  readonly commits: readonly string[];
}

/** The newest run of a workflow on a branch that ended well; undefined where there is none. */
export async function lastGoodRun(client: Octokit, asking: Runs): Promise<GoodRun | undefined> {
  const [run] = await runsOf(client, asking, 'success');
  return run === undefined ? undefined : { commit: run.head_sha, at: run.run_started_at ?? run.created_at };
}

/** When the runs of a workflow on a branch were started that have not ended well, newest first, ISO; of the newest hundred. */
export async function unendedRuns(client: Octokit, asking: Runs): Promise<readonly string[]> {
  const runs = await runsOf(client, asking);
  return runs.filter(({ conclusion }) => conclusion !== 'success').map((run) => run.created_at);
}

/**
 * The newest runs of a workflow on a branch. A branch of a fork, or a tag, may have the same name: a run counts only for a
 * commit of the branch, started by a push or by hand, from this repository.
 */
async function runsOf(client: Octokit, { workflow, branch, commits, ...place }: Runs, status?: 'success') {
  try {
    const asked = { ...place, workflow_id: workflow, branch, per_page: 100, ...(status && { status }) };
    const { data } = await client.rest.actions.listWorkflowRuns(asked);
    return data.workflow_runs.filter(
      ({ event, head_sha: sha, head_repository: from, repository: home }) =>
        (event === 'push' || event === 'workflow_dispatch') && from?.id === home.id && commits.includes(sha),
    );
  } catch (thrown) {
    if (statusOf(thrown) === 404) return [];
    throw forgeFailure(thrown, 'the runs of the workflow');
  }
}

/** The rules that are in force on a branch (https://docs.github.com/en/rest/repos/rules). */
export async function rulesOf(
  client: Octokit,
  { branch, ...place }: Place & { readonly branch: string },
): Promise<readonly BranchRule[]> {
  try {
    const rules = await client.paginate(client.rest.repos.getBranchRules, { ...place, branch, per_page: 100 });
    return rules.map((rule) => ({
      type: rule.type,
      ...('parameters' in rule && rule.parameters !== undefined
        ? { parameters: rule.parameters as Readonly<Record<string, unknown>> }
        : {}),
    }));
  } catch (thrown) {
    throw forgeFailure(thrown, 'the rules of the branch');
  }
}

/**
 * How a branch moved since a time, newest first (https://docs.github.com/en/rest/repos/repos#list-repository-activities).
 * Without a time all that GitHub remembers counts.
 */
export async function activityOf(
  client: Octokit,
  { branch, since, ...place }: Place & { readonly branch: string; readonly since: string | undefined },
): Promise<readonly BranchActivity[]> {
  try {
    const asked = { ...place, ref: `refs/heads/${branch}`, per_page: 100 };
    const found: BranchActivity[] = [];
    for await (const { data } of client.paginate.iterator(client.rest.repos.listActivities, asked)) {
      for (const { activity_type: type, after, actor, timestamp: at } of data) {
        if (since !== undefined && Date.parse(at) < Date.parse(since)) return found;
        found.push({ type, after, actor: actor?.login ?? 'ghost', at });
      }
    }
    return found;
  } catch (thrown) {
    throw forgeFailure(thrown, 'the activity of the branch');
  }
}
