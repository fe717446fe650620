import { created, invalid, noContent, notFound, type Operations, ok, Refusal, type RepoCall } from '../call.ts';
import type { Entry } from '../git/bare.ts';
import type { Signature } from '../git/git.ts';
import { moveRef } from '../moves.ts';
import { renderGitCommit } from '../render/commits.ts';
import { apiUrl, nodeId } from '../render/shapes.ts';
import { hubSignature, signatureOf, timestamp } from '../world.ts';

/** Blobs, trees, commits and refs, one by one. */
export const gitData: Operations = {
  'git/get-blob': { scope: 'contents:read', role: 'read', run: getBlob },
  'git/create-blob': {
    scope: 'contents:write',
    role: 'write',
    run: (call) => {
      const { content, encoding = 'utf-8' } = call.body;
      const sha = call.repo.bare.writeBlob(Buffer.from(String(content), encoding === 'base64' ? 'base64' : 'utf8'));
      return created({ sha, url: apiUrl(call.world, call.repo, `/git/blobs/${sha}`) });
    },
  },
  'git/get-tree': {
    scope: 'contents:read',
    role: 'read',
    run: (call) => {
      const sha = call.repo.bare.resolve(String(call.path['tree_sha']), 'tree');
      if (sha === undefined) throw notFound();
      return ok(renderTree(call, sha, call.query['recursive'] !== undefined));
    },
  },
  'git/create-tree': { scope: 'contents:write', role: 'write', run: createTree },
  'git/get-commit': {
    scope: 'contents:read',
    role: 'read',
    run: (call) => {
      const sha = call.repo.bare.resolve(String(call.path['commit_sha']));
      if (sha === undefined) throw notFound();
      return ok(renderGitCommit(call.world, call.repo, sha));
    },
  },
  'git/create-commit': { scope: 'contents:write', role: 'write', run: createCommit },
  'git/get-ref': {
    scope: 'contents:read',
    role: 'read',
    run: (call) => ok(renderRef(call, existing(call))),
  },
  'git/list-matching-refs': {
    scope: 'contents:read',
    role: 'read',
    run: (call) => ok(call.repo.bare.refs(`refs/${call.path['ref']}`).map((ref) => renderRef(call, ref))),
  },
  'git/create-ref': { scope: 'contents:write', role: 'write', run: createRef },
  'git/update-ref': {
    scope: 'contents:write',
    role: 'write',
    run: (call) => {
      const name = `refs/${call.path['ref']}`;
      if (call.repo.bare.ref(name) === undefined) throw new Refusal(422, 'Reference does not exist');
      const to = objectNamed(call, String(call.body['sha']));
      moveRef(call.world, call.repo, { ref: name, to, by: call.user, force: call.body['force'] === true });
      return ok(renderRef(call, { name, id: to }));
    },
  },
  'git/delete-ref': {
    scope: 'contents:write',
    role: 'write',
    run: (call) => {
      const name = `refs/${call.path['ref']}`;
      if (call.repo.bare.ref(name) === undefined) throw new Refusal(422, 'Reference does not exist');
      moveRef(call.world, call.repo, { ref: name, to: undefined, by: call.user });
      return noContent;
    },
  },
};

function getBlob(call: RepoCall) {
  const sha = String(call.path['file_sha']);
  if (!/^[0-9a-f]{40}$/.test(sha))
    throw invalid('Blob', 'sha', 'invalid', 'The sha parameter must be exactly 40 characters.');
  if (call.repo.bare.resolve(sha, 'blob') !== sha) throw notFound();
  const bytes = call.repo.bare.blob(sha);
  const url = apiUrl(call.world, call.repo, `/git/blobs/${sha}`);
  return ok({
    sha,
    node_id: nodeId('Blob', sha),
    size: bytes.length,
    url,
    content: wrapped(bytes),
    encoding: 'base64',
  });
}

/** Base64 in lines of 60, as GitHub sends it. */
export function wrapped(bytes: Buffer): string {
  return bytes.toString('base64').replace(/.{60}/g, '$&\n').replace(/\n?$/, '\n');
}

/** More rows than this GitHub does not send at once. */
const mostRows = 100_000;

function renderTree(call: RepoCall, sha: string, recursive: boolean) {
  const { world, repo } = call;
  const rows = repo.bare.tree(sha, recursive);
  const url = ({ type, id }: Entry) => (type === 'commit' ? {} : { url: apiUrl(world, repo, `/git/${type}s/${id}`) });
  return {
    sha,
    url: apiUrl(world, repo, `/git/trees/${sha}`),
    truncated: rows.length > mostRows,
    tree: rows.slice(0, mostRows).map((row) => ({
      path: row.path,
      mode: row.mode,
      type: row.type,
      sha: row.id,
      ...(row.type === 'blob' ? { size: repo.bare.blob(row.id).length } : {}),
      ...url(row),
    })),
  };
}

interface TreeRow {
  readonly path: string;
  readonly mode?: string;
  readonly sha?: string | null;
  readonly content?: string;
}

function createTree(call: RepoCall) {
  const { bare } = call.repo;
  const base = call.body['base_tree'] as string | undefined;
  if (base !== undefined && bare.resolve(base, 'tree') === undefined) throw notFound();
  const rows = (call.body['tree'] as readonly TreeRow[]).map(({ path, mode = '100644', sha, content }) => {
    if (sha !== null && sha !== undefined && mode !== '160000' && !bare.has(sha))
      throw new Refusal(422, `GitRPC::BadObjectState: tree.sha ${sha} is not a valid object`, { errors: [] });
    return { path, mode, id: content === undefined ? (sha ?? undefined) : bare.writeBlob(content) };
  });
  const tree = bare.writeTree(base === undefined ? undefined : bare.resolve(base, 'tree'), rows);
  return created(renderTree(call, tree, false));
}

function createCommit(call: RepoCall) {
  const { world, repo, user, body } = call;
  const parents = (body['parents'] ?? []) as readonly string[];
  const tree = repo.bare.resolve(String(body['tree']), 'tree');
  if (tree === undefined || parents.some((parent) => repo.bare.resolve(parent) === undefined))
    throw new Refusal(422, 'Tree SHA does not exist, or a parent does not', { errors: [] });
  const given = (who: unknown, fallback: Signature): Signature => ({
    ...fallback,
    ...(who as Partial<Signature> | undefined),
  });
  const author = given(body['author'], signatureOf(world, user));
  const web = user.type === 'Bot' ? signatureOf(world, user) : hubSignature(world);
  const committer = given(
    body['committer'],
    body['author'] === undefined ? web : { ...author, date: timestamp(world) },
  );
  const id = repo.bare.writeCommit({ tree, parents, message: String(body['message']), author, committer });
  return created(renderGitCommit(world, repo, id));
}

function createRef(call: RepoCall) {
  const { ref, sha } = call.body;
  const name = String(ref);
  if (!/^refs\/[^/]+\/.+/.test(name))
    throw new Refusal(422, "Reference name must start with 'refs/' and contain at least two slashes.");
  if (call.repo.bare.ref(name) !== undefined) throw new Refusal(422, 'Reference already exists');
  const to = objectNamed(call, String(sha));
  moveRef(call.world, call.repo, { ref: name, to, by: call.user });
  return created(renderRef(call, { name, id: to }));
}

function objectNamed(call: RepoCall, sha: string): string {
  if (!/^[0-9a-f]{40}$/.test(sha) || call.repo.bare.resolve(sha) === undefined)
    throw new Refusal(422, 'Object does not exist');
  return sha;
}

function existing(call: RepoCall): { name: string; id: string } {
  const name = `refs/${call.path['ref']}`;
  const id = call.repo.bare.ref(name);
  if (id === undefined) throw notFound();
  return { name, id };
}

function renderRef({ world, repo }: RepoCall, { name, id }: { name: string; id: string }) {
  return {
    ref: name,
    node_id: nodeId('Ref', name),
    url: apiUrl(world, repo, `/git/${name}`),
    object: { type: 'commit', sha: id, url: apiUrl(world, repo, `/git/commits/${id}`) },
  };
}
