import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkedOut } from '../../src/cli/load.ts';
import { loadHistory } from '../../src/cli/load-history.ts';
import { SetupProblem } from '../../src/cli/options.ts';
import { TrustRootProblem, trustRoot } from '../../src/git/trust-root.ts';

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
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(top, { recursive: true, force: true });
});

test('a whole checkout lacks nothing', async () => {
  expect(await checkedOut(join(top, 'mesh'))).toEqual({
    commit: git('rev-parse', 'HEAD').trim(),
    uncommitted: [],
  });
});

test('what a sparse checkout leaves out is missing', async () => {
  git('sparse-checkout', 'set', '--no-cone', '/*', '!/mesh/b.yaml');
  expect((await checkedOut(join(top, 'mesh'))).uncommitted).toEqual(['mesh/b.yaml']);
});

test('what git is told not to look at is not taken for what is committed', async () => {
  git('update-index', '--assume-unchanged', 'mesh/a.yaml');
  rmSync(join(top, 'mesh/a.yaml'));
  expect((await checkedOut(join(top, 'mesh'))).uncommitted).toEqual(['mesh/a.yaml']);
});

test('where git cannot compare, nothing is planned', async () => {
  writeFileSync(join(top, '.git/index'), 'xx');
  await expect(checkedOut(join(top, 'mesh'))).rejects.toThrow(SetupProblem);
});

describe('in a repository, and beside every commit of it', () => {
  const misplaced = /mesh is inside a bare repository or a \.git directory/;

  test.each([
    ['a bare repository', ['clone', '--quiet', '--bare', '.', 'bare.git']],
    ['a bare repository without a commit', ['init', '--quiet', '--bare', 'bare.git']],
  ])('%s is no place for mesh files', async (_, args) => {
    git(...args);
    const mesh = join(top, 'bare.git/mesh');
    mkdirSync(mesh);
    await expect(checkedOut(mesh)).rejects.toThrow(SetupProblem);
    await expect(checkedOut(mesh)).rejects.toThrow(misplaced);
  });

  test('nor is the .git directory', async () => {
    const mesh = join(top, '.git/mesh');
    mkdirSync(mesh);
    await expect(checkedOut(mesh)).rejects.toThrow(misplaced);
  });
});

test('outside git there is no commit', async () => {
  rmSync(join(top, '.git'), { recursive: true });
  expect(await checkedOut(join(top, 'mesh'))).toEqual({ commit: null, uncommitted: [] });
});

test('where git refuses to look, nothing is planned', async () => {
  writeFileSync(join(top, 'mesh/.git'), 'gitdir: /nowhere\n');
  await expect(checkedOut(join(top, 'mesh'))).rejects.toThrow(/^git cannot tell .*not a git repository: \/nowhere/);
});

test('a repository hidden among the files is not believed, and its settings run nothing', async () => {
  git('init', '--quiet', '--bare', 'hidden.git');
  renameSync(join(top, 'hidden.git'), join(top, 'teams'));
  cpSync(join(top, 'mesh'), join(top, 'teams/mesh'), { recursive: true });
  const ran = join(top, 'ran');
  writeFileSync(
    join(top, 'teams/config'),
    `[core]\nrepositoryformatversion = 0\nbare = false\nworktree = .\nfsmonitor = "touch ${ran}; false"\n`,
  );
  const own = ['--git-dir=.', '--work-tree=.', '-c', 'core.fsmonitor=false'];
  execFileSync('git', [...own, 'add', 'mesh'], { cwd: join(top, 'teams') });
  const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.com'];
  execFileSync('git', [...own, ...who, 'commit', '--quiet', '--message', 'x'], { cwd: join(top, 'teams') });
  await expect(checkedOut(join(top, 'teams/mesh'))).rejects.toThrow(/bare repository/);
  await expect(trustRoot(join(top, 'teams/mesh'), 'HEAD')).rejects.toThrow(TrustRootProblem);
  expect(existsSync(ran)).toBe(false);
});

test.each([
  ['GIT_DIR', '.git'],
  ['GIT_WORK_TREE', '/tmp'],
  ['GIT_INDEX_FILE', '/nowhere'],
  ['GIT_LITERAL_PATHSPECS', '1'],
  ['GIT_GLOB_PATHSPECS', '1'],
])('%s, which a hook or a shell may have set, changes nothing', async (name, value) => {
  const mesh = join(top, 'mesh');
  const [checkout, history] = [await checkedOut(mesh), await loadHistory(mesh)];
  vi.stubEnv(name, value);
  try {
    expect([await checkedOut(mesh), await loadHistory(mesh)]).toEqual([checkout, history]);
  } finally {
    vi.unstubAllEnvs();
  }
});
