import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { plan } from '../../src/reconcile.ts';
import { debts, follow, type Verdicts } from '../support/law-check.ts';
import { keysOf } from '../support/law-lake.ts';
import { caller, central, region } from '../support/law-place.ts';
import { lakeAt, runOf } from '../support/law-reconcile.ts';
import { type Ran, start } from '../support/meshgate.ts';
import { catalogIn, lawMeshOf } from './law-case.ts';
import type { WalkScene } from './walk-scene.ts';

/** Where a run is killed: at this call (from 1), before it does anything or when it was made and not yet answered. */
export interface Kill {
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** What became of a killed run and of the next. */
export interface Walked extends Kill {
  /** Absent where the run made fewer calls. */
  readonly operation?: string;
  /** How many changes stood in the journal when it died. */
  readonly made: number;
  /** What the next run did: its outcomes by status. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly wrongs: readonly string[];
}

/** A repository that holds the scene's mesh. */
export interface Ground {
  readonly directory: string;
  readonly scene: WalkScene;
}

const apply = ['apply', '--trust-root', 'HEAD', '--format', 'json'];

/** One run that nobody kills: how many calls it makes, and what it does. */
export async function undisturbed({
  directory,
  scene,
}: Ground): Promise<{ readonly calls: number; readonly changes: number }> {
  const emulator = await startEmulator({ seed: scene.seed });
  try {
    const ran = await run(emulator, directory, 'undisturbed');
    if (ran.code !== 0) throw new Error(`the run that nobody kills ends with ${ran.code}: ${ran.err}`);
    const { outcomes } = JSON.parse(ran.out) as { readonly outcomes: readonly unknown[] };
    return { calls: emulator.journal().length, changes: outcomes.length };
  } finally {
    await emulator.close();
  }
}

/** Kills a run at a call, checks what it did, lets the next run finish, and checks that too. */
export async function walk({ directory, scene }: Ground, { call, when }: Kill): Promise<Walked> {
  const emulator = await startEmulator({ seed: scene.seed });
  const ledger = `${when}-${call}`;
  try {
    emulator.setFaults(
      when === 'before'
        ? [{ kind: 'hang', after: call - 1 }]
        : [
            { kind: 'hang-after', after: call - 1, times: 1 },
            { kind: 'hang', after: call },
          ],
    );
    const first = judged(scene, emulator);
    const operation = await killed(emulator, directory, ledger);
    const verdicts = first();
    const made = emulator.journal().reduce((sum, { changes }) => sum + changes.length, 0);
    emulator.setFaults([]);
    const from = emulator.journal().length;
    const second = judged(scene, emulator);
    const ran = await run(emulator, directory, ledger);
    const after = second();
    const calls = emulator.journal().length - from;
    const { plan: left } = await plan(runOf(lawMeshOf(scene.files)), await lakeAt(emulator));
    return {
      call,
      when,
      made,
      calls,
      outcomes: countsOf(ran),
      ...(operation === undefined ? {} : { operation }),
      wrongs: [
        ...verdicts.wrongs,
        ...after.wrongs,
        ...debts(lawMeshOf(scene.files), catalogIn(scene.seed), after),
        ...left.changes.map(({ verb, key }) => `the plan after has ${verb} ${key}`),
        ...(ran.code === 0 && ran.err === '' ? [] : [`the next run ends with ${ran.code}: ${ran.err}`]),
        ...ledgerWrongs(join(directory, `${ledger}.jsonl`)),
      ],
    };
  } finally {
    await emulator.close();
  }
}

/** Follows the journal from now on. */
function judged({ files, seed }: WalkScene, emulator: Emulator): () => Verdicts {
  const before = emulator.snapshot(central, region);
  const from = emulator.journal().length;
  return () =>
    follow({
      mesh: lawMeshOf(files),
      catalog: catalogIn(seed),
      unproven: new Set(),
      before,
      journal: emulator.journal().slice(from),
    });
}

/** Starts a run and kills it as soon as a call hangs; from that call on the emulator does nothing more. */
async function killed(emulator: Emulator, directory: string, ledger: string): Promise<string | undefined> {
  const running = begin(emulator, directory, ledger);
  let isOver = false;
  void running.ended.then(() => {
    isOver = true;
  });
  const isHanging = ({ code }: { readonly code?: string }): boolean => code === 'hang' || code === 'hang-after';
  while (!isOver && !emulator.journal().some(isHanging)) await pause(3);
  // What was sent beside the call and came before it is carried out.
  await pause(10);
  running.child.kill('SIGKILL');
  const { signal } = await running.ended;
  return signal === 'SIGKILL' ? emulator.journal().find(isHanging)?.operation : undefined;
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function begin(emulator: Emulator, directory: string, ledger: string): ReturnType<typeof start> {
  const { accessKeyId, secretAccessKey } = keysOf(caller);
  const env = {
    AWS_ENDPOINT_URL: emulator.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    MESHGATE_READ_BACK: '20,50',
  };
  return start([...apply, '--ledger', `${ledger}.jsonl`], { cwd: directory, env, main: resolve('dist/cli/main.js') });
}

async function run(emulator: Emulator, directory: string, ledger: string): Promise<Ran> {
  return await begin(emulator, directory, ledger).ended;
}

function countsOf({ out, code }: Ran): Readonly<Record<string, number>> {
  if (code !== 0) return {};
  const { outcomes } = JSON.parse(out) as { readonly outcomes: readonly { readonly status: string }[] };
  const counts: Record<string, number> = {};
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** The record of both runs is whole lines. */
function ledgerWrongs(file: string): readonly string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  if (lines.pop() !== '') return ['the ledger ends within a line'];
  return lines.flatMap((line, index) => {
    try {
      JSON.parse(line);
      return [];
    } catch {
      return [`line ${index + 1} of the ledger is not whole`];
    }
  });
}
