import { appendFile, readFile } from 'node:fs/promises';
import { startEmulator } from '../../emulator/emulator.ts';
import { type Seed, SeedError } from '../../emulator/seed.ts';
import { visible } from '../../report/excerpt.ts';
import type { Console } from '../console.ts';
import { SetupProblem } from '../options.ts';

/** Options of `emulator`. */
interface EmulatorOptions {
  readonly seed?: string;
  readonly port: number;
  readonly journal?: string;
  readonly wire?: string;
  readonly latency: number;
}

/** Runs the emulator until it is interrupted. */
export async function emulatorCommand(options: EmulatorOptions, console: Console): Promise<number> {
  const seed = options.seed === undefined ? undefined : await readSeed(options.seed);
  if (options.journal !== undefined) await checkWritable('journal', options.journal);
  if (options.wire !== undefined) await checkWritable('wire file', options.wire);
  const emulator = await start(options, seed);
  // Listened for before anybody is told that it runs.
  const ended = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  console.out(`Lake Formation, Glue, RAM and STS at ${emulator.url}\n`);
  for (const line of seed === undefined ? [] : keysOf(seed)) console.out(`${visible(line)}\n`);
  console.out(`export AWS_ENDPOINT_URL=${emulator.url}\n`);
  await ended;
  await emulator.close();
  return 0;
}

async function start(options: EmulatorOptions, seed: Seed | undefined): ReturnType<typeof startEmulator> {
  try {
    return await startEmulator({
      ...(seed === undefined ? {} : { seed }),
      port: options.port,
      latencyMs: options.latency,
      ...(options.journal === undefined ? {} : { journalFile: options.journal }),
      ...(options.wire === undefined ? {} : { wireFile: options.wire }),
    });
  } catch (thrown) {
    if (thrown instanceof SeedError)
      throw new SetupProblem(
        'BAD_SEED',
        `${options.seed}: ${thrown.faults.join('; ')}`,
        'mesh/x-emulator.yaml is an example',
      );
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE')
      throw new SetupProblem('PORT_IN_USE', `port ${options.port} is in use`, 'give another with --port');
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EACCES')
      throw new SetupProblem(
        'PORT_REFUSED',
        `port ${options.port} may not be opened`,
        'give one above 1023 with --port',
      );
    throw thrown;
  }
}

async function readSeed(file: string): Promise<Seed> {
  try {
    const text = await readFile(file, 'utf8');
    return (file.endsWith('.json') ? JSON.parse(text) : (await import('yaml')).parse(text)) ?? {};
  } catch (thrown) {
    throw new SetupProblem('BAD_SEED', `the seed ${file} cannot be read: ${textOf(thrown)}`);
  }
}

async function checkWritable(what: 'journal' | 'wire file', file: string): Promise<void> {
  try {
    await appendFile(file, '');
  } catch (thrown) {
    throw new SetupProblem('NO_JOURNAL', `the ${what} ${file} cannot be written: ${textOf(thrown)}`);
  }
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown);
}

/** The keys that may sign, for a person to export. */
function keysOf(seed: Seed): readonly string[] {
  return Object.values(seed.accounts ?? {}).flatMap((account) =>
    (account.principals ?? []).flatMap(({ arn, accessKeyId, secretAccessKey }) =>
      accessKeyId === undefined
        ? []
        : [`# ${arn}: AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`],
    ),
  );
}
