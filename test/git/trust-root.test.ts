import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GitFailure, positionOf, uncommittedIn } from '../../src/git/git.ts';
import { TrustRootProblem, trustRoot } from '../../src/git/trust-root.ts';
import { git, goOnIn, top } from './repository.ts';

function put(path: string, text: string): void {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), text);
}

/** Commits all that changed and answers the commit's id. */
function commit(message = 'change'): string {
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', message);
  return git('rev-parse', 'HEAD');
}

function blobOf(path: string): string {
  const bytes = readFileSync(join(top, path));
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** What is said of files of the mesh directory as they are on disk. */
async function ask(root: string, paths: readonly string[], mesh = 'mesh'): Promise<readonly string[]> {
  const source = await trustRoot(join(top, mesh), root);
  const answers = await source.approvalsOf(paths.map((path) => ({ path, blob: blobOf(join(mesh, path)) })));
  return paths.map((path) => {
    const answer = answers.get(path);
    return answer?.kind === 'none' ? answer.reason.replace(/[0-9a-f]{12}/, 'ROOT') : (answer?.kind ?? 'nothing');
  });
}

const changed = 'it changed after the trust root ROOT';

describe('a file', () => {
  test('that last changed in the root, or before it, is trusted', async () => {
    put('mesh/old.yaml', 'old');
    commit();
    put('mesh/new.yaml', 'new');
    const root = commit();
    expect(await ask(root, ['old.yaml', 'new.yaml'])).toEqual(['trusted', 'trusted']);
  });

  test('that changed after the root is not', async () => {
    put('mesh/a.yaml', 'a');
    put('mesh/b.yaml', 'b');
    const root = commit();
    put('mesh/b.yaml', 'changed');
    put('mesh/c.yaml', 'added');
    commit();
    expect(await ask(root, ['a.yaml', 'b.yaml', 'c.yaml'])).toEqual(['trusted', changed, changed]);
    expect(await ask('HEAD', ['a.yaml', 'b.yaml', 'c.yaml'])).toEqual(['trusted', 'trusted', 'trusted']);
  });

  test('that changed and was put back has changed: only its last commit counts', async () => {
    put('mesh/a.yaml', 'a');
    const root = commit();
    put('mesh/a.yaml', 'b');
    const bad = commit();
    git('revert', '--no-edit', bad);
    expect(await ask(root, ['a.yaml'])).toEqual([changed]);
  });

  test('that was renamed is another', async () => {
    put('mesh/a.yaml', 'a long enough text to be found again by its likeness');
    const root = commit();
    renameSync(join(top, 'mesh/a.yaml'), join(top, 'mesh/b.yaml'));
    commit();
    expect(await ask(root, ['b.yaml'])).toEqual([changed]);
  });

  test('that is not committed, or not as it is on disk, is not trusted', async () => {
    put('mesh/a.yaml', 'a');
    const root = commit();
    appendFileSync(join(top, 'mesh/a.yaml'), ' and more');
    put('mesh/b.yaml', 'b');
    expect(await ask(root, ['a.yaml', 'b.yaml'])).toEqual(['it differs from what is committed', 'it is not committed']);
    git('add', '--all');
    expect(await ask(root, ['a.yaml', 'b.yaml'])).toEqual(['it differs from what is committed', 'it is not committed']);
  });

  test('whose mode changed after the root has changed', async () => {
    put('mesh/a.yaml', 'a');
    const root = commit();
    chmodSync(join(top, 'mesh/a.yaml'), 0o755);
    commit();
    expect(await ask(root, ['a.yaml'])).toEqual([changed]);
    expect(await ask('HEAD', ['a.yaml'])).toEqual(['trusted']);
  });

  test('that is committed as a symbolic link is not a file', async () => {
    put('mesh/a.yaml', 'b.yaml');
    put('mesh/b.yaml', 'b');
    commit();
    rmSync(join(top, 'mesh/a.yaml'));
    symlinkSync('b.yaml', join(top, 'mesh/a.yaml'));
    commit();
    const source = await trustRoot(join(top, 'mesh'), 'HEAD');
    const blob = git('rev-parse', 'HEAD:mesh/a.yaml');
    expect((await source.approvalsOf([{ path: 'a.yaml', blob }])).get('a.yaml')).toMatchObject({
      kind: 'none',
      reason: 'it is not committed',
    });
  });

  test('of which another version is asked for is not trusted', async () => {
    put('mesh/a.yaml', 'a');
    const root = commit();
    const source = await trustRoot(join(top, 'mesh'), root);
    const answers = await source.approvalsOf([{ path: 'a.yaml', blob: 'f'.repeat(40) }]);
    expect(answers.get('a.yaml')).toMatchObject({ kind: 'none', reason: 'it differs from what is committed' });
  });
});

describe('a merge', () => {
  test('of what changed after the root changes it, though the commit on the branch is older', async () => {
    put('mesh/a.yaml', 'a');
    commit();
    git('checkout', '--quiet', '-b', 'topic');
    put('mesh/b.yaml', 'from the branch');
    commit();
    git('checkout', '--quiet', 'main');
    put('mesh/c.yaml', 'c');
    const root = commit();
    git('merge', '--quiet', '--no-ff', '--no-edit', 'topic');
    expect(await ask(root, ['a.yaml', 'b.yaml', 'c.yaml'])).toEqual(['trusted', changed, 'trusted']);
  });

  test('that adds something of its own changes what it adds', async () => {
    put('mesh/a.yaml', 'a');
    commit();
    git('checkout', '--quiet', '-b', 'topic');
    put('other.txt', 'x');
    commit();
    git('checkout', '--quiet', 'main');
    put('more.txt', 'y');
    const root = commit();
    git('merge', '--quiet', '--no-ff', '--no-commit', 'topic');
    put('mesh/a.yaml', 'slipped into the merge');
    commit('merge');
    expect(await ask(root, ['a.yaml'])).toEqual([changed]);
  });

  test('is trusted as a whole where it is the root', async () => {
    put('mesh/a.yaml', 'a');
    commit();
    git('checkout', '--quiet', '-b', 'topic');
    put('mesh/b.yaml', 'b');
    commit();
    git('checkout', '--quiet', 'main');
    git('merge', '--quiet', '--no-ff', '--no-edit', 'topic');
    expect(await ask('HEAD', ['a.yaml', 'b.yaml'])).toEqual(['trusted', 'trusted']);
  });
});

describe('the root', () => {
  test('must be on the first-parent history', async () => {
    put('mesh/a.yaml', 'a');
    commit();
    git('checkout', '--quiet', '-b', 'topic');
    put('mesh/b.yaml', 'b');
    const side = commit();
    git('checkout', '--quiet', 'main');
    git('merge', '--quiet', '--no-ff', '--no-edit', 'topic');
    await expect(ask(side, ['a.yaml'])).rejects.toThrow(TrustRootProblem);
    await expect(ask(side, ['a.yaml'])).rejects.toThrow('first-parent history');
  });

  test('must be known, and be a commit', async () => {
    put('mesh/a.yaml', 'a');
    commit();
    for (const root of ['f'.repeat(40), 'nonsense', '--all', '-h', 'HEAD:mesh/a.yaml', ''])
      await expect(ask(root, ['a.yaml'])).rejects.toThrow(TrustRootProblem);
  });

  test('must not be of the future', async () => {
    put('mesh/a.yaml', 'a');
    commit();
    put('mesh/a.yaml', 'b');
    const later = commit();
    git('checkout', '--quiet', '--detach', 'HEAD~1');
    await expect(ask(later, ['a.yaml'])).rejects.toThrow(TrustRootProblem);
  });

  test('beyond the reach of a shallow clone is no root, and the hint says what to do', async () => {
    put('mesh/a.yaml', 'a');
    const root = commit();
    put('mesh/b.yaml', 'b');
    commit();
    const shallow = mkdtempSync(join(tmpdir(), 'meshgate-git-'));
    git('clone', '--quiet', '--depth', '1', `file://${top}`, shallow);
    goOnIn(shallow);
    await expect(ask(root, ['a.yaml'])).rejects.toThrow(TrustRootProblem);
    expect(await ask('HEAD', ['a.yaml', 'b.yaml'])).toEqual(['trusted', 'trusted']);
  });

  test('needs a repository with a commit', async () => {
    mkdirSync(join(top, 'mesh'));
    await expect(trustRoot(join(top, 'mesh'), 'HEAD')).rejects.toThrow(TrustRootProblem);
    rmSync(join(top, '.git'), { recursive: true });
    await expect(trustRoot(join(top, 'mesh'), 'HEAD')).rejects.toThrow('in no git repository');
    await expect(positionOf(join(top, 'mesh'))).rejects.toThrow(GitFailure);
  });
});

describe('the mesh directory', () => {
  test.each([
    'mesh',
    '.',
    'deep/down/mesh',
    'with space',
    'ünï "quoted"',
    "o'clock",
    'a[b]',
    'star*',
    ':colon',
    '-dash',
    'back\\slash',
  ])('may be called %s', async (mesh) => {
    put(join(mesh, 'products/ä b.yaml'), 'a');
    put(join(mesh, 'subscriptions/c.yaml'), 'c');
    put('elsewhere/products/x.yaml', 'x');
    const root = commit();
    put(join(mesh, 'subscriptions/c.yaml'), 'changed');
    put('elsewhere/products/x.yaml', 'changed');
    commit();
    expect(await ask(root, ['products/ä b.yaml', 'subscriptions/c.yaml'], mesh)).toEqual(['trusted', changed]);
  });

  test('is told apart from another whose name begins alike', async () => {
    put('mesh/a.yaml', 'a');
    const root = commit();
    put('mesh-old/a.yaml', 'a');
    put('meshes.yaml', 'a');
    commit();
    expect(await ask(root, ['a.yaml'])).toEqual(['trusted']);
  });

  test('has a position: its path and the commit that is checked out', async () => {
    put('deep/mesh/a.yaml', 'a');
    const head = commit();
    expect(await positionOf(join(top, 'deep/mesh'))).toEqual({ prefix: 'deep/mesh/', head });
    expect(await positionOf(top)).toEqual({ prefix: '', head });
  });
});

describe("what people set for git's output", () => {
  test.each([
    ['diff.relative', 'true'],
    ['log.showSignature', 'true'],
    ['color.ui', 'always'],
    ['diff.renames', 'copies'],
    ['core.quotePath', 'true'],
  ])('%s=%s hides no change', async (name, value) => {
    put('mesh/a.yaml', 'a');
    const root = commit();
    put('mesh/a.yaml', 'b');
    commit();
    git('config', name, value);
    expect(await ask(root, ['a.yaml'])).toEqual([changed]);
  });

  test('a replaced commit is not believed', async () => {
    put('mesh/a.yaml', 'a');
    const root = commit();
    put('mesh/a.yaml', 'b');
    const head = commit();
    git('replace', '--graft', head);
    expect(await ask(root, ['a.yaml'])).toEqual([changed]);
  });
});

describe('what is not committed', () => {
  test('changed and missing files are named, new ones are not', async () => {
    for (const path of ['mesh/a.yaml', 'mesh/b.yaml', 'mesh/c.yaml', 'other.txt']) put(path, 'old');
    commit();
    put('mesh/a.yaml', 'new');
    put('mesh/d.yaml', 'new');
    put('other.txt', 'new');
    rmSync(join(top, 'mesh/b.yaml'));
    expect(await uncommittedIn(join(top, 'mesh'))).toEqual(['mesh/a.yaml', 'mesh/b.yaml']);
  });
});
