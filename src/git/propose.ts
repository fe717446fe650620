import { GitFailure, type Given, git, gitWith } from './git.ts';

/** One file that a commit changes: its path from the top of the repository, and its text; undefined, it is deleted. */
export interface FileChange {
  readonly path: string;
  readonly text: string | undefined;
}

/** A remote repository as it is now. */
export interface Remote {
  readonly name: string;
  /** The branch that requests go into. */
  readonly defaultBranch: string;
  /** The commit it is at. */
  readonly head: string;
  /** Commit ids of the branches of requests, by name. */
  readonly branches: ReadonlyMap<string, string>;
}

/** Asks a remote where its default branch is and which branches of requests it has; throws `GitFailure`. */
export async function remoteOf(given: Given, name: string): Promise<Remote> {
  const answer = await gitWith(given, 'ls-remote', '--symref', name, 'HEAD', 'refs/heads/request/*');
  const defaultBranch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(answer)?.[1];
  const head = /^([0-9a-f]{40,64})\tHEAD$/m.exec(answer)?.[1];
  if (defaultBranch === undefined || head === undefined)
    throw new GitFailure(`${name} has no default branch with a commit`);
  const branches = [...answer.matchAll(/^([0-9a-f]{40,64})\trefs\/heads\/(\S+)$/gm)];
  return { name, defaultBranch, head, branches: new Map(branches.map(([, id = '', branch = '']) => [branch, id])) };
}

/** Brings a branch of a remote here, and touches nothing but what stands for that remote. */
export async function bring(given: Given, { name }: Pick<Remote, 'name'>, branch: string): Promise<void> {
  await gitWith(
    given,
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    name,
    `+refs/heads/${branch}:refs/remotes/${name}/${branch}`,
  );
}

/**
 * Makes a commit that differs from its parent in one file, without index, working tree or branch: only objects
 * are written, which nobody sees until the commit is pushed.
 */
export async function commitOf(given: Given, { parent, change, message }: Commit): Promise<string> {
  const blob =
    change.text === undefined
      ? undefined
      : await idFrom({ ...given, input: change.text }, 'hash-object', '-w', '--stdin');
  const tree = await treeWith(given, { tree: `${parent}^{tree}`, names: change.path.split('/'), blob });
  if (tree === undefined) throw new GitFailure(`${change.path} is the last file of the repository`);
  const isSigned = await git(given.directory, 'config', '--type=bool', '--default=false', 'commit.gpgSign');
  const sign = isSigned.trim() === 'true' ? ['-S'] : [];
  return await idFrom({ ...given, input: message }, 'commit-tree', ...sign, '-p', parent, '-F', '-', tree);
}

interface Commit {
  readonly parent: string;
  readonly change: FileChange;
  readonly message: string;
}

/** Pushes a commit as a branch that must be as it was last seen; absent where it is undefined. */
export async function push(
  given: Given,
  { name }: Pick<Remote, 'name'>,
  {
    commit,
    branch,
    before = '',
  }: { readonly commit: string; readonly branch: string; readonly before?: string | undefined },
): Promise<void> {
  const ref = `refs/heads/${branch}`;
  await gitWith(given, 'push', '--quiet', `--force-with-lease=${ref}:${before}`, name, `${commit}:${ref}`);
}

/** Whether a commit holds exactly this change over its parent, and is not part of the other commit. */
export async function holds(
  directory: string,
  commit: string,
  { change, base }: { readonly change: FileChange; readonly base: string },
): Promise<boolean> {
  const [differing, held, merged] = await Promise.all([
    git(directory, 'diff-tree', '-r', '-z', '--no-commit-id', '--name-only', commit),
    blobAt(directory, commit, change.path),
    isAncestor(directory, commit, base),
  ]);
  const wanted =
    change.text === undefined ? undefined : await idFrom({ directory, input: change.text }, 'hash-object', '--stdin');
  return !merged && differing === `${change.path}\0` && held === wanted;
}

async function blobAt(directory: string, commit: string, path: string): Promise<string | undefined> {
  const line = await git(directory, '--literal-pathspecs', 'ls-tree', '--full-tree', commit, '--', path);
  return /^\d+ blob ([0-9a-f]+)\t/.exec(line)?.[1];
}

async function isAncestor(directory: string, commit: string, of: string): Promise<boolean> {
  try {
    await git(directory, 'merge-base', '--is-ancestor', commit, of);
    return true;
  } catch (thrown) {
    if (thrown instanceof GitFailure) return false;
    throw thrown;
  }
}

/** A tree in which one path holds a blob, or nothing; undefined where the tree would be empty. */
async function treeWith(
  given: Given,
  {
    tree,
    names,
    blob,
  }: { readonly tree: string | undefined; readonly names: readonly string[]; readonly blob: string | undefined },
): Promise<string | undefined> {
  const [name = '', ...rest] = names;
  const entries =
    tree === undefined
      ? []
      : (await git(given.directory, 'ls-tree', '-z', '--full-tree', tree)).split('\0').filter((one) => one !== '');
  const mine = entries.find((entry) => entry.endsWith(`\t${name}`));
  const [mode = '', kind, id] = mine?.split(/[ \t]/) ?? [];
  if (mine !== undefined && rest.length > 0 !== (kind === 'tree'))
    throw new GitFailure(`${name} is ${kind === 'tree' ? 'a folder' : 'no folder'} there`);
  const below = rest.length === 0 ? blob : await treeWith(given, { tree: id, names: rest, blob });
  const fresh =
    below === undefined
      ? []
      : [
          rest.length === 0
            ? `${mine === undefined ? '100644' : mode} blob ${below}\t${name}`
            : `040000 tree ${below}\t${name}`,
        ];
  const all = [...entries.filter((entry) => entry !== mine), ...fresh];
  return all.length === 0
    ? undefined
    : await idFrom({ ...given, input: all.map((entry) => `${entry}\0`).join('') }, 'mktree', '-z');
}

async function idFrom(given: Given, ...args: readonly string[]): Promise<string> {
  return (await gitWith(given, ...args)).trim();
}

/** Whether two commits hold something else at a path. */
export async function differsAt(directory: string, [a, b]: readonly [string, string], path: string): Promise<boolean> {
  const [left, right] = await Promise.all([a, b].map((commit) => blobAt(directory, commit, path)));
  return left !== right;
}
