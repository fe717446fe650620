import type { Approval, Approvals } from '../core/approvals.ts';
import { blobsOf, GitFailure, git, positionOf } from './git.ts';

/** The trust root cannot be used: it is unknown, or no first-parent ancestor of what is checked out. */
export class TrustRootProblem extends Error {
  override readonly name = 'TrustRootProblem';
}

/**
 * Trusts every mesh file whose last commit on the first-parent history is the trust root or an
 * ancestor of it, and whose bytes are the committed ones.
 */
export async function trustRoot(meshDirectory: string, revision: string): Promise<Approvals> {
  if (revision === '') throw new TrustRootProblem('the trust root is empty');
  const position = await positionOf(meshDirectory).catch((thrown: unknown) => {
    if (!(thrown instanceof GitFailure)) throw thrown;
    throw new TrustRootProblem(
      `${meshDirectory} is in no git repository with a commit, so there is nothing to trust (${thrown.message})`,
    );
  });
  const root = await rootCommit(meshDirectory, revision);
  const history = (await git(meshDirectory, 'rev-list', '--first-parent', 'HEAD')).split('\n');
  if (!history.includes(root))
    throw new TrustRootProblem(
      `the trust root ${revision} is not on the first-parent history of the commit that is checked out (in a shallow clone, fetch the full history)`,
    );
  const committed = await blobsOf(meshDirectory, 'HEAD', position);
  const changed = await changedSince(meshDirectory, root, position.prefix);
  const short = root.slice(0, 12);
  return {
    approvalsOf: async (versions) =>
      new Map(
        versions.map(({ path, blob }): [string, Approval] => {
          const known = committed.get(path);
          if (known === undefined) return [path, none('it is not committed', 'commit it and have it reviewed')];
          if (known !== blob)
            return [path, none('it differs from what is committed', 'commit it and have it reviewed')];
          if (changed.has(path))
            return [
              path,
              none(`it changed after the trust root ${short}`, 'have the change approved, or move the trust root'),
            ];
          return [path, { kind: 'trusted', by: `trust root ${short}` }];
        }),
      ),
  };
}

function none(reason: string, remedy: string): Approval {
  return { kind: 'none', reason, remedy };
}

/** The commit that a trust root names; throws `TrustRootProblem`. */
export async function rootCommit(directory: string, revision: string): Promise<string> {
  try {
    return (await git(directory, 'rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`)).trim();
  } catch (thrown) {
    if (thrown instanceof GitFailure)
      throw new TrustRootProblem(`the trust root ${revision} is no commit of this repository`);
    throw thrown;
  }
}

/** The paths inside the mesh directory that first-parent commits after the root touched. */
async function changedSince(directory: string, root: string, prefix: string): Promise<ReadonlySet<string>> {
  const log = await git(
    directory,
    'log',
    '--first-parent',
    '--diff-merges=first-parent',
    '--no-renames',
    '--no-relative',
    '--name-only',
    '--format=',
    '-z',
    `${root}..HEAD`,
  );
  const paths = log.split(/[\0\n]/).filter((path) => path !== '' && path.startsWith(prefix));
  return new Set(paths.map((path) => path.slice(prefix.length)));
}
