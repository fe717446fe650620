import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** git said no, or is not there. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';
}

/** Runs git in a directory and answers what it printed. */
export async function git(directory: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('git', ['-C', directory, ...args], { maxBuffer: 1024 * 1024 * 1024 });
    return stdout;
  } catch (thrown) {
    const stderr = thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr).trim() : '';
    throw new GitFailure(stderr !== '' ? stderr : thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}

/** Where a directory stands in its repository. */
export interface Position {
  /** The directory's path inside the repository, ending in `/`; empty for the top. */
  readonly prefix: string;
  /** The commit that is checked out. */
  readonly head: string;
}

/** Where a directory stands in git; undefined where it is in no repository, or in one without a commit. */
export async function positionOf(directory: string): Promise<Position | undefined> {
  try {
    const [prefix = '', head = ''] = (await git(directory, 'rev-parse', '--show-prefix', 'HEAD')).split('\n');
    return { prefix, head };
  } catch (thrown) {
    if (thrown instanceof GitFailure) return undefined;
    throw thrown;
  }
}
