import { GitFailure, git } from './git.ts';

/** The first-parent commit that brought a line of a committed file of a directory; undefined where git cannot tell. */
export async function broughtLine(directory: string, path: string, line: number): Promise<string | undefined> {
  const range = `${line},${line}`;
  try {
    const told = await git(directory, 'blame', '--first-parent', '--porcelain', '-L', range, 'HEAD', '--', path);
    return /^[0-9a-f]{40}/.exec(told)?.[0];
  } catch (thrown) {
    if (thrown instanceof GitFailure) return undefined;
    throw thrown;
  }
}
