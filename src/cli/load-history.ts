import type { Note } from '../core/plan.ts';
import type { Layout } from '../declare/layout.ts';
import { largestFile } from '../declare/mesh-files.ts';
import { type History, pastLayout, pastName, type Recalled, recaller, Unreadable } from '../declare/recall.ts';
import { decode } from '../declare/utf8.ts';
import { blobsIn, GitFailure, positionOf } from '../git/git.ts';
import { type Beginning, type HistoryCommit, historyOf } from '../git/history.ts';
import { type MeshWords, meshFile } from '../git/origin.ts';

/**
 * Reads what the first-parent history of the mesh files declared: ids and names alone, in one pass.
 * History only adds to what is managed, so what cannot be read of it is said and stops nothing.
 */
export async function loadHistory(directory: string): Promise<History> {
  try {
    await positionOf(directory);
  } catch (thrown) {
    if (!(thrown instanceof GitFailure)) throw thrown;
    return { commits: [], gaps: [], notes: [noHistory(thrown.message)] };
  }
  try {
    const { commits, isShallow, beginnings } = await historyOf(directory, words);
    const versions = versionsIn(commits);
    await readAll(directory, versions);
    return {
      commits: commits.map(({ changes }) => ({
        changes: changes.flatMap(({ path, blob }) => {
          const layout = pastLayout(path);
          if (layout === undefined) return [];
          const file = blob === undefined ? 'deleted' : versions.get(keyOf(layout, blob))?.file;
          return [{ layout, file: file ?? 'unreadable' }];
        }),
      })),
      gaps: lostIn(versions),
      notes: [...(isShallow ? [shallow] : []), ...beginnings.map(newDirectory), ...unreadableIn(versions)],
    };
  } catch (thrown) {
    if (!(thrown instanceof GitFailure)) throw thrown;
    const message = `the history of ${directory}: git said: ${thrown.message}`;
    return { commits: [], gaps: [{ code: 'NO_HISTORY', message, blocks: 'nothing' }], notes: [] };
  }
}

/** What tells one mesh of a repository from another. */
export const words: MeshWords = {
  isMeshPath: (path) => pastLayout(path) !== undefined,
  nameOf: (bytes) => {
    try {
      return pastName(textOf(bytes));
    } catch (thrown) {
      if (thrown instanceof Unreadable) return undefined;
      throw thrown;
    }
  },
};

/** A version of a mesh file, by the first commit that has it. */
interface Version {
  readonly kind: Layout['kind'];
  readonly blob: string;
  readonly path: string;
  readonly commit: string;
  file?: Recalled;
  /** Why it says nothing; `lost` where the repository lacks it. */
  fault?: string;
}

const lost = 'lost';

function keyOf({ kind }: Layout, blob: string): string {
  return `${kind} ${blob}`;
}

function versionsIn(commits: readonly HistoryCommit[]): ReadonlyMap<string, Version> {
  const versions = new Map<string, Version>();
  for (const { id, changes } of commits)
    for (const { path, blob } of changes) {
      const layout = pastLayout(path);
      if (layout === undefined || blob === undefined || versions.has(keyOf(layout, blob))) continue;
      versions.set(keyOf(layout, blob), { kind: layout.kind, blob, path, commit: id });
    }
  return versions;
}

async function readAll(directory: string, versions: ReadonlyMap<string, Version>): Promise<void> {
  const recall = recaller();
  const all = [...versions.values()];
  let at = 0;
  for await (const bytes of blobsIn(
    directory,
    all.map(({ blob }) => blob),
  )) {
    const version = all[at];
    at += 1;
    if (version === undefined) continue;
    if (bytes === undefined) version.fault = lost;
    else
      try {
        version.file = recall(version.kind, textOf(bytes));
      } catch (thrown) {
        if (!(thrown instanceof Unreadable)) throw thrown;
        version.fault = thrown.message;
      }
  }
}

function textOf(bytes: Uint8Array): string {
  if (bytes.length > largestFile) throw new Unreadable('it is larger than 1 MiB');
  const text = decode(bytes);
  if (typeof text !== 'string') throw new Unreadable('it is not UTF-8');
  return text;
}

function noHistory(why: string): Note {
  return {
    code: 'NO_HISTORY',
    message: `there is no git history to read (${why}): only what is declared now is managed, and what a file that is gone stood for stays in the lake`,
    hint: 'run it in a clone of the repository',
  };
}

const shallow: Note = {
  code: 'SHALLOW_HISTORY',
  message:
    'the clone is shallow: what only older mesh files declared is not managed, and what they stood for stays in the lake',
  hint: 'fetch the full history: `git fetch --unshallow`, or `fetch-depth: 0` of actions/checkout',
};

function newDirectory({ commit, prefix, deleted: [first = '', ...more] }: Beginning): Note {
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return {
    code: 'NEW_DIRECTORY',
    message: `${prefix}${meshFile} appears with commit ${commit.slice(0, 12)}, which deletes ${first}${others}: what was declared elsewhere before is not this mesh's, and what it stood for stays in the lake`,
    hint: 'a mesh that moves takes its history along where it keeps its name and its files, and no other mesh of that name comes or goes in that commit',
  };
}

function unreadableIn(versions: ReadonlyMap<string, Version>): readonly Note[] {
  return [...versions.values()].flatMap(({ fault, path, commit }) =>
    fault === undefined || fault === lost
      ? []
      : [
          {
            code: 'UNREADABLE_VERSION',
            message: `${path} as of commit ${commit.slice(0, 12)} is not counted: ${fault}`,
          },
        ],
  );
}

function lostIn(versions: ReadonlyMap<string, Version>): History['gaps'] {
  const [first, ...more] = [...versions.values()].filter(({ fault }) => fault === lost);
  if (first === undefined) return [];
  const others = more.length === 0 ? '' : ` and ${more.length} more old versions`;
  return [
    {
      code: 'LOST_VERSION',
      message: `the repository lacks ${first.path} as of commit ${first.commit.slice(0, 12)}${others}: what they declared is not managed`,
      hint: 'clone it anew without --filter, or run git fsck',
      blocks: 'nothing',
    },
  ];
}
