import { type Answer, notFound, type Operations, ok, Refusal, type RepoCall } from '../call.ts';
import type { Entry } from '../git/bare.ts';
import { moveRef } from '../moves.ts';
import { encodePath, renderGitCommit } from '../render/commits.ts';
import { apiUrl, webUrl } from '../render/shapes.ts';
import { hubSignature, signatureOf } from '../world.ts';
import { wrapped } from './git-data.ts';

/** Files by their paths. */
export const contents: Operations = {
  'repos/get-content': { scope: 'contents:read', role: 'read', run: get },
  'repos/create-or-update-file-contents': { scope: 'contents:write', role: 'write', run: put },
  'repos/delete-file': { scope: 'contents:write', role: 'write', run: remove },
};

function get(call: RepoCall): Answer {
  const { repo, path, query } = call;
  const ref = query['ref'] ?? repo.defaultBranch;
  const commit = commitAt(call, ref);
  if (commit === undefined) throw new Refusal(404, `No commit found for the ref ${ref}`);
  const at = (path['path'] ?? '').replace(/^\/|\/$/g, '');
  const entry = repo.bare.at(commit, at);
  if (entry === undefined && at !== '') throw notFound();
  if (entry !== undefined && entry.type !== 'tree') return ok(renderFile(call, { ref, path: at, entry }));
  const folder = at === '' ? '' : `${at}/`;
  const inside = repo.bare
    .tree(entry?.id ?? repo.bare.commit(commit).tree)
    .map((row) => ({ ...row, path: `${folder}${row.path}` }));
  return ok(inside.map((row) => renderEntry(call, { ref, path: row.path, entry: row })));
}

/** A branch, a tag, or a commit by its id. */
function commitAt({ repo }: RepoCall, ref: string): string | undefined {
  return repo.bare.ref(`refs/heads/${ref}`) ?? repo.bare.ref(`refs/tags/${ref}`) ?? repo.bare.resolve(ref);
}

interface Place {
  readonly ref: string;
  readonly path: string;
  readonly entry: Entry;
}

function kindOf({ type, mode }: Entry): string {
  if (type === 'commit') return 'submodule';
  if (mode === '120000') return 'symlink';
  return type === 'tree' ? 'dir' : 'file';
}

function renderEntry({ world, repo }: RepoCall, { ref, path, entry }: Place) {
  const at = encodePath(path);
  const self = apiUrl(world, repo, `/contents/${at}?ref=${encodeURIComponent(ref)}`);
  const git = entry.type === 'commit' ? null : apiUrl(world, repo, `/git/${entry.type}s/${entry.id}`);
  const html = webUrl(repo, `/${entry.type === 'tree' ? 'tree' : 'blob'}/${encodeURIComponent(ref)}/${at}`);
  return {
    type: kindOf(entry),
    size: entry.type === 'blob' ? repo.bare.blob(entry.id).length : 0,
    name: path.split('/').at(-1) ?? '',
    path,
    sha: entry.id,
    url: self,
    git_url: git,
    html_url: html,
    download_url:
      entry.type === 'blob' ? `https://raw.githubusercontent.com/${repo.owner.login}/${repo.name}/${ref}/${at}` : null,
    _links: { self, git, html },
  };
}

/** From this size on contents come without their text, and from a hundred times it not at all. */
const longText = 1024 * 1024;

function renderFile(call: RepoCall, place: Place) {
  const { entry } = place;
  const row = renderEntry(call, place);
  if (row.type === 'submodule') return { ...row, submodule_git_url: 'https://github.com/elsewhere/submodule.git' };
  const bytes = call.repo.bare.blob(entry.id);
  if (row.type === 'symlink') return { ...row, target: bytes.toString() };
  if (bytes.length > longText) return { ...row, encoding: 'none', content: '' };
  return { ...row, encoding: 'base64', content: wrapped(bytes) };
}

function put(call: RepoCall): Answer {
  const { repo, body } = call;
  const path = call.path['path'] ?? '';
  const { commit, branch, entry } = standing(call, path);
  if (entry !== undefined && body['sha'] === undefined)
    throw new Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  if (body['sha'] !== undefined && body['sha'] !== entry?.id) throw mismatch(path, String(body['sha']));
  const blob = repo.bare.writeBlob(Buffer.from(String(body['content']), 'base64'));
  const made = committed(call, { commit, branch, row: { path, mode: entry?.mode ?? '100644', id: blob } });
  const file = renderEntry(call, {
    ref: branch,
    path,
    entry: { mode: '100644', type: 'blob', id: blob, path },
  });
  return { status: entry === undefined ? 201 : 200, body: { content: file, commit: made } };
}

function remove(call: RepoCall): Answer {
  const path = call.path['path'] ?? '';
  const { commit, branch, entry } = standing(call, path);
  if (entry === undefined) throw notFound();
  if (call.body['sha'] !== entry.id) throw mismatch(path, String(call.body['sha']));
  return ok({
    content: null,
    commit: committed(call, { commit, branch, row: { path, mode: entry.mode, id: undefined } }),
  });
}

function mismatch(path: string, sha: string): Refusal {
  return new Refusal(409, `${path} does not match ${sha}`);
}

function standing({ repo, body }: RepoCall, path: string) {
  const branch = String(body['branch'] ?? repo.defaultBranch);
  const commit = repo.bare.ref(`refs/heads/${branch}`);
  if (commit === undefined) throw new Refusal(404, `Branch ${branch} not found`);
  return { branch, commit, entry: repo.bare.at(commit, path) };
}

interface Written {
  readonly commit: string;
  readonly branch: string;
  readonly row: { readonly path: string; readonly mode: string; readonly id: string | undefined };
}

/** A commit with one file changed, on its branch. */
function committed(call: RepoCall, { commit, branch, row }: Written) {
  const { world, repo, user, body } = call;
  const tree = repo.bare.writeTree(repo.bare.commit(commit).tree, [row]);
  const author = { ...signatureOf(world, user), ...body['author'] };
  const committer = { ...hubSignature(world), ...body['committer'] };
  const made = repo.bare.writeCommit({ tree, parents: [commit], message: String(body['message']), author, committer });
  moveRef(world, repo, { ref: `refs/heads/${branch}`, to: made, by: user, refusal: 409 });
  return renderGitCommit(world, repo, made);
}
