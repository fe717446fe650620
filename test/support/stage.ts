import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/emulator.ts';
import type { JournalEntry } from '../../src/emulator/journal.ts';
import type { Seed, SeedRegion } from '../../src/emulator/seed.ts';
import { meshgate, type Ran, type Running, type Surroundings, start } from './meshgate.ts';
import { central, keysOf, region, townMesh, townSeed } from './town.ts';

/** A repository with the town's mesh, an emulator with its lake, and the command line between them. */
export interface Stage {
  readonly directory: string;
  readonly emulator: Emulator;
  /** Runs a command as the administrator; the environment given is laid over. */
  readonly run: (args: readonly string[], env?: Env, how?: How) => Promise<Ran>;
  readonly start: (args: readonly string[], env?: Env, how?: How) => Running;
  readonly git: (...args: readonly string[]) => Promise<string>;
  readonly write: (path: string, text: string) => Promise<void>;
  /** The ledger's lines, each of which must be one whole JSON object. */
  readonly ledger: () => Promise<readonly LedgerLine[]>;
}

/** Environment variables. */
export type Env = Readonly<Record<string, string>>;

/** How else the process is run. */
export type How = Omit<Surroundings, 'cwd' | 'env'>;

/** One line of the ledger. */
export type LedgerLine = Readonly<Record<string, unknown>> & { readonly run: string; readonly event: string };

/** What of the stage is other than usual. */
export interface StageOptions {
  readonly mesh?: Readonly<Record<string, string>>;
  readonly lake?: Partial<SeedRegion>;
  /** Lays over what the emulator starts with. */
  readonly seed?: (seed: Seed) => Seed;
  readonly latencyMs?: number;
  /** How the service behaves where nobody knows how AWS does. */
  readonly switches?: NonNullable<EmulatorOptions['switches']>;
  /** Without it the files are not in git. */
  readonly isInGit?: boolean;
}

const endings: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const end of endings.splice(0)) await end();
});

/** An empty directory that goes with the test file. */
export async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'meshgate-test-'));
  endings.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Sets a stage that is taken down with the test file. */
export async function setStage({
  mesh = {},
  lake = {},
  seed = (usual) => usual,
  latencyMs = 0,
  switches = {},
  isInGit = true,
}: StageOptions = {}): Promise<Stage> {
  const directory = await temporary();
  const emulator = await startEmulator({ seed: seed(townSeed(lake)), latencyMs, switches });
  endings.push(() => emulator.close());
  const env = { AWS_ENDPOINT_URL: emulator.url, ...keysOf.admin, MESHGATE_READ_BACK: '20,50' };
  const write = async (path: string, text: string): Promise<void> => {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  for (const [path, text] of Object.entries({ ...townMesh, ...mesh })) await write(join('mesh', path), text);
  const git = gitIn(directory);
  if (isInGit) {
    await git('init', '--quiet', '--initial-branch=main');
    await git('add', 'mesh');
    await git('commit', '--quiet', '--message', 'The mesh');
  }
  const surroundings = (more: Env, how: How) => ({ cwd: directory, env: { ...env, ...more }, ...how });
  return {
    directory,
    emulator,
    git,
    write,
    run: (args, more = {}, how = {}) => meshgate(args, surroundings(more, how)),
    start: (args, more = {}, how = {}) => start(args, surroundings(more, how)),
    ledger: async () => {
      const text = await readFile(join(directory, '.meshgate', 'ledger.jsonl'), 'utf8');
      return text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as LedgerLine);
    },
  };
}

/** Runs git in a directory as somebody, whatever this machine's git is set to. */
export function gitIn(directory: string): Stage['git'] {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  const env = { PATH: process.env['PATH'] ?? '', HOME: directory, GIT_CONFIG_NOSYSTEM: '1' };
  return async (...args) =>
    (await promisify(execFile)('git', [...identity, ...args], { cwd: directory, env })).stdout.trim();
}

/** The calls that changed something, or would have. */
export function writesOf({ emulator }: Stage): readonly JournalEntry[] {
  return emulator.journal().filter(({ operation, changes }) => changes.length > 0 || isWrite(operation));
}

function isWrite(operation: string): boolean {
  return /^(Batch)?(Grant|Revoke)|^(Create|Update|Delete|Put|Register|Add|Remove)/.test(operation);
}

/** What the lake grants and holds, without who changed it when: equal for two runs that came to the same. */
export function lakeOf({ emulator }: Stage): unknown {
  const { atoms, filters, databases } = emulator.snapshot(central, region);
  const grants = atoms.map(({ principal, resource, permission, grantable }) =>
    JSON.stringify([principal, resource, permission, grantable]),
  );
  return {
    grants: grants.sort(),
    filters,
    parameters: databases.map(({ name, parameters }) => ({ name, parameters })),
  };
}
