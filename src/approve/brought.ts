import type { FileHistory } from '../core/file-history.ts';
import type { Forge, Pull, Push } from '../core/forge.ts';

/** A merged pull request that brought a commit to the default branch. */
export interface Brought {
  readonly pull: Pull;
  /** The place in the history of its first commit there: a rebase puts several in a row. */
  readonly first: number;
}

/** More commits than a rebase can put in a row (https://docs.github.com/en/pull-requests: 100). */
const longestRow = 250;

/**
 * The merged pull requests that brought a commit. Its place must lie in the row of commits that ends with the one
 * that merged it, so that a commit that was pushed by itself is not of the pull request that it is also in.
 */
export async function broughtBy(
  { commits }: FileHistory,
  forge: Forge,
  { at, root }: { readonly at: number; readonly root: number },
): Promise<readonly Brought[]> {
  const belongs = async (place: number, { number }: Pull): Promise<boolean> =>
    (await forge.pullsOf(commits[place] ?? '')).some((pull) => pull.number === number);
  const firstOf = async (pull: Pull): Promise<number | undefined> => {
    const last = pull.merge === undefined ? -1 : commits.indexOf(pull.merge);
    if (last < at || last - at > longestRow) return undefined;
    for (let place = at + 1; place < last; place += 1) if (!(await belongs(place, pull))) return undefined;
    let first = at;
    // What is trusted needs no pull request, and older people are those of the trust root.
    while (first - 1 > root && (await belongs(first - 1, pull))) first -= 1;
    return first;
  };
  const { repository, branch } = await forge.home();
  const brought: Brought[] = [];
  for (const pull of await forge.pullsOf(commits[at] ?? '')) {
    if (!pull.isMerged || pull.base.repository !== repository || pull.base.branch !== branch) continue;
    const first = await firstOf(pull);
    if (first !== undefined) brought.push({ pull, first });
  }
  return brought;
}

/**
 * The newest move of a branch, before its merge, that brought this very version of a file. Neither counts who
 * brought it once, for it may have been taken back, nor who moved the branch on while the version was there.
 */
export async function bringerOf(
  forge: Pick<Forge, 'pushesTo' | 'blobAt'>,
  { number, mergedAt }: Pick<Pull, 'number' | 'mergedAt'>,
  { path, blob }: { readonly path: string; readonly blob: string | undefined },
): Promise<Push | undefined> {
  const holds = async (commit: string | undefined): Promise<boolean> =>
    commit !== undefined && (await forge.blobAt(commit, path)) === blob;
  const pushes = (await forge.pushesTo(number)) ?? [];
  for (const push of pushes.toReversed()) {
    const { before, commit, at } = push;
    if (at !== undefined && mergedAt !== undefined && Date.parse(at) > Date.parse(mergedAt)) continue;
    if ((await holds(commit)) && !(await holds(before))) return push;
  }
  return undefined;
}
