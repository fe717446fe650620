import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { main, meshgate, start } from '../support/meshgate.ts';
import { gitIn, temporary } from '../support/stage.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The commands that the README gives for two terminals, in order. */
async function readmeCommands(): Promise<readonly string[]> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const [, block = ''] = /\nTo play with it yourself, in two terminals:\n\n((?: {4}.+\n)+)/.exec(readme) ?? [];
  return block.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.replace(/ {2,}#.*$/, '').trim()]));
}

/** A repository that holds the example. */
async function withExample(): Promise<string> {
  const directory = await temporary();
  await cp(join(root, 'mesh'), join(directory, 'mesh'), { recursive: true });
  const git = gitIn(directory);
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', 'mesh');
  await git('commit', '--quiet', '--message', 'The mesh');
  return directory;
}

function argsOf(command: string): readonly string[] {
  const [, args = ''] = /^npx meshgate (.+)$/.exec(command) ?? [];
  return args.split(' ');
}

/** The package again, with an example of its own. */
async function packageWith(edit: (mesh: string) => Promise<unknown>): Promise<string> {
  const directory = await temporary();
  for (const part of ['dist', 'schemas', 'mesh', 'package.json'])
    await cp(join(root, part), join(directory, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
  await edit(join(directory, 'mesh'));
  return join(directory, 'dist/cli/main.js');
}

describe.concurrent('the example', { timeout: 180_000 }, () => {
  test('the commands of the README do what it says', async () => {
    const [emulate = '', variables = '', ...commands] = await readmeCommands();
    expect(emulate).toBe('npx meshgate emulator --seed mesh/x-emulator.yaml');
    const cwd = await withExample();
    // Another port than the one that a person may be using at this moment.
    const emulator = start([...argsOf(emulate), '--port', '0'], { cwd });
    const [, url = ''] = await emulator.says(/\nexport AWS_ENDPOINT_URL=(\S+)\n/);
    const env = Object.fromEntries(
      variables
        .replace(/^export /, '')
        .replace('http://127.0.0.1:4599', url)
        .split(' ')
        .map((pair) => pair.split('=') as [string, string]),
    );
    expect(Object.keys(env)).toEqual(['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
    expect(env['AWS_ENDPOINT_URL']).toBe(url);
    const said: string[] = [];
    for (const command of commands) {
      const ran = await meshgate(argsOf(command), { cwd, env });
      expect([command, ran.code, ran.err]).toEqual([command, 0, '']);
      said.push(ran.out);
    }
    emulator.child.kill('SIGTERM');
    expect(await emulator.ended).toMatchObject({ code: 0 });
    expect(commands.map((command) => argsOf(command)[0])).toEqual(['plan', 'apply', 'drift']);
    expect(said[0]).toMatch(/\nPlan: \d+ to grant, \d+ to create\.\n$/);
    expect(said[1]).toMatch(/\nDone: \d+ applied\.\n$/);
    expect(said[2]).toMatch(/No drift: the lake is as the mesh files say\.\n$/);
  });

  test('the demo tells its story to the end, whatever the environment says, and leaves nothing behind', async () => {
    const cwd = await temporary();
    const scratch = join(cwd, 'scratch');
    await mkdir(scratch);
    // None of these may lead it astray.
    const astray = {
      AWS_PROFILE: 'work',
      AWS_ENDPOINT_URL_LAKEFORMATION: 'http://127.0.0.1:1',
      GIT_DIR: join(cwd, 'elsewhere'),
      MESHGATE_TRUST_ROOT: 'x',
    };
    const ran = await meshgate(['demo'], { cwd, env: { ...astray, TMPDIR: scratch }, longest: 170_000 });
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out.match(/^ \d {2}\S.*$/gm)).toHaveLength(6);
    expect(ran.out).toMatch(
      /\nAll of this ran here, against the emulator, in [\d.]+ seconds\. Nothing of it is left behind\.\n$/,
    );
    expect(await readdir(scratch)).toEqual([]);
  });

  test('the demo fails loudly without git', async () => {
    const ran = await meshgate(['demo'], { cwd: await temporary(), env: { PATH: '/nowhere' } });
    expect(ran.err).toMatch(/^NO_GIT git is needed for the demo: .*ENOENT/);
    expect(ran.code).toBe(1);
    expect(ran.out).not.toContain('All of this ran here');
  });

  test('the demo fails loudly where a step does not do what it says', async () => {
    const broken = await packageWith((mesh) => writeFile(join(mesh, 'accounts/marketing.yaml'), 'kind: Account\n'));
    expect(broken).not.toBe(main);
    const ran = await meshgate(['demo'], { cwd: await temporary(), main: broken });
    expect(ran.err).toMatch(
      /^\nThe demo failed: meshgate validate\nit ended with 1, not with 0\n[\s\S]*mesh\/accounts\/marketing\.yaml:1:1 MISSING_FIELD/,
    );
    expect(ran.code).toBe(1);
  });

  test('the demo fails loudly where a command succeeds and says something else', async () => {
    const broken = await packageWith((mesh) => writeFile(join(mesh, 'accounts/extra.yaml'), extraAccount));
    const ran = await meshgate(['demo'], { cwd: await temporary(), main: broken });
    expect(ran.err).toMatch(
      /^\nThe demo failed: meshgate validate\nits output does not say [\s\S]*mesh is valid: 7 accounts/,
    );
    expect(ran.code).toBe(1);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'the demo, ended by %s, takes its emulator and its directory down',
    async (signal) => {
      const scratch = join(await temporary(), 'scratch');
      await mkdir(scratch);
      const running = start(['demo'], { cwd: scratch, env: { TMPDIR: scratch } });
      await running.says(/\$ meshgate validate/);
      running.child.kill(signal);
      // It ends only when no process that it started holds its output any more.
      expect(await running.ended).toMatchObject({ code: 130, signal: null });
      expect(await readdir(scratch)).toEqual([]);
    },
  );
});

const extraAccount = `apiVersion: meshgate/v1
kind: Account
id: "777788889999"
roles: [consumer]
owners: [{ login: zoe, id: 9 }]
`;
