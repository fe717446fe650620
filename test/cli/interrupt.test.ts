import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { lakeOf, type Stage, setStage } from '../support/stage.ts';

const apply = ['apply', '--trust-root', 'HEAD', '--format', 'json'];

let converged: unknown;

beforeAll(async () => {
  const stage = await setStage();
  expect((await stage.run(apply)).code).toBe(0);
  converged = lakeOf(stage);
}, 60_000);

/** Waits until the emulator has seen something. */
async function seen(
  { emulator }: Stage,
  isIt: (entry: { operation: string; code?: string }) => boolean,
): Promise<void> {
  for (let look = 0; look < 3000; look += 1) {
    if (emulator.journal().some(isIt)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the emulator did not see it');
}

/** A second run, without faults, makes up for what the first left. */
async function expectSecondRunConverges(stage: Stage): Promise<void> {
  stage.emulator.setFaults([]);
  const second = await stage.run(apply);
  expect(second).toMatchObject({ code: 0, err: '' });
  expect(lakeOf(stage)).toEqual(converged);
}

interface Counted {
  readonly outcomes: readonly { readonly status: string; readonly reason?: string }[];
}

describe.concurrent('a run is interrupted', { timeout: 120_000 }, () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s once: the calls in flight end, the rest is skipped and reported',
    async (signal) => {
      const stage = await setStage({ latencyMs: 100 });
      const running = stage.start(apply);
      await seen(stage, ({ operation }) => operation === 'BatchRevokePermissions');
      running.child.kill(signal);
      const ran = await running.ended;
      expect(ran).toMatchObject({ code: 5, signal: null });
      expect(ran.err).toBe(
        '\nInterrupted: the calls in flight are finished and reported; once more to stop at once.\n',
      );
      const { outcomes } = JSON.parse(ran.out) as Counted;
      expect(outcomes).toHaveLength(41);
      const skipped = outcomes.filter(({ status }) => status === 'skipped');
      expect(skipped.length).toBeGreaterThanOrEqual(34);
      expect(new Set(skipped.map(({ reason }) => reason))).toEqual(new Set(['the run was interrupted']));
      expect(outcomes.filter(({ status }) => status === 'applied').length).toBe(41 - skipped.length);
      expect((await stage.ledger()).at(-1)).toMatchObject({ event: 'end', outcomes: 41 });
      await expectSecondRunConverges(stage);
    },
  );

  test('twice: exit code 130 at once', async () => {
    const stage = await setStage();
    stage.emulator.setFaults([{ kind: 'hang', operation: 'BatchGrantPermissions' }]);
    const running = stage.start(apply);
    await seen(stage, ({ code }) => code === 'hang');
    running.child.kill('SIGINT');
    await running.says(/Interrupted: the calls in flight/);
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, signal: null, out: '' });
    await expectSecondRunConverges(stage);
  });

  test.each([
    ['BatchRevokePermissions', 0],
    ['UpdateDatabase', 1],
    ['CreateDataCellsFilter', 0],
    ['BatchGrantPermissions', 2],
  ])(
    'killed in %s after %i of them: the ledger holds whole lines, and the next run converges',
    async (operation, after) => {
      const stage = await setStage();
      stage.emulator.setFaults([{ kind: 'hang', operation, after }]);
      const running = stage.start(apply);
      await seen(stage, ({ code }) => code === 'hang');
      // Calls beside the one that hangs are answered, and written down.
      await new Promise((resolve) => setTimeout(resolve, 100));
      running.child.kill('SIGKILL');
      expect(await running.ended).toMatchObject({ code: null, signal: 'SIGKILL', out: '' });
      const lines = await stage.ledger();
      expect(lines.at(0)).toMatchObject({ event: 'start' });
      expect(lines.some(({ event }) => event === 'end')).toBe(false);
      const accepted = lines.filter(({ answer }) => answer === 'accepted').map(({ fact }) => JSON.stringify(fact));
      const made = stage.emulator.journal().flatMap(({ changes }) => changes);
      // What was made and answered is in the ledger: filters and parameters one by one, grants in as many cells.
      expect(accepted.length > 0).toBe(made.length > 0);
      await expectSecondRunConverges(stage);
    },
  );

  test('a ledger that can be written no longer stops the run, exit code 5, and the next run goes on after it', async () => {
    const stage = await setStage();
    const ran = await stage.run(apply, {}, { through: 'ulimit -f 3; exec "$@"' });
    expect(ran.err).toMatch(
      /^\nNO_LEDGER the record of the run, \.meshgate\/ledger\.jsonl, cannot be written: EFBIG.*; the calls in flight are finished and reported, and no other is made\.\n$/,
    );
    const { outcomes } = JSON.parse(ran.out) as Counted;
    expect(outcomes).toHaveLength(41);
    expect(outcomes.some(({ status }) => status === 'skipped')).toBe(true);
    expect(ran.code).toBe(5);
    await expectSecondRunConverges(stage);
    const text = await readFile(join(stage.directory, '.meshgate/ledger.jsonl'), 'utf8');
    const broken = text
      .trimEnd()
      .split('\n')
      .filter((line) => !isJson(line));
    // The line that the full disk cut, and no other.
    expect(broken).toHaveLength(1);
    expect(text.trimEnd().split('\n').at(-1)).toContain('"event":"end"');
  });

  test('whoever reads the output may stop early', async () => {
    const stage = await setStage();
    const running = stage.start(['apply', '--trust-root', 'HEAD']);
    await running.says(/Plan for mesh/);
    running.child.stdout?.destroy();
    expect(await running.ended).toMatchObject({ code: 0, err: '' });
    expect(lakeOf(stage)).toEqual(converged);
    expect((await stage.ledger()).at(-1)).toMatchObject({ event: 'end' });
  });
});

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
