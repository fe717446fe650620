import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The built command line, which `npm test` builds first. */
export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What a process printed and how it ended: with an exit code, or by a signal. */
export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A process under way. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  /** Waits until what it printed, on either stream, holds a text, and answers its match. */
  readonly says: (text: RegExp) => Promise<RegExpExecArray>;
}

/** Where and how a process runs. */
export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of node itself. */
  readonly node?: readonly string[];
  /** A shell command that ends in running its arguments, such as `ulimit -f 8; exec "$@"`. */
  readonly through?: string;
  /** Milliseconds after which it is ended, and its test fails; by default a minute. */
  readonly longest?: number;
  /** The command line to run, by default the built one. */
  readonly main?: string;
}

/** Starts the command line with an environment that holds nothing of this machine's but PATH. */
export function start(
  args: readonly string[],
  { cwd, env = {}, node = [], through, longest = 60_000, main: file = main }: Surroundings,
): Running {
  if (!existsSync(file)) throw new Error(`${file} is not there: run npm run build first`);
  const command = [process.execPath, ...node, file, ...args];
  const [program = '', ...rest] = through === undefined ? command : ['bash', '-c', through, 'bash', ...command];
  const child = spawn(program, rest, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, TZ: 'UTC', AWS_EC2_METADATA_DISABLED: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<Ran>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`meshgate ${args.join(' ')} did not end\n${out}\n${err}`));
    }, longest);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, out, err });
    });
  });
  const says = (text: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = text.exec(out + err);
        if (found !== null) resolve(found);
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      ended.then((ran) => reject(new Error(`it ended without saying ${text}\n${JSON.stringify(ran)}`)), reject);
      look();
    });
  return { child, ended, says };
}

/** Runs the command line to its end. */
export async function meshgate(args: readonly string[], how: Surroundings): Promise<Ran> {
  return await start(args, how).ended;
}
