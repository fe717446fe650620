import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { program } from '../../src/cli/program.ts';
import { baseMesh } from '../support/problem-cases.ts';
import { gitIn, temporary } from '../support/stage.ts';

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in this process, which is quicker than in one of its own. */
async function codeowners(mesh: string, ...args: readonly string[]): Promise<Said> {
  const said = { out: '', err: '' };
  const code = await program(['codeowners', '--mesh', mesh, ...args], {
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

interface Place {
  readonly directory: string;
  readonly run: (...args: readonly string[]) => Promise<Said>;
  readonly write: (path: string, text: string) => Promise<void>;
  readonly read: (path: string) => Promise<string>;
}

/** A repository with the base mesh in a folder. */
async function repository(folder = 'mesh', isInGit = true): Promise<Place> {
  const directory = await temporary();
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  };
  for (const [path, text] of Object.entries(baseMesh())) await write(join(folder, path), text);
  if (isInGit) await gitIn(directory)('init', '--quiet', '--initial-branch=main');
  return {
    directory,
    write,
    run: (...args) => codeowners(join(directory, folder), ...args),
    read: (path) => readFile(join(directory, path), 'utf8'),
  };
}

const file = '.github/CODEOWNERS';

describe('codeowners', () => {
  test('refuses a file of 3 MB, whatever it says', async () => {
    const { run, read, write } = await repository();
    await run();
    await write(file, `${await read(file)}${'# padded\n'.repeat(350_000)}`);
    const { code, out } = await run('--check');
    expect(code).toBe(1);
    expect(out).toMatch(/^\.github\/CODEOWNERS:1:1 CODEOWNERS_TOO_LARGE /);
  });

  test('writes the file, in a repository without a commit too, and then finds nothing to do', async () => {
    const { run, read } = await repository();
    expect(await run('--check')).toMatchObject({ code: 1, out: expect.stringMatching(/^CODEOWNERS_MISSING /) });
    expect(await run()).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^wrote \.github\/CODEOWNERS: 2 products/),
    });
    expect(await read(file)).toMatchInlineSnapshot(`
      "# Written by \`meshgate codeowners\` from the mesh files in mesh/; do not edit it.
      # Every pull request is checked for it. The last line that matches a path counts; one of its people must approve.

      # Everything: the administrators of the mesh.
      * @ada

      # A product: its owners, or the administrators.
      /mesh/products/sales/orders.yaml @bob @ada
      /mesh/products/sales/stores.yaml @bob @ada

      # Requests for access: the same where the product has anything sensitive; where nobody is named, nobody is asked.
      /mesh/subscriptions/sales/orders/ @bob @ada
      /mesh/subscriptions/sales/stores/
      "
    `);
    const before = await read(file);
    for (const args of [[], ['--check']])
      expect(await run(...args)).toMatchObject({ code: 0, out: expect.stringContaining('is up to date'), err: '' });
    expect(await read(file)).toBe(before);
  });

  test('says line by line what is out of date', async () => {
    const { run, read, write } = await repository();
    await run();
    const before = await read(file);
    const product = await read('mesh/products/sales/stores.yaml');
    await write('mesh/products/sales/stores.yaml', product.replace('stores:', 'stores: pii'));
    const { code, out } = await run('--check');
    expect(code).toBe(1);
    expect(out).toContain(`${file}:13:1 CODEOWNERS_OUT_OF_DATE`);
    expect(out).toContain('- /mesh/subscriptions/sales/stores/\n+ /mesh/subscriptions/sales/stores/ @bob @ada\n');
    expect(await read(file)).toBe(before);
    expect(await run()).toMatchObject({ code: 0 });
    expect(await run('--check')).toMatchObject({ code: 0 });
  });

  test.each([
    ['deep/down/mesh', '/deep/down/mesh/products/sales/orders.yaml @bob @ada'],
    ['our mesh', '/our\\ mesh/products/sales/orders.yaml @bob @ada'],
    ['a*b?c', '/a\\*b\\?c/products/sales/orders.yaml @bob @ada'],
    ['.', '/products/sales/orders.yaml @bob @ada'],
  ])('for a mesh in %s', async (folder, line) => {
    const { run, read } = await repository(folder);
    expect(await run()).toMatchObject({ code: 0 });
    expect((await read(file)).split('\n')).toContain(line);
    expect(await run('--check')).toMatchObject({ code: 0 });
  });

  test.each([['a#b'], ['a[b]']])('not for a mesh in %s', async (folder) => {
    const { run } = await repository(folder);
    expect(await run()).toMatchObject({ code: 1, err: expect.stringMatching(/^BAD_FOLDER .*rename the folder/) });
  });

  test('replaces a file that was made by hand only when told to', async () => {
    const { run, read, write } = await repository();
    await write(file, '* @somebody\n');
    expect(await run()).toMatchObject({ code: 1, err: expect.stringMatching(/^CODEOWNERS_BY_HAND .*--replace/) });
    expect(await read(file)).toBe('* @somebody\n');
    expect(await run('--replace')).toMatchObject({ code: 0 });
    expect(await read(file)).toMatch(/^# Written by/);
  });

  test('tells of files that GitHub ignores, though it wrote its own', async () => {
    const { run, write } = await repository();
    await write('docs/CODEOWNERS', '* @somebody\n');
    expect(await run()).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^docs\/CODEOWNERS:1:1 CODEOWNERS_IGNORED/),
    });
  });

  test('reads a link as GitHub does: as the name of its target', async () => {
    const { directory, run, read, write } = await repository();
    await write('CODEOWNERS.elsewhere', '');
    await mkdir(join(directory, '.github'));
    await symlink('../CODEOWNERS.elsewhere', join(directory, file));
    expect(await run('--check')).toMatchObject({ code: 1, out: expect.stringContaining('CODEOWNERS_OUT_OF_DATE') });
    expect(await run('--replace')).toMatchObject({ code: 0 });
    expect(await read('CODEOWNERS.elsewhere')).toBe('');
  });

  test('outside git, without an administrator, and with broken mesh files nothing is written', async () => {
    const outside = await repository('mesh', false);
    expect(await outside.run()).toMatchObject({ code: 1, err: expect.stringMatching(/^NO_REPOSITORY /) });
    const nobody = await repository();
    const mesh = (await nobody.read('mesh/mesh.yaml')).replace(
      'login: ada, id: 1',
      'login: to-be-decided, id: 9007199254740991',
    );
    await nobody.write('mesh/mesh.yaml', mesh);
    expect(await nobody.run()).toMatchObject({ code: 1, err: expect.stringMatching(/^NO_ADMINISTRATOR /) });
    const broken = await repository();
    await broken.write('mesh/mesh.yaml', 'a: [');
    expect(await broken.run()).toMatchObject({
      code: 1,
      err: expect.stringMatching(/mesh\/mesh\.yaml:1:\d+ YAML_SYNTAX/),
    });
    for (const { read } of [outside, nobody, broken]) await expect(read(file)).rejects.toThrow('ENOENT');
  });

  test('as Markdown, from which no line of the file escapes', async () => {
    const { run, write } = await repository();
    await write(file, '# Written by `meshgate codeowners`\n```\n<img src=x> @somebody\n');
    const { code, out } = await run('--check', '--format', 'markdown');
    expect(code).toBe(1);
    expect(out).toMatch(/^- \S*CODEOWNERS:1:1 CODEOWNERS\\_OUT\\_OF\\_DATE/m);
    const [before = '', inside = '', after = ''] = out.split('```');
    expect(inside).toMatch(/^diff\n[\s\S]*<img src=x> @somebody\n/);
    expect(before + after).not.toContain('<img');
  });

  test('as JSON', async () => {
    const { run } = await repository();
    const { out } = await run('--check', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      format: 1,
      file,
      isWritten: false,
      administrators: ['ada'],
      areas: [
        { path: 'mesh/products/sales/orders.yaml', owners: ['bob', 'ada'] },
        { path: 'mesh/products/sales/stores.yaml', owners: ['bob', 'ada'] },
        { path: 'mesh/subscriptions/sales/orders/', owners: ['bob', 'ada'] },
        { path: 'mesh/subscriptions/sales/stores/', owners: [] },
      ],
      text: expect.stringMatching(/^# Written by/),
      problems: [{ code: 'CODEOWNERS_MISSING' }],
    });
  });

  test('the example is up to date', async () => {
    const top = new URL('../../', import.meta.url).pathname;
    expect(await codeowners(join(top, 'mesh'), '--check')).toMatchObject({ code: 0 });
  });
});
