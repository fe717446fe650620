import type { WorkflowRun } from '../reports.ts';
import type { Repo, World } from '../world.ts';
import { apiUrl, nodeId, renderMinimalRepo, renderUser, webUrl } from './shapes.ts';

/** A run of a workflow. */
export function renderRun(world: World, repo: Repo, run: WorkflowRun) {
  const url = apiUrl(world, repo, `/actions/runs/${run.id}`);
  const { tree, message, author, committer } = repo.bare.commit(run.sha);
  const repository = renderMinimalRepo(world, repo);
  const actor = renderUser(world, run.actor);
  return {
    id: run.id,
    name: run.workflow,
    node_id: nodeId('WorkflowRun', run.id),
    head_branch: run.ref,
    head_sha: run.sha,
    path: `.github/workflows/${run.workflow}`,
    run_number: run.id,
    run_attempt: 1,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: 1,
    url,
    html_url: webUrl(repo, `/actions/runs/${run.id}`),
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.createdAt,
    run_started_at: run.createdAt,
    actor,
    triggering_actor: actor,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: apiUrl(world, repo, `/check-suites/${run.id}`),
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    workflow_url: apiUrl(world, repo, '/actions/workflows/1'),
    head_commit: {
      ...{ id: run.sha, tree_id: tree, message, timestamp: author.date },
      author: { name: author.name, email: author.email },
      committer: { name: committer.name, email: committer.email },
    },
    repository,
    head_repository: repository,
    display_title: message.split('\n')[0] ?? '',
  };
}
