import type { Bare } from './bare.ts';
import { tryGit } from './git.ts';

/** One file that differs between two commits. */
export interface FileChange {
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  readonly path: string;
  readonly before?: string;
  /** The blob after the change; before it, where the file is removed. */
  readonly blob: string;
  readonly additions: number;
  readonly deletions: number;
}

export function isAncestor(bare: Bare, ancestor: string, commit: string): boolean {
  const known = reachable(bare, commit);
  if (known !== undefined) return known.has(ancestor);
  const args = ['merge-base', '--is-ancestor', ancestor, commit];
  return bare.once(args.join(' '), () => tryGit(bare.directory, args).code === 0);
}

/** A history longer than this is for git to look through. */
const longWay = 1000;

/** What a commit leads to, itself included: the question that is asked most, and a process would take longest. */
function reachable(bare: Bare, commit: string): ReadonlySet<string> | undefined {
  return bare.once(`reachable ${commit}`, () => {
    const seen = new Set([commit]);
    for (const id of seen) {
      if (seen.size > longWay) return undefined;
      for (const parent of bare.commit(id).parents) seen.add(parent);
    }
    return seen;
  });
}

/** The best common ancestor of two commits. */
export function mergeBase(bare: Bare, one: string, other: string): string | undefined {
  if (isAncestor(bare, one, other)) return one;
  if (isAncestor(bare, other, one)) return other;
  return bare.once(`merge-base ${one} ${other}`, () => {
    const { code, out } = tryGit(bare.directory, ['merge-base', one, other]);
    return code === 0 ? out.toString().trim() : undefined;
  });
}

/** Commits reachable from one and not from the other, oldest first. */
export function commitsBetween(bare: Bare, base: string, head: string): readonly string[] {
  if (isAncestor(bare, head, base)) return [];
  const { parents } = bare.commit(head);
  if (parents.length === 1 && parents[0] === base) return [head];
  const args = ['rev-list', '--reverse', '--topo-order', `${base}..${head}`];
  return bare.once(args.join(' '), () => lines(bare.run(args)));
}

/** A text that is the same as long as a pull request changes the same blobs in the same way. */
export function diffKey(bare: Bare, base: string, head: string): string {
  const from = mergeBase(bare, base, head);
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--full-index', from ?? emptyTree, head];
  return bare.once(args.join(' '), () => bare.run(args));
}

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** What differs between two commits, renames found as GitHub does; from nothing where there is no first commit. */
export function changesBetween(bare: Bare, from: string | undefined, to: string): readonly FileChange[] {
  return bare.once(`changes ${from} ${to}`, () => readChanges(bare, from ?? emptyTree, to));
}

function readChanges(bare: Bare, from: string, to: string): readonly FileChange[] {
  const told = bare.run(['diff-tree', '-r', '-M', '--full-index', '--raw', '--numstat', '-z', from, to]);
  if (told === '') return [];
  const fields = told.split('\0');
  const counts = numstat(fields);
  const changes: FileChange[] = [];
  for (let index = 0; fields[index]?.startsWith(':'); ) {
    const [mode = '', newMode = '', oldId = '', newId = '', letter = ''] = (fields[index] ?? '').split(' ');
    const renamed = letter.startsWith('R') || letter.startsWith('C');
    const before = fields[index + 1] ?? '';
    const path = renamed ? (fields[index + 2] ?? '') : before;
    index += renamed ? 3 : 2;
    const [additions, deletions] = counts.get(path) ?? [0, 0];
    changes.push({
      status: statusOf(letter, mode.slice(1) !== newMode && oldId === newId),
      path,
      blob: newMode === '000000' ? oldId : newId,
      additions,
      deletions,
      ...(renamed ? { before } : {}),
    });
  }
  return changes;
}

/** The changed lines of files, by path; of what has no lines, nothing. */
export function patchesBetween(bare: Bare, from: string | undefined, to: string): ReadonlyMap<string, string> {
  return bare.once(`patches ${from} ${to}`, () => {
    const told = bare.run(['diff-tree', '-r', '-M', '-p', '--no-color', '-z', from ?? emptyTree, to]);
    // With -z the names are bare, and no line of a patch begins as its head does.
    const parts = told.split(/^diff --git .*\n/m).slice(1);
    const named = parts.flatMap((part) => {
      const start = part.search(/^@@/m);
      const path = /^\+\+\+ b\/(.*?)\t?$/m.exec(part)?.[1] ?? /^--- a\/(.*?)\t?$/m.exec(part)?.[1];
      return start < 0 || path === undefined ? [] : [[path, part.slice(start).trimEnd()] as const];
    });
    return new Map(named);
  });
}

function statusOf(letter: string, modeOnly: boolean): FileChange['status'] {
  if (letter.startsWith('R')) return 'renamed';
  if (letter === 'A' || letter.startsWith('C')) return 'added';
  if (letter === 'D') return 'removed';
  return modeOnly || letter === 'T' ? 'changed' : 'modified';
}

function numstat(fields: readonly string[]): ReadonlyMap<string, readonly [number, number]> {
  const counts = new Map<string, readonly [number, number]>();
  for (let index = 0; index < fields.length; index += 1) {
    const match = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(fields[index] ?? '');
    if (match === null) continue;
    // A rename has an empty path here, and its two paths in the fields that follow.
    const path = match[3] === '' ? (fields[index + 2] ?? '') : (match[3] ?? '');
    counts.set(path, [Number(match[1]) || 0, Number(match[2]) || 0]);
  }
  return counts;
}

export function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
