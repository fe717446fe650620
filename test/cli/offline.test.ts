import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { program } from '../../src/cli/program.ts';
import { schemaFaults } from '../support/output-schemas.ts';
import { gitIn, type Stage, temporary } from '../support/stage.ts';
import { townMesh } from '../support/town.ts';

let directory: string;
let git: Stage['git'];
const commits: Record<string, string> = {};

const wider = (townMesh['subscriptions/sales/orders/finance.yaml'] ?? '').replace('[items]', '[items, orders]');

beforeAll(async () => {
  directory = await temporary();
  git = gitIn(directory);
  await git('init', '--quiet', '--initial-branch=main');
  await commit('none', { 'README.md': 'x' });
  await commit('mesh', Object.fromEntries(Object.entries(townMesh).map(([path, text]) => [`mesh/${path}`, text])));
  await commit('broken', { 'mesh/mesh.yaml': 'kind: Nothing\n' });
  await git('checkout', '--quiet', '-b', 'ask', commits['mesh'] ?? '');
  await commit('ask', { 'mesh/subscriptions/sales/orders/finance.yaml': wider });
  // What came to main since is not taken back by the branch.
  await git('checkout', '--quiet', '-b', 'later', commits['mesh'] ?? '');
  await commit('later', {
    'mesh/subscriptions/sales/stores/finance.yaml': (townMesh['subscriptions/sales/stores/finance.yaml'] ?? '').replace(
      '[shops]',
      '[shops, visits]',
    ),
  });
  await git('checkout', '--quiet', '--orphan', 'elsewhere');
  await commit('elsewhere', { 'README.md': 'y' });
  await git('checkout', '--quiet', '--force', 'ask');
});

async function commit(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  await git('add', '--all');
  await git('commit', '--quiet', '--message', name);
  commits[name] = await git('rev-parse', 'HEAD');
}

async function plan(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const said = { out: '', err: '' };
  const mesh = args.includes('--mesh') ? [] : ['--mesh', join(directory, 'mesh')];
  const code = await program(['plan', ...mesh, ...args], {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    env: {},
    exit: () => undefined,
    isTerminal: { out: false, err: false },
  });
  return { code, ...said };
}

test.each(['mesh', 'main^', 'later'])(
  'compares with where the branch parted from %s, and needs no lake',
  async (base) => {
    const { code, out } = await plan('--offline', '--base', commits[base] ?? base);
    expect(out).toContain('by the files alone, no lake was asked');
    expect(out).toContain(`since ${commits['mesh']?.slice(0, 12)}`);
    expect(out).toMatch(/finance .*\n.*grant .*DESCRIBE, SELECT on table sales\.orders with grant option \[pii\]/);
    expect(out).toContain('Plan: 4 to grant.');
    expect(out).not.toContain('stores');
    expect(code).toBe(0);
  },
);

test('as JSON it is a plan by its schema, and as Markdown it says the same', async () => {
  const json = JSON.parse((await plan('--offline', '--base', 'later', '--format', 'json')).out);
  expect(schemaFaults('plan', json)).toEqual([]);
  expect(json).toMatchObject({
    scope: { isOffline: true, files: ['subscriptions/sales/orders/finance.yaml'] },
    lakes: [],
    outside: null,
  });
  expect((await plan('--offline', '--base', 'later', '--format', 'markdown')).out).toContain('## Plan: 4 to grant.');
});

test('--exit-code tells whether anything changes', async () => {
  expect((await plan('--offline', '--base', 'later', '--exit-code')).code).toBe(2);
  expect((await plan('--offline', '--base', 'ask', '--exit-code')).code).toBe(0);
});

test('counts what is not committed, and says so', async () => {
  const file = join(directory, 'mesh/subscriptions/sales/orders/finance.yaml');
  await writeFile(file, wider.replace('[items, orders]', '[orders]'));
  const { out } = await plan('--offline', '--base', 'ask');
  await git('checkout', '--quiet', '--', 'mesh');
  expect(out).toContain('revoke  DESCRIBE, SELECT on table sales.items');
  expect(out).toContain('UNCOMMITTED');
});

test('without a mesh at the base all is new', async () => {
  const { out } = await plan('--offline', '--base', commits['none'] ?? '');
  expect(out).toContain('NO_MESH_AT_BASE');
  expect(out).not.toContain('revoke');
});

test.each<[what: string, args: () => readonly string[], text: string]>([
  ['a base that is no commit', () => ['--offline', '--base', 'nowhere'], 'BASE git cannot tell what'],
  ['a base like an option', () => ['--offline', '--base', '--all'], '--all is no commit'],
  ['a base with no commit in common', () => ['--offline', '--base', 'elsewhere'], 'have no commit in common'],
  ['no base', () => ['--offline'], 'BASE --offline compares with a commit, and none is named; add --base'],
  ['a base without --offline', () => ['--base', 'main'], 'BASE --base belongs to --offline'],
  ['--changed beside it', () => ['--offline', '--base', 'main', '--changed'], 'USAGE'],
])('%s is told', async (_, args, text) => {
  const { code, err } = await plan(...args());
  expect(err).toContain(text);
  expect(code).toBe(1);
});

test('a base that is not valid is told with its first fault', async () => {
  await git('checkout', '--quiet', '-b', 'mend', 'main');
  await git('checkout', '--quiet', commits['mesh'] ?? '', '--', 'mesh');
  await git('commit', '--quiet', '--message', 'mend');
  const { code, err } = await plan('--offline', '--base', 'main');
  await git('checkout', '--quiet', '--force', 'ask');
  expect(err).toMatch(/BASE_INVALID the mesh files of [0-9a-f]{12} are not valid.*mesh\/mesh\.yaml:1/);
  expect(code).toBe(1);
});

test('a clone that does not reach back far enough is told', async () => {
  const clone = await temporary();
  await git('clone', '--quiet', '--depth', '1', '--no-single-branch', `file://${directory}`, join(clone, 'work'));
  const { code, err } = await plan('--mesh', join(clone, 'work', 'mesh'), '--offline', '--base', 'origin/later');
  await rm(clone, { recursive: true });
  expect(err).toContain(
    'the clone is shallow, and does not reach back to where what is checked out and origin/later parted',
  );
  expect(code).toBe(1);
});

test('outside git it is told', async () => {
  const folder = await temporary();
  await mkdir(join(folder, 'mesh/accounts'), { recursive: true });
  for (const path of ['mesh.yaml', 'accounts/sales.yaml'])
    await writeFile(join(folder, 'mesh', path), townMesh[path] ?? '');
  const { code, err } = await plan('--mesh', join(folder, 'mesh'), '--offline', '--base', 'main');
  expect(err).toMatch(/BASE git cannot tell what .* not a git repository/);
  expect(code).toBe(1);
});
