import { execFile, spawn } from 'node:child_process';
import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GrantPermissionsCommand, LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { SetupProblem } from '../options.ts';

const main = fileURLToPath(new URL('../main.js', import.meta.url));
const example = fileURLToPath(new URL('../../../mesh', import.meta.url));

/** A repository with the example mesh, an emulator with its seed, and a way to type commands. */
export interface Stage {
  readonly directory: string;
  /** Runs `meshgate` with real output; a run that is to be killed is handed to `during`. */
  readonly meshgate: (args: readonly string[], during?: (kill: () => void) => Promise<void>) => Promise<Ran>;
  readonly git: (...args: readonly string[]) => Promise<string>;
  readonly write: (path: string, text: string) => Promise<void>;
  readonly append: (path: string, text: string) => Promise<void>;
  /** Sets the faults of the emulator. */
  readonly faults: (faults: readonly object[]) => Promise<void>;
  /** How often an operation was called so far. */
  readonly calls: (operation: string) => Promise<number>;
  /** Whether somebody can read columns of a table, by all that the emulator holds. */
  readonly canRead: (question: Question) => Promise<Ran>;
  /** Grants by hand, as an administrator would in the console. */
  readonly grantByHand: (principal: string, table: { database: string; table: string }) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** Who would read which columns, from their own account. */
export interface Question {
  readonly principal: string;
  readonly database: string;
  readonly table: string;
  readonly columns: readonly string[];
}

/** What a command printed and how it ended; a killed one has no code. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

const apply = { AWS_ACCESS_KEY_ID: 'AKIAMESHGATEAPPLY001', AWS_SECRET_ACCESS_KEY: 'emulator-only-apply' };
const person = { accessKeyId: 'AKIAPLATFORMADMIN001', secretAccessKey: 'emulator-only-analytics-platform-admin' };

/** Sets the stage in a directory of its own; `end` takes everything down. */
export async function setStage(colour: boolean): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'meshgate-demo-'));
  await cp(example, join(directory, 'mesh'), { recursive: true });
  const emulator = await startEmulator(join(directory, 'mesh', 'x-emulator.yaml'));
  const env = {
    ...neutral(process.env),
    ...apply,
    AWS_ENDPOINT_URL: emulator.url,
    MESHGATE_READ_BACK: '100,200,400',
    ...(colour ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }),
  };
  const git = gitIn(directory);
  const end = async (): Promise<void> => {
    emulator.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await git('init', '--quiet', '--initial-branch=main');
  } catch (thrown) {
    await end();
    throw new SetupProblem(
      'NO_GIT',
      `git is needed for the demo: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
  return {
    directory,
    git,
    end,
    meshgate: (args, during) => run(args, { directory, env, ...(during && { during }) }),
    write: (path, text) => writeFile(join(directory, path), text),
    append: (path, text) => appendFile(join(directory, path), text),
    faults: async (faults) => {
      await fetch(`${emulator.url}/_emulator/faults`, { method: 'PUT', body: JSON.stringify(faults) });
    },
    calls: async (operation) => {
      const answer = await fetch(`${emulator.url}/_emulator/journal`);
      const journal = (await answer.json()) as readonly { readonly operation: string }[];
      return journal.filter((entry) => entry.operation === operation).length;
    },
    canRead: async (question) => {
      const body = JSON.stringify({ region: 'eu-west-1', ...question });
      const answer = await fetch(`${emulator.url}/_emulator/access`, { method: 'POST', body });
      const { allowed, reason } = (await answer.json()) as { readonly allowed: boolean; readonly reason: string };
      return { code: 0, output: `${allowed ? 'yes' : 'no'}: ${reason}\n` };
    },
    grantByHand: async (principal, { database, table }) => {
      const client = new LakeFormationClient({ region: 'eu-west-1', endpoint: emulator.url, credentials: person });
      const resource = { Table: { DatabaseName: database, Name: table } };
      await client.send(
        new GrantPermissionsCommand({
          Principal: { DataLakePrincipalIdentifier: principal },
          Resource: resource,
          Permissions: ['SELECT'],
          PermissionsWithGrantOption: ['SELECT'],
        }),
      );
    },
  };
}

/** The environment without what would lead AWS's client library, git or Meshgate elsewhere. */
function neutral(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(AWS|GIT|MESHGATE)_/.test(name)));
}

function gitIn(directory: string): Stage['git'] {
  const env = neutral(process.env);
  const identity = [
    '-c',
    'user.name=Mesh Administrator',
    '-c',
    'user.email=mesh@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  return async (...args) => {
    const { stdout } = await promisify(execFile)('git', [...identity, ...args], { cwd: directory, env });
    return stdout.trim();
  };
}

async function startEmulator(seed: string): Promise<{ readonly url: string; readonly stop: () => void }> {
  const child = spawn(process.execPath, [main, 'emulator', '--seed', seed, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    const url = /at (http:\/\/\S+)/.exec(line)?.[1];
    if (url !== undefined) return { url, stop: () => void child.kill('SIGKILL') };
  }
  throw new SetupProblem('NO_EMULATOR', 'the emulator did not start');
}

interface Running {
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly during?: (kill: () => void) => Promise<void>;
}

async function run(args: readonly string[], { directory, env, during }: Running): Promise<Ran> {
  const child = spawn(process.execPath, [main, ...args], { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    output += text.toString();
  });
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
  await during?.(() => void child.kill('SIGKILL'));
  return ended;
}
