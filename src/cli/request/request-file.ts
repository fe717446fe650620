import { posix } from 'node:path';
import type { Problem } from '../../core/problem.ts';
import type { Declaration } from '../../declare/declaration.ts';
import { declare } from '../../declare/declare.ts';
import type { MeshFile, MeshFiles } from '../../declare/mesh-files.ts';
import { GitFailure, git } from '../../git/git.ts';
import { render } from '../../import/render.ts';
import { keyOf, pathOf, subscriptionOf, type Wanted } from '../../request/wanted.ts';
import { SetupProblem } from '../options.ts';
import type { Base } from './base.ts';

/** What becomes of one subscription file. */
export interface FileEdit {
  /** `<domain>/<product>/<consumer>[.<name>]`. */
  readonly key: string;
  /** The path inside the mesh directory. */
  readonly path: string;
  /** What the file says before; undefined for a new one. */
  readonly before: string | undefined;
  /** What it will say; undefined, it goes. */
  readonly after: string | undefined;
}

/** The new file of a subscription that is wanted. */
export function newFile(wanted: Wanted): FileEdit {
  const key = keyOf(wanted);
  const path = pathOf(key);
  return {
    key,
    path,
    before: undefined,
    after: render({ path, value: subscriptionOf(wanted), head: [], comments: {} }),
  };
}

/** The mesh with the edit, or every problem that it brings. */
export function declaredWith(
  { files }: Base,
  edit: FileEdit,
): { readonly declaration?: Declaration; readonly problems: readonly Problem[] } {
  const result = declare(withEdit(files, edit));
  return result.ok ? { declaration: result.declaration, problems: [] } : { problems: result.problems };
}

function withEdit(files: MeshFiles, { path, after }: FileEdit): MeshFiles {
  const others = files.files.filter((one) => one.path !== path);
  const file: MeshFile[] =
    after === undefined ? [] : [{ file: posix.join(files.directory, path), path, blob: '', text: after }];
  return { ...files, files: [...others, ...file] };
}

/** Stops where the working tree has something of its own at the file's place, which this would pass by. */
export async function checkClean(directory: string, { path }: FileEdit): Promise<void> {
  let status: string;
  try {
    status = await git(
      directory,
      '--literal-pathspecs',
      'status',
      '--porcelain',
      '-z',
      '--untracked-files=all',
      '--no-renames',
      '--',
      path,
    );
  } catch (thrown) {
    if (thrown instanceof GitFailure) return;
    throw thrown;
  }
  if (status === '') return;
  throw new SetupProblem(
    'UNCOMMITTED',
    `${directory}/${path} has changes in this working tree that no commit holds`,
    'commit them on a branch of their own, or put them aside (git stash)',
  );
}
