import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { program } from '../../src/cli/program.ts';
import { ruleset, settings } from '../../src/init/settings.ts';
import { baseMesh } from '../support/problem-cases.ts';
import { gitIn, temporary } from '../support/stage.ts';

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process, which is quicker than in one of its own. */
async function run(...args: readonly string[]): Promise<Said> {
  const said = { out: '', err: '' };
  const code = await program(args, {
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

const flags = ['--central', '123456789012', '--region', 'eu-west-1', '--administrator', 'ada:1', 'bob:2'];

/** All files in a directory with their text, but for git's own. */
function filesIn(directory: string): Readonly<Record<string, string>> {
  const paths = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((path) => !path.startsWith('.git/'))
    .sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(directory, path), 'utf8')]));
}

async function write(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

describe('init', () => {
  test('makes a mesh that is valid, with the code owners that it asks for', async () => {
    const directory = join(await temporary(), 'Our Data_Mesh');
    const { code, out, err } = await run('init', directory, ...flags);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^wrote 16 files in .*\n {2}\+ mesh\/accounts\/central\.yaml\n[\s\S]*\nNext:\n/);
    expect(await run('validate', '--mesh', join(directory, 'mesh'))).toMatchObject({
      code: 0,
      out: expect.stringMatching(/is valid: 2 accounts, 1 product, 1 subscription\.$/m),
    });
    await gitIn(directory)('init', '--quiet', '--initial-branch=main');
    expect(await run('codeowners', '--check', '--mesh', join(directory, 'mesh'))).toMatchObject({ code: 0 });
    const files = filesIn(directory);
    expect(files['mesh/mesh.yaml']).toContain('name: our-data-mesh\n');
    expect(files['mesh/products/example/orders.yaml']).toContain('enforce: additive\n');
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({
      private: true,
      dependencies: { meshgate: version },
    });
  });

  test('the workflows and the issue form are those of this repository, byte for byte', async () => {
    const directory = await temporary();
    await run('init', directory, ...flags);
    const files = filesIn(directory);
    const shared = Object.keys(files).filter((path) => /^\.github\/(?:workflows|ISSUE_TEMPLATE)\//.test(path));
    expect(shared.map((path) => path.split('/').at(-1))).toEqual([
      'access-request.yml',
      'apply.yml',
      'automerge.yml',
      'check.yml',
      'drift.yml',
      'intake.yml',
    ]);
    const top = new URL('../../', import.meta.url);
    for (const path of shared) expect(files[path]).toBe(readFileSync(new URL(path, top), 'utf8'));
    const packed: readonly string[] = JSON.parse(readFileSync(new URL('package.json', top), 'utf8')).files;
    for (const path of shared) expect(packed).toContain(dirname(path));
  });

  test('names the schema of each file, so that editors complete it', async () => {
    const directory = await temporary();
    await run('init', directory, ...flags);
    for (const [path, text] of Object.entries(filesIn(join(directory, 'mesh')))) {
      const [, found = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      const inside = join('mesh', dirname(path), found).replace(/^node_modules\/meshgate\//, '');
      expect(existsSync(new URL(`../../${inside}`, import.meta.url)), `${path} names ${found}`).toBe(true);
    }
  });

  test('says what is to be done', async () => {
    const directory = join(await temporary(), 'our-mesh');
    const { out } = await run('init', directory, ...flags);
    const files = filesIn(directory);
    await expect(out.replaceAll(directory, 'our-mesh')).toMatchFileSnapshot('../golden/init.txt');
    await expect(files['.github/SETTINGS.md']).toMatchFileSnapshot('../golden/init-settings.md');
    await expect(files['README.md']).toMatchFileSnapshot('../golden/init-readme.md');
  });

  test('run again it changes nothing', async () => {
    const directory = await temporary();
    await run('init', directory, ...flags);
    const before = filesIn(directory);
    for (const args of [flags, []])
      expect(await run('init', directory, ...args)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^Nothing is missing/),
      });
    expect(filesIn(directory)).toEqual(before);
  });

  test('overwrites no file, and says which would be otherwise', async () => {
    const directory = await temporary();
    await write(directory, { 'README.md': 'Ours.\n', '.github/workflows/apply.yml': 'name: ours\n' });
    const { out } = await run('init', directory, ...flags);
    expect(out).toContain('  ~ README.md\n  ~ .github/workflows/apply.yml\n');
    expect(filesIn(directory)).toMatchObject({ 'README.md': 'Ours.\n', '.github/workflows/apply.yml': 'name: ours\n' });
  });

  test('a run that was killed after some file is made good by the next', async () => {
    const whole = await temporary();
    const { out } = await run('init', whole, '--name', 'mesh', ...flags);
    const order = [...out.matchAll(/^ {2}\+ (.+)$/gm)].map(([, path = '']) => path);
    const expected = filesIn(whole);
    expect(order.toSorted()).toEqual(Object.keys(expected));
    const mesh = order.indexOf('mesh/mesh.yaml');
    for (const count of [1, mesh, mesh + 1, order.length - 1]) {
      const directory = await temporary();
      await write(directory, Object.fromEntries(order.slice(0, count).map((path) => [path, expected[path] ?? ''])));
      expect(await run('init', directory, '--name', 'mesh', ...flags)).toMatchObject({ code: 0 });
      expect(filesIn(directory)).toEqual(expected);
    }
  });

  test('around a mesh that is there it writes the rest, and nothing into the mesh', async () => {
    const directory = await temporary();
    const mesh = Object.fromEntries(Object.entries(baseMesh()).map(([path, text]) => [`mesh/${path}`, text]));
    await write(directory, mesh);
    expect(await run('init', directory)).toMatchObject({ code: 0 });
    const files = filesIn(directory);
    expect(Object.keys(files).filter((path) => path.startsWith('mesh/'))).toEqual(Object.keys(mesh).toSorted());
    expect(files['.github/CODEOWNERS']).toContain('/mesh/subscriptions/sales/orders/ @bob @ada\n');
  });

  test('--empty leaves the example out, --dry-run writes nothing', async () => {
    const directory = join(await temporary(), 'new');
    const { out } = await run('init', directory, '--empty', '--dry-run', ...flags);
    expect(out).toMatch(/^would write 12 files/);
    expect(existsSync(directory)).toBe(false);
    await run('init', directory, '--empty', ...flags);
    expect(Object.keys(filesIn(join(directory, 'mesh')))).toEqual(['mesh.yaml']);
    expect(await run('validate', '--mesh', join(directory, 'mesh'))).toMatchObject({ code: 0 });
  });

  test('a central account with the id of the example gets another example', async () => {
    const directory = await temporary();
    expect(
      await run('init', directory, ...flags.map((flag) => flag.replace('123456789012', '111122223333'))),
    ).toMatchObject({ code: 0 });
    expect(await run('validate', '--mesh', join(directory, 'mesh'))).toMatchObject({ code: 0 });
  });

  test('as JSON, with the settings', async () => {
    const { out } = await run('init', join(await temporary(), 'x'), '--dry-run', '--format', 'json', ...flags);
    expect(JSON.parse(out)).toMatchObject({
      format: 1,
      isWritten: false,
      files: expect.arrayContaining([{ path: 'mesh/mesh.yaml', state: 'missing' }]),
      settings: expect.arrayContaining([expect.objectContaining({ title: 'Rules of the branch' })]),
    });
  });
});

describe('init writes nothing', () => {
  test.each([
    [[], /^MISSING_OPTION .*--central.*--region.*--administrator/],
    [['--central', '12', '--region', 'Europe', '--administrator', 'ada:1'], /^MISSING_OPTION .*--central.*--region/],
    [[...flags, 'ada'], /^BAD_OPTION --administrator ada is no LOGIN:ID/],
    [[...flags, 'ada:7'], /OWNER_CONFLICT/],
    [[...flags, '--name', 'Not A Name'], /mesh\.yaml:\d+:\d+ [A-Z_]+ /],
  ])('with the options %j', async (args, says) => {
    const directory = join(await temporary(), 'new');
    expect(await run('init', directory, ...args)).toMatchObject({ code: 1, err: expect.stringMatching(says) });
    expect(existsSync(directory)).toBe(false);
  });

  test('below the top of a repository, but at its top it does', async () => {
    const top = await temporary();
    await gitIn(top)('init', '--quiet');
    for (const below of ['folder', 'folder/deep'])
      expect(await run('init', join(top, below), ...flags)).toMatchObject({
        code: 1,
        err: expect.stringMatching(/^NOT_AT_TOP /),
      });
    expect(filesIn(top)).toEqual({});
    expect(await run('init', top, ...flags)).toMatchObject({ code: 0 });
  });

  test('where the mesh files are broken, or in the way of a link', async () => {
    const directory = await temporary();
    await write(directory, { 'mesh/mesh.yaml': 'a: [' });
    expect(await run('init', directory, ...flags)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/YAML_SYNTAX/),
    });
    expect(Object.keys(filesIn(directory))).toEqual(['mesh/mesh.yaml']);
    await rm(join(directory, 'mesh'), { recursive: true });
    await symlink('nowhere', join(directory, 'README.md'));
    expect(await run('init', directory, ...flags)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^NOT_WRITTEN /),
    });
    expect(existsSync(join(directory, 'nowhere'))).toBe(false);
  });
});

describe('settings', () => {
  const commands = settings.flatMap((setting) => setting.commands);

  test('the branch asks for what guards approval, and lets nobody pass by', () => {
    expect(ruleset()).toMatchObject({
      enforcement: 'active',
      bypass_actors: [],
      conditions: { ref_name: { include: ['refs/heads/main'], exclude: [] } },
      rules: [
        { type: 'deletion' },
        { type: 'non_fast_forward' },
        {
          type: 'pull_request',
          parameters: {
            allowed_merge_methods: ['squash'],
            dismiss_stale_reviews_on_push: true,
            require_code_owner_review: true,
            require_last_push_approval: true,
            required_approving_review_count: 0,
          },
        },
        { type: 'required_status_checks', parameters: { required_status_checks: [{ context: 'check' }] } },
      ],
    });
  });

  test('each command is one that a shell can read, and each body is JSON', () => {
    expect(commands.length).toBeGreaterThan(15);
    execFileSync('bash', ['-n'], { input: commands.join('\n') });
    const bodies = commands.flatMap((command) => {
      const [, long, short] = /<<'JSON'\n([\s\S]*)\nJSON$|<<<'(.*)'$/.exec(command) ?? [];
      return long ?? short ?? [];
    });
    expect(bodies.length).toBe(4);
    for (const body of bodies) expect(() => JSON.parse(body)).not.toThrow();
  });

  test('every variable, secret, environment and label of the workflows is set by a command', () => {
    const text = Object.entries(filesInRepository())
      .map(([, content]) => content)
      .join('\n');
    const named = [
      ...[...text.matchAll(/(?:vars|secrets)\.(MESHGATE_\w+)/g)].map(([, name]) => `set ${name}`),
      ...[...text.matchAll(/environment: (\S+)/g)].map(([, name]) => `environments/${name} `),
      ...[...text.matchAll(/labels: \[(\S+)\]/g)].map(([, name]) => `label create ${name} `),
    ];
    expect(new Set(named).size).toBeGreaterThan(8);
    for (const name of named) expect(commands.join('\n')).toContain(name);
  });
});

function filesInRepository(): Readonly<Record<string, string>> {
  const top = new URL('../../.github/', import.meta.url).pathname;
  return filesIn(top.replace(/\/$/, ''));
}
