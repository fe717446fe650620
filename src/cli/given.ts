import { newestVerdicts } from '../approve/verdicts.ts';
import type { Approver } from '../core/approvals.ts';
import type { Forge } from '../core/forge.ts';
import type { Declaration } from '../declare/declaration.ts';
import { repositoryOf } from '../git/repository.ts';
import { blobsOf } from './changed.ts';

/** What reviews say of a pull request so far. */
export interface Given {
  /** Who has approved a file: by an approving review of a commit that holds this very content. */
  readonly approvedBy: (path: string) => readonly Approver[];
  readonly objecting: readonly Approver[];
}

/** Where nobody can be asked, nobody has said anything. */
export const nothingGiven: Given = { approvedBy: () => [], objecting: [] };

/** The newest verdict of everybody on the changed files of a pull request. */
export async function givenOn(
  forge: Forge,
  pull: number,
  {
    mesh,
    declaration,
    files,
  }: { readonly mesh: string; readonly declaration: Declaration; readonly files: readonly string[] },
): Promise<Given> {
  const verdicts = newestVerdicts(await forge.reviewsOf(pull), await forge.renewalOf(pull));
  const approving = verdicts.filter(({ verdict }) => verdict === 'approved');
  const objecting = verdicts.flatMap((one) => (one.verdict === 'changes requested' ? person(one) : []));
  if (approving.length === 0) return { ...nothingGiven, objecting };
  const { prefix } = await repositoryOf(mesh);
  const blobs = blobsOf(declaration);
  const given = files.map(async (path): Promise<readonly [string, readonly Approver[]]> => {
    const holds = await Promise.all(
      approving.map(
        async ({ commit }) => commit !== undefined && (await forge.blobAt(commit, prefix + path)) === blobs.get(path),
      ),
    );
    return [path, approving.filter((_, index) => holds[index]).map(person)];
  });
  const found = new Map(await Promise.all(given));
  return { approvedBy: (path) => found.get(path) ?? [], objecting };
}

function person({ login, id }: Approver): Approver {
  return { login, id };
}
