import { git } from './git.ts';

/** The repository that a directory is in. */
export interface Repository {
  /** The top of the work tree. */
  readonly top: string;
  /** The directory's path inside it, ending in `/`; empty for the top. */
  readonly prefix: string;
}

/** The repository around a directory, also one without a commit; throws `GitFailure` where there is none. */
export async function repositoryOf(directory: string): Promise<Repository> {
  // One by one: a folder's name may hold a line end.
  const [top, prefix] = await Promise.all(
    ['--show-toplevel', '--show-prefix'].map((what) => git(directory, 'rev-parse', what)),
  );
  return { top: top?.replace(/\n$/, '') ?? '', prefix: prefix?.replace(/\n$/, '') ?? '' };
}

/** The paths of all files that git tracks in a repository, from its top. */
export async function trackedIn({ top }: Repository): Promise<readonly string[]> {
  return (await git(top, 'ls-files', '-z')).split('\0').filter((path) => path !== '');
}
