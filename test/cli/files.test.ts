import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Env, type Stage, setStage, writesOf } from '../support/stage.ts';
import { townMesh } from '../support/town.ts';

interface Failing {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Env;
  readonly prepare?: (stage: Stage) => Promise<unknown>;
  readonly says: RegExp;
}

const apply = ['apply', '--trust-root', 'HEAD'];

const failing: readonly Failing[] = [
  {
    name: 'a mesh directory that is not there',
    args: [...apply, '--mesh', 'nowhere'],
    says: /^NO_MESH there is no directory "nowhere"; .+\n1 problem\n/,
  },
  {
    name: 'an empty mesh directory',
    args: [...apply, '--mesh', 'empty'],
    prepare: ({ directory }) => mkdir(join(directory, 'empty')),
    says: /^empty\S* NO_MESH_FILE /,
  },
  {
    name: 'a mesh directory that is a file',
    args: [...apply, '--mesh', 'mesh/mesh.yaml'],
    says: /NO_MESH "mesh\/mesh\.yaml" is not a directory/,
  },
  {
    name: 'a mesh of another version',
    args: apply,
    prepare: ({ write }) =>
      write('mesh/mesh.yaml', (townMesh['mesh.yaml'] ?? '').replace('meshgate/v1', 'meshgate/v2')),
    says: /^mesh\/mesh\.yaml:1:13 WRONG_VERSION .+meshgate\/v1/,
  },
  {
    name: 'a mesh with several problems',
    args: apply,
    prepare: async ({ write }) => {
      await write('mesh/accounts/finance.yaml', `${townMesh['accounts/finance.yaml']}colour: red\n`);
      await write('mesh/subscriptions/sales/orders/finance.yaml', 'apiVersion: [');
    },
    says: /^mesh\/accounts\/finance\.yaml:6:1 UNKNOWN_FIELD .*colour[\s\S]*mesh\/subscriptions\/sales\/orders\/finance\.yaml:1:\d+ YAML_SYNTAX [\s\S]*2 problems in 2 files\n/,
  },
  {
    name: 'a trust root that is no commit',
    args: ['apply', '--trust-root', 'nothing'],
    says: /^TRUST_ROOT the trust root nothing is no commit of this repository; give a commit of the main branch\n/,
  },
  {
    name: 'an empty trust root',
    args: ['apply', '--trust-root', ''],
    says: /^TRUST_ROOT the trust root is empty; give a commit of the main branch\n/,
  },
  {
    name: 'a trust root that git would take for an option',
    args: ['apply', '--trust-root=--all'],
    says: /^TRUST_ROOT the trust root --all is no commit/,
  },
  {
    name: 'a trust root from the environment beside the history',
    args: ['apply'],
    env: { MESHGATE_TRUST_ROOT: 'side' },
    prepare: async ({ git, write }) => {
      await git('checkout', '--quiet', '-b', 'side');
      await write('mesh/x-note.md', 'beside');
      await git('add', 'mesh');
      await git('commit', '--quiet', '--message', 'Beside');
      await git('checkout', '--quiet', 'main');
    },
    says: /^TRUST_ROOT the trust root side is not on the first-parent history of the commit that is checked out/,
  },
  {
    name: 'a trust root without git',
    args: apply,
    env: { PATH: '/nowhere' },
    says: /^TRUST_ROOT mesh is in no git repository with a commit, so there is nothing to trust \(git is not installed, or not in PATH\)/,
  },
  {
    name: 'a file of approvals that is not there',
    args: ['apply', '--approvals', 'approvals.yaml'],
    says: /^NO_APPROVALS_FILE approvals\.yaml cannot be read: ENOENT/,
  },
  {
    name: 'a file of approvals that is a directory',
    args: ['apply', '--approvals', 'mesh'],
    says: /^NO_APPROVALS_FILE mesh cannot be read: EISDIR/,
  },
  {
    name: 'a file of approvals that is no YAML',
    args: ['apply', '--approvals', 'approvals.yaml'],
    prepare: ({ write }) => write('approvals.yaml', 'approvals: [{'),
    says: /^approvals\.yaml:1:\d+ YAML_SYNTAX /,
  },
  {
    name: 'a file of approvals in another form',
    args: ['apply', '--approvals', 'approvals.yaml'],
    prepare: ({ write }) =>
      write('approvals.yaml', 'apiVersion: meshgate/v1\nkind: Approvals\napprovals: [{ path: mesh.yaml, blob: 1 }]\n'),
    says: /^approvals\.yaml:3:\d+ (MISSING_FIELD|WRONG_TYPE) [\s\S]*2 problems in 1 file/,
  },
  {
    name: 'a ledger that cannot be written',
    args: [...apply, '--ledger', 'mesh/mesh.yaml/ledger.jsonl'],
    says: /^NO_LEDGER the record of the run, mesh\/mesh\.yaml\/ledger\.jsonl, cannot be written: E[A-Z]+: .*; give another file with --ledger\n/,
  },
  {
    name: 'a day that is none',
    args: ['plan', '--as-of', '2027-02-30'],
    says: /^BAD_DATE --as-of 2027-02-30 is no date; write it as YYYY-MM-DD\n/,
  },
  { name: 'a day in words', args: ['plan', '--as-of', 'tomorrow'], says: /^BAD_DATE --as-of tomorrow is no date/ },
  {
    name: 'waits that are none',
    args: apply,
    env: { MESHGATE_READ_BACK: 'soon' },
    says: /^BAD_OPTION MESHGATE_READ_BACK soon is no list of milliseconds; write it as 2000,4000,8000\n/,
  },
  {
    name: 'no number of tries',
    args: [...apply, '--tries', '0'],
    says: /^BAD_OPTION --tries 0 is no whole number from 1 to 100\n/,
  },
  {
    name: 'no time',
    args: [...apply, '--timeout', '-1'],
    says: /^BAD_OPTION --timeout -1 is no number above 0, 3600 at most\n/,
  },
];

const typed: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['an unknown command', ['aply'], /^USAGE unknown command 'aply'; did you mean apply\?\nNothing was written\.\n$/],
  ['an unknown option', ['plan', '--formt'], /^USAGE unknown option '--formt'; did you mean --format\?\n/],
  [
    'an unknown format',
    ['plan', '--format', 'xml'],
    /^USAGE option '--format <format>' argument 'xml' is invalid\. Allowed choices are text, json, markdown/,
  ],
  [
    'an option without its value',
    ['plan', '--mesh'],
    /^USAGE option '--mesh <directory>' argument missing; see meshgate --help\n/,
  ],
  ['more than it takes', ['plan', 'mesh'], /^USAGE too many arguments for 'plan'/],
  ['nothing', [], /^Usage: meshgate /],
];

describe.concurrent('files and options cannot be used', { timeout: 60_000 }, () => {
  test.each(failing)(
    '$name: exit code 1, with its place or its remedy, nothing written',
    async ({ args, env, prepare, says }) => {
      const stage = await setStage();
      await prepare?.(stage);
      const ran = await stage.run(args, env);
      expect(ran.err).toMatch(says);
      expect(ran.err).toMatch(/\nNothing was written\.\n$/);
      expect(ran.err).not.toMatch(/\bat \S+ \(|BUG/);
      expect(ran.code).toBe(1);
      expect(writesOf(stage)).toEqual([]);
    },
  );

  test('a trust root in no repository: exit code 1', async () => {
    const stage = await setStage({ isInGit: false });
    const ran = await stage.run(apply);
    expect(ran.err).toMatch(
      /^TRUST_ROOT mesh is in no git repository with a commit, so there is nothing to trust \(fatal: not a git repository/,
    );
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(stage.emulator.journal()).toEqual([]);
  });

  test.each([
    ['plan', ['plan']],
    ['apply with a trust root', apply],
  ])('files in a bare repository: exit code 1, and where to go, for %s', async (_, args) => {
    const stage = await setStage({ isInGit: false });
    await stage.git('init', '--quiet', '--bare');
    const ran = await stage.run(args);
    expect(ran.err).toMatch(/^CHECKOUT mesh is inside a bare repository [\s\S]*clone the repository/);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(stage.emulator.journal()).toEqual([]);
  });

  test.each([
    ['plan', ['plan']],
    ['apply with a trust root', apply],
    ['plan with a file of proofs', ['plan', '--approvals', 'proofs.yaml']],
    ['plan offline', ['plan', '--offline', '--base', 'HEAD']],
  ])('a repository that names its content by SHA-256: exit code 1, and why, for %s', async (_, args) => {
    const stage = await setStage({ isInGit: false });
    await stage.write('proofs.yaml', 'approvals: []\n');
    await stage.git('init', '--quiet', '--object-format=sha256');
    await stage.git('add', 'mesh');
    await stage.git('commit', '--quiet', '--message', 'The mesh');
    const ran = await stage.run(args);
    expect(ran.err).toMatch(
      /mesh is in a repository that names its content by SHA-256, and approvals name it by SHA-1/,
    );
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(stage.emulator.journal()).toEqual([]);
  });

  test('files outside git are planned, and all that they would give waits', async () => {
    const stage = await setStage({ isInGit: false });
    const ran = await stage.run(['plan', '--format', 'json']);
    expect(ran.code).toBe(0);
    const plan = JSON.parse(ran.out);
    expect(plan).toMatchObject({ commit: null, summary: { grant: 0, create: 0, revoke: 4 } });
    expect(plan.withheld.length).toBe(37);
  });

  test.each(typed)('%s is typed: exit code 1, and what would be right', async (_, args, says) => {
    const stage = await setStage({ isInGit: false });
    const ran = await stage.run(args);
    expect(ran.err).toMatch(says);
    expect(ran).toMatchObject({ code: 1, out: '' });
  });

  test('validate shows every problem on standard output, in each format', async () => {
    const stage = await setStage();
    await stage.write(
      'mesh/accounts/finance.yaml',
      'apiVersion: meshgate/v1\nkind: Account\nid: 444455556666\nroles: [consumer]\n',
    );
    const text = await stage.run(['validate']);
    expect(text).toMatchObject({ code: 1, err: '' });
    expect(text.out).toMatch(
      /^mesh\/accounts\/finance\.yaml:3:5 ACCOUNT_ID_NUMBER .*\n {2}id: 444455556666\n {6}\^\n/m,
    );
    const json = await stage.run(['validate', '--format', 'json']);
    expect(JSON.parse(json.out).problems).toContainEqual(
      expect.objectContaining({
        code: 'ACCOUNT_ID_NUMBER',
        place: { file: 'mesh/accounts/finance.yaml', line: 3, column: 5 },
      }),
    );
    const markdown = await stage.run(['validate', '--format', 'markdown']);
    expect(markdown.out).toMatch(/^- mesh\/accounts\/finance\.yaml:3:5 ACCOUNT\\_ID\\_NUMBER/m);
    expect([json.code, markdown.code]).toEqual([1, 1]);
    expect(stage.emulator.journal()).toEqual([]);
    await writeFile(join(stage.directory, 'mesh/accounts/finance.yaml'), townMesh['accounts/finance.yaml'] ?? '');
    expect(await stage.run(['validate'])).toEqual({
      code: 0,
      signal: null,
      out: 'mesh is valid: 3 accounts, 2 products, 5 subscriptions.\n',
      err: '',
    });
  });
});
