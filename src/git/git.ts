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
    throw new GitFailure(whyNot(thrown), { cause: thrown });
  }
}

/** What git said first, or why it said nothing. */
function whyNot(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if ('code' in thrown && thrown.code === 'ENOENT') return 'git is not installed, or not in PATH';
  const [line = ''] = 'stderr' in thrown ? String(thrown.stderr).trim().split('\n') : [];
  return line === '' ? thrown.message : line;
}

/** Where a directory stands in its repository. */
export interface Position {
  /** The directory's path inside the repository, ending in `/`; empty for the top. */
  readonly prefix: string;
  /** The commit that is checked out. */
  readonly head: string;
}

/** Where a directory stands in git; throws `GitFailure` where it is in no repository, or in one without a commit. */
export async function positionOf(directory: string): Promise<Position> {
  const [prefix = '', head = ''] = (await git(directory, 'rev-parse', '--show-prefix', 'HEAD')).split('\n');
  return { prefix, head };
}
