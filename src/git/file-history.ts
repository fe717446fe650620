import type { FileHistory, PastVersion } from '../core/file-history.ts';
import { git, positionOf } from './git.ts';
import { loggedIn, raw } from './log.ts';

/**
 * Reads every version that the first-parent history has of the files in a directory; throws `GitFailure`. A
 * directory that moved is a new one here: a path that nobody approved is not approved because another was.
 */
export async function fileHistoryOf(directory: string): Promise<FileHistory> {
  const { prefix, head } = await positionOf(directory);
  const [listed, shallow, log] = await Promise.all([
    git(directory, 'rev-list', '--first-parent', '--reverse', head),
    git(directory, 'rev-parse', '--is-shallow-repository'),
    git(directory, 'log', ...raw, '--reverse', head, '--', `:(top,literal)${prefix}`),
  ]);
  const commits = listed.trim().split('\n');
  const places = new Map(commits.map((id, at) => [id, at]));
  const versions = new Map<string, PastVersion[]>();
  for (const { id, changes } of loggedIn(log)) {
    const at = places.get(id);
    if (at === undefined) continue;
    for (const { path: full, after: blob } of changes) {
      const path = full.slice(prefix.length);
      const known = versions.get(path);
      if (known === undefined) versions.set(path, [{ path, at, blob }]);
      else known.push({ path, at, blob });
    }
  }
  return { prefix, commits, isShallow: shallow.trim() !== 'false', versions };
}
