/** What became of one path in one commit of the first-parent history. */
export interface PastVersion {
  /** The path inside the mesh directory. */
  readonly path: string;
  /** The place of the commit in the history, oldest first. */
  readonly at: number;
  /** The blob id of a regular file; undefined where there is none any more: deleted, a link, a submodule. */
  readonly blob: string | undefined;
}

/** The first-parent history of the commit that is checked out, and in it every version of every mesh file. */
export interface FileHistory {
  /** The path of the mesh directory in the repository, ending in `/`; empty for the top. */
  readonly prefix: string;
  /** Commit ids, oldest first. */
  readonly commits: readonly string[];
  /** Whether older commits are missing, because the clone is shallow: then the last commit of a file may be a wrong one. */
  readonly isShallow: boolean;
  /** The versions of each path, oldest first. */
  readonly versions: ReadonlyMap<string, readonly PastVersion[]>;
}

/** The versions of a path before a place in the history, oldest first. */
export function versionsBefore(history: FileHistory, path: string, at: number): readonly PastVersion[] {
  return (history.versions.get(path) ?? []).filter((version) => version.at < at);
}
