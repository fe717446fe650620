import { bringerOf } from '../approve/brought.ts';
import { isWordOf, newestVerdicts } from '../approve/verdicts.ts';
import type { Approver } from '../core/approvals.ts';
import type { Forge } from '../core/forge.ts';
import type { Declaration } from '../declare/declaration.ts';
import { repositoryOf } from '../git/repository.ts';
import { blobsOf } from './changed.ts';

/** What is said of a pull request so far, by reviews and by who pushed. */
export interface Given {
  /** Who has approved a file: by an approving review of a commit that holds this very content. */
  readonly approvedBy: (path: string) => readonly Approver[];
  readonly objecting: readonly Approver[];
  /** Who asks, of themselves or through our own app. */
  readonly author?: Approver;
  /** Whether the author has pushed the version of a file that is proposed: who asks has asked for what they pushed. */
  readonly authorPushed: (path: string) => boolean;
}

/** Where nobody can be asked, nobody has said anything. */
export const nothingGiven: Given = { approvedBy: () => [], objecting: [], authorPushed: () => false };

/** The newest verdict of everybody on the changed files of a pull request, and what its author asks for. */
export async function givenOn(
  forge: Forge,
  pull: number,
  {
    mesh,
    declaration,
    files,
  }: { readonly mesh: string; readonly declaration: Declaration; readonly files: readonly string[] },
): Promise<Given> {
  const [author, renewal] = [await forge.authorOf(pull), await forge.renewalOf(pull)];
  const verdicts = newestVerdicts(await forge.reviewsOf(pull), renewal);
  const approving = verdicts.filter(({ verdict }) => verdict === 'approved');
  const objecting = verdicts.flatMap((one) => (one.verdict === 'changes requested' ? person(one) : []));
  const { prefix } = await repositoryOf(mesh);
  const blobs = blobsOf(declaration);
  const pushed = new Set<string>();
  const given = files.map(async (path): Promise<readonly [string, readonly Approver[]]> => {
    const version = { path: prefix + path, blob: blobs.get(path) };
    const push = version.blob === undefined ? undefined : await bringerOf(forge, { number: pull }, version);
    if (author?.isHuman === true && isWordOf(author, push, renewal)) pushed.add(path);
    const holds = await Promise.all(
      approving.map(
        async ({ commit }) => commit !== undefined && (await forge.blobAt(commit, version.path)) === version.blob,
      ),
    );
    // Whoever pushed it has as good as written it.
    return [path, approving.filter(({ id }, index) => holds[index] && id !== push?.by).map(person)];
  });
  const found = new Map(await Promise.all(given));
  return {
    approvedBy: (path) => found.get(path) ?? [],
    objecting,
    ...(author?.isHuman === true && { author: person(author) }),
    authorPushed: (path) => pushed.has(path),
  };
}

function person({ login, id }: Approver): Approver {
  return { login, id };
}
