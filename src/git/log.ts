/** What `git log` is asked for, so that `loggedIn` can take its answer apart. */
export const raw = [
  '--first-parent',
  '--diff-merges=first-parent',
  '--raw',
  '--no-abbrev',
  '--no-relative',
  '--no-renames',
  '-z',
  '--format=commit %H',
] as const;

/** A commit as `git log` tells it. */
export interface Logged {
  readonly id: string;
  readonly changes: readonly LoggedChange[];
}

/** A path of the repository that a commit changed, with the blob ids before and after; undefined where it was or is no regular file. */
export interface LoggedChange {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Takes the output of `git log` with `raw` apart: a field for each commit, and two for each of its changes. */
export function loggedIn(log: string): readonly Logged[] {
  const commits: { id: string; changes: LoggedChange[] }[] = [];
  const fields = log.split('\0').map((field) => field.replace(/^\n/, ''));
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? '';
    if (field.startsWith('commit ')) commits.push({ id: field.slice('commit '.length), changes: [] });
    const match = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) [A-Z]$/.exec(field);
    if (match === null) continue;
    at += 1;
    const [, oldMode, newMode, before, after] = match;
    commits.at(-1)?.changes.push({
      path: fields[at] ?? '',
      before: isFile(oldMode) ? before : undefined,
      after: isFile(newMode) ? after : undefined,
    });
  }
  return commits;
}

function isFile(mode: string | undefined): boolean {
  return mode === '100644' || mode === '100755';
}
