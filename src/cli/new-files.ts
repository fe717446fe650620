import { linkSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { TextFile } from '../core/text-file.ts';
import { SetupProblem } from './options.ts';

/** What stands at a directory's path: nothing yet, an empty directory, or something. */
export function stateOf(directory: string): 'absent' | 'empty' | 'full' {
  try {
    return readdirSync(directory).length === 0 ? 'empty' : 'full';
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return 'absent';
    const hint = 'give another directory with --out';
    throw new SetupProblem(
      'TARGET_IN_THE_WAY',
      `${directory} is no directory that can be read (${codeOf(thrown)})`,
      hint,
    );
  }
}

/**
 * Writes new files, none of them half: they are written beside the directory first. A new directory
 * appears at once with all of them; into one that is there they move one by one, in the order given, and
 * none takes the place of a file that has appeared meanwhile.
 */
export function writeNew(directory: string, files: readonly TextFile[]): void {
  const target = resolve(directory);
  try {
    mkdirSync(dirname(target), { recursive: true });
    const staging = mkdtempSync(`${stagingOf(target)}${process.pid}-`);
    try {
      for (const { path, text } of files) {
        mkdirSync(dirname(join(staging, path)), { recursive: true });
        writeFileSync(join(staging, path), text, { flag: 'wx' });
      }
      move(staging, target, files);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  } catch (thrown) {
    if (thrown instanceof SetupProblem) throw thrown;
    throw new SetupProblem(
      'NOT_WRITTEN',
      `${directory} cannot be written (${codeOf(thrown)})`,
      'mend that, and run it again',
    );
  }
}

/** How the paths begin under which files for a directory are written first; the id of the process follows. */
function stagingOf(target: string): string {
  return join(dirname(target), `.${basename(target)}-import-`);
}

/** Removes what runs that were killed had written beside a directory; what a run that is still at work has, stays. */
export function removeRemains(directory: string): void {
  const target = resolve(directory);
  const start = basename(stagingOf(target));
  try {
    for (const name of readdirSync(dirname(target))) {
      const [, id] = name.startsWith(start) ? (/^(\d+)-\w{6}$/.exec(name.slice(start.length)) ?? []) : [];
      if (id !== undefined && !isAtWork(Number(id)))
        rmSync(join(dirname(target), name), { recursive: true, force: true });
    }
  } catch {
    // What cannot be tidied up is in nobody's way.
  }
}

function isAtWork(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (thrown) {
    return codeOf(thrown) !== 'ESRCH';
  }
}

function move(staging: string, target: string, files: readonly TextFile[]): void {
  const state = stateOf(target);
  if (state === 'empty') rmdirSync(target);
  if (state !== 'full') {
    renameSync(staging, target);
    return;
  }
  for (const { path } of files) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    // A link fails where something is; a rename would take its place.
    linkSync(join(staging, path), join(target, path));
  }
}

function codeOf(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException | undefined)?.code ?? String(thrown);
}
