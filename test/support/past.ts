import type { MeshFiles } from '../../src/declare/mesh-files.ts';
import { type PastCommit, type PastFile, pastLayout, recaller } from '../../src/declare/recall.ts';
import type { History } from '../../src/reconcile.ts';

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
