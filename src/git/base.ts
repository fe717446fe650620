import { GitFailure, git } from './git.ts';

/**
 * The commit in which what is checked out and a revision of another line parted, so that what came to that line since
 * does not look as if it were taken back here; throws `GitFailure` where there is none.
 */
export async function forkPoint(directory: string, revision: string): Promise<string> {
  const other = await resolved(directory, revision);
  try {
    return (await git(directory, 'merge-base', other, 'HEAD')).trim();
  } catch (thrown) {
    if (!(thrown instanceof GitFailure)) throw thrown;
    const isShallow = (await git(directory, 'rev-parse', '--is-shallow-repository')).trim() !== 'false';
    throw new GitFailure(
      isShallow
        ? `the clone is shallow, and does not reach back to where what is checked out and ${revision} parted`
        : `what is checked out and ${revision} have no commit in common`,
    );
  }
}

async function resolved(directory: string, revision: string): Promise<string> {
  await git(directory, 'rev-parse', '--verify', 'HEAD');
  try {
    const name = `${revision}^{commit}`;
    return (await git(directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', name)).trim();
  } catch (thrown) {
    if (!(thrown instanceof GitFailure)) throw thrown;
    throw new GitFailure(`${revision} is no commit of this repository, or the clone lacks it`);
  }
}
