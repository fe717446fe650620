import { git, positionOf } from './git.ts';
import { loggedIn, raw } from './log.ts';
import { type Appearance, type MeshWords, meshFile, originOf } from './origin.ts';

/** The first-parent history of a mesh directory: what each commit made of its files. */
export interface History {
  /** Oldest first. */
  readonly commits: readonly HistoryCommit[];
  /** Whether older commits are missing, because the clone is shallow. */
  readonly isShallow: boolean;
  /** Where the directory appears while a mesh is deleted elsewhere, which is not for certain the same one. */
  readonly beginnings: readonly Beginning[];
}

/** A commit with which the history of a mesh begins, although it may have been elsewhere before. */
export interface Beginning extends Appearance {
  /** Each mesh.yaml that the commit deletes. */
  readonly deleted: readonly string[];
}

/** A commit that touched the directory. */
export interface HistoryCommit {
  readonly id: string;
  readonly changes: readonly HistoryChange[];
}

/** A file that a commit added, changed or deleted. */
export interface HistoryChange {
  /** The path inside the directory. */
  readonly path: string;
  /** The blob id of its new content; undefined where it is deleted, or no regular file any more. */
  readonly blob: string | undefined;
}

/** Reads the first-parent history of a mesh directory in one pass; throws `GitFailure` where there is none. */
export async function historyOf(directory: string, words: MeshWords): Promise<History> {
  const { prefix, head } = await positionOf(directory);
  const shallow = await git(directory, 'rev-parse', '--is-shallow-repository');
  return { ...(await walk({ directory, prefix, tip: head, words })), isShallow: shallow.trim() === 'true' };
}

interface Walk {
  readonly directory: string;
  /** The path of the mesh in the repository, ending in `/`; empty for the top. */
  readonly prefix: string;
  readonly tip: string;
  readonly words: MeshWords;
}

/** The commits up to a tip; where one moved the mesh in from another directory, also those of that directory before. */
async function walk({ directory, prefix, tip, words }: Walk): Promise<Omit<History, 'isShallow'>> {
  const log = await git(directory, 'log', ...raw, '--reverse', tip, '--', `:(top,literal)${prefix}`);
  const commits: HistoryCommit[] = [];
  const beginnings: Beginning[] = [];
  let isThere = false;
  for (const { id, changes } of loggedIn(log)) {
    const mesh = changes.find(({ path }) => path === prefix + meshFile);
    if (!isThere && mesh?.after !== undefined) {
      const { from, deleted } = await originOf(directory, { commit: id, prefix }, words);
      if (from !== undefined) {
        const before = await walk({ directory, prefix: from, tip: `${id}^`, words });
        commits.push(...before.commits);
        beginnings.push(...before.beginnings);
      } else if (deleted.length > 0) beginnings.push({ commit: id, prefix, deleted });
    }
    if (mesh !== undefined) isThere = mesh.after !== undefined;
    commits.push({ id, changes: changes.map(({ path, after }) => ({ path: path.slice(prefix.length), blob: after })) });
  }
  return { commits, beginnings };
}
