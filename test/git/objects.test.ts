import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { fileHistoryOf } from '../../src/git/file-history.ts';
import { blobHere, blobReader } from '../../src/git/objects.ts';
import { gitIn, type Stage, temporary } from '../support/stage.ts';

let top = '';
let git: Stage['git'];

beforeEach(async () => {
  top = await temporary();
  git = gitIn(top);
  await git('init', '--quiet', '--initial-branch=main');
  await mkdir(join(top, 'mesh'));
});

async function commit(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) await writeFile(join(top, path), text);
  await git('add', '--all');
  await git('commit', '--quiet', '--allow-empty', '--message', 'change');
  return git('rev-parse', 'HEAD');
}

test('every version of every file, with the place of the first-parent commit that made it', async () => {
  const first = await commit({ 'mesh/mesh.yaml': 'one\n', other: 'x\n' });
  const second = await commit({ other: 'y\n' });
  await git('switch', '--quiet', '--create', 'branch');
  await commit({ 'mesh/mesh.yaml': 'two\n' });
  await commit({ 'mesh/mesh.yaml': 'three\n' });
  await git('switch', '--quiet', 'main');
  await git('merge', '--quiet', '--no-ff', '--message', 'merge', 'branch');
  const merge = await git('rev-parse', 'HEAD');
  await git('rm', '--quiet', 'mesh/mesh.yaml');
  await mkdir(join(top, 'mesh'), { recursive: true });
  await symlink('../other', join(top, 'mesh/mesh.yaml'));
  const last = await commit({ 'mesh/x': 'x\n' });
  const { prefix, commits, isShallow, versions } = await fileHistoryOf(join(top, 'mesh'));
  expect({ prefix, commits, isShallow }).toEqual({
    prefix: 'mesh/',
    commits: [first, second, merge, last],
    isShallow: false,
  });
  const path = 'mesh.yaml';
  expect(versions.get(path)).toEqual([
    { path, at: 0, blob: await git('rev-parse', `${first}:mesh/mesh.yaml`) },
    { path, at: 2, blob: await git('rev-parse', `${merge}:mesh/mesh.yaml`) },
    // A link is no file any more.
    { path, at: 3, blob: undefined },
  ]);
});

test('a shallow clone says so', async () => {
  await commit({ 'mesh/mesh.yaml': 'one\n' });
  await commit({ 'mesh/mesh.yaml': 'two\n' });
  const clone = join(await temporary(), 'clone');
  await git('clone', '--quiet', '--depth', '1', `file://${top}`, clone);
  expect((await fileHistoryOf(join(clone, 'mesh'))).isShallow).toBe(true);
});

test('a blob of a commit that is here, of a regular file at exactly this path', async () => {
  await symlink('mesh.yaml', join(top, 'mesh/link'));
  const head = await commit({ 'mesh/mesh.yaml': 'one\n', 'mesh/[a]': 'x\n' });
  const blob = await git('rev-parse', 'HEAD:mesh/mesh.yaml');
  expect(await blobHere(top, head, 'mesh/mesh.yaml')).toEqual({ isHere: true, blob });
  // From within the directory as well.
  expect(await blobHere(join(top, 'mesh'), head, 'mesh/mesh.yaml')).toEqual({ isHere: true, blob });
  expect((await blobHere(top, head, 'mesh/[a]')).blob).toBeDefined();
  for (const none of ['mesh/link', 'mesh', 'mesh/none', 'MESH/mesh.yaml', 'mesh/*'])
    expect(await blobHere(top, head, none)).toEqual({ isHere: true });
  for (const not of ['HEAD', 'main', '--all', '0'.repeat(40), await git('rev-parse', 'HEAD:mesh')])
    expect(await blobHere(top, not, 'mesh/mesh.yaml')).toEqual({ isHere: false });
});

test('blobs that are asked for together are read together, each for itself', async () => {
  await commit({ 'mesh/a': 'one\n', 'mesh/b': 'two\n' });
  const read = blobReader(top);
  const ids = [await git('rev-parse', 'HEAD:mesh/a'), '0'.repeat(40), await git('rev-parse', 'HEAD:mesh/b')];
  const texts = await Promise.all(ids.map(async (id) => Buffer.from((await read(id)) ?? '').toString()));
  expect(texts).toEqual(['one\n', '', 'two\n']);
  expect(await read(ids[0] ?? '')).toBeDefined();
  await expect(blobReader(join(top, 'nowhere'))('0'.repeat(40))).rejects.toThrow();
});
