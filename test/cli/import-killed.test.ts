import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { handmade, keysOf, region } from '../support/handmade.ts';
import { type Ran, start } from '../support/meshgate.ts';
import { temporary } from '../support/stage.ts';

/** A place with a mesh that knows one database of a lake with two. */
let begun = '';
let emulator: Emulator;

const run = (cwd: string, args: readonly string[], killedAt?: string): Promise<Ran> =>
  start(args, {
    cwd,
    env: {
      AWS_ENDPOINT_URL: emulator.url,
      AWS_REGION: region,
      ...keysOf('reader'),
      ...(killedAt === undefined ? {} : { KILLED_AT: killedAt }),
    },
    ...(killedAt === undefined
      ? {}
      : { node: ['--import', new URL('../support/killed-at.mjs', import.meta.url).href] }),
  }).ended;

async function filesIn(directory: string): Promise<Readonly<Record<string, string>>> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  const texts = files.map(async (file) => [file.slice(directory.length + 1), await readFile(file, 'utf8')] as const);
  return Object.fromEntries((await Promise.all(texts)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function copied(): Promise<string> {
  const directory = await temporary();
  await cp(begun, directory, { recursive: true });
  return directory;
}

beforeAll(async () => {
  emulator = await startEmulator({ seed: handmade() });
  begun = await temporary();
  expect(await run(begun, ['import', '--database', 'stores'])).toMatchObject({ code: 0, err: '' });
});
afterAll(() => emulator.close());

test('an import killed while it writes into a mesh leaves whole files alone, and the next one completes them', async () => {
  const before = await filesIn(begun);
  const undisturbed = await copied();
  expect(await run(undisturbed, ['import'])).toMatchObject({ code: 0, err: '' });
  const whole = await filesIn(undisturbed);
  const count = Object.keys(whole).length - Object.keys(before).length;
  expect(whole).toMatchObject(before);
  expect(count).toBeGreaterThan(5);
  const moments = [
    'writeFileSync 1 after',
    `writeFileSync ${count} before`,
    'linkSync 1 after',
    'linkSync 2 after',
    `linkSync ${Math.ceil(count / 2)} after`,
    `linkSync ${count} after`,
  ];
  const tried = async (moment: string): Promise<void> => {
    const directory = await copied();
    const killed = await run(directory, ['import'], moment);
    expect(killed, moment).toMatchObject({ signal: 'SIGKILL', out: '' });
    const left = await filesIn(join(directory, 'mesh'));
    // What was there is as it was, and what is new is whole.
    const due = Object.fromEntries(Object.entries(whole).map(([path, text]) => [path.replace(/^mesh\//, ''), text]));
    expect(due, moment).toMatchObject(left);
    expect(Object.keys(left).length, moment).toBeGreaterThanOrEqual(Object.keys(before).length);
    const next = await run(directory, ['import']);
    expect(next, `${moment}: ${next.err}`).toMatchObject({ code: 0, err: '' });
    expect(await filesIn(directory), moment).toEqual(whole);
  };
  const waiting = moments.values();
  const lane = async (): Promise<void> => {
    for (const moment of waiting) await tried(moment);
  };
  await Promise.all([lane(), lane(), lane()]);
}, 120_000);
