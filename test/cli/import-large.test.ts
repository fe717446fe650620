import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { meshgate } from '../support/meshgate.ts';
import { keys, oldLake, region } from '../support/old-lake.ts';
import { gitIn, temporary } from '../support/stage.ts';

/** How many rows the lake has; `.ci/run` sets 10,000. */
const rows = Number(process.env['MESHGATE_IMPORT_ROWS'] ?? 300);

test(`a lake of ${rows} rows, a third of them odd, is adopted, and one edit is the next plan`, async () => {
  const emulator = await startEmulator({ seed: oldLake(rows) });
  afterAll(() => emulator.close());
  const directory = await temporary();
  const env = { AWS_ENDPOINT_URL: emulator.url, AWS_REGION: region, ...keys };
  const run = (...args: readonly string[]) => meshgate(args, { cwd: directory, env, longest: 300_000 });
  const begin = performance.now();
  const imported = await run('import', '--format', 'json');
  const seconds = (performance.now() - begin) / 1000;
  expect(imported.err).toBe('');
  expect(imported.code).toBe(0);
  const report = JSON.parse(imported.out);
  const calls = emulator.journal().length;
  if (rows >= 10_000)
    process.stdout.write(
      `import: ${rows} rows in ${calls} calls and ${seconds.toFixed(1)} s: ${report.files.length} files, ${report.left.length} grants that no file can say\n`,
    );
  const git = gitIn(directory);
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', 'mesh');
  await git('commit', '--quiet', '--message', 'As it was');
  const planned = async (): Promise<{ readonly changes: readonly { readonly verb: string; readonly key: string }[] }> =>
    JSON.parse((await run('plan', '--trust-root', 'HEAD', '--format', 'json')).out);
  expect(await planned()).toMatchObject({ changes: [], withheld: [], problems: [], refusals: [] });

  const edited = report.files.find(
    ({ path, text }: { readonly path: string; readonly text: string }) =>
      path.startsWith('subscriptions/') && text.includes('- tables: [orders]\n    permissions: read\n'),
  );
  const file = join(directory, 'mesh', edited.path);
  await writeFile(file, (await readFile(file, 'utf8')).replace('tables: [orders]', 'tables: [orders, stores]'));
  await git('commit', '--quiet', '--all', '--message', 'The stores, too');
  const { changes } = await planned();
  const asked =
    /^grant 111122223333\/eu-west-1 \d{12} 111122223333 table area_\d+ stores (SELECT|DESCRIBE) (plain|option)$/;
  expect(changes.map(({ verb }) => verb)).toEqual(['grant', 'grant', 'grant', 'grant']);
  expect(changes.filter(({ key }) => !asked.test(key))).toEqual([]);
}, 600_000);
