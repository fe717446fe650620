import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { meshgate } from '../support/meshgate.ts';
import { setStage, temporary } from '../support/stage.ts';

// Writes down every module that is loaded as an ES module, and what it imports.
const hooks = `import { appendFileSync } from 'node:fs';
export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  appendFileSync(process.env.LOADED, resolved.url + '\\n');
  return resolved;
}
`;

/** Arguments of node that make it write down, in a file, what is loaded. */
async function watched(directory: string): Promise<readonly string[]> {
  await writeFile(join(directory, 'hooks.mjs'), hooks);
  const url = pathToFileURL(join(directory, 'hooks.mjs')).href;
  await writeFile(
    join(directory, 'register.mjs'),
    `import { register } from 'node:module';\nregister(${JSON.stringify(url)});\n`,
  );
  return ['--import', pathToFileURL(join(directory, 'register.mjs')).href];
}

async function loadedBy(directory: string): Promise<string> {
  return await readFile(join(directory, 'loaded'), 'utf8');
}

describe.concurrent('help', { timeout: 60_000 }, () => {
  test.each([['--help'], ['plan --help'], ['--version'], ['validate --mesh nowhere'], ['complete bash']])(
    '%s loads no AWS client',
    async (typed) => {
      const directory = await temporary();
      const node = await watched(directory);
      const ran = await meshgate(typed.split(' '), {
        cwd: directory,
        node,
        env: { LOADED: join(directory, 'loaded') },
      });
      expect(ran.code).toBe(typed.startsWith('validate') ? 1 : 0);
      const loaded = await loadedBy(directory);
      expect(loaded).toContain('/dist/cli/program.js');
      expect(loaded).not.toMatch(/@aws-sdk|@smithy/);
    },
  );

  test('plan loads it, which shows that the watch sees it', async () => {
    const stage = await setStage();
    const node = await watched(stage.directory);
    await stage.run(['plan'], { LOADED: join(stage.directory, 'loaded') }, { node });
    expect(await loadedBy(stage.directory)).toMatch(/@aws-sdk\/client-lakeformation/);
  });

  test('names every command, and each its options', async () => {
    const cwd = await temporary();
    const { out } = await meshgate(['--help'], { cwd });
    const commands = [...out.matchAll(/^ {2}([a-z]+)(?: \[options\])? {2,}\S/gm)].map(([, name = '']) => name);
    expect(commands).toEqual(
      expect.arrayContaining(['validate', 'plan', 'apply', 'drift', 'list', 'emulator', 'demo']),
    );
    const apply = await meshgate(['apply', '--help'], { cwd });
    expect(apply.out).toMatch(
      /--trust-root <commit>[\s\S]*--approvals <source>[\s\S]*--tries <number>[\s\S]*--timeout <seconds>[\s\S]*--ledger <file>[\s\S]*MESHGATE_READ_BACK/,
    );
    expect(apply).toMatchObject({ code: 0, err: '' });
    const emulator = await meshgate(['emulator', '--help'], { cwd });
    expect(emulator.out).toMatch(/--port <number>.*\(default:\s+4599\)/);
  });

  test('the version is that of the package', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect((await meshgate(['--version'], { cwd: await temporary() })).out).toBe(`${version}\n`);
  });
});
