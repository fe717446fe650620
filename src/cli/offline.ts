import { posix } from 'node:path';
import type { Plan } from '../core/plan.ts';
import type { Problem } from '../core/problem.ts';
import type { Declaration } from '../declare/declaration.ts';
import { declare } from '../declare/declare.ts';
import type { MeshFile } from '../declare/mesh-files.ts';
import { forkPoint } from '../git/base.ts';
import { type Earlier, filesAt } from '../git/earlier.ts';
import { GitFailure } from '../git/git.ts';
import { planOffline } from '../offline.ts';
import { blobsOf, differing, isMeshFile } from './changed.ts';
import { checkedOut } from './load.ts';
import { SetupProblem } from './options.ts';

/** The mesh files as the commit held them from which what is checked out went its own way. */
export interface Base {
  readonly commit: string;
  /** Undefined where there was no mesh. */
  readonly declaration: Declaration | undefined;
  /** What was wrong with the files, where that keeps them from being compared with. */
  readonly problems: readonly Problem[];
  /** Blob ids by path inside the mesh directory. */
  readonly blobs: ReadonlyMap<string, string>;
}

/** Reads the mesh files of the commit in which what is checked out and a revision parted. */
export async function baseOf(mesh: string, revision: string): Promise<Base> {
  try {
    const commit = await forkPoint(mesh, revision);
    return await readBase(mesh, await filesAt(mesh, commit));
  } catch (thrown) {
    if (!(thrown instanceof GitFailure)) throw thrown;
    throw new SetupProblem(
      'BASE',
      `git cannot tell what ${mesh} was in ${revision}: ${thrown.message}`,
      'name a commit or branch that is here, in a clone with full history (`git fetch --unshallow`, or `fetch-depth: 0` of actions/checkout)',
    );
  }
}

async function readBase(mesh: string, { commit, blobs, read }: Earlier): Promise<Base> {
  const paths = [...blobs.keys()].filter(isMeshFile);
  if (paths.length === 0) return { commit, declaration: undefined, problems: [], blobs: new Map() };
  const directory = posix.join(mesh).replace(/(?<=.)\/+$/, '');
  const texts = await read(paths);
  const lost = paths.find((path) => !texts.has(path));
  if (lost !== undefined) throw new GitFailure(`the repository lacks ${lost}`);
  const files = [...texts].map(
    ([path, text]): MeshFile => ({ file: posix.join(directory, path), path, blob: blobs.get(path) ?? '', text }),
  );
  const result = declare({ directory, files, problems: [] });
  const known = new Map([...blobs].filter(([path]) => isMeshFile(path)));
  if (result.ok) return { commit, declaration: result.declaration, problems: [], blobs: known };
  return { commit, declaration: undefined, problems: result.problems, blobs: known };
}

/** The plan without a lake: what the files ask now, against what they asked in the base. */
export async function offlinePlan(
  { mesh, declaration, now }: { readonly mesh: string; readonly declaration: Declaration; readonly now: Date },
  base: Base,
): Promise<Plan> {
  const { commit, uncommitted } = await checkedOut(mesh);
  const files = differing(base, blobsOf(declaration));
  const plan = planOffline({ before: base.declaration, after: declaration, base: base.commit, commit, files, now });
  const notes = [
    ...(base.blobs.size === 0
      ? [{ code: 'NO_MESH_AT_BASE', message: `${mesh} holds no mesh in ${base.commit.slice(0, 12)}: all is new` }]
      : []),
    ...(uncommitted.length > 0
      ? [{ code: 'UNCOMMITTED', message: `counted as they lie here, not as committed: ${uncommitted.join(', ')}` }]
      : []),
  ];
  return { ...plan, notes: [...notes, ...plan.notes] };
}

/** What keeps a base from being compared with, as a problem of the set-up. */
export function unsoundBase({ commit, problems: [first, ...more] }: Base): SetupProblem | undefined {
  if (first === undefined) return undefined;
  const rest = more.length === 0 ? '' : `, and ${more.length} more`;
  const { file = '', line = 1 } = first.place ?? {};
  return new SetupProblem(
    'BASE_INVALID',
    `the mesh files of ${commit.slice(0, 12)} are not valid, so there is nothing to compare with: ${file}:${line} ${first.code} ${first.message}${rest}`,
    'name a commit before the fault with --base',
  );
}
