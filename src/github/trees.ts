import type { Octokit } from '@octokit/rest';
import type { Forge } from '../core/forge.ts';
import { forgeFailure, statusOf } from './failure.ts';

/** A repository. */
export type Place = Readonly<Record<'owner' | 'repo', string>>;

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
}

interface Tree {
  readonly entries: ReadonlyMap<string, Entry>;
  /** Whether GitHub left some out, because there are too many. */
  readonly isCut: boolean;
}

/**
 * The regular files of commits by git's own trees, and not by the contents API, which follows symbolic links
 * (https://docs.github.com/en/rest/repos/contents). A commit is asked for once, as a whole where it fits an answer.
 */
export function treesOf(client: Octokit, place: Place): Forge['blobAt'] {
  const known = new Map<string, Promise<Tree | undefined>>();
  const treeOf = (id: string, isWhole: boolean): Promise<Tree | undefined> => {
    const key = `${id} ${isWhole}`;
    const tree = known.get(key) ?? read(client, { ...place, id, isWhole });
    known.set(key, tree);
    return tree;
  };
  const walk = async (id: string, path: string): Promise<Entry | undefined> => {
    const [name = '', ...rest] = path.split('/');
    const entry = (await treeOf(id, false))?.entries.get(name);
    if (rest.length === 0 || entry === undefined) return entry;
    return entry.type === 'tree' ? walk(entry.sha, rest.join('/')) : undefined;
  };
  return async (commit, path) => {
    const whole = await treeOf(commit, true);
    const entry = whole?.isCut === true ? await walk(commit, path) : whole?.entries.get(path);
    return entry?.mode === '100644' || entry?.mode === '100755' ? entry.sha : undefined;
  };
}

/** A tree; undefined where the commit is gone. */
async function read(
  client: Octokit,
  { owner, repo, id, isWhole }: Place & { readonly id: string; readonly isWhole: boolean },
): Promise<Tree | undefined> {
  try {
    const asked = { owner, repo, tree_sha: id, ...(isWhole ? { recursive: '1' } : {}) };
    const { data } = await client.rest.git.getTree(asked);
    const entries = data.tree.map(({ path = '', mode = '', type = '', sha = '' }) => ({ path, mode, type, sha }));
    return { entries: new Map(entries.map((entry) => [entry.path, entry])), isCut: data.truncated };
  } catch (thrown) {
    if (statusOf(thrown) === 404) return undefined;
    throw forgeFailure(thrown, 'the files of a commit');
  }
}
