import { createHash } from 'node:crypto';
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MeshFile, MeshFiles } from '../declare/mesh-files.ts';
import { SetupProblem } from './options.ts';

/** A change of one mesh file's text that is not written yet. */
export interface Edit {
  readonly file: MeshFile;
  readonly text: string;
}

/** An edit of mesh.yaml; throws a `SetupProblem` where there is none. */
export function editMeshFile(files: MeshFiles, edit: (text: string) => string): Edit {
  const file = files.files.find(({ path }) => path === 'mesh.yaml');
  if (file === undefined) throw new SetupProblem('NO_MESH_FILE', `${files.directory} has no mesh.yaml`);
  return { file, text: edit(file.text) };
}

/** The mesh files as they will be with an edit. */
export function edited(files: MeshFiles, { file, text }: Edit): MeshFiles {
  const bytes = Buffer.from(text);
  const blob = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  return { ...files, files: files.files.map((one) => (one === file ? { ...one, text, blob } : one)) };
}

/** Writes an edit: the file is at every instant the old one or the new one. */
export function writeEdit({ file: { file }, text }: Edit): void {
  const passing = join(dirname(file), `.${process.pid}.mesh.yaml`);
  try {
    writeFileSync(passing, text, { mode: statSync(file).mode });
    renameSync(passing, file);
  } catch (thrown) {
    rmSync(passing, { force: true });
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new SetupProblem('NOT_WRITTEN', `${file} cannot be written: ${why}`);
  }
}

/** The lines that an edit takes away and adds, with two lines around them. */
export function diffOf({ file, text }: Edit): readonly string[] {
  const [old, fresh] = [linesOf(file.text), linesOf(text)];
  const shorter = Math.min(old.length, fresh.length);
  let start = 0;
  while (start < shorter && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  if (start === old.length && start === fresh.length) return [];
  const from = Math.max(0, start - 2);
  return [
    `${file.file}:${start + 1}`,
    ...old.slice(from, start).map((line) => `  ${line}`),
    ...old.slice(start, old.length - end).map((line) => `- ${line}`),
    ...fresh.slice(start, fresh.length - end).map((line) => `+ ${line}`),
    ...old.slice(old.length - end, old.length - end + 2).map((line) => `  ${line}`),
  ];
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}
