import { blobsIn, blobsOf, GitFailure, git, positionOf } from './git.ts';

/** The files of a directory as an earlier commit holds them. */
export interface Earlier {
  readonly commit: string;
  /** Blob ids by path inside the directory. */
  readonly blobs: ReadonlyMap<string, string>;
  /** The texts of some of the files, by path; one that the repository lacks is missing. */
  readonly read: (paths: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** The files of a directory as a commit holds them, by default the first parent of what is checked out; throws `GitFailure`. */
export async function filesAt(directory: string, revision: string | undefined): Promise<Earlier> {
  const position = await positionOf(directory);
  const commit = await commitOf(directory, revision);
  const blobs = await blobsOf(directory, commit, position);
  return { commit, blobs, read: (paths) => textsOf(directory, blobs, paths) };
}

async function textsOf(
  directory: string,
  blobs: ReadonlyMap<string, string>,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const known = paths.flatMap((path) => {
    const id = blobs.get(path);
    return id === undefined ? [] : [{ path, id }];
  });
  const texts = new Map<string, string>();
  let at = 0;
  for await (const bytes of blobsIn(
    directory,
    known.map(({ id }) => id),
  )) {
    const path = known[at]?.path;
    at += 1;
    if (bytes !== undefined && path !== undefined) texts.set(path, new TextDecoder().decode(bytes));
  }
  return texts;
}

async function commitOf(directory: string, revision: string | undefined): Promise<string> {
  try {
    const name = `${revision ?? 'HEAD^1'}^{commit}`;
    return (await git(directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', name)).trim();
  } catch (thrown) {
    if (!(thrown instanceof GitFailure)) throw thrown;
    throw new GitFailure(
      revision === undefined
        ? 'the commit that is checked out has no parent here: it is the first one, or the clone is shallow'
        : `${revision} is no commit of this repository, or the clone is shallow`,
    );
  }
}
