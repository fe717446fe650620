import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a command needs of Python. */
export interface PythonNeeds {
  /** The command, for messages. */
  readonly command: string;
  /** What is installed, for the message. */
  readonly what: string;
  /** The requirements file, in which everything is pinned by hash. */
  readonly requirements: string;
}

const cache = fileURLToPath(new URL('../../node_modules/.cache/meshgate-referees/', import.meta.url));
const oldest = [3, 10] as const;

/**
 * A virtual environment, made once for each requirements file and Python, with its Python; git ignores it. An
 * installation that was cut short is made again.
 */
export async function virtualEnvironment({
  command,
  what,
  requirements,
}: PythonNeeds): Promise<{ readonly home: string; readonly python: string }> {
  const base = process.env['PYTHON'] ?? 'python3';
  const version = await versionOf(base, command);
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .update(version)
    .digest('hex');
  const home = join(cache, digest.slice(0, 12));
  const python = join(home, 'bin', 'python');
  if (!existsSync(join(home, 'complete'))) {
    process.stderr.write(`Being installed: ${what} (Python ${version}) ...\n`);
    await rm(home, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    await run(base, ['-m', 'venv', home]);
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
    await run(python, ['-m', 'pip', 'install', ...quiet, '--no-deps', '--require-hashes', '-r', requirements]);
    await writeFile(join(home, 'complete'), '');
  }
  return { home, python };
}

async function versionOf(python: string, command: string): Promise<string> {
  const version = await run(python, ['-c', 'import platform; print(platform.python_version())']).catch(() => undefined);
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (version !== undefined && (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])))
    return version.trim();
  throw new Error(
    `${command} needs Python ${oldest.join('.')} or newer, ${version === undefined ? `and ${python} does not run` : `${python} is ${version.trim()}`}; name another with PYTHON=...`,
  );
}

/** What a process printed; throws what it complained of when it ends with another code than 0 or one that is allowed. */
export async function run(
  command: string,
  args: readonly string[],
  { env = process.env, codes = [0] }: { readonly env?: NodeJS.ProcessEnv; readonly codes?: readonly number[] } = {},
): Promise<string> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString('utf8');
  });
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString('utf8');
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === null || !codes.includes(code))
    throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${err}${out}`);
  return out;
}
