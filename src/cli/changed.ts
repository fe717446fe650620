import { posix, resolve } from 'node:path';
import { compareText } from '../core/problem.ts';
import type { Declaration } from '../declare/declaration.ts';
import { draft } from '../declare/draft.ts';
import { isLeftOut, layoutOf } from '../declare/layout.ts';
import type { MeshFile } from '../declare/mesh-files.ts';
import { type Earlier, filesAt } from '../git/earlier.ts';
import { GitFailure } from '../git/git.ts';
import type { Changes } from '../observing.ts';
import { SetupProblem } from './options.ts';

/** Options that confine a plan to changed files. */
export interface ChangedOptions {
  readonly mesh: string;
  /** The commit to compare with; true for the first parent of what is checked out. */
  readonly changed?: string | true;
  /** Files to take for changed, as paths from the working directory. */
  readonly changedFiles?: readonly string[];
}

/** The changed files that the options ask for, with the versions they had; undefined where the plan is not confined to any. */
export async function changesOf(options: ChangedOptions, declaration: Declaration): Promise<Changes | undefined> {
  const { mesh, changed, changedFiles } = options;
  if (changed === undefined && changedFiles === undefined) return undefined;
  try {
    const earlier = await filesAt(mesh, typeof changed === 'string' ? changed : undefined);
    const now = blobsOf(declaration);
    const files =
      changedFiles === undefined ? differing(earlier, now) : named(changedFiles, mesh, [earlier.blobs, now]);
    return { since: earlier.commit, files, ...(await versionsOf(declaration, earlier, files)) };
  } catch (thrown) {
    if (!(thrown instanceof GitFailure)) throw thrown;
    throw new SetupProblem(
      'CHANGED',
      `git cannot tell what changed in ${mesh}: ${thrown.message}`,
      'name a commit that is here (--changed <commit>), or plan the whole mesh',
    );
  }
}

/** Blob ids of the files of a declaration, by path inside the mesh directory. */
export function blobsOf({ mesh, accounts, products, subscriptions }: Declaration): ReadonlyMap<string, string> {
  const files = [mesh, ...accounts.values(), ...products.values(), ...subscriptions.values()];
  return new Map(files.map(({ path, blob }) => [path, blob]));
}

/** The mesh files that came, went or changed, sorted. */
export function differing({ blobs }: Pick<Earlier, 'blobs'>, now: ReadonlyMap<string, string>): readonly string[] {
  const paths = new Set([...blobs.keys(), ...now.keys()]);
  return [...paths].filter((path) => isMeshFile(path) && blobs.get(path) !== now.get(path)).sort(compareText);
}

/** Whether a path inside the mesh directory is one of a mesh file. */
export function isMeshFile(path: string): boolean {
  return !path.split('/').some(isLeftOut) && 'kind' in layoutOf(path);
}

function named(
  files: readonly string[],
  mesh: string,
  versions: readonly ReadonlyMap<string, string>[],
): readonly string[] {
  const paths = files.map((file) => {
    const path = posix.relative(resolve(mesh), resolve(file));
    if (isMeshFile(path) && versions.some((version) => version.has(path))) return path;
    throw new SetupProblem(
      'CHANGED',
      `${file} is no mesh file, neither now nor in the commit that it is compared with`,
      `name files in ${mesh}`,
    );
  });
  return [...new Set(paths)].sort(compareText);
}

/** What the files said in the earlier commit, or why only the whole mesh will do. */
async function versionsOf(
  { products, subscriptions }: Declaration,
  earlier: Earlier,
  files: readonly string[],
): Promise<Pick<Changes, 'before' | 'whole'>> {
  const unchanged = { products, subscriptions };
  const central = files.find((path) => path === 'mesh.yaml' || path.startsWith('accounts/'));
  if (central !== undefined) return { before: unchanged, whole: `${central} may touch everything` };
  const texts = await earlier.read(files);
  const old = [...texts].map(
    ([path, text]): MeshFile => ({ file: path, path, text, blob: earlier.blobs.get(path) ?? '' }),
  );
  const read = draft({ directory: '.', files: old, problems: [] }).draft;
  const sound = new Set([...read.products.values(), ...read.subscriptions.values()].map(({ path }) => path));
  const unsound = files.find((path) => earlier.blobs.has(path) && !sound.has(path));
  if (unsound !== undefined)
    return {
      before: unchanged,
      whole: `what ${unsound} asked for in ${earlier.commit.slice(0, 12)} cannot be told`,
    };
  return { before: { products: new Map([...products, ...read.products]), subscriptions: read.subscriptions } };
}
