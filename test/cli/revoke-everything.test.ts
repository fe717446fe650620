import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runHere } from '../support/run-here.ts';
import { setStage, writesOf } from '../support/stage.ts';

test('the end of everything is shown, waits for an approved override, and then leaves nothing', async () => {
  const stage = await setStage();
  const file = join(stage.directory, 'mesh', 'mesh.yaml');
  await runHere(stage, ['apply', '--trust-root', 'HEAD']);
  const writes = writesOf(stage).length;
  expect(writes).toBeGreaterThan(0);

  const both = await runHere(stage, ['revoke', '--everything', '--product', 'sales/orders', '--reason', 'the end']);
  expect(both).toMatchObject({ code: 1, out: '' });
  const asked = await runHere(stage, ['revoke', '--everything', '--reason', 'the end of the mesh']);
  expect(asked.code).toBe(3);
  expect(asked.out).toContain('a hold on the whole mesh would end');
  expect(await readFile(file, 'utf8')).toContain('mesh: true');
  await stage.git('commit', '--all', '--quiet', '--message', 'The end');
  const held = await runHere(stage, ['apply', '--trust-root', 'HEAD']);
  expect(held.code).toBe(3);
  expect(writesOf(stage)).toHaveLength(writes);

  const override = '{ guard: TOO_MANY_REVOKES, scope: { mesh: true }, reason: the end, until: 2099-01-01 }';
  await writeFile(file, `${await readFile(file, 'utf8')}overrides: [${override}]\n`);
  await stage.git('commit', '--all', '--quiet', '--message', 'The end, approved');
  expect(await runHere(stage, ['apply', '--trust-root', 'HEAD'])).toMatchObject({ code: 0 });
  expect(writesOf(stage).length).toBeGreaterThan(writes);
  const after = await runHere(stage, ['plan', '--trust-root', 'HEAD', '--format', 'json']);
  expect(JSON.parse(after.out).changes).toEqual([]);

  const ended = await runHere(stage, ['revoke', '--everything', '--end']);
  expect(ended.code).toBe(0);
  expect(await readFile(file, 'utf8')).not.toMatch(/^ *- scope/m);
});
