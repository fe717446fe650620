import type { Past } from '../approve/last-proven.ts';
import type { Approvals } from '../core/approvals.ts';
import { toPrincipal } from '../core/principal.ts';
import type { Declaration } from '../declare/declaration.ts';
import { declare } from '../declare/declare.ts';
import { readMesh } from '../declare/read.ts';
import { GitFailure, isOutside, Misplaced, NoGit, positionOf, uncommittedIn } from '../git/git.ts';
import { TrustRootProblem, trustRoot } from '../git/trust-root.ts';
import { MeshProblems } from './mesh-problems.ts';
import { type LakeOptions, SetupProblem } from './options.ts';
import { proofsFile } from './proofs-file.ts';
import { isFromGitHub, pastOf, type Recorded, recordOf } from './record.ts';

/** Reads the mesh files; throws `MeshProblems` with all that is wrong. */
export async function loadMesh(directory: string): Promise<Declaration> {
  const result = declare(await readMesh(directory));
  if (!result.ok) throw new MeshProblems(result.problems);
  return result.declaration;
}

/** The sources of approvals that the options and the environment name. */
export async function loadApprovals(
  options: LakeOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly Approvals[]> {
  const root = trustedBy(options, env);
  const sources: Approvals[] = [];
  try {
    if (root !== undefined) sources.push(await trustRoot(options.mesh, root));
  } catch (thrown) {
    if (thrown instanceof TrustRootProblem)
      throw new SetupProblem('TRUST_ROOT', thrown.message, 'give a commit of the main branch');
    if (thrown instanceof GitFailure)
      throw new SetupProblem('TRUST_ROOT', `git cannot tell the history of ${options.mesh} (${thrown.message})`);
    throw thrown;
  }
  if (options.approvals !== undefined && !isFromGitHub(options, env)) sources.push(await proofsFile(options.approvals));
  return sources;
}

/** What git and GitHub tell of approvals, where they come from there; asked for after `loadApprovals`, which looks at the trust root. */
export async function loadRecord(
  options: LakeOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Recorded | undefined> {
  return isFromGitHub(options, env) ? recordOf(options, trustedBy(options, env), env) : undefined;
}

/** What git tells of older versions, for approvals that come from elsewhere; undefined where there is no history to read. */
export async function loadPast(
  options: LakeOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Past | undefined> {
  const trusted = trustedBy(options, env);
  if ((trusted === undefined && options.approvals === undefined) || isFromGitHub(options, env)) return undefined;
  try {
    return await pastOf(options.mesh, trusted);
  } catch (thrown) {
    if (thrown instanceof GitFailure) return undefined;
    throw thrown;
  }
}

/** The trust root that an option or the environment names. */
export function trustedBy(
  { trustRoot: root }: LakeOptions,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return root ?? (env['MESHGATE_TRUST_ROOT'] || undefined);
}

/**
 * The commit that is checked out, and the mesh files that differ from it; null without git, outside a repository, and
 * where nothing is committed. What stands in a repository beside every commit is no part of it, and nobody meant it to
 * be; where git says no for any other reason, nobody knows whether files are missing.
 */
export async function checkedOut(
  directory: string,
): Promise<{ readonly commit: string | null; readonly uncommitted: readonly string[] }> {
  try {
    const { head } = await positionOf(directory);
    return { commit: head, uncommitted: await uncommittedIn(directory) };
  } catch (thrown) {
    if (!(thrown instanceof GitFailure)) throw thrown;
    if (thrown instanceof Misplaced) throw new SetupProblem('CHECKOUT', thrown.message, thrown.remedy);
    if (thrown instanceof NoGit || (await isOutside(directory))) return { commit: null, uncommitted: [] };
    throw new SetupProblem(
      'CHECKOUT',
      `git cannot tell whether the files in ${directory} are those of the commit (${thrown.message})`,
      `see what git -C ${directory} status says and mend the checkout, or clone anew`,
    );
  }
}

/** Names for the principals of two states of the mesh; one that means somebody else now is shown with whom it means. */
export function namesOfBoth(before: Declaration | undefined, after: Declaration): ReadonlyMap<string, string> {
  if (before === undefined) return principalNames(after);
  const all = [...principalNames(before), ...principalNames(after)];
  const meant = new Map<string, Set<string>>();
  for (const [id, name] of all) meant.set(name, (meant.get(name) ?? new Set()).add(id));
  return new Map(all.map(([id, name]) => [id, (meant.get(name)?.size ?? 0) > 1 ? `${name} (${id})` : name]));
}

/** Names for principals: `marketing`, `marketing/analysts`, and those of mesh.yaml. */
export function principalNames(declaration: Declaration): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const add = (identifier: string, name: string): void => void names.set(toPrincipal(identifier).id, name);
  for (const [name, identifier] of Object.entries(declaration.mesh.value.principals ?? {})) add(identifier, name);
  for (const [account, { value }] of declaration.accounts) {
    add(value.id, account);
    for (const [name, identifier] of Object.entries(value.principals ?? {})) add(identifier, `${account}/${name}`);
  }
  return names;
}
