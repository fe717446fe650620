import type { FileHistory } from '../../core/file-history.ts';
import { isKnown, type Unknown } from '../../core/lifecycle.ts';
import type { Place } from '../../core/problem.ts';
import type { Brought } from '../../core/subscriptions.ts';
import type { Declaration, DeclaredSubscription } from '../../declare/declaration.ts';
import { layoutOf } from '../../declare/layout.ts';
import { broughtLine } from '../../git/blame.ts';
import { type CommitLine, commitsOn } from '../../git/commits.ts';
import { fileHistoryOf } from '../../git/file-history.ts';
import { GitFailure } from '../../git/git.ts';
import { reader } from '../record.ts';

/** The first-parent history of the mesh files, with the time of each commit. */
export interface Past {
  readonly history: FileHistory;
  readonly commits: ReadonlyMap<string, CommitLine>;
}

/** Reads the history of what is checked out; what git cannot tell is unknown. */
export async function pastOf(mesh: string): Promise<Past | Unknown> {
  try {
    const [history, commits] = await Promise.all([fileHistoryOf(mesh), commitsOn(mesh)]);
    return { history, commits };
  } catch (thrown) {
    if (thrown instanceof GitFailure) return { unknown: thrown.message };
    throw thrown;
  }
}

/** The commits that brought the versions of a path, oldest first; what removed it has no blob. */
export function versionsOf(
  { history, commits }: Past,
  path: string,
): readonly (Brought & { readonly blob?: string })[] {
  return (history.versions.get(path) ?? []).map(({ at, blob }) => {
    const commit = history.commits[at] ?? '';
    const { at: time = '', author = '' } = commits.get(commit) ?? {};
    return { commit, at: time, author, ...(blob === undefined ? {} : { blob }) };
  });
}

/** A subscription that was removed, as its last version said. */
export interface GoneSubscription {
  readonly ended: Brought;
  /** Undefined where that version is no sound file. */
  readonly subscription?: DeclaredSubscription;
}

/** The subscriptions that were on main and are not any more. */
export async function goneFrom(
  mesh: string,
  past: Past,
  { subscriptions }: Declaration,
): Promise<ReadonlyMap<string, GoneSubscription>> {
  const read = reader(mesh);
  const gone = new Map<string, GoneSubscription>();
  for (const path of [...past.history.versions.keys()].sort()) {
    const layout = layoutOf(path);
    if (!('kind' in layout) || layout.kind !== 'Subscription' || subscriptions.has(layout.key)) continue;
    const versions = versionsOf(past, path);
    const ended = versions.at(-1);
    // In the working tree alone it may be gone, too: then nobody has ended it yet.
    if (ended === undefined || ended.blob !== undefined) continue;
    const last = versions.findLast(({ blob }) => blob !== undefined);
    const value = last?.blob === undefined ? undefined : (await read(path, last.blob))?.value;
    const { product, consumer, key } = layout;
    const file = `${past.history.prefix}${path}`;
    const place = { file, line: 1, column: 1 };
    gone.set(key, {
      ended,
      ...(value?.kind === 'Subscription' && {
        subscription: { file, path, blob: last?.blob ?? '', value, at: () => place, product, consumer },
      }),
    });
  }
  return gone;
}

/** The commit that brought the place of a declared file to main, by its line where git can tell. */
export async function broughtAt(
  past: Past | Unknown,
  mesh: string,
  { path, blob, place }: { readonly path: string; readonly blob: string; readonly place: Place },
): Promise<Brought | Unknown> {
  if (!isKnown(past)) return past;
  const newest = versionsOf(past, path).at(-1);
  if (newest?.blob !== blob) return { unknown: 'it is not committed as it lies here' };
  const commit = past.history.isShallow ? undefined : await broughtLine(mesh, path, place.line);
  const line = past.commits.get(commit ?? '');
  if (commit === undefined || line === undefined)
    return { commit: newest.commit, at: newest.at, author: newest.author };
  return { commit, ...line };
}
