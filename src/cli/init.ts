import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TextFile } from '../core/text-file.ts';
import { SetupProblem } from './options.ts';

/** How a file that is to be written stands. */
export interface Standing extends TextFile {
  readonly state: 'missing' | 'equal' | 'different';
}

/** The workflows and the issue form of Meshgate's own repository, byte for byte; the package brings them along. */
export function sharedFiles(): readonly TextFile[] {
  const top = new URL('../../', import.meta.url);
  return ['.github/workflows', '.github/ISSUE_TEMPLATE'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, top))
      .sort()
      .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(new URL(`${folder}/${name}`, top), 'utf8') })),
  );
}

/** How files stand in a directory. */
export function standingOf(directory: string, files: readonly TextFile[]): readonly Standing[] {
  return files.map((file) => {
    const there = textAt(directory, file.path);
    const state =
      there === undefined ? 'missing' : there.replaceAll('\r\n', '\n') === file.text ? 'equal' : 'different';
    return { ...file, state };
  });
}

function textAt(directory: string, path: string): string | undefined {
  try {
    return readFileSync(join(directory, path), 'utf8');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw new SetupProblem('TARGET_IN_THE_WAY', `${path} cannot be read (${codeOf(thrown)})`, 'move it away');
  }
}

/**
 * Writes files in the order given, each as a whole or not at all, and none in the place of another: a run that was
 * killed is made good by the next.
 */
export function writeMissing(directory: string, files: readonly TextFile[]): void {
  let staging: string | undefined;
  try {
    mkdirSync(directory, { recursive: true });
    staging = mkdtempSync(join(directory, '.meshgate-init-'));
    for (const [index, { path, text }] of files.entries()) {
      const passing = join(staging, String(index));
      writeFileSync(passing, text);
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      // A link fails where something is; a rename would take its place.
      linkSync(passing, join(directory, path));
    }
  } catch (thrown) {
    throw new SetupProblem(
      'NOT_WRITTEN',
      `${directory} cannot be written (${codeOf(thrown)})`,
      'mend that, and run it again',
    );
  } finally {
    if (staging !== undefined) rmSync(staging, { recursive: true, force: true });
  }
}

function codeOf(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException | undefined)?.code ?? String(thrown);
}
