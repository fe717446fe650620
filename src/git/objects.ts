import { blobsIn, GitFailure, git } from './git.ts';

/** The id of the regular file at a path in a commit that may be here, or that the commit is not here. */
export async function blobHere(
  directory: string,
  commit: string,
  path: string,
): Promise<{ readonly isHere: boolean; readonly blob?: string }> {
  // The commit is named by others: git must not take it for anything else.
  if (!/^[0-9a-f]{40}$/.test(commit)) return { isHere: false };
  try {
    await git(directory, 'cat-file', '-e', `${commit}^{commit}`);
    const listed = await git(directory, '--literal-pathspecs', 'ls-tree', '-z', '--full-tree', commit, '--', path);
    const match = /^(?:100644|100755) blob ([0-9a-f]+)\t([^\0]*)\0$/.exec(listed);
    return match?.[1] !== undefined && match[2] === path ? { isHere: true, blob: match[1] } : { isHere: true };
  } catch (thrown) {
    // A partial clone may have a commit without its trees.
    if (thrown instanceof GitFailure) return { isHere: false };
    throw thrown;
  }
}

/** Reads blobs by id, those that are asked for together by one process; undefined for one that the repository lacks. */
export function blobReader(directory: string): (id: string) => Promise<Uint8Array | undefined> {
  let waiting: { readonly id: string; readonly give: (bytes: Uint8Array | undefined) => void }[] = [];
  let failed: (thrown: unknown) => void = () => undefined;
  let flushed: Promise<void> | undefined;
  const flush = async (): Promise<void> => {
    await new Promise(setImmediate);
    const asked = waiting;
    [waiting, flushed] = [[], undefined];
    let at = 0;
    for await (const bytes of blobsIn(
      directory,
      asked.map(({ id }) => id),
    )) {
      asked[at]?.give(bytes === undefined ? undefined : new Uint8Array(bytes));
      at += 1;
    }
  };
  return (id) =>
    new Promise((give, reject) => {
      waiting.push({ id, give });
      failed = reject;
      flushed ??= flush();
      flushed.catch(failed);
    });
}
