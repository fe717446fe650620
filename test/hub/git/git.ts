import { spawnSync } from 'node:child_process';

/** git said no. */
class GitError extends Error {
  override readonly name = 'GitError';
}

/** What git printed and how it ended. */
interface Ran {
  readonly code: number;
  readonly out: Buffer;
  readonly err: string;
}

const environment: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  LC_ALL: 'C',
  TZ: 'UTC',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

/** What a call of git may be given beside its arguments. */
export interface GitInput {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the real git in a directory; waits for it, so that each request to the hub is one indivisible step. */
export function tryGit(directory: string, args: readonly string[], { input, env }: GitInput = {}): Ran {
  const ran = spawnSync('git', ['-c', 'core.quotePath=false', ...args], {
    cwd: directory,
    env: { ...environment, ...env },
    input: input ?? '',
    maxBuffer: 1024 * 1024 * 1024,
  });
  if (ran.error) throw ran.error;
  return { code: ran.status ?? -1, out: ran.stdout, err: ran.stderr.toString() };
}

/** What git printed; throws where it said no. */
export function git(directory: string, args: readonly string[], given: GitInput = {}): string {
  const { code, out, err } = tryGit(directory, args, given);
  if (code !== 0) throw new GitError(`git ${args.join(' ')}: ${err || out.toString()}`);
  return out.toString();
}

/** Who made a commit, by their own account, and when. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601, UTC. */
  readonly date: string;
}
