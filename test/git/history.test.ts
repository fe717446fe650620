import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { loadHistory, words } from '../../src/cli/load-history.ts';
import { replay } from '../../src/desire/replay.ts';
import { blobsIn, GitFailure } from '../../src/git/git.ts';
import { historyOf } from '../../src/git/history.ts';
import { git, top } from './repository.ts';

function commit(files: Readonly<Record<string, string | null>>): string {
  for (const [path, text] of Object.entries(files)) {
    if (text === null) rmSync(join(top, path));
    else {
      mkdirSync(dirname(join(top, path)), { recursive: true });
      writeFileSync(join(top, path), text);
    }
  }
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', 'change');
  return git('rev-parse', 'HEAD');
}

const central = { account: '111122223333', region: 'eu-west-1' };
const meshYaml = `apiVersion: meshgate/v1
kind: Mesh
name: town
central: { account: "${central.account}", region: ${central.region} }
administrators: [{ login: ada, id: 1 }]
`;

function account(id: string, more = ''): string {
  return `apiVersion: meshgate/v1\nkind: Account\nid: "${id}"\nroles: [consumer]\nowners: [{ login: eve, id: 3 }]\n${more}`;
}

const [a, b, c] = ['333344445555', '444455556666', '555566667777'] as const;

/** The principals that the history of a directory declares, sorted. */
async function principals(directory = 'mesh'): Promise<readonly string[]> {
  const { commits } = await loadHistory(join(top, directory));
  return [...replay(commits, central).bounds.principals].sort();
}

test('what was added, changed and deleted, commit by commit', async () => {
  const first = commit({ 'mesh/mesh.yaml': 'one\n', 'mesh/accounts/a.yaml': 'a\n', 'other.txt': 'x\n' });
  commit({ 'other.txt': 'y\n' });
  const second = commit({ 'mesh/mesh.yaml': 'two\n', 'mesh/accounts/a.yaml': null, 'mesh/accounts/ü\n.yaml': 'b\n' });
  const { commits, isShallow } = await historyOf(join(top, 'mesh'), words);
  expect(isShallow).toBe(false);
  const blob = (at: string, path: string): string => git('rev-parse', `${at}:${path}`);
  expect(commits).toEqual([
    {
      id: first,
      changes: [
        { path: 'accounts/a.yaml', blob: blob(first, 'mesh/accounts/a.yaml') },
        { path: 'mesh.yaml', blob: blob(first, 'mesh/mesh.yaml') },
      ],
    },
    {
      id: second,
      changes: [
        { path: 'accounts/a.yaml', blob: undefined },
        { path: 'accounts/ü\n.yaml', blob: blob(second, 'mesh/accounts/ü\n.yaml') },
        { path: 'mesh.yaml', blob: blob(second, 'mesh/mesh.yaml') },
      ],
    },
  ]);
});

test('settings of git change nothing', async () => {
  commit({ 'mesh/mesh.yaml': meshYaml, 'mesh/accounts/a.yaml': account(a) });
  commit({ 'mesh/accounts/a.yaml': null });
  const before = await historyOf(join(top, 'mesh'), words);
  for (const setting of [
    'log.showRoot=false',
    'log.follow=true',
    'log.decorate=full',
    'log.date=raw',
    'diff.renames=copies',
    'diff.noprefix=true',
    'diff.relative=true',
    'core.quotePath=true',
    'core.abbrev=4',
    'color.ui=always',
    'format.pretty=oneline',
  ])
    git('config', setting.split('=')[0] ?? '', setting.split('=')[1] ?? '');
  expect(await historyOf(join(top, 'mesh'), words)).toEqual(before);
});

test('what a branch did and undid before it was merged was never on main', async () => {
  commit({ 'mesh/mesh.yaml': meshYaml, 'mesh/accounts/a.yaml': account(a) });
  git('switch', '--quiet', '--create', 'branch');
  commit({ 'mesh/accounts/b.yaml': account(b) });
  commit({ 'mesh/accounts/b.yaml': null, 'mesh/accounts/c.yaml': account(c) });
  git('switch', '--quiet', 'main');
  commit({ 'mesh/accounts/a.yaml': null });
  git('merge', '--quiet', '--no-ff', '--message', 'merge', 'branch');
  expect(await principals()).toEqual([a, c]);
});

test('a mesh at the top of its repository', async () => {
  commit({ 'mesh.yaml': meshYaml, 'accounts/a.yaml': account(a) });
  commit({ 'accounts/a.yaml': null });
  expect(await principals('.')).toEqual([a]);
});

test('a mesh that moved takes its history along, over several moves', async () => {
  commit({ 'old/mesh.yaml': meshYaml, 'old/accounts/a.yaml': account(a), 'old/accounts/b.yaml': account(b) });
  commit({ 'old/accounts/a.yaml': null });
  mkdirSync(join(top, 'deep'));
  git('mv', 'old', 'deep/mesh');
  commit({});
  commit({ 'deep/mesh/accounts/b.yaml': null, 'deep/mesh/accounts/c.yaml': account(c) });
  git('mv', 'deep/mesh', 'mesh');
  commit({ 'mesh/mesh.yaml': `${meshYaml}description: It moved again.\n` });
  expect(await principals()).toEqual([a, b, c]);
  expect((await loadHistory(join(top, 'mesh'))).notes).toEqual([]);
});

/** The files of two meshes from one template, `a` and `b`. */
const twins = {
  'a/mesh.yaml': meshYaml,
  'a/accounts/sales.yaml': account(a),
  'b/mesh.yaml': meshYaml,
  'b/accounts/finance.yaml': account(b),
};

/** The notes of a mesh directory's history. */
async function notesOf(directory: string): Promise<readonly string[]> {
  return (await loadHistory(join(top, directory))).notes.map(({ code, message }) => `${code} ${message}`);
}

test('of two meshes that cannot be told apart neither takes over a history, and a note says so', async () => {
  commit(twins);
  git('mv', 'a', 'x-sales');
  git('mv', 'b', 'b2');
  const moved = commit({});
  expect([await principals('x-sales'), await principals('b2')]).toEqual([[a], [b]]);
  expect(await notesOf('b2')).toEqual([
    `NEW_DIRECTORY b2/mesh.yaml appears with commit ${moved.slice(0, 12)}, which deletes a/mesh.yaml and 1 more: what was declared elsewhere before is not this mesh's, and what it stood for stays in the lake`,
  ]);
});

test('two meshes that move at once are told apart by their names', async () => {
  commit({ ...twins, 'b/mesh.yaml': meshYaml.replace('town', '"city"'), 'b/accounts/gone.yaml': account(c) });
  commit({ 'b/accounts/gone.yaml': null });
  git('mv', 'a', 'x-sales');
  git('mv', 'b', 'b2');
  commit({});
  expect([await principals('x-sales'), await principals('b2')]).toEqual([[a], [b, c]]);
  expect([await notesOf('x-sales'), await notesOf('b2')]).toEqual([[], []]);
});

test.each<[string, Readonly<Record<string, string | null>>, readonly string[]]>([
  ['shares half of its paths', { 'new/accounts/one.yaml': account(a), 'new/accounts/x.yaml': account(c) }, [a, b, c]],
  ['shares less than half of its paths', { 'new/accounts/x.yaml': account(c) }, [c]],
  ['has no file but mesh.yaml', {}, []],
  [
    'is called otherwise',
    {
      'new/mesh.yaml': meshYaml.replace('town', 'city'),
      'new/accounts/one.yaml': account(a),
      'new/accounts/two.yaml': account(b),
    },
    [a, b],
  ],
  [
    'has no name that can be read',
    { 'new/mesh.yaml': meshYaml.replace('town', '['), 'new/accounts/one.yaml': account(c) },
    [c],
  ],
  [
    'appears twice',
    {
      'new/accounts/one.yaml': account(c),
      'new/accounts/two.yaml': account(c),
      'copy/mesh.yaml': meshYaml,
      'copy/accounts/one.yaml': account(c),
    },
    [c],
  ],
])('a mesh in place of a deleted one that %s', async (_, files, expected) => {
  commit({ 'old/mesh.yaml': meshYaml, 'old/accounts/one.yaml': account(a), 'old/accounts/two.yaml': account(b) });
  commit({
    'old/mesh.yaml': null,
    'old/accounts/one.yaml': null,
    'old/accounts/two.yaml': null,
    'new/mesh.yaml': meshYaml,
    ...files,
  });
  expect(await principals('new')).toEqual(expected);
  const isTaken = expected.length === 3;
  expect(await notesOf('new')).toEqual(isTaken ? [] : [expect.stringContaining(', which deletes old/mesh.yaml: ')]);
});

test('a mesh moves from the top of its repository into a directory, and back', async () => {
  commit({ 'mesh.yaml': meshYaml, 'accounts/a.yaml': account(a), 'accounts/b.yaml': account(b), 'src/x.txt': 'x\n' });
  commit({ 'accounts/a.yaml': null });
  mkdirSync(join(top, 'mesh'));
  git('mv', 'mesh.yaml', 'accounts', 'mesh');
  commit({});
  expect(await principals()).toEqual([a, b]);
  git('mv', 'mesh/mesh.yaml', 'mesh/accounts', '.');
  commit({});
  expect(await principals('.')).toEqual([a, b]);
  expect(await notesOf('.')).toEqual([]);
});

test('another mesh beside it is none of its history', async () => {
  commit({ 'mesh/mesh.yaml': meshYaml, 'second/mesh.yaml': meshYaml, 'second/accounts/b.yaml': account(b) });
  commit({ 'second/accounts/b.yaml': null, 'mesh/accounts/a.yaml': account(a) });
  expect(await principals()).toEqual([a]);
});

test('an old version that cannot be read is named, and the others count', async () => {
  commit({ 'mesh/mesh.yaml': meshYaml, 'mesh/accounts/a.yaml': account(a) });
  const broken = commit({ 'mesh/accounts/a.yaml': 'id: [', 'mesh/accounts/b.yaml': account(b) });
  commit({ 'mesh/accounts/a.yaml': account(c), 'mesh/accounts/b.yaml': null });
  const { gaps, notes } = await loadHistory(join(top, 'mesh'));
  expect(gaps).toEqual([]);
  expect(notes).toEqual([
    {
      code: 'UNREADABLE_VERSION',
      message: expect.stringMatching(
        new RegExp(`^accounts/a\\.yaml as of commit ${broken.slice(0, 12)} is not counted: `),
      ),
    },
  ]);
  expect(await principals()).toEqual([a, b, c]);
});

test.each<[string, string | Buffer]>([
  ['binary', Buffer.from([0xff, 0xfe, 0, 1])],
  ['too large', `id: "${b}"\n# ${'x'.repeat(1024 * 1024)}`],
  ['nested too deep', `id: "${b}"\nprincipals: ${'['.repeat(20_000)}`],
  ['an alias', 'id: *x\n'],
  ['without an id', 'roles: [consumer]\n'],
  ['a number for an id', `id: ${b}\n`],
  ['empty', ''],
  ['a list', '- 1\n'],
])('an old version that is %s', async (_, text) => {
  commit({ 'mesh/mesh.yaml': meshYaml, 'mesh/accounts/a.yaml': account(a) });
  mkdirSync(join(top, 'mesh/accounts'), { recursive: true });
  writeFileSync(join(top, 'mesh/accounts/b.yaml'), text);
  commit({});
  const { gaps, notes } = await loadHistory(join(top, 'mesh'));
  expect([gaps, notes.map(({ code }) => code)]).toEqual([[], ['UNREADABLE_VERSION']]);
  expect(await principals()).toEqual([a]);
});

test('what is no mesh file is not looked at', async () => {
  commit({
    'mesh/mesh.yaml': meshYaml,
    'mesh/README.md': '[',
    'mesh/x-y.yaml': '[',
    'mesh/accounts/A_b.yaml': '[',
    'mesh/.hidden/a.yaml': '[',
  });
  symlinkSync('../mesh.yaml', join(top, 'mesh/accounts-link.yaml'));
  mkdirSync(join(top, 'mesh/accounts'), { recursive: true });
  symlinkSync('../mesh.yaml', join(top, 'mesh/accounts/link.yaml'));
  commit({});
  expect(await loadHistory(join(top, 'mesh'))).toMatchObject({ gaps: [], notes: [] });
});

test('without a repository, and without a commit, there is a note', async () => {
  const notes = async (directory: string): Promise<unknown> => (await loadHistory(directory)).notes;
  mkdirSync(join(top, 'mesh'));
  expect(await notes(join(top, 'mesh'))).toMatchObject([{ code: 'NO_HISTORY' }]);
  rmSync(join(top, '.git'), { recursive: true });
  expect(await notes(join(top, 'mesh'))).toMatchObject([{ code: 'NO_HISTORY' }]);
});

test('a shallow clone tells what it has, and says so', async () => {
  commit({ 'mesh/mesh.yaml': meshYaml, 'mesh/accounts/a.yaml': account(a), 'mesh/accounts/b.yaml': account(b) });
  commit({ 'mesh/accounts/a.yaml': null });
  commit({ 'mesh/accounts/b.yaml': null });
  git('clone', '--quiet', '--depth', '2', `file://${top}`, join(top, 'clone'));
  const { notes, gaps } = await loadHistory(join(top, 'clone', 'mesh'));
  expect([notes.map(({ code }) => code), gaps]).toEqual([['SHALLOW_HISTORY'], []]);
  expect(await principals('clone/mesh')).toEqual([b]);
});

test('a version that the repository lacks is a gap, which blocks nothing', async () => {
  const first = commit({
    'mesh/mesh.yaml': meshYaml,
    'mesh/accounts/a.yaml': account(a),
    'mesh/accounts/b.yaml': account(b),
  });
  commit({ 'mesh/accounts/a.yaml': null, 'mesh/accounts/b.yaml': null });
  const blob = git('rev-parse', `${first}:mesh/accounts/a.yaml`);
  const file = join(top, '.git/objects', blob.slice(0, 2), blob.slice(2));
  chmodSync(file, 0o600);
  rmSync(file);
  const { notes, gaps } = await loadHistory(join(top, 'mesh'));
  expect(notes).toEqual([]);
  expect(gaps).toMatchObject([{ code: 'LOST_VERSION', blocks: 'nothing' }]);
  expect(gaps[0]?.message).toContain(`accounts/a.yaml as of commit ${first.slice(0, 12)}`);
  expect(await principals()).toEqual([b]);
});

test('a history that git cannot walk is a gap', async () => {
  const first = commit({ 'mesh/mesh.yaml': meshYaml, 'mesh/accounts/a.yaml': account(a) });
  commit({ 'mesh/accounts/a.yaml': null });
  rmSync(join(top, '.git/objects', first.slice(0, 2), first.slice(2)), { force: true });
  const { notes, gaps } = await loadHistory(join(top, 'mesh'));
  expect([notes, gaps.map(({ code }) => code)]).toEqual([[], ['NO_HISTORY']]);
});

test('blobs come in order, whatever their size', async () => {
  const sizes = [0, 1, 65_535, 65_536, 300_000, 7];
  commit(Object.fromEntries(sizes.map((size, index) => [`f${index}`, `${index}`.repeat(size)])));
  const ids = sizes.map((_, index) => git('rev-parse', `HEAD:f${index}`));
  const read: (number | undefined)[] = [];
  for await (const bytes of blobsIn(top, [...ids, '0'.repeat(40), ids[1] ?? ''])) read.push(bytes?.length);
  expect(read).toEqual([...sizes, undefined, 1]);
  const none = blobsIn(join(top, 'nowhere'), []);
  await expect(none.next()).rejects.toThrow(GitFailure);
});

test('the history in objects and in packs is the same', async () => {
  commit({ 'mesh/mesh.yaml': meshYaml, 'mesh/accounts/a.yaml': account(a) });
  commit({ 'mesh/accounts/a.yaml': account(b) });
  git('repack', '-adq');
  expect(readdirSync(join(top, '.git/objects/pack')).length).toBeGreaterThan(0);
  expect(await principals()).toEqual([a, b]);
});
