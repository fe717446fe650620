import { countedPage, noContent, notFound, type Operations, Refusal, type RepoCall } from '../call.ts';
import { renderRun } from '../render/run.ts';
import { nextId, timestamp } from '../world.ts';

/** Workflows: started by hand or by a program; whoever rehearses them says how they ended. */
export const actions: Operations = {
  'actions/create-workflow-dispatch': { scope: 'actions:write', role: 'write', run: dispatch },
  'actions/list-workflow-runs': { scope: 'actions:read', role: 'read', run: list },
};

function dispatch(call: RepoCall) {
  const { world, repo, user, body } = call;
  const ref = String(body['ref']);
  const sha = repo.bare.ref(`refs/heads/${ref.replace(/^refs\/heads\//, '')}`);
  if (sha === undefined) throw new Refusal(422, `No ref found for: ${ref}`);
  const workflow = workflowOf(call, sha);
  const text = String(repo.bare.file(sha, `.github/workflows/${workflow}`));
  if (!/\bworkflow_dispatch\b/.test(text)) throw new Refusal(422, "Workflow does not have 'workflow_dispatch' trigger");
  repo.runs.push({
    ...{ id: nextId(world), workflow, ref, sha, event: 'workflow_dispatch', inputs: body['inputs'] ?? {}, actor: user },
    ...{ createdAt: timestamp(world), status: 'queued', conclusion: null },
  });
  return noContent;
}

/** A workflow goes by the name of its file; GitHub knows it only once it is on the default branch. */
function workflowOf({ repo, path }: RepoCall, sha: string): string {
  const name = String(path['workflow_id']);
  const main = repo.bare.ref(`refs/heads/${repo.defaultBranch}`);
  const file = `.github/workflows/${name}`;
  if (main === undefined || repo.bare.file(main, file) === undefined || repo.bare.file(sha, file) === undefined)
    throw notFound();
  return name;
}

function list(call: RepoCall) {
  const { repo, query } = call;
  const main = repo.bare.ref(`refs/heads/${repo.defaultBranch}`);
  const workflow = main === undefined ? undefined : workflowOf(call, main);
  const rows = repo.runs
    .filter((run) => run.workflow === workflow)
    .filter((run) => query['branch'] === undefined || run.ref === query['branch'])
    .filter((run) => query['event'] === undefined || run.event === query['event'])
    .filter((run) => query['head_sha'] === undefined || run.sha === query['head_sha'])
    .filter(
      (run) => query['status'] === undefined || run.status === query['status'] || run.conclusion === query['status'],
    )
    .toReversed();
  return countedPage(call, { name: 'workflow_runs', rows, render: (run) => renderRun(call.world, repo, run) });
}
