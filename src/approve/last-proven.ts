import type { FileHistory, PastVersion } from '../core/file-history.ts';
import type { Proof } from '../core/state.ts';
import type { Reading } from './rules.ts';

/** What git alone tells of the older versions of the mesh files. */
export interface Past {
  readonly history: FileHistory;
  /** The place of the trust root in the history; -1 without one. */
  readonly root: number;
  /** Reads a version of a file; undefined where it is no sound mesh file. */
  readonly read: (path: string, blob: string) => Promise<Reading | undefined>;
}

/** What was proven last of a file. */
export interface LastProven {
  /** The versions of which one is the newest that is proven, newest first: one, but for those that nobody could ask about. */
  readonly readings: readonly Reading[];
  /** Whether there is no doubt which it is, or that there is none. */
  readonly isCertain: boolean;
}

/** What was proven last of a path that still said something: a file that was deleted meanwhile has lost no word by it. */
export async function lastProven(
  path: string,
  { history, read }: Past,
  proofOf: (version: PastVersion) => Promise<Proof>,
): Promise<LastProven> {
  const readings: Reading[] = [];
  let isCertain = true;
  for (const version of (history.versions.get(path) ?? []).toReversed()) {
    const reading = version.blob === undefined ? undefined : await read(path, version.blob);
    if (reading === undefined) continue;
    const proof = await proofOf(version);
    if (proof.proven) return { readings: [...readings, reading], isCertain };
    if (proof.isUnchecked !== true) continue;
    readings.push(reading);
    isCertain = false;
  }
  return { readings, isCertain };
}
