import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the virtual environment, which git ignores. */
    home: string;
    /** The Python that has moto and boto3. */
    python: string;
    /** Where botocore keeps the models of the services. */
    models: string;
  }
}

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));
const cache = fileURLToPath(new URL('../../node_modules/.cache/meshgate-referees/', import.meta.url));
const oldest = [3, 10] as const;

/**
 * Gives the referees a virtual environment of their own, made once for each requirements file and Python; an
 * installation that was cut short is made again.
 */
export async function setup(project: TestProject): Promise<void> {
  const base = process.env['PYTHON'] ?? 'python3';
  const version = await versionOf(base);
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .update(version)
    .digest('hex');
  const home = join(cache, digest.slice(0, 12));
  const python = join(home, 'bin', 'python');
  if (!existsSync(join(home, 'complete'))) {
    process.stderr.write(`The referees are being installed (Python ${version}, moto and boto3) ...\n`);
    await rm(home, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    await run(base, ['-m', 'venv', home]);
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
    await run(python, ['-m', 'pip', 'install', ...quiet, '--no-deps', '--require-hashes', '-r', requirements]);
    await writeFile(join(home, 'complete'), '');
  }
  const models = 'import botocore, os; print(os.path.join(os.path.dirname(botocore.__file__), "data"))';
  project.provide('home', home);
  project.provide('python', python);
  project.provide('models', (await run(python, ['-c', models])).trim());
}

async function versionOf(python: string): Promise<string> {
  const version = await run(python, ['-c', 'import platform; print(platform.python_version())']).catch(() => undefined);
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (version !== undefined && (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])))
    return version.trim();
  throw new Error(
    `npm run test:moto needs Python ${oldest.join('.')} or newer, ${version === undefined ? `and ${python} does not run` : `${python} is ${version.trim()}`}; name another with PYTHON=...`,
  );
}

/** What a process printed; throws what it complained of when it fails. */
export async function run(command: string, args: readonly string[], env = process.env): Promise<string> {
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
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${err}${out}`);
  return out;
}
