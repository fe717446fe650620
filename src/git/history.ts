import { git, positionOf } from './git.ts';

/** The first-parent history of a directory: what each commit made of its files. */
export interface History {
  /** Oldest first. */
  readonly commits: readonly HistoryCommit[];
  /** Whether older commits are missing, because the clone is shallow. */
  readonly isShallow: boolean;
}

/** A commit that touched the directory. */
export interface HistoryCommit {
  readonly id: string;
  readonly changes: readonly HistoryChange[];
}

/** A regular file that a commit added, changed or deleted. */
export interface HistoryChange {
  /** The path inside the directory. */
  readonly path: string;
  /** The blob id of its new content; undefined where it is deleted, or no regular file any more. */
  readonly blob: string | undefined;
}

/** Reads the first-parent history of a directory in one pass; throws `GitFailure` where there is none. */
export async function historyOf(directory: string): Promise<History> {
  const { prefix } = await positionOf(directory);
  const [log, shallow] = await Promise.all([
    git(
      directory,
      'log',
      '--first-parent',
      '--diff-merges=first-parent',
      '--raw',
      '--no-abbrev',
      '--no-renames',
      '--no-relative',
      '--reverse',
      '--format=commit %H',
      '-z',
      '--',
      '.',
    ),
    git(directory, 'rev-parse', '--is-shallow-repository'),
  ]);
  return { commits: commitsIn(log, prefix), isShallow: shallow.trim() === 'true' };
}

/** Takes the output of `git log --raw -z` apart: a line for each commit, and two fields for each of its changes. */
function commitsIn(log: string, prefix: string): readonly HistoryCommit[] {
  const commits: { id: string; changes: HistoryChange[] }[] = [];
  const fields = log.split('\0').map((field) => field.replace(/^\n/, ''));
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? '';
    if (field.startsWith('commit ')) commits.push({ id: field.slice('commit '.length), changes: [] });
    const match = /^:\d{6} (\d{6}) [0-9a-f]+ ([0-9a-f]+) [A-Z]\d*$/.exec(field);
    if (match === null) continue;
    at += 1;
    const path = fields[at] ?? '';
    const isFile = match[1] === '100644' || match[1] === '100755';
    commits.at(-1)?.changes.push({ path: path.slice(prefix.length), blob: isFile ? match[2] : undefined });
  }
  return commits;
}
