import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** git said no, or is not there. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';
}

/** What people may set otherwise, and what answers here must not depend on. */
const settled: readonly string[] = [
  '-c',
  'diff.relative=false',
  '-c',
  'log.showSignature=false',
  '-c',
  'color.ui=false',
];

/** Runs git in a directory and answers what it printed. */
export async function git(directory: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('git', ['-C', directory, ...settled, ...args], {
      maxBuffer: 1024 * 1024 * 1024,
      env: { ...process.env, GIT_NO_REPLACE_OBJECTS: '1', GIT_OPTIONAL_LOCKS: '0' },
    });
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

/** The paths inside a directory of tracked files that differ from the commit that is checked out, or are missing. */
export async function uncommittedIn(directory: string): Promise<readonly string[]> {
  const status = await git(directory, 'status', '--porcelain', '-z', '--untracked-files=no', '--no-renames', '--', '.');
  return status
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.slice(3));
}
