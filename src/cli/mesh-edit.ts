import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { MeshFile, MeshFiles } from '../declare/mesh-files.ts';
import { SetupProblem } from './options.ts';

/** A change of one mesh file's text that is not written yet. */
export interface Edit {
  readonly file: MeshFile;
  readonly text: string;
}

/** An edit of mesh.yaml; throws a `SetupProblem` where there is none. */
export function editMeshFile(files: MeshFiles, edit: (text: string) => string): Edit {
  const file = files.files.find(({ path }) => path === 'mesh.yaml');
  if (file === undefined) throw new SetupProblem('NO_MESH_FILE', `${files.directory} has no mesh.yaml`);
  return { file, text: edit(file.text) };
}

/** The mesh files as they will be with an edit. */
export function edited(files: MeshFiles, { file, text }: Edit): MeshFiles {
  const bytes = Buffer.from(text);
  return { ...files, files: files.files.map((one) => (one === file ? { ...one, text, blob: blobId(bytes) } : one)) };
}

function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/**
 * Writes an edit, and tells whether it did: not where the file is no longer what was read, for then somebody
 * else's change would be lost. The file is at every instant the old one or the new one.
 */
export async function writeEdit({ file: { file, blob }, text }: Edit): Promise<boolean> {
  const passing = join(dirname(file), `.${process.pid}.mesh.yaml`);
  try {
    return await locked(join(dirname(file), '.mesh.yaml.lock'), () => {
      if (blobId(readFileSync(file)) !== blob) return false;
      writeFileSync(passing, text, { mode: statSync(file).mode });
      renameSync(passing, file);
      return true;
    });
  } catch (thrown) {
    rmSync(passing, { force: true });
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new SetupProblem('NOT_WRITTEN', `${file} cannot be written: ${why}`);
  }
}

/** How long a lock may stand, in milliseconds; whoever holds it needs a few of them. */
const longestLock = 60_000;

/** Does something while no other run does, by a lock file that is there as long. */
async function locked<T>(lock: string, act: () => T): Promise<T> {
  const start = Date.now();
  while (!takes(lock)) {
    // A clock that was set back does not make it wait for ever.
    const age = Math.max(
      Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? start),
      Date.now() - start,
    );
    if (age > longestLock)
      throw new Error(`its lock ${lock} is older than a minute; remove that file if no other run is at work`);
    await pause(20);
  }
  try {
    return act();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Takes a lock, unless somebody else has it. */
function takes(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx'));
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw thrown;
  }
}

/** The lines that an edit takes away and adds, with two lines around them. */
export function diffOf({ file, text }: Edit): readonly string[] {
  const [old, fresh] = [linesOf(file.text), linesOf(text)];
  const shorter = Math.min(old.length, fresh.length);
  let start = 0;
  while (start < shorter && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  if (start === old.length && start === fresh.length) return [];
  const from = Math.max(0, start - 2);
  return [
    `${file.file}:${start + 1}`,
    ...old.slice(from, start).map((line) => `  ${line}`),
    ...old.slice(start, old.length - end).map((line) => `- ${line}`),
    ...fresh.slice(start, fresh.length - end).map((line) => `+ ${line}`),
    ...old.slice(old.length - end, old.length - end + 2).map((line) => `  ${line}`),
  ];
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}
