import { countedPage, created, notFound, type Operations, ok, page, Refusal, type RepoCall } from '../call.ts';
import { renderCheckRun, renderStatus } from '../render/checks.ts';
import { apiUrl, renderMinimalRepo } from '../render/shapes.ts';
import type { Check } from '../reports.ts';
import { appOf, nextId, timestamp } from '../world.ts';

/** Check runs and commit statuses. */
export const checks: Operations = {
  'checks/create': { scope: 'checks:write', role: 'write', run: create },
  'checks/update': { scope: 'checks:write', role: 'write', run: update },
  'checks/get': {
    scope: 'checks:read',
    role: 'read',
    run: (call) => ok(renderCheckRun(call.world, call.repo, runOf(call))),
  },
  'checks/list-for-ref': { scope: 'checks:read', role: 'read', run: list },
  'repos/create-commit-status': { scope: 'statuses:write', role: 'write', run: createStatus },
  'repos/list-commit-statuses-for-ref': {
    scope: 'statuses:read',
    role: 'read',
    run: (call) => page(call, on(call, 'status').toReversed(), (check) => renderStatus(call.world, call.repo, check)),
  },
  'repos/get-combined-status-for-ref': { scope: 'statuses:read', role: 'read', run: combined },
};

interface Output {
  readonly title?: string;
  readonly summary?: string;
  readonly annotations?: readonly unknown[];
}

/** Only apps make check runs; a person's token is refused. */
function create(call: RepoCall) {
  const { world, repo, user, body } = call;
  if (user.type !== 'Bot') throw new Refusal(403, 'You must authenticate via a GitHub App.');
  const check: Check = {
    kind: 'run',
    ...{ id: nextId(world), name: String(body['name']), sha: shaOf(call, String(body['head_sha'])), by: user },
    ...{ createdAt: timestamp(world), updatedAt: timestamp(world), status: 'queued', conclusion: null },
    ...{ title: null, summary: null, url: null, annotations: 0 },
  };
  write(call, check);
  repo.checks.push(check);
  return created(renderCheckRun(world, repo, check));
}

function update(call: RepoCall) {
  const check = runOf(call);
  if (call.user !== check.by)
    throw new Refusal(403, 'Invalid app_id `...` - check run can only be modified by the GitHub App that created it.');
  write(call, check);
  return ok(renderCheckRun(call.world, call.repo, check));
}

function write({ world, body }: RepoCall, check: Check): void {
  const output = body['output'] as Output | undefined;
  check.conclusion = body['conclusion'] ?? check.conclusion;
  check.status = check.conclusion === null ? (body['status'] ?? check.status) : 'completed';
  check.title = output?.title ?? check.title;
  check.summary = output?.summary ?? check.summary;
  check.url = body['details_url'] ?? check.url;
  check.annotations += output?.annotations?.length ?? 0;
  check.updatedAt = timestamp(world);
}

function runOf({ repo, path }: RepoCall): Check {
  const found = repo.checks.find(({ kind, id }) => kind === 'run' && id === Number(path['check_run_id']));
  if (!found) throw notFound();
  return found;
}

function shaOf({ repo }: RepoCall, name: string): string {
  const sha = repo.bare.ref(`refs/heads/${name}`) ?? repo.bare.resolve(name);
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${name}`);
  return sha;
}

function on(call: RepoCall, kind: Check['kind']): readonly Check[] {
  const sha = shaOf(call, String(call.path['ref']));
  return call.repo.checks.filter((check) => check.kind === kind && check.sha === sha);
}

/** The newest of each name and app, unless all are asked for. */
function list(call: RepoCall) {
  const { check_name: name, status, filter = 'latest', app_id: app } = call.query;
  const runs = on(call, 'run')
    .filter((run) => name === undefined || run.name === name)
    .filter((run) => status === undefined || run.status === status)
    .filter((run) => app === undefined || appOf(run.by) === Number(app));
  const rows = filter === 'all' ? runs : newest(runs);
  return countedPage(call, { name: 'check_runs', rows, render: (run) => renderCheckRun(call.world, call.repo, run) });
}

function newest(checks: readonly Check[]): readonly Check[] {
  return [...new Map(checks.map((check) => [`${check.by.id} ${check.name}`, check])).values()];
}

function createStatus(call: RepoCall) {
  const { world, repo, user, body } = call;
  const check: Check = {
    kind: 'status',
    ...{
      id: nextId(world),
      name: String(body['context'] ?? 'default'),
      sha: shaOf(call, String(call.path['sha'])),
      by: user,
    },
    ...{ createdAt: timestamp(world), updatedAt: timestamp(world), status: String(body['state']), conclusion: null },
    ...{ title: null, summary: body['description'] ?? null, url: body['target_url'] ?? null, annotations: 0 },
  };
  repo.checks.push(check);
  return created(renderStatus(world, repo, check));
}

function combined(call: RepoCall) {
  const { world, repo } = call;
  const sha = shaOf(call, String(call.path['ref']));
  const statuses = [...new Map(on(call, 'status').map((check) => [check.name, check])).values()];
  const states = new Set(statuses.map(({ status }) => status));
  const state =
    states.has('error') || states.has('failure')
      ? 'failure'
      : states.size === 0 || states.has('pending')
        ? 'pending'
        : 'success';
  return ok({
    state,
    statuses: statuses.map((check) => {
      const { creator: _, ...simple } = renderStatus(world, repo, check);
      return simple;
    }),
    sha,
    total_count: statuses.length,
    repository: renderMinimalRepo(world, repo),
    commit_url: apiUrl(world, repo, `/commits/${sha}`),
    url: apiUrl(world, repo, `/commits/${sha}/status`),
  });
}
