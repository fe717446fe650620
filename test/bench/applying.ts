import { type Emulator, runMeshgate, startEmulator } from './processes.ts';
import { countOf, planNothing } from './reading.ts';
import type { Row } from './row.ts';
import { makeScene, type Scene, seedOf } from './scene.ts';

const batchLimit = 20;
const batches = ['BatchGrantPermissions', 'BatchRevokePermissions'];

/** Applies a whole mesh of new grants, undisturbed and with one call in twenty refused. */
export async function applyRows(products: number): Promise<readonly Row[]> {
  const scene = makeScene(50, products);
  const seed = seedOf(scene, { held: false });
  // All grants are of one phase, and each consumer is a lane.
  const needed = scene.consumers.length * Math.ceil(scene.entriesPerConsumer / batchLimit);
  const note = `${scene.consumers.length} lanes of ${scene.entriesPerConsumer} entries: ${needed} batches`;
  const rows: Row[] = [];
  const calm = await startEmulator(seed);
  try {
    rows.push(...(await applyOnce(scene, calm, { name: 'undisturbed', most: Math.floor(needed * 1.02), note })));
  } finally {
    await calm.stop();
  }
  const rough = await startEmulator(seed);
  try {
    await rough.setFaults([
      { kind: 'throttle', operation: 'BatchGrantPermissions', probability: 0.025 },
      { kind: 'concurrent-modification', operation: 'BatchGrantPermissions', probability: 0.025 },
    ]);
    const name = '5 % of calls throttled or in conflict';
    rows.push(...(await applyOnce(scene, rough, { name, most: Math.ceil(needed * 1.2) - 1, note })));
  } finally {
    await rough.stop();
  }
  return rows;
}

interface Expected {
  readonly name: string;
  readonly most: number;
  readonly note: string;
}

async function applyOnce(scene: Scene, emulator: Emulator, { name, most, note }: Expected): Promise<readonly Row[]> {
  const args = ['apply', '--mesh', scene.directory, '--trust-root', 'HEAD', '--quiet'];
  const used = await runMeshgate(emulator, [...args, '--ledger', `${scene.directory}/../ledger.jsonl`]);
  const calls = await emulator.calls();
  if (used.code !== 0) throw new Error(`apply ended with ${used.code}:\n${used.out.slice(-2000)}${used.err}`);
  const refused = calls.filter(({ operation, code }) => batches.includes(operation) && code !== undefined).length;
  await emulator.setFaults([]);
  // Nothing is lost: what the lake holds now is what the mesh asks for.
  await planNothing(scene, emulator);
  const work = `apply, ${scene.rows.toLocaleString('en')} new grants, ${name}`;
  return [
    {
      work,
      what: 'batch calls',
      value: countOf(calls, ...batches),
      measure: 'calls',
      most,
      note: `${note}; ${refused} refused`,
    },
    { work, what: 'processor time', value: used.seconds, measure: 'seconds' },
    { work, what: 'wall time', value: used.wall, measure: 'seconds' },
  ];
}
