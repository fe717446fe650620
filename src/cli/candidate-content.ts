import type { Content, RequestedBy } from '../approve/automerge.ts';
import type { Approver } from '../core/approvals.ts';
import type { Declaration } from '../declare/declaration.ts';
import { declare } from '../declare/declare.ts';
import type { MeshFile, MeshFiles } from '../declare/mesh-files.ts';
import { decode } from '../declare/utf8.ts';
import type { Looked } from '../github/candidates.ts';
import { askingsOf } from '../pull.ts';

/** The mesh as it stands on the main branch. */
export interface Standing {
  readonly files: MeshFiles;
  readonly declaration: Declaration;
  /** The path of the mesh directory in the repository, ending in `/`; empty for the top. */
  readonly prefix: string;
}

/** What the mesh would say with a pull request merged into it, worked out from data alone. */
export async function contentOf(
  { candidate, contents }: Looked,
  { files, declaration, prefix }: Standing,
): Promise<Content> {
  const inMesh = [...contents].filter(([path]) => path.startsWith(prefix));
  const changed = inMesh.flatMap(([full, { blob, bytes }]): MeshFile[] => {
    const path = full.slice(prefix.length);
    const text = decode(bytes);
    return typeof text === 'string' ? [{ file: full, path, blob, text }] : [];
  });
  const paths = new Set(changed.map(({ path }) => path));
  const kept = files.files.filter(({ path }) => !paths.has(path));
  const merged = [...kept, ...changed].sort((a, b) => (a.path < b.path ? -1 : 1));
  const result = declare({ ...files, files: merged });
  const unread = inMesh.length - changed.length;
  if (!result.ok) return { problems: result.problems.length + unread, subscriptions: new Map() };
  const asked = await requestsIn(result.declaration, declaration, { paths: [...paths], author: candidate.author });
  return { problems: unread, subscriptions: new Map([...asked].map(([path, one]) => [`${prefix}${path}`, one])) };
}

interface Asked {
  readonly paths: readonly string[];
  readonly author: Approver | undefined;
}

async function requestsIn(
  after: Declaration,
  before: Declaration,
  { paths, author }: Asked,
): Promise<ReadonlyMap<string, RequestedBy>> {
  const files = paths.toSorted();
  const askings = await askingsOf({ before, after, files, ...(author && { author }) });
  const found = new Map<string, RequestedBy>();
  for (const { path, consumer } of after.subscriptions.values()) {
    const asking = askings[files.indexOf(path)];
    if (asking === undefined) continue;
    // Owners as they were: nobody makes themselves one on the way.
    const owners = before.accounts.get(consumer)?.value.owners ?? [];
    found.set(path, { consumer, owners, missing: asking.missing.map(({ role }) => role) });
  }
  return found;
}
