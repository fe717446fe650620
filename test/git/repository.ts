import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** The top of the repository that each test begins with, empty and on main. */
export let top = '';

/** Nothing of this machine's settings, and a name to commit under. */
const env = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'meshgate-git-'));
  git('init', '--quiet', '--initial-branch=main');
});

afterEach(() => rmSync(top, { recursive: true }));

/** Runs git in the repository and answers what it printed. */
export function git(...args: readonly string[]): string {
  return execFileSync('git', ['-C', top, ...args], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** Leaves the repository for another one, which the test goes on in. */
export function goOnIn(directory: string): void {
  rmSync(top, { recursive: true });
  top = directory;
}
