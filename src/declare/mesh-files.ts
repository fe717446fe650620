import type { Problem } from '../core/problem.ts';

/** A mesh file as text, wherever it came from: a directory, a commit, a test. */
export interface MeshFile {
  /** The file as the caller names it: the mesh directory joined with the path inside it, with `/`. */
  readonly file: string;
  /** The path inside the mesh directory. */
  readonly path: string;
  /** The git blob id of the file's bytes. */
  readonly blob: string;
  readonly text: string;
}

/** All files of a mesh, sorted by path, with the problems of those that could not be read. */
export interface MeshFiles {
  readonly directory: string;
  readonly files: readonly MeshFile[];
  readonly problems: readonly Problem[];
}

/** The largest file that is read: no mesh file that people review comes near it. */
export const largestFile = 1024 * 1024;
