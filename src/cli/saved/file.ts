import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Outcome } from '../../core/outcome.ts';
import type { Plan } from '../../core/plan.ts';
import { compareText } from '../../core/problem.ts';
import type { Seal } from '../../core/seal.ts';
import type { Observed } from '../../core/state.ts';
import type { Seen } from '../../observing.ts';
import type { Run } from '../../reconcile.ts';
import { SetupProblem } from '../options.ts';
import { noKey, sealOf } from '../seal-key.ts';
import type { Stamp } from './stamp.ts';

/** What was observed of some lakes. */
export interface SavedPart extends Stamp {
  /** When the reading began, ISO. */
  readonly at: string;
  readonly lakes: readonly Observed[];
}

/** A plan with all that it was made of but the files, so that it can be made again. */
export interface SavedPlan extends Stamp {
  /** When the oldest of the readings began, ISO. */
  readonly at: string;
  readonly seen: Seen;
  /** What was made known to the plan beside files and lakes. */
  readonly given: Pick<Run, 'holds' | 'gaps' | 'schedule' | 'trusted' | 'now'>;
  readonly plan: Plan;
}

/** What became of a part of a plan. */
export interface SavedOutcomes extends Stamp {
  /** When the plan was made. */
  readonly asOf: string;
  readonly outcomes: readonly Outcome[];
}

interface Kinds {
  readonly part: SavedPart;
  readonly plan: SavedPlan;
  readonly outcomes: SavedOutcomes;
}

/** What one process of a run leaves to another. */
export type Kind = keyof Kinds;

type Env = Readonly<Record<string, string | undefined>>;

const format = 1;

/** Leaves something to another process, under the seal of `MESHGATE_CACHE_KEY`; put in place as a whole. */
export async function save<K extends Kind>(file: string, kind: K, saved: Kinds[K], env: Env): Promise<void> {
  const seal = sealIn(file, env);
  const body = gzipSync(serialize(saved)).toString('base64');
  await drafted(file, JSON.stringify({ kind, format, seal: seal.of(about(kind), body), body }), rename);
}

/** Refuses a file that could not be saved, before anything is done that it is to tell of. */
export async function mustBeSavable(file: string, env: Env): Promise<void> {
  sealIn(file, env);
  await drafted(file, '', async (draft) => {
    await rm(draft);
    if ((await stat(file).catch(() => undefined))?.isDirectory() === true) throw new Error('it is a folder');
  });
}

async function drafted(
  file: string,
  text: string,
  settle: (draft: string, file: string) => Promise<void>,
): Promise<void> {
  const draft = `${file}.${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(draft, text, { mode: 0o600 });
    await settle(draft, file);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new SetupProblem('NOT_WRITTEN', `${file} cannot be written (${why})`, 'give another --out');
  }
}

/**
 * What another process left. It decides what is given and taken, so that it is believed only as a run wrote it that had
 * the key of the protected environment: nothing of it is looked at before the seal.
 */
export async function load<K extends Kind>(file: string, kind: K, env: Env): Promise<Kinds[K]> {
  const seal = sealIn(file, env);
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw badFile(`${file} cannot be read (${thrown instanceof Error ? thrown.message : String(thrown)})`);
  });
  const read = parsed(text);
  if (read === undefined) throw badFile(`${file} is damaged, or was not saved by Meshgate`);
  if (read.format !== format) throw badFile(`${file} is of another version of Meshgate's format`);
  if (read.kind !== kind) throw badFile(`${file} is ${words[read.kind] ?? 'something else'}, and not ${words[kind]}`);
  if (!seal.holds(about(kind), read.body, read.seal))
    throw badFile(`${file} is not as a run wrote it, or was sealed with another MESHGATE_CACHE_KEY`);
  try {
    return deserialize(gunzipSync(Buffer.from(read.body, 'base64'))) as Kinds[K];
  } catch {
    throw badFile(`${file} was saved by another version of Node, which this one cannot read`);
  }
}

/** The files that are named, and in folders those whose names end as the kind is called. */
export async function filesIn(paths: readonly string[], kind: Kind): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
      if (entries === undefined) return [path];
      const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(`.${kind}`));
      return files.map((entry) => join(entry.parentPath, entry.name));
    }),
  );
  return found.flat().sort(compareText);
}

const words: Readonly<Record<string, string>> = {
  part: 'a part (plan --accounts)',
  plan: 'a plan (plan --out)',
  outcomes: 'what became of a plan (apply --plan --out)',
};

interface Sealed {
  readonly kind: string;
  readonly format: number;
  readonly seal: string;
  readonly body: string;
}

function parsed(text: string): Sealed | undefined {
  try {
    const { kind, format: version, seal, body } = JSON.parse(text) as Partial<Record<keyof Sealed, unknown>>;
    const isText = typeof kind === 'string' && typeof seal === 'string' && typeof body === 'string';
    return isText && typeof version === 'number' ? { kind, format: version, seal, body } : undefined;
  } catch {
    return undefined;
  }
}

function sealIn(file: string, env: Env): Seal {
  const seal = sealOf(env['MESHGATE_CACHE_KEY']);
  if (seal === undefined) throw noKey(`${file} is believed only with a seal, and MESHGATE_CACHE_KEY is not set`);
  return seal;
}

function about(kind: Kind): readonly string[] {
  return ['saved', String(format), kind];
}

function badFile(message: string): SetupProblem {
  return new SetupProblem('SAVED_FILE', message, 'plan again');
}
