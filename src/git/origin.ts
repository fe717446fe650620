import { blobsIn, git } from './git.ts';
import { type LoggedChange, loggedIn, raw } from './log.ts';

/** The file that every mesh has. */
export const meshFile = 'mesh.yaml';

/** What git does not know of meshes. */
export interface MeshWords {
  /** What a mesh.yaml calls its mesh; undefined where it cannot be told. */
  readonly nameOf: (bytes: Uint8Array) => string | undefined;
  /** Whether a path inside a mesh directory is one of its files. */
  readonly isMeshPath: (path: string) => boolean;
}

/** A mesh directory, and the commit in which its mesh.yaml appears. */
export interface Appearance {
  readonly commit: string;
  /** The path of the directory in the repository, ending in `/`; empty for the top. */
  readonly prefix: string;
}

/** Where a mesh was before its directory appeared. */
export interface Origin {
  /** The prefix of the directory that it moved from; undefined where none is for certain. */
  readonly from: string | undefined;
  /** Each mesh.yaml that the commit deletes. */
  readonly deleted: readonly string[];
}

/**
 * Finds the directory that a mesh moved from in the commit in which it appears. Taking over the history of another
 * mesh would revoke what that one gave: so the name must be the same, no other mesh of that name may come or go in the
 * commit, and at least half of the files deleted there must be added here under the same path.
 */
export async function originOf(directory: string, { commit, prefix }: Appearance, words: MeshWords): Promise<Origin> {
  const changes = loggedIn(await git(directory, 'log', '-1', ...raw, commit)).flatMap((logged) => logged.changes);
  const meshes = changes.filter(({ path }) => path === meshFile || path.endsWith(`/${meshFile}`));
  const deleted = meshes.filter(isDeleted).map(({ path }) => path);
  if (deleted.length === 0) return { from: undefined, deleted };
  const names = await namesOf(directory, meshes, words);
  const name = names.get(prefix + meshFile);
  const namesakes = meshes.filter(
    (change) => (isDeleted(change) || isAdded(change)) && name !== undefined && names.get(change.path) === name,
  );
  const [old, ...others] = namesakes.filter(isDeleted);
  const from = old?.path.slice(0, -meshFile.length);
  const isMove = others.length === 0 && namesakes.length === 2 && from !== undefined;
  return { from: isMove && didMost({ changes, from, prefix }, words) ? from : undefined, deleted };
}

interface Move {
  readonly changes: readonly LoggedChange[];
  readonly from: string;
  readonly prefix: string;
}

/** Whether at least half of a mesh's other files moved, and one at all: mesh.yaml alone may be a template's. */
function didMost({ changes, from, prefix }: Move, { isMeshPath }: MeshWords): boolean {
  const inside = (top: string, of: readonly LoggedChange[]): readonly string[] =>
    of.flatMap(({ path }) => (path.startsWith(top) ? [path.slice(top.length)] : []));
  const old = inside(from, changes.filter(isDeleted)).filter((path) => path !== meshFile && isMeshPath(path));
  const added = new Set(inside(prefix, changes.filter(isAdded)));
  const moved = old.filter((path) => added.has(path)).length;
  return moved > 0 && moved * 2 >= old.length;
}

function isDeleted({ before, after }: LoggedChange): boolean {
  return before !== undefined && after === undefined;
}

function isAdded({ before, after }: LoggedChange): boolean {
  return before === undefined && after !== undefined;
}

/** What each mesh.yaml calls its mesh, before a deletion and after any other change, by its path. */
async function namesOf(
  directory: string,
  meshes: readonly LoggedChange[],
  { nameOf }: MeshWords,
): Promise<ReadonlyMap<string, string | undefined>> {
  const blobs = meshes.flatMap(({ path, before, after }) => {
    const blob = after ?? before;
    return blob === undefined ? [] : [{ path, blob }];
  });
  const names = new Map<string, string | undefined>();
  let at = 0;
  for await (const bytes of blobsIn(
    directory,
    blobs.map(({ blob }) => blob),
  )) {
    const path = blobs[at]?.path;
    at += 1;
    if (path !== undefined && bytes !== undefined) names.set(path, nameOf(bytes));
  }
  return names;
}
