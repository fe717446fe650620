import { notFound, type Operations, ok, page, Refusal, type RepoCall } from '../call.ts';
import { changesBetween, commitsBetween, isAncestor, lines, mergeBase } from '../git/history.ts';
import { isLate } from '../late.ts';
import { renderChange, renderCommit, renderFullCommit } from '../render/commits.ts';
import { renderPull } from '../render/issues.ts';
import { apiUrl, nodeId, renderFullRepo, renderUser, webUrl } from '../render/shapes.ts';
import { rulesOn } from '../rules/branch-rules.ts';
import { isAtLeast, isPull, type PullRequest, type Repo, type Role, roleOf } from '../world.ts';

/** The repository, its branches, its commits, and what happened to its refs. */
export const repos: Operations = {
  'repos/get': { scope: 'metadata:read', role: 'read', run: getRepo },
  'repos/list-branches': {
    scope: 'contents:read',
    role: 'read',
    run: (call) =>
      page(call, call.repo.bare.refs('refs/heads/'), ({ name, id }) => ({
        name: name.slice('refs/heads/'.length),
        commit: { sha: id, url: apiUrl(call.world, call.repo, `/commits/${id}`) },
        protected: rulesOn(call.repo, name).length > 0,
      })),
  },
  'repos/get-branch': { scope: 'contents:read', role: 'read', run: getBranch },
  'repos/list-commits': { scope: 'contents:read', role: 'read', run: listCommits },
  'repos/get-commit': {
    scope: 'contents:read',
    role: 'read',
    run: (call) => ok(renderFullCommit(call.world, call.repo, commitOf(call, String(call.path['ref'])))),
  },
  'repos/compare-commits': { scope: 'contents:read', role: 'read', run: compare },
  'repos/list-pull-requests-associated-with-commit': { scope: 'pull_requests:read', role: 'read', run: associated },
  'repos/list-activities': { scope: 'contents:read', role: 'read', run: activities },
};

/** With what the caller may do there. */
function getRepo({ world, repo, user }: RepoCall) {
  const has = (least: Role) => isAtLeast(roleOf(repo, user), least);
  const permissions = { admin: has('admin'), maintain: has('maintain'), push: has('write'), triage: has('triage') };
  return ok({ ...renderFullRepo(world, repo), permissions: { ...permissions, pull: true } });
}

function getBranch(call: RepoCall) {
  const { world, repo } = call;
  const name = String(call.path['branch']);
  const id = repo.bare.ref(`refs/heads/${name}`);
  if (id === undefined) throw new Refusal(404, 'Branch not found');
  const url = apiUrl(world, repo, `/branches/${encodeURIComponent(name)}`);
  const isProtected = rulesOn(repo, `refs/heads/${name}`).length > 0;
  return ok({
    name,
    commit: renderCommit(world, repo, id),
    _links: { self: url, html: webUrl(repo, `/tree/${name}`) },
    protected: isProtected,
    // Rulesets are no protection in the older sense, which this describes.
    protection: { enabled: false, required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] } },
    protection_url: `${url}/protection`,
  });
}

/** The commit that a branch, a tag or an id stands for. */
function commitOf({ repo }: RepoCall, ref: string): string {
  const found = repo.bare.ref(`refs/heads/${ref}`) ?? repo.bare.resolve(ref);
  if (found === undefined) throw new Refusal(422, `No commit found for SHA: ${ref}`);
  return found;
}

function listCommits(call: RepoCall) {
  const { sha = call.repo.defaultBranch, path, since, until } = call.query;
  const found = call.repo.bare.ref(`refs/heads/${sha}`) ?? call.repo.bare.resolve(sha);
  if (found === undefined) throw notFound();
  const limits = [
    ...(since === undefined ? [] : [`--since=${since}`]),
    ...(until === undefined ? [] : [`--until=${until}`]),
  ];
  const paths = path === undefined ? [] : ['--', `:(literal)${path}`];
  const commits = lines(call.repo.bare.run(['rev-list', ...limits, found, ...paths]));
  return page(call, commits, (id) => renderCommit(call.world, call.repo, id));
}

function compare(call: RepoCall) {
  const { world, repo } = call;
  const base = commitOf(call, String(call.path['base']));
  const head = commitOf(call, String(call.path['head']));
  const common = mergeBase(repo.bare, base, head);
  if (common === undefined) throw new Refusal(404, `No common ancestor between ${base} and ${head}.`);
  const ahead = commitsBetween(repo.bare, base, head);
  const behind = commitsBetween(repo.bare, head, base).length;
  const page = webUrl(repo, `/compare/${base}...${head}`);
  const status = ahead.length === 0 ? (behind === 0 ? 'identical' : 'behind') : behind === 0 ? 'ahead' : 'diverged';
  return ok({
    url: apiUrl(world, repo, `/compare/${base}...${head}`),
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: renderCommit(world, repo, base),
    merge_base_commit: renderCommit(world, repo, common),
    status,
    ahead_by: ahead.length,
    behind_by: behind,
    total_commits: ahead.length,
    commits: ahead.map((id) => renderCommit(world, repo, id)),
    files: changesBetween(repo.bare, common, head).map((change) =>
      renderChange(world, repo, { change, from: common, commit: head }),
    ),
  });
}

/** The merged pull requests that brought a commit to the default branch; else all that hold it. */
function associated(call: RepoCall) {
  const { world, repo } = call;
  const sha = repo.bare.resolve(String(call.path['commit_sha']));
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${call.path['commit_sha']}`);
  const rows = repo.issues.filter(isPull).filter((issue) => holds(repo, issue, sha));
  // GitHub knows the pull request of a new merge only after a while.
  const late = rows.some(({ pull }) => pull.mergedAt !== null) && isLate(world, 'pulls', sha);
  return page(call, late ? [] : rows, (issue) => renderPull(world, repo, issue));
}

function holds(repo: Repo, issue: PullRequest, sha: string): boolean {
  const { pull } = issue;
  if (pull.landed.includes(sha)) return true;
  const main = repo.bare.ref(`refs/heads/${repo.defaultBranch}`);
  if (main !== undefined && isAncestor(repo.bare, sha, main)) return false;
  return isAncestor(repo.bare, sha, pull.headSha) && !isAncestor(repo.bare, sha, pull.baseSha);
}

const periods: Readonly<Record<string, number>> = { day: 1, week: 7, month: 31, quarter: 92, year: 366 };

function activities(call: RepoCall) {
  const { world, repo, query } = call;
  const ref =
    query['ref'] === undefined || query['ref'].startsWith('refs/') ? query['ref'] : `refs/heads/${query['ref']}`;
  const oldest = world.clock.now - (periods[query['time_period'] ?? ''] ?? Number.POSITIVE_INFINITY) * 86_400_000;
  const rows = repo.activity
    .filter((one) => ref === undefined || one.ref === ref)
    .filter((one) => query['actor'] === undefined || one.actor.login === query['actor'])
    .filter((one) => query['activity_type'] === undefined || one.type === query['activity_type'])
    .filter((one) => Date.parse(one.timestamp) >= oldest);
  const ordered = query['direction'] === 'asc' ? rows : rows.toReversed();
  return cursorPage(call, ordered, (one) => ({
    id: one.id,
    node_id: nodeId('PSH', one.id),
    before: one.before,
    after: one.after,
    ref: one.ref,
    timestamp: one.timestamp,
    activity_type: one.type,
    actor: one.actor.deleted ? null : renderUser(world, one.actor),
  }));
}

/** Activity has no page numbers: `after` and `before` name the last and first row of another page. */
function cursorPage<Row extends { readonly id: number }>(
  call: RepoCall,
  rows: readonly Row[],
  render: (row: Row) => unknown,
) {
  const { per_page: perPage = '30', after, before } = call.query;
  const size = Math.min(Number(perPage), 100);
  const place = (cursor: string) => rows.findIndex(({ id }) => nodeId('cursor', id) === cursor);
  const end = before === undefined ? undefined : place(before);
  const start = end !== undefined ? Math.max(end - size, 0) : after === undefined ? 0 : place(after) + 1;
  const shown = rows.slice(start, end ?? start + size);
  const link = (rel: string, name: string, row: Row) => {
    const { after: _, before: __, ...query } = call.query;
    const parameters = new URLSearchParams({ ...query, [name]: nodeId('cursor', row.id) });
    return `<${call.world.url}${call.path['']}?${parameters}>; rel="${rel}"`;
  };
  const [first, last] = [shown[0], shown.at(-1)];
  const links = [
    ...(last && start + shown.length < rows.length ? [link('next', 'after', last)] : []),
    ...(first && start > 0 ? [link('prev', 'before', first)] : []),
  ];
  return { status: 200, body: shown.map(render), headers: links.length === 0 ? {} : { link: links.join(', ') } };
}
