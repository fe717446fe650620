import type { Commit } from '../git/bare.ts';
import { changesBetween, type FileChange, patchesBetween } from '../git/history.ts';
import type { Repo, User, World } from '../world.ts';
import { apiUrl, nodeId, renderUser, webUrl } from './shapes.ts';

/** A commit as git data. */
export function renderGitCommit(world: World, repo: Repo, id: string) {
  const { tree, parents, author, committer, message } = repo.bare.commit(id);
  return {
    sha: id,
    node_id: nodeId('Commit', id),
    url: apiUrl(world, repo, `/git/commits/${id}`),
    html_url: webUrl(repo, `/commit/${id}`),
    author,
    committer,
    message: message.trimEnd(),
    tree: { sha: tree, url: apiUrl(world, repo, `/git/trees/${tree}`) },
    parents: parents.map((sha) => ({
      sha,
      url: apiUrl(world, repo, `/git/commits/${sha}`),
      html_url: webUrl(repo, `/commit/${sha}`),
    })),
    verification: unsigned,
  };
}

const unsigned = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

/** A commit as repositories list it. */
export function renderCommit(world: World, repo: Repo, id: string) {
  const commit = repo.bare.commit(id);
  const url = apiUrl(world, repo, `/commits/${id}`);
  return {
    url,
    sha: id,
    node_id: nodeId('Commit', id),
    html_url: webUrl(repo, `/commit/${id}`),
    comments_url: `${url}/comments`,
    commit: {
      url: apiUrl(world, repo, `/git/commits/${id}`),
      author: commit.author,
      committer: commit.committer,
      message: commit.message.trimEnd(),
      comment_count: 0,
      tree: { sha: commit.tree, url: apiUrl(world, repo, `/git/trees/${commit.tree}`) },
      verification: unsigned,
    },
    author: accountOf(world, commit, 'author'),
    committer: accountOf(world, commit, 'committer'),
    parents: commit.parents.map((sha) => ({
      sha,
      url: apiUrl(world, repo, `/commits/${sha}`),
      html_url: webUrl(repo, `/commit/${sha}`),
    })),
  };
}

/** GitHub goes by the e-mail address that the commit claims, whoever wrote it there. */
function accountOf(world: World, commit: Commit, who: 'author' | 'committer') {
  const user = world.users.find((one: User) => commit[who].email === `${one.id}+${one.login}@users.noreply.github.com`);
  return user === undefined ? null : renderUser(world, user);
}

/** A commit with its files, as it answers for itself. */
export function renderFullCommit(world: World, repo: Repo, id: string) {
  const [from] = repo.bare.commit(id).parents;
  const changes = changesBetween(repo.bare, from, id);
  const sum = (of: (change: FileChange) => number) => changes.reduce((total, change) => total + of(change), 0);
  const [additions, deletions] = [sum((change) => change.additions), sum((change) => change.deletions)];
  return {
    ...renderCommit(world, repo, id),
    stats: { additions, deletions, total: additions + deletions },
    files: changes.map((change) => renderChange(world, repo, { change, from, commit: id })),
  };
}

/** A file that a commit changes, from another one. */
export function renderChange(
  world: World,
  repo: Repo,
  { change, from, commit }: { change: FileChange; from: string | undefined; commit: string },
) {
  const path = encodePath(change.path);
  const patch = patchesBetween(repo.bare, from, commit).get(change.path);
  return {
    sha: change.blob,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: webUrl(repo, `/blob/${commit}/${path}`),
    raw_url: webUrl(repo, `/raw/${commit}/${path}`),
    contents_url: apiUrl(world, repo, `/contents/${path}?ref=${commit}`),
    ...(patch === undefined ? {} : { patch }),
    ...(change.before === undefined ? {} : { previous_filename: change.before }),
  };
}

/** A path in a URL, its slashes kept. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
