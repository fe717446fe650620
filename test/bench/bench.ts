import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { applyRows } from './applying.ts';
import { chartOf } from './chart.ts';
import { compare } from './others.ts';
import { node, startEmulator } from './processes.ts';
import { changedFile, millionRows, planRows, withLatency } from './reading.ts';
import { type Comparison, type Findings, holds, type Row } from './row.ts';
import { makeScene, seedOf } from './scene.ts';
import { startRows } from './starting.ts';
import { markdownOf, textOf } from './table.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    svg: { type: 'string' },
    markdown: { type: 'string' },
  },
});
const { quick } = options;
// AWS's client library warns of Node 20's end at every start.
process.removeAllListeners('warning');

/** Says what is being done, while it is done. */
function tell(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`bench: ${text}\n`);
}

/** Plans at growing sizes, and of each the processor time against the size before. */
async function sizes(products: readonly number[], calibration: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let before: { readonly seconds: number; readonly rows: number } | undefined;
  for (const count of products) {
    const scene = makeScene(50, count);
    tell(`plan, ${scene.rows} rows`);
    const emulator = await startEmulator(seedOf(scene, { held: true }));
    try {
      const { rows: found, used } = await planRows(scene, { emulator, calibration });
      rows.push(...found);
      if (before)
        rows.push({
          work: `plan, nothing to do, ${scene.rows.toLocaleString('en')} rows`,
          what: `processor time / that of ${before.rows.toLocaleString('en')} rows`,
          value: used.seconds / before.seconds,
          measure: 'times',
          most: 11,
        });
      before = { seconds: used.seconds, rows: scene.rows };
      if (count === products.at(-1)) {
        tell('plan --changed');
        rows.push(...(await changedFile(scene, emulator)));
      }
    } finally {
      await emulator.stop();
    }
  }
  return rows;
}

async function findings(): Promise<Findings> {
  tell('calibration');
  const { seconds: calibration } = await node([fileURLToPath(new URL('calibrate.mjs', import.meta.url))]);
  const rows: Row[] = [...(await sizes(quick ? [1, 10] : [1, 10, 100], calibration))];
  const comparisons: Comparison[] = [];
  if (!quick) {
    tell('plan, 1,000,000 rows');
    rows.push(...(await millionRows(calibration)));
    tell('plan with latency');
    rows.push(...(await withLatency(makeScene(50, 100), 50)));
  }
  tell('apply');
  rows.push(...(await applyRows(quick ? 2 : 10)));
  tell('the method of others');
  comparisons.push(...(await compare(makeScene(50, quick ? 1 : 10), quick ? 0 : 50)));
  tell('start');
  rows.push(...(await startRows()));
  return { node: process.version, cpu: cpus()[0]?.model.trim() ?? 'unknown', calibration, rows, comparisons };
}

const found = await findings();
process.stdout.write(textOf(found));
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(found, null, 2)}\n`);
if (options.svg !== undefined) writeFileSync(options.svg, chartOf(found));
if (options.markdown !== undefined) writeFileSync(options.markdown, markdownOf(found));
// In a quick run only counts are judged: they are the same on every machine, and times are not.
process.exitCode = found.rows.every((row) => (quick && row.measure !== 'calls') || holds(row)) ? 0 : 1;
