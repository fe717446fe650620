import { type Line, readLines, type SkippedLine } from './dialect.ts';
import { foldersOf } from './folders.ts';
import { compilePath } from './pattern.ts';

/** Where GitHub looks for the file, in this order; the first that is there counts, the others are ignored. */
export const locations = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

/**
 * The size from which GitHub does not load the file, in bytes. It says 3 MB; of the two meanings this is the
 * smaller, so that a file under it is loaded in either
 * (https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-file-size).
 */
export const largestSize = 3_000_000;

/** Who owns what, as a CODEOWNERS file says it. */
export interface Ownership {
  /** The line that decides about a path, the last that matches it; undefined where none does. */
  readonly lineFor: (path: string) => Line | undefined;
  readonly skipped: readonly SkippedLine[];
  /** Whether GitHub loads the file at all. */
  readonly isLoaded: boolean;
}

/** Reads a CODEOWNERS file as GitHub does. */
export function ownershipOf(text: string): Ownership {
  if (new TextEncoder().encode(text).length >= largestSize)
    return { lineFor: () => undefined, skipped: [], isLoaded: false };
  const { lines, skipped } = readLines(text);
  const places = new Map<string, Line>();
  const folders = new Map<string, Line>();
  const others: { readonly line: Line; readonly matches: (path: string) => boolean }[] = [];
  for (const line of lines) {
    const pattern = compilePath(line.pattern);
    if (pattern.kind === 'wildcards') others.unshift({ line, matches: pattern.matches });
    else (pattern.isFolder ? folders : places).set(pattern.path, line);
  }
  const lineFor = (path: string): Line | undefined => {
    const around = foldersOf(path).flatMap((folder) => [folders.get(folder), places.get(folder)]);
    const named = later([places.get(path), ...around]);
    const other = others.find(
      ({ line, matches }) => (named === undefined || line.number > named.number) && matches(path),
    );
    return other?.line ?? named;
  };
  return { lineFor, skipped, isLoaded: true };
}

function later(lines: readonly (Line | undefined)[]): Line | undefined {
  return lines.reduce(
    (last, line) => (line !== undefined && line.number > (last?.number ?? 0) ? line : last),
    undefined,
  );
}
