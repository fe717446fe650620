import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { switchTable } from '../../src/emulator/switch-table.ts';
import { account, environment, lakeInUse, principal, region } from './account.ts';
import { actions } from './report.ts';
import { beyond, questions } from './run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const running: Emulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

const start = async (latencyMs = 0): Promise<Emulator> => {
  const emulator = await startEmulator({ seed: lakeInUse, latencyMs });
  running.push(emulator);
  return emulator;
};

/** Runs the probe as a person does, killed once the emulator has seen so many calls. */
async function run(
  emulator: Emulator,
  args: readonly string[],
  killAt = Number.POSITIVE_INFINITY,
  signal: NodeJS.Signals = 'SIGKILL',
) {
  const command = ['--import', 'tsx', 'test/probe/probe.ts', '--principal', principal, '--wait', '0', ...args];
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { PATH: process.env['PATH'], ...environment(emulator.url) },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  const watch = setInterval(() => emulator.journal().length >= killAt && !child.killed && child.kill(signal), 2);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(watch);
  return { code, ...said };
}

/** The switches that a report settles, and how those of the emulator stand that one account can settle. */
const settledIn = (out: string): unknown => parse(/```yaml\n(.*?)```/s.exec(out)?.[1] ?? '').switches;
const usual = Object.fromEntries(
  Object.entries(switchTable).flatMap(([name, one]) => (Object.hasOwn(beyond, name) ? [] : [[name, one.default]])),
);

const stateOf = (emulator: Emulator) => {
  const { atoms, databases, filters, settings } = emulator.snapshot(account, region);
  return { atoms, databases, filters, settings };
};

test('every switch is asked about, or said to be beyond one account', () => {
  const asked = [...questions.flatMap(({ switches }) => switches), ...Object.keys(beyond)];
  expect(asked.toSorted()).toEqual(Object.keys(switchTable).toSorted());
});

test('without --yes it says what it would do, and does nothing', async () => {
  const emulator = await start();
  const { code, out } = await run(emulator, []);
  expect(code).toBe(0);
  for (const { does } of questions) expect(out).toContain(does);
  expect(new Set(emulator.journal().map(({ operation }) => operation))).toEqual(
    new Set(['GetCallerIdentity', 'GetDataLakeSettings', 'GetDatabases']),
  );
});

test('it is refused to whom would see a part only, and for an administrator', async () => {
  const emulator = await start();
  const { code, err } = await run(emulator, ['--yes', '--principal', `arn:aws:iam::${account}:role/admin`]);
  expect([code, err]).toEqual([1, expect.stringContaining('is a data lake administrator')]);
  expect(emulator.journal()).toHaveLength(2);
});

test('killed half-way and started again it leaves what that left, says so, and touches nothing else', async () => {
  const emulator = await start(2);
  const before = stateOf(emulator);
  expect((await run(emulator, ['--yes'], 60)).code).toBeNull();
  const left = stateOf(emulator);
  expect(left.databases.length).toBeGreaterThan(before.databases.length);
  const { code, out, err } = await run(emulator, ['--yes']);
  expect([code, err]).toEqual([0, expect.stringMatching(/^meshgate_probe_[0-9a-f]{8}.* of another run: /)]);
  expect(stateOf(emulator)).toEqual(left);
  expect((await run(emulator, ['--clean', '--yes'])).code).toBe(0);
  expect(stateOf(emulator)).toEqual(before);
  expect(settledIn(out)).toEqual(usual);
  const called = new Set(emulator.journal().map(({ service, operation }) => `${service}:${operation}`));
  expect([...called].filter((action) => !actions.includes(action))).toEqual([]);
  const changed = emulator.journal().flatMap(({ changes }) => changes.map(({ what }) => JSON.stringify(what)));
  expect(changed.filter((what) => !/meshgate_probe_[0-9a-f]{8}/.test(what))).toEqual([]);
});

test('two at once against one account settle the same, and neither touches the other', async () => {
  const emulator = await start(2);
  const before = stateOf(emulator);
  const both = await Promise.all([run(emulator, ['--yes']), run(emulator, ['--yes'])]);
  expect(
    both.map(({ code }) => code),
    both.map(({ err }) => err).join('---'),
  ).toEqual([0, 0]);
  expect(both.map(({ out }) => settledIn(out))).toEqual([usual, usual]);
  expect(stateOf(emulator)).toEqual(before);
});

test('told to end it removes its sandbox first', async () => {
  const emulator = await start(2);
  const before = stateOf(emulator);
  const { out, err } = await run(emulator, ['--yes'], 60, 'SIGINT');
  expect(err).toContain('Stopping: the sandbox is removed first.');
  expect(out).toContain('the probe was interrupted');
  expect(stateOf(emulator)).toEqual(before);
});

test('what a killed run has left is named before it is removed', async () => {
  const emulator = await start(2);
  await run(emulator, ['--yes'], 60);
  const [, left = ''] = /"(meshgate_probe_[0-9a-f]{8})"/.exec(JSON.stringify(stateOf(emulator).databases)) ?? [];
  expect(left).not.toBe('');
  expect((await run(emulator, [])).out).toMatch(new RegExp(`^${left}.* of another run: `, 'm'));
  expect((await run(emulator, ['--clean'])).out).toMatch(new RegExp(`^${left}.* would be removed. Nothing was done.`));
  expect((await run(emulator, ['--clean', '--yes'])).out).toContain(`Removed ${left}`);
});

test('where the report cannot be written, nothing is done', async () => {
  const emulator = await start();
  const { code, err } = await run(emulator, ['--yes', '--report', '/nowhere/probe.md']);
  expect([code, err]).toEqual([1, expect.stringContaining('--report /nowhere/probe.md cannot be written')]);
  expect(emulator.journal().filter(({ changes }) => changes.length > 0)).toEqual([]);
});

test('an option that is none is told in a line', async () => {
  const emulator = await start();
  const { code, err } = await run(emulator, ['--bogus']);
  expect(code).toBe(1);
  expect(err).not.toContain('    at ');
});

test('where AWS does not answer, that is told in a line', async () => {
  const emulator = await start();
  await emulator.close();
  const { code, err } = await run(emulator, []);
  expect([code, err]).toEqual([1, expect.stringMatching(/^AWS gave no answer that goes on: .*ECONNREFUSED/)]);
});
