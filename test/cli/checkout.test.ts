import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkoutOf } from '../../src/cli/load.ts';
import { SetupProblem } from '../../src/cli/options.ts';

let top = '';
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], { cwd: top, encoding: 'utf8' });

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'meshgate-checkout-'));
  mkdirSync(join(top, 'mesh'));
  for (const name of ['a', 'b']) writeFileSync(join(top, 'mesh', `${name}.yaml`), 'x: 1\n');
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

test('a whole checkout lacks nothing', async () => {
  expect(await checkoutOf(join(top, 'mesh'))).toEqual({
    commit: git('rev-parse', 'HEAD').trim(),
    uncommitted: [],
  });
});

test('what a sparse checkout leaves out is missing', async () => {
  git('sparse-checkout', 'set', '--no-cone', '/*', '!/mesh/b.yaml');
  expect((await checkoutOf(join(top, 'mesh'))).uncommitted).toEqual(['mesh/b.yaml']);
});

test('what git is told not to look at is not taken for what is committed', async () => {
  git('update-index', '--assume-unchanged', 'mesh/a.yaml');
  rmSync(join(top, 'mesh/a.yaml'));
  expect((await checkoutOf(join(top, 'mesh'))).uncommitted).toEqual(['mesh/a.yaml']);
});

test('where git cannot compare, nothing is planned', async () => {
  writeFileSync(join(top, '.git/index'), 'xx');
  await expect(checkoutOf(join(top, 'mesh'))).rejects.toThrow(SetupProblem);
});

test('outside git there is no commit', async () => {
  rmSync(join(top, '.git'), { recursive: true });
  expect(await checkoutOf(join(top, 'mesh'))).toEqual({ commit: null, uncommitted: [] });
});
