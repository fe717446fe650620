import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { git, tryGit } from './git.ts';

/** What git calls an object's type. */
export type Kind = 'blob' | 'tree' | 'commit' | 'tag';

export interface GitObject {
  readonly kind: Kind;
  readonly bytes: Buffer;
}

/**
 * Objects of a repository, read and written as the files that git keeps them in: hundreds of times in a test, where
 * a process for each would take most of its time (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects).
 */
export function readObject(directory: string, id: string): GitObject | undefined {
  const file = fileOf(directory, id);
  if (!existsSync(file)) return readPacked(directory, id);
  const whole = inflateSync(readFileSync(file));
  const end = whole.indexOf(0);
  return { kind: whole.toString('latin1', 0, whole.indexOf(32)) as Kind, bytes: whole.subarray(end + 1) };
}

/** What came in a pack only git reads. */
function readPacked(directory: string, id: string): GitObject | undefined {
  const { code, out } = tryGit(directory, ['cat-file', '-t', id]);
  if (code !== 0) return undefined;
  const kind = out.toString().trim() as Kind;
  return { kind, bytes: tryGit(directory, ['cat-file', kind, id]).out };
}

/** Writes an object and answers its id. */
export function writeObject(directory: string, kind: Kind, bytes: Uint8Array): string {
  const whole = Buffer.concat([Buffer.from(`${kind} ${bytes.length}\0`), bytes]);
  const id = createHash('sha1').update(whole).digest('hex');
  const file = fileOf(directory, id);
  if (!existsSync(file)) replace(file, deflateSync(whole));
  return id;
}

/** The id that a ref holds. */
export function readRef(directory: string, name: string): string | undefined {
  const file = `${directory}/${name}`;
  try {
    return readFileSync(file, 'latin1').trim();
  } catch {
    if (!existsSync(`${directory}/packed-refs`)) return undefined;
    const { code, out } = tryGit(directory, ['show-ref', '--verify', '--hash', name]);
    return code === 0 ? out.toString().trim() : undefined;
  }
}

export function writeRef(directory: string, name: string, id: string | undefined): void {
  if (id === undefined) git(directory, ['update-ref', '-d', name]);
  else replace(`${directory}/${name}`, Buffer.from(`${id}\n`));
}

/** In one step for whoever reads at the same time. */
function replace(file: string, bytes: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.lock`, bytes);
  renameSync(`${file}.lock`, file);
}

function fileOf(directory: string, id: string): string {
  return `${directory}/objects/${id.slice(0, 2)}/${id.slice(2)}`;
}
