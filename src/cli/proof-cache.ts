import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Forge, Pull } from '../core/forge.ts';
import type { Seal } from '../core/seal.ts';
import { SetupProblem } from './options.ts';
import { noKey, sealOf } from './seal-key.ts';

/** Where answers are kept from run to run, and what they are answers about. */
export interface CacheOptions {
  readonly file: string;
  /** The key that answers are sealed with; whoever has it can write answers that are believed. */
  readonly key: string | undefined;
  /** What else the answers depend on: the API, the repository, the app. */
  readonly about: string;
}

/** A forge whose answers about what cannot change are kept. */
export interface CachedForge {
  readonly forge: Forge;
  /** Writes down what is known now. */
  readonly save: () => Promise<void>;
}

interface Known {
  readonly pulls: Map<string, readonly Pull[]>;
  readonly blobs: Map<string, string>;
}

/** As many answers as are kept of each kind. */
const most = 20_000;

/**
 * Keeps which merged pull requests a commit came from, and which blobs a commit holds: neither changes. Reviews do,
 * and are asked for anew. Whoever could write the file could pass one commit off as another's, so it is sealed with a
 * key from the protected environment: a file with another seal, or about something else, is no file.
 */
export async function cachedForge(forge: Forge, options: CacheOptions): Promise<CachedForge> {
  const seal = sealOf(options.key);
  if (seal === undefined)
    throw noKey(`${options.file} is believed only with a seal, and MESHGATE_CACHE_KEY is not set`);
  const subject = ['proof-cache', options.about];
  const { pulls, blobs } = await readKnown(options.file, { seal, subject });
  let isNew = false;
  const pullsOf = async (commit: string): Promise<readonly Pull[]> => {
    const kept = pulls.get(commit);
    if (kept !== undefined) return kept;
    const found = await forge.pullsOf(commit);
    const merged = found.filter(({ isMerged }) => isMerged);
    if (merged.length > 0) pulls.set(commit, merged);
    isNew ||= merged.length > 0;
    return found;
  };
  const blobAt = async (commit: string, path: string): Promise<string | undefined> => {
    const place = `${commit} ${path}`;
    const kept = blobs.get(place);
    if (kept !== undefined) return kept;
    const found = await forge.blobAt(commit, path);
    if (found !== undefined) blobs.set(place, found);
    isNew ||= found !== undefined;
    return found;
  };
  const save = async (): Promise<void> => {
    if (!isNew) return;
    const body = JSON.stringify({ pulls: [...pulls].slice(-most), blobs: [...blobs].slice(-most) });
    // Put in place as a whole: a run that is killed leaves the old one.
    const draft = `${options.file}.${process.pid}`;
    try {
      await mkdir(dirname(options.file), { recursive: true });
      await writeFile(draft, JSON.stringify({ seal: seal.of(subject, body), body }), { mode: 0o600 });
      await rename(draft, options.file);
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw new SetupProblem('NOT_WRITTEN', `${options.file} cannot be written (${why})`, 'give another --proof-cache');
    }
    isNew = false;
  };
  return { forge: { ...forge, pullsOf, blobAt }, save };
}

async function readKnown(
  file: string,
  { seal: own, subject }: { readonly seal: Seal; readonly subject: readonly string[] },
): Promise<Known> {
  const nothing: Known = { pulls: new Map(), blobs: new Map() };
  try {
    const { seal, body } = JSON.parse(await readFile(file, 'utf8')) as { readonly seal: string; readonly body: string };
    if (!own.holds(subject, body, seal)) return nothing;
    const known = JSON.parse(body) as { pulls: [string, Pull[]][]; blobs: [string, string][] };
    return { pulls: new Map(known.pulls), blobs: new Map(known.blobs) };
  } catch {
    // Without a cache that can be read everything is asked.
    return nothing;
  }
}
