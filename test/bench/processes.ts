import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { Fault } from '../../src/emulator/faults.ts';
import type { JournalEntry } from '../../src/emulator/journal.ts';
import type { Seed } from '../../src/emulator/seed.ts';
import { keys, region } from './scene.ts';
import { scratch } from './scratch.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const meshgate = join(root, 'dist/cli/main.js');
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** What a process used and said. */
export interface Used {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Processor time, user and system. */
  readonly seconds: number;
  readonly peakMB: number;
  readonly wall: number;
}

/** Runs Node in a process of its own and measures it. */
export async function node(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Used> {
  const meter = join(scratch, 'meter.json');
  const start = performance.now();
  const child = spawn(process.execPath, ['--import', new URL('meter.mjs', import.meta.url).href, ...args], {
    env: { ...process.env, NO_COLOR: '1', BENCH_METER: meter, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const text = (stream: NodeJS.ReadableStream): { value: string } => {
    const said = { value: '' };
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said.value += chunk;
    });
    return said;
  };
  const [out, err] = [text(child.stdout), text(child.stderr)];
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  running.delete(child);
  const wall = (performance.now() - start) / 1000;
  const used = JSON.parse(readFileSync(meter, 'utf8')) as Pick<Used, 'seconds' | 'peakMB'>;
  return { code, out: out.value, err: err.value, ...used, wall };
}

/** Runs meshgate as it is installed, against an emulator. */
export function runMeshgate(
  emulator: Emulator,
  args: readonly string[],
  more: { readonly flags?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Used> {
  return node([...(more.flags ?? []), meshgate, ...args], {
    AWS_ENDPOINT_URL: emulator.url,
    AWS_REGION: region,
    ...keys,
    ...more.env,
  });
}

/** A running emulator in a process of its own. */
export interface Emulator {
  readonly url: string;
  /** Milliseconds from the start of the process to the line that says that it listens. */
  readonly readyMs: number;
  /** The calls since the last time this was asked. */
  calls(): Promise<readonly JournalEntry[]>;
  setFaults(faults: readonly Fault[]): Promise<void>;
  stop(): Promise<void>;
}

/** Starts `meshgate emulator` with a seed; every call takes the latency. */
export async function startEmulator(seed: Seed, latencyMs = 0): Promise<Emulator> {
  const file = join(scratch, 'seed.json');
  writeFileSync(file, JSON.stringify(seed));
  const start = performance.now();
  const args = [meshgate, 'emulator', '--seed', file, '--port', '0', '--latency', String(latencyMs)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      const found = /at (http:\S+)/.exec(said);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
    child.once('exit', (code) => reject(new Error(`the emulator ended with ${code}`)));
  });
  const readyMs = performance.now() - start;
  let seen = 0;
  return {
    url,
    readyMs,
    calls: async () => {
      const entries = (await (await fetch(`${url}/_emulator/journal?from=${seen}`)).json()) as readonly JournalEntry[];
      seen += entries.length;
      return entries;
    },
    setFaults: async (faults) => {
      const answer = await fetch(`${url}/_emulator/faults`, { method: 'PUT', body: JSON.stringify(faults) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      running.delete(child);
    },
  };
}
