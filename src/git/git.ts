import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** git said no, or is not there. */
export class GitFailure extends Error {
  override readonly name: string = 'GitFailure';
}

/** git is not there. */
export class NoGit extends GitFailure {
  override readonly name = 'NoGit';
}

/** The directory belongs to a repository of which nothing can be told here, whatever git answers. */
export class Misplaced extends GitFailure {
  /** What would be right. */
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** What people may set otherwise, and what answers here must not depend on. */
const settled: readonly string[] = [
  // A repository hidden among the files brings settings, which run programs, and a history of its own
  // (https://git-scm.com/docs/git-config#Documentation/git-config.txt-safebareRepository).
  '-c',
  'safe.bareRepository=explicit',
  '-c',
  'diff.relative=false',
  '-c',
  'log.showSignature=false',
  '-c',
  'color.ui=false',
  '-c',
  'log.showRoot=true',
  '-c',
  'log.follow=false',
];

/** Variables that name another repository than the one around a directory, or another way to read paths; a hook of git sets some. */
const elsewhere =
  /^GIT_(DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|SHALLOW_FILE|NAMESPACE|PREFIX|(LITERAL|GLOB|NOGLOB|ICASE)_PATHSPECS)$/;

/**
 * Replaced objects, grafted parents and what a partial clone lacks are no part of the history that was cloned. What
 * git says is read here, and comes in English.
 */
function environment(): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !elsewhere.test(name))),
    LC_ALL: 'C',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_GRAFT_FILE: '/dev/null',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
  };
}

/** Runs git in the repository around a directory and answers what it printed. */
export async function git(directory: string, ...args: readonly string[]): Promise<string> {
  return await gitWith({ directory }, ...args);
}

/** Where git runs, and what else it is given. */
export interface Given {
  readonly directory: string;
  /** What it reads from standard input. */
  readonly input?: string;
  /** When nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

/** Runs git with input of its own. */
export async function gitWith({ directory, input = '', signal }: Given, ...args: readonly string[]): Promise<string> {
  try {
    const running = run('git', ['-C', directory, ...settled, ...args], {
      maxBuffer: 1024 * 1024 * 1024,
      env: environment(),
      ...(signal && { signal }),
    });
    // What ends before it has read all says why by its exit code.
    running.child.stdin?.on('error', () => undefined);
    running.child.stdin?.end(input);
    return (await running).stdout;
  } catch (thrown) {
    throw failureOf(thrown);
  }
}

/** The bytes of blobs in the order of their ids, by one process; undefined for one that the repository lacks. */
export async function* blobsIn(directory: string, ids: readonly string[]): AsyncGenerator<Uint8Array | undefined> {
  const child = spawn('git', ['-C', directory, ...settled, 'cat-file', '--batch', '--buffer'], { env: environment() });
  const ended = new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    child.on('error', (error) => reject(failureOf(error)));
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new GitFailure(said.trim() || `git ended with ${code}`)),
    );
  });
  // It is awaited only once all is read.
  ended.catch(() => undefined);
  child.stdin.on('error', () => undefined);
  child.stdin.end(ids.map((id) => `${id}\n`).join(''));
  let held = Buffer.alloc(0);
  for await (const chunk of child.stdout) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (let next = nextBlob(held); next !== undefined; next = nextBlob(held)) {
      held = held.subarray(next.length);
      yield next.bytes;
    }
  }
  await ended;
}

/** The first answer of `git cat-file --batch`, once it is there as a whole. */
function nextBlob(held: Buffer): { readonly bytes: Uint8Array | undefined; readonly length: number } | undefined {
  const line = held.indexOf('\n');
  if (line < 0) return undefined;
  const size = /^[0-9a-f]+ blob (\d+)$/.exec(held.toString('latin1', 0, line))?.[1];
  if (size === undefined) return { bytes: undefined, length: line + 1 };
  const end = line + 1 + Number(size);
  return held.length <= end ? undefined : { bytes: held.subarray(line + 1, end), length: end + 1 };
}

/** The lines that say why, the most telling first. */
const telling: readonly RegExp[] = [/^remote: (error|fatal):/i, /^ ! \[/, /^(error|fatal):/];

/** What git said of it, or why it said nothing. */
function failureOf(cause: unknown): GitFailure {
  if (!(cause instanceof Error)) return new GitFailure(String(cause));
  if ('code' in cause && cause.code === 'ENOENT') return new NoGit('git is not installed, or not in PATH', { cause });
  const lines = 'stderr' in cause ? String(cause.stderr).trim().split('\n') : [];
  // What a server answers to a push stands among what git says of its progress.
  const line = telling.map((form) => lines.find((one) => form.test(one))).find((one) => one) ?? lines[0] ?? '';
  return new GitFailure(line === '' ? cause.message : line, { cause });
}

/** Whether there is no commit to compare with for certain: no repository, or one without a commit. */
export async function isOutside(directory: string): Promise<boolean> {
  try {
    return (await git(directory, 'rev-list', '--all', '--max-count=1')).trim() === '';
  } catch (thrown) {
    if (thrown instanceof GitFailure) return thrown.message.startsWith('fatal: not a git repository (or any');
    throw thrown;
  }
}

/** Where a directory stands in its repository. */
export interface Position {
  /** The directory's path inside the repository, ending in `/`; empty for the top. */
  readonly prefix: string;
  /** The commit that is checked out. */
  readonly head: string;
}

/**
 * Where a directory stands in git; throws `GitFailure` where it is in no repository, or in one without a commit,
 * and `Misplaced` where git would answer as if the directory were the top of the commit, or in ids that no approval names.
 */
export async function positionOf(directory: string): Promise<Position> {
  if (!(await isInWorkTree(directory)))
    throw new Misplaced(
      `${directory} is inside a bare repository or a .git directory, where no commit is checked out`,
      'clone the repository, and run where its files are checked out',
    );
  const [prefix = '', head = ''] = (await git(directory, 'rev-parse', '--show-prefix', 'HEAD')).split('\n');
  if (head.length !== 40)
    throw new Misplaced(
      `${directory} is in a repository that names its content by SHA-256, and approvals name it by SHA-1, as GitHub does`,
      'keep the files in a repository of the usual format, as `git init --object-format=sha1` makes it',
    );
  return { prefix, head };
}

async function isInWorkTree(directory: string): Promise<boolean> {
  try {
    return (await git(directory, 'rev-parse', '--is-inside-work-tree')).trim() === 'true';
  } catch (thrown) {
    // As it is settled here, git refuses to look into a bare one.
    if (thrown instanceof GitFailure && thrown.message.startsWith('fatal: cannot use bare repository')) return false;
    throw thrown;
  }
}

/**
 * The paths inside a directory of tracked files that differ from the commit that is checked out, or are missing;
 * also those that git is told not to look at (a sparse checkout, `--assume-unchanged`), for nobody knows of them.
 */
export async function uncommittedIn(directory: string): Promise<readonly string[]> {
  const [status, listed] = await Promise.all([
    git(directory, 'status', '--porcelain', '-z', '--untracked-files=no', '--no-renames', '--', '.'),
    git(directory, 'ls-files', '-v', '-z', '--full-name', '--', '.'),
  ]);
  const differing = entriesIn(status).map((entry) => entry.slice(3));
  const unwatched = entriesIn(listed).flatMap((entry) => (/^[Sa-z] /.test(entry) ? [entry.slice(2)] : []));
  return [...new Set([...differing, ...unwatched])].sort();
}

function entriesIn(listing: string): readonly string[] {
  return listing.split('\0').filter((entry) => entry !== '');
}

/** Blob ids of the regular files that a commit holds in a directory, by path inside it. */
export async function blobsOf(
  directory: string,
  commit: string,
  { prefix }: Position,
): Promise<ReadonlyMap<string, string>> {
  const inside = prefix === '' ? '.' : prefix;
  const tree = ['ls-tree', '-r', '-z', '--full-tree', commit, '--', inside];
  const blobs = new Map<string, string>();
  for (const line of (await git(directory, '--literal-pathspecs', ...tree)).split('\0')) {
    const match = /^(100644|100755) blob ([0-9a-f]+)\t(.+)$/s.exec(line);
    if (match?.[2] !== undefined && match[3]?.startsWith(prefix) === true)
      blobs.set(match[3].slice(prefix.length), match[2]);
  }
  return blobs;
}
