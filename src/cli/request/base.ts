import type { Declaration } from '../../declare/declaration.ts';
import { declare } from '../../declare/declare.ts';
import type { MeshFiles } from '../../declare/mesh-files.ts';
import { readMesh } from '../../declare/read.ts';
import { GitFailure, type Given, git, positionOf } from '../../git/git.ts';
import { bring, type Remote, remoteOf } from '../../git/propose.ts';
import { meshAt } from '../mesh-at.ts';
import { MeshProblems } from '../mesh-problems.ts';
import { SetupProblem } from '../options.ts';

/** The mesh that a request is made against: that of the remote's default branch, whatever is checked out. */
export interface Base {
  readonly files: MeshFiles;
  readonly declaration: Declaration;
  /** What it is, for people: `origin/main at 0123456789ab`. */
  readonly label: string;
  /** The branch that requests go into. */
  readonly branch: string;
  /** The path of the mesh in the repository, ending in `/`; empty for the top. */
  readonly prefix: string;
  /** What pushing needs; undefined where nothing is to be pushed. */
  readonly remote?: Remote;
}

/** The mesh of a remote that was asked. */
export type RemoteBase = Base & { readonly remote: Remote };

/** Where the mesh is, and from where its newest version is taken. */
export interface BaseOptions {
  readonly mesh: string;
  readonly remote: string;
}

/** The mesh as the remote has it now; throws `SetupProblem` where that cannot be asked. */
export async function remoteBase(options: BaseOptions, given: Given): Promise<RemoteBase> {
  try {
    const position = await positionOf(options.mesh);
    const remote = await remoteOf(given, options.remote);
    await bring(given, remote, remote.defaultBranch);
    const read = declared(await meshAt(options.mesh, remote.head, position));
    const label = `${remote.name}/${remote.defaultBranch} at ${remote.head.slice(0, 12)}`;
    return { ...read, label, branch: remote.defaultBranch, prefix: position.prefix, remote };
  } catch (thrown) {
    if (!(thrown instanceof GitFailure)) throw thrown;
    const hint = 'a pull request needs a clone with a remote; --dry-run and --link do without';
    throw new SetupProblem('NO_REMOTE', `the repository of ${options.mesh} cannot be asked: ${thrown.message}`, hint);
  }
}

/** The mesh as this machine knows it, without a call: of the remote as it was last fetched, else as it is checked out, else the files. */
export async function localBase(options: BaseOptions): Promise<Base> {
  const position = await orNothing(positionOf(options.mesh));
  if (position === undefined) {
    const read = declared(await readMesh(options.mesh));
    return { ...read, label: `the files in ${options.mesh}`, branch: 'main', prefix: `${options.mesh}/` };
  }
  const tracked = await orNothing(trackedHead(options));
  const commit = tracked?.commit ?? position.head;
  const branch = tracked?.branch ?? (await orNothing(branchOf(options.mesh))) ?? 'main';
  const read = declared(await meshAt(options.mesh, commit, position));
  const name = tracked === undefined ? branch : `${options.remote}/${branch}`;
  return { ...read, label: `${name} at ${commit.slice(0, 12)}`, branch, prefix: position.prefix };
}

async function trackedHead({ mesh, remote }: BaseOptions): Promise<{ commit: string; branch: string }> {
  const ref = `refs/remotes/${remote}/HEAD`;
  const [commit, name] = await Promise.all([
    git(mesh, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`),
    git(mesh, 'symbolic-ref', '--quiet', ref),
  ]);
  return { commit: commit.trim(), branch: name.trim().slice(`refs/remotes/${remote}/`.length) };
}

async function branchOf(directory: string): Promise<string> {
  return (await git(directory, 'symbolic-ref', '--quiet', '--short', 'HEAD')).trim();
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (thrown instanceof GitFailure) return undefined;
    throw thrown;
  }
}

function declared(files: MeshFiles): { readonly files: MeshFiles; readonly declaration: Declaration } {
  const result = declare(files);
  if (!result.ok) throw new MeshProblems(result.problems);
  return { files, declaration: result.declaration };
}
