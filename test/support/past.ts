import type { Past } from '../../src/approve/last-proven.ts';
import { readingOf } from '../../src/cli/record.ts';
import type { PastVersion } from '../../src/core/file-history.ts';
import type { MeshFiles } from '../../src/declare/mesh-files.ts';
import { type History, type PastCommit, type PastFile, pastLayout, recaller } from '../../src/declare/recall.ts';

/** The history that has these versions of a mesh as its commits, oldest first. */
export function historyFrom(versions: readonly MeshFiles[]): History {
  const recall = recaller();
  const texts = versions.map(({ files }) => new Map(files.map(({ path, text }) => [path, text])));
  const commits = texts.map((now, index): PastCommit => {
    const before = texts[index - 1] ?? new Map<string, string>();
    const paths = [...new Set([...before.keys(), ...now.keys()])].filter((path) => before.get(path) !== now.get(path));
    return {
      changes: paths.flatMap((path): PastFile[] => {
        const layout = pastLayout(path);
        const text = now.get(path);
        if (layout === undefined) return [];
        return [{ layout, file: text === undefined ? 'deleted' : recall(layout.kind, text) }];
      }),
    };
  });
  return { commits, gaps: [], notes: [] };
}

/** What git would tell of these versions of a mesh, oldest first, of which all but the last are as old as the trust root. */
export function pastFrom(meshes: readonly MeshFiles[]): Past {
  const texts = new Map<string, string>();
  const versions = new Map<string, PastVersion[]>();
  for (const [at, { files }] of meshes.entries()) {
    const now = new Map(files.map(({ path, blob }) => [path, blob]));
    for (const { blob, text } of files) texts.set(blob, text);
    for (const path of new Set([...versions.keys(), ...now.keys()])) {
      const known = versions.get(path) ?? [];
      const blob = now.get(path);
      if (known.at(-1)?.blob !== blob) versions.set(path, [...known, { path, at, blob }]);
    }
  }
  const history = { prefix: 'mesh/', commits: meshes.map((_, at) => String(at)), isShallow: false, versions };
  const read: Past['read'] = async (path, blob) => readingOf(path, new TextEncoder().encode(texts.get(blob)));
  return { history, root: meshes.length - 2, read };
}
