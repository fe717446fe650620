import { type AccessAnswer, type AccessQuestion, accessOf } from './access/access.ts';
import { Clock } from './clock.ts';
import { control, controlPrefix, setFaults, setSwitches } from './control.ts';
import { respond } from './dispatch.ts';
import type { Fault, FaultKind } from './faults.ts';
import { Journal, type JournalEntry } from './journal.ts';
import { loadSeed } from './load-seed.ts';
import type { Seed } from './seed.ts';
import { checkSeed } from './seed-check.ts';
import { listen, stop } from './server.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';
import { defaultSwitches, type Switches } from './switches.ts';
import { recorder } from './wire/record.ts';
import { World } from './world.ts';

/** How an emulator starts and behaves. */
export interface EmulatorOptions {
  readonly seed?: Seed;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly switches?: Partial<Switches>;
  readonly faults?: readonly Fault[];
  /** A file that gets every journal entry as a line of JSON before the call is answered. */
  readonly journalFile?: string;
  /** A file that gets every request and answer as they went over the wire, a line of JSON each. */
  readonly wireFile?: string;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
  /** The seed of the random numbers, by default 1: the same seed, the same behaviour. */
  readonly random?: number;
  /** How long every call takes. */
  readonly latencyMs?: number;
}

/** A running emulator of Lake Formation, Glue, RAM and STS on the loopback address. */
export interface Emulator {
  readonly url: string;
  readonly port: number;
  journal(): readonly JournalEntry[];
  setFaults(faults: readonly Fault[]): void;
  /** How often each kind of fault has struck since the start. */
  struck(): ReadonlyMap<FaultKind, number>;
  setSwitches(switches: Partial<Switches>): void;
  /** Moves the emulator's clock on. */
  advance(ms: number): void;
  /** Can a principal read columns of a table, in which rows, and why? */
  access(question: AccessQuestion): AccessAnswer;
  /** What the lake of an account and region holds. */
  snapshot(account: string, region: string): Snapshot;
  close(): Promise<void>;
}

/** Starts an emulator; throws a SeedError for a seed with faults. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { latencyMs = 0, port: wanted = 0, wireFile } = options;
  const world = newWorld(options);
  const record = wireFile === undefined ? undefined : recorder(wireFile);
  const server = await listen(wanted, async (request) => {
    if (request.path.startsWith(controlPrefix)) return control(world, request);
    const answer = await respond(world, request, latencyMs);
    record?.(request, answer);
    return answer;
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : wanted;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    journal: () => world.journal.entries(),
    setFaults: (faults) => setFaults(world, faults),
    struck: () => world.faults.struck(),
    setSwitches: (switches) => setSwitches(world, switches),
    advance: (ms) => world.clock.advance(ms),
    access: (question) => accessOf(world, question),
    snapshot: (account, region) => snapshotOf(world, account, region),
    close: () => stop(server),
  };
}

function newWorld(options: EmulatorOptions): World {
  const seed = checkSeed(options.seed ?? { accounts: {} });
  const world = new World({
    clock: new Clock(options.now ?? Date.now),
    journal: new Journal(options.journalFile),
    switches: { ...defaultSwitches, ...seed.switches },
    faults: [],
    random: options.random ?? 1,
  });
  setSwitches(world, options.switches ?? {});
  setFaults(world, options.faults ?? []);
  loadSeed(world, seed);
  return world;
}
