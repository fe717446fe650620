import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { argumentsFrom, wholeNumber } from '../support/arguments.ts';
import { applyRows } from './applying.ts';
import { chartOf } from './chart.ts';
import { applyMesh, meshLatency, oneSlow, planMesh } from './many.ts';
import { compare } from './others.ts';
import { node, startEmulator } from './processes.ts';
import { changedFile, millionRows, planRows, planWork, withLatency } from './reading.ts';
import { type Findings, holds, type Row } from './row.ts';
import { makeScene, seedOf } from './scene.ts';
import { startRows } from './starting.ts';
import { markdownOf, textOf } from './table.ts';

const { values: options } = argumentsFrom({
  options: {
    quick: { type: 'boolean', default: false },
    /** Only the meshes in many accounts. */
    accounts: { type: 'boolean', default: false },
    most: { type: 'string', default: '1000000' },
    json: { type: 'string' },
    svg: { type: 'string' },
    markdown: { type: 'string' },
  },
});
const { quick } = options;
const most = wholeNumber('--most', options.most, 0);
// AWS's client library warns of Node 20's end at every start.
process.removeAllListeners('warning');

/** Says what is being done, while it is done. */
function tell(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`bench: ${text}\n`);
}

/** A part of the bench; one that fails is a row that is missed, and the others are measured all the same. */
async function part(work: string, measured: () => Promise<readonly Row[]>): Promise<readonly Row[]> {
  tell(work);
  try {
    return await measured();
  } catch (thrown) {
    const note = (thrown instanceof Error ? thrown.message : String(thrown)).trim().replace(/\s*\n\s*/g, ' ');
    return [{ work, what: 'failures', value: 1, measure: 'calls', most: 0, note }];
  }
}

/** Plans at growing sizes, and of each the processor time against the size before. */
async function sizes(products: readonly number[], calibration: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let before: { readonly seconds: number; readonly rows: number } | undefined;
  for (const count of products) {
    const scene = makeScene(50, count);
    const work = planWork(scene);
    tell(work);
    const emulator = await startEmulator(seedOf(scene, { held: true }));
    try {
      const { rows: found, used } = await planRows(scene, { emulator, calibration });
      rows.push(...found);
      if (before)
        rows.push({
          work,
          what: `processor time / that of ${before.rows.toLocaleString('en')} rows`,
          value: used.seconds / before.seconds,
          measure: 'times',
          most: 11,
        });
      before = { seconds: used.seconds, rows: scene.rows };
      if (count === products.at(-1))
        rows.push(...(await part('plan --changed, one file', () => changedFile(scene, emulator))));
    } finally {
      await emulator.stop();
    }
  }
  return rows;
}

/** Meshes in many accounts: planned, with calls that take their time, made from nothing, and with one account that is slow. */
async function manyAccounts(calibration: number): Promise<readonly Row[]> {
  const tenth = { accounts: 20, products: 200, subscribers: 10, tables: 50 };
  const whole = { accounts: 200, products: 2000, subscribers: 10, tables: 50 };
  const small = await planMesh(tenth, { calibration });
  const large = await planMesh(whole, { calibration, tenth: small.used.seconds });
  return [
    ...small.rows,
    ...large.rows,
    ...(await part('many accounts, 50 ms a call', () => meshLatency(tenth, { latencyMs: 50, patience: 5 }))),
    ...(await part('very many accounts, 50 ms a call', () => meshLatency(whole, { latencyMs: 50 }))),
    ...(await part('many accounts, from nothing', async () => (await applyMesh(tenth)).rows)),
    ...(await part('many accounts, one of them slow', () =>
      oneSlow({ accounts: 200, products: 200, subscribers: 1, tables: 10 }, { latencyMs: 50, patience: 10 }),
    )),
  ];
}

/** The same in small, for the counts. */
async function quickAccounts(): Promise<readonly Row[]> {
  const size = { accounts: 5, products: 20, subscribers: 3, tables: 10 };
  const { rows, after, elsewhere } = await applyMesh(size);
  return [...rows, ...after, ...(await oneSlow(size, { latencyMs: 0, patience: 1, calm: elsewhere }))];
}

async function findings(): Promise<Findings> {
  const { seconds: calibration } = await node([fileURLToPath(new URL('calibrate.mjs', import.meta.url))]);
  const machine = { node: process.version, cpu: cpus()[0]?.model.trim() ?? 'unknown', calibration };
  const accounts = (): Promise<readonly Row[]> =>
    part('many accounts', () => (quick ? quickAccounts() : manyAccounts(calibration)));
  if (options.accounts) return { ...machine, rows: await accounts(), comparisons: [] };
  const rows: Row[] = [...(await sizes(quick ? [1, 10] : [1, 10, 100], calibration))];
  if (!quick) {
    if (most >= 1_000_000)
      rows.push(...(await part('plan, nothing to do, 1,000,000 rows', () => millionRows(calibration))));
    rows.push(...(await part('plan, 50 ms a call', () => withLatency(makeScene(50, 100), 50))));
  }
  rows.push(...(await part('apply', () => applyRows(quick ? 2 : 10))));
  rows.push(...(await accounts()));
  rows.push(...(await part('start', startRows)));
  tell('the method of others');
  const comparisons = await compare(makeScene(50, quick ? 1 : 10), quick ? 0 : 50);
  return { ...machine, rows, comparisons };
}

const found = await findings();
process.stdout.write(textOf(found));
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(found, null, 2)}\n`);
if (options.svg !== undefined && found.comparisons.length > 0) writeFileSync(options.svg, chartOf(found));
if (options.markdown !== undefined) writeFileSync(options.markdown, markdownOf(found));
// In a quick run only counts are judged: they are the same on every machine, and times are not.
process.exitCode = found.rows.every((row) => (quick && row.measure !== 'calls') || holds(row)) ? 0 : 1;
