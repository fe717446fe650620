import type { Problem } from '../core/problem.ts';
import type { MeshFile } from './mesh-files.ts';

const longestExcerpt = 10_000;

/** The problems, each with the text of its line, so that it can be shown without the file. */
export function withExcerpts(problems: readonly Problem[], files: readonly MeshFile[]): readonly Problem[] {
  const byName = new Map(files.map((file) => [file.file, file]));
  let name: string | undefined;
  let lines: readonly string[] = [];
  return problems.map((problem) => {
    if (problem.place === undefined) return problem;
    // Problems come sorted by file: one file is split at a time.
    if (problem.place.file !== name) {
      name = problem.place.file;
      lines = (byName.get(name)?.text ?? '').replace(/^\uFEFF/, '').split('\n');
    }
    const line = lines[problem.place.line - 1]?.replace(/\r$/, '');
    return line === undefined || line === '' || line.length > longestExcerpt ? problem : { ...problem, excerpt: line };
  });
}
