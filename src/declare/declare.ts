import { compareProblems, type Problem } from '../core/problem.ts';
import type { Declaration } from './declaration.ts';
import { type Draft, draft } from './draft.ts';
import { join } from './entries.ts';
import { withExcerpts } from './excerpt.ts';
import type { MeshFiles } from './mesh-files.ts';
import { rules } from './rules/rules.ts';

/** A declaration, or every problem of every file. */
export type Result =
  | { readonly ok: true; readonly declaration: Declaration }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What the files of a mesh say together; it never throws, whatever their text. */
export function declare(mesh: MeshFiles): Result {
  const { draft: read, problems } = draft(mesh);
  const joined = join(read);
  const all = [...problems, ...withoutMeshFile(mesh, read), ...rules.flatMap((rule) => rule(joined))];
  const declaration = all.length === 0 ? complete(read) : undefined;
  if (declaration !== undefined) return { ok: true, declaration };
  return { ok: false, problems: withExcerpts(atMost(mostProblems, all.toSorted(compareProblems)), mesh.files) };
}

const mostProblems = 1000;

// A file of a megabyte may have 100,000 problems, each shown with its line.
function atMost(most: number, problems: readonly Problem[]): readonly Problem[] {
  const counts = new Map<string | undefined, number>();
  return problems.flatMap((problem): readonly Problem[] => {
    const count = (counts.get(problem.place?.file) ?? 0) + 1;
    counts.set(problem.place?.file, count);
    if (count <= most) return [problem];
    const hint = `solve the first ${most.toLocaleString('en')} of them`;
    return count === most + 1
      ? [{ ...problem, code: 'MORE_PROBLEMS', message: 'the file has more problems from here on', hint }]
      : [];
  });
}

function withoutMeshFile(mesh: MeshFiles, read: Draft): readonly Problem[] {
  const hasFile = read.mesh !== undefined || read.unsound.mesh;
  const hasNoDirectory = mesh.problems.some(({ place }) => place === undefined || place.file === mesh.directory);
  if (hasFile || hasNoDirectory) return [];
  const file = mesh.directory === '.' ? 'mesh.yaml' : `${mesh.directory}/mesh.yaml`;
  const hint = 'write it: it names the central catalog and the administrators (schemas/mesh.schema.json)';
  return [{ code: 'NO_MESH_FILE', message: 'mesh.yaml is missing', hint, place: { file, line: 1, column: 1 } }];
}

function complete({ mesh, accounts, products, subscriptions }: Draft): Declaration | undefined {
  return mesh && { mesh, accounts, products, subscriptions };
}
