import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JournalEntry } from '../../src/emulator/journal.ts';
import { type Emulator, runMeshgate, startEmulator, type Used } from './processes.ts';
import type { Row } from './row.ts';
import { commit, makeScene, type Scene, seedOf } from './scene.ts';

/** The most rows on a page of ListPermissions. */
const pageSize = 1000;

/** A plan that found nothing to do, with the calls it made. */
export interface Reading {
  readonly used: Used;
  readonly calls: readonly JournalEntry[];
}

/** Plans a lake that is as the mesh asks; anything but "nothing to do" ends the bench. */
export async function planNothing(
  scene: Pick<Scene, 'directory'>,
  emulator: Emulator,
  more: { readonly flags?: readonly string[]; readonly args?: readonly string[] } = {},
): Promise<Reading> {
  await emulator.calls();
  const args = ['plan', '--mesh', scene.directory, '--trust-root', 'HEAD', '--quiet', ...(more.args ?? [])];
  const used = await runMeshgate(emulator, args, more);
  if (used.code !== 0 || !used.out.includes('Plan: nothing to do.'))
    throw new Error(`a plan of what is so already ended with ${used.code}:\n${used.out.slice(0, 2000)}${used.err}`);
  return { used, calls: await emulator.calls() };
}

/** How often an operation was called. */
export function countOf(calls: readonly JournalEntry[], ...operations: readonly string[]): number {
  return calls.filter(({ operation }) => operations.includes(operation)).length;
}

/** What a plan with nothing to do is called. */
export function planWork({ rows }: Scene): string {
  return `plan, nothing to do, ${rows.toLocaleString('en')} rows`;
}

/** Plans with nothing to do at one size: calls, time and memory. */
export async function planRows(scene: Scene, { emulator, calibration }: On): Promise<{ rows: Row[]; used: Used }> {
  const { used, calls } = await planNothing(scene, emulator);
  const work = planWork(scene);
  const pages = Math.ceil(scene.rows / pageSize);
  const isLarge = scene.rows === 100_000;
  return {
    used,
    rows: [
      {
        work,
        what: 'ListPermissions calls',
        value: countOf(calls, 'ListPermissions'),
        measure: 'calls',
        most: Math.floor(pages * 1.01) + scene.filtered,
        note: `${pages} pages of ${pageSize}; tables with a filter: ${scene.filtered}`,
      },
      {
        work,
        what: 'catalog calls',
        value: countOf(calls, 'GetDatabase', 'GetTables'),
        measure: 'calls',
        most: 2 * scene.products.length,
        note: 'one database and one page of tables for each product',
      },
      {
        work,
        what: 'all other calls',
        value: calls.length - countOf(calls, 'ListPermissions', 'GetDatabase', 'GetTables'),
        measure: 'calls',
        most: 7,
        note: 'identity, settings, filters, and four for RAM shares, which are a page of them here',
      },
      { work, what: 'processor time', value: used.seconds, measure: 'seconds', ...(isLarge ? { most: 5 } : {}) },
      { work, what: 'processor time / calibration', value: used.seconds / calibration, measure: 'times' },
      { work, what: 'peak memory', value: used.peakMB, measure: 'MB', ...(isLarge ? { most: 500 } : {}) },
    ],
  };
}

/** What the measures of reading share. */
export interface On {
  readonly emulator: Emulator;
  readonly calibration: number;
}

/** A million rows: the emulator has them at once, and a plan completes in the heap that is stated. */
export async function millionRows(calibration: number): Promise<readonly Row[]> {
  const heapMB = 2500;
  const scene = makeScene(500, 100);
  const emulator = await startEmulator(seedOf(scene, { held: true }));
  try {
    const { used, calls } = await planNothing(scene, emulator, { flags: [`--max-old-space-size=${heapMB}`] });
    const work = 'plan, nothing to do, 1,000,000 rows';
    return [
      { work, what: 'emulator ready', value: emulator.readyMs, measure: 'milliseconds', most: 300 },
      {
        work,
        what: 'ListPermissions calls',
        value: countOf(calls, 'ListPermissions'),
        measure: 'calls',
        most: Math.floor((scene.rows / pageSize) * 1.01) + scene.filtered,
        note: `${scene.rows / pageSize} pages of ${pageSize}; tables with a filter: ${scene.filtered}`,
      },
      { work, what: 'processor time', value: used.seconds, measure: 'seconds' },
      { work, what: 'processor time / calibration', value: used.seconds / calibration, measure: 'times' },
      { work, what: 'peak memory', value: used.peakMB, measure: 'MB', note: `with a heap of ${heapMB} MB` },
    ];
  } finally {
    await emulator.stop();
  }
}

/** The same with every call taking its time: how close to what the chain of calls makes unavoidable. */
export async function withLatency(scene: Scene, latencyMs: number): Promise<readonly Row[]> {
  const emulator = await startEmulator(seedOf(scene, { held: true }), latencyMs);
  try {
    const { used } = await planNothing(scene, emulator);
    // Who is calling comes first; then each page of the sweep needs the token of the one before. All else is beside it.
    const chain = 1 + Math.ceil(scene.rows / pageSize);
    const seconds = (chain * latencyMs) / 1000;
    return [
      {
        work: `plan, ${scene.rows.toLocaleString('en')} rows, ${latencyMs} ms a call`,
        what: 'wall time',
        value: used.wall,
        measure: 'seconds',
        most: 1.3 * seconds,
        note: `1.3 × ${chain} calls that each need the one before; ${used.seconds.toFixed(1)} s of processor time`,
      },
    ];
  } finally {
    await emulator.stop();
  }
}

/** One subscription is edited: the calls of a plan of that alone against those of the full plan. */
export async function changedFile(scene: Scene, emulator: Emulator): Promise<readonly Row[]> {
  const full = (await planNothing(scene, emulator)).calls.length;
  const file = join(scene.directory, 'subscriptions/bench', scene.products[0] ?? '', `${scene.consumers[0]}.yaml`);
  appendFileSync(file, 'notes: ["Looked at again."]\n');
  commit(dirname(scene.directory), 'notes');
  const { calls } = await planNothing(scene, emulator, { args: ['--changed', 'HEAD~1'] });
  return [
    {
      work: `plan --changed, one file, ${scene.rows.toLocaleString('en')} rows`,
      what: 'calls',
      value: calls.length,
      measure: 'calls',
      // A small mesh has no hundredth to speak of: there it is a call for each of the twelve resources, and five besides.
      most: scene.rows < 100_000 ? 17 : Math.floor(full / 100),
      note: `the full plan makes ${full}; 12 resources and 5 calls besides are a hundredth from 1,700 calls on`,
    },
  ];
}
