import { git, positionOf } from './git.ts';

/** The first-parent history of a mesh directory: what each commit made of its files. */
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

/** A file that a commit added, changed or deleted. */
export interface HistoryChange {
  /** The path inside the directory. */
  readonly path: string;
  /** The blob id of its new content; undefined where it is deleted, or no regular file any more. */
  readonly blob: string | undefined;
}

/** Reads the first-parent history of a mesh directory in one pass; throws `GitFailure` where there is none. */
export async function historyOf(directory: string): Promise<History> {
  const { prefix, head } = await positionOf(directory);
  const shallow = await git(directory, 'rev-parse', '--is-shallow-repository');
  return { commits: await walk({ directory, prefix, tip: head }), isShallow: shallow.trim() === 'true' };
}

interface Walk {
  readonly directory: string;
  /** The path of the mesh in the repository, ending in `/`; empty for the top. */
  readonly prefix: string;
  readonly tip: string;
}

/** The commits up to a tip; where one moved the mesh in from another directory, also those of that directory before. */
async function walk({ directory, prefix, tip }: Walk): Promise<readonly HistoryCommit[]> {
  const log = await git(
    directory,
    'log',
    ...raw,
    '--no-renames',
    '--reverse',
    '--format=commit %H',
    tip,
    '--',
    `:(top,literal)${prefix}`,
  );
  const commits: HistoryCommit[] = [];
  let isThere = false;
  for (const commit of commitsIn(log, prefix)) {
    const mesh = commit.changes.find(({ path }) => path === meshFile);
    if (!isThere && mesh?.blob !== undefined) {
      const from = await movedFrom(directory, commit.id, prefix);
      if (from !== undefined) commits.push(...(await walk({ directory, prefix: from, tip: `${commit.id}^` })));
    }
    if (mesh !== undefined) isThere = mesh.blob !== undefined;
    commits.push(commit);
  }
  return commits;
}

/** The file that every mesh has: where it moved from, the mesh did. */
const meshFile = 'mesh.yaml';

const raw = ['--first-parent', '--diff-merges=first-parent', '--raw', '--no-abbrev', '--no-relative', '-z'] as const;

async function movedFrom(directory: string, commit: string, prefix: string): Promise<string | undefined> {
  const log = await git(directory, 'log', '-1', ...raw, '--find-renames', '--diff-filter=R', '--format=', commit);
  const fields = fieldsOf(log);
  const at = fields.findIndex((field, index) => /^:.* R\d+$/.test(field) && fields[index + 2] === prefix + meshFile);
  const old = at < 0 ? undefined : fields[at + 1];
  return old === meshFile || old?.endsWith(`/${meshFile}`) === true ? old.slice(0, -meshFile.length) : undefined;
}

/** Takes the output of `git log --raw -z` apart: a field for each commit, and two for each of its changes. */
function commitsIn(log: string, prefix: string): readonly HistoryCommit[] {
  const commits: { id: string; changes: HistoryChange[] }[] = [];
  const fields = fieldsOf(log);
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? '';
    if (field.startsWith('commit ')) commits.push({ id: field.slice('commit '.length), changes: [] });
    const match = /^:\d{6} (\d{6}) [0-9a-f]+ ([0-9a-f]+) [A-Z]$/.exec(field);
    if (match === null) continue;
    at += 1;
    const path = (fields[at] ?? '').slice(prefix.length);
    const isFile = match[1] === '100644' || match[1] === '100755';
    commits.at(-1)?.changes.push({ path, blob: isFile ? match[2] : undefined });
  }
  return commits;
}

function fieldsOf(log: string): readonly string[] {
  return log.split('\0').map((field) => field.replace(/^\n/, ''));
}
