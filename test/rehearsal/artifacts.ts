import { cpSync, mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What the jobs of one run keep for each other, by name: folders. */
export type Artifacts = Map<string, string>;

/** Keeps a file, or all that is in a folder. */
export function keep(artifacts: Artifacts, name: string, { from, in: store }: { from: string; in: string }): void {
  if (/["<>|*?\r\n\\/:]/.test(name)) throw new Error(`an artifact cannot be called ${name}`);
  const folder = join(store, name);
  mkdirSync(folder, { recursive: true });
  const isFolder = statSync(from).isDirectory();
  cpSync(from, isFolder ? folder : join(folder, basename(from)), { recursive: true });
  artifacts.set(name, folder);
}

/** Gets one by its name, or in folders of their own all whose names begin so; answers whether there was what was named. */
export function get(artifacts: Artifacts, wanted: { name: string; pattern: string }, to: string): boolean {
  const one = artifacts.get(wanted.name);
  if (one !== undefined) cpSync(one, to, { recursive: true });
  if (wanted.name !== '') return one !== undefined;
  const start = wanted.pattern.replace(/\*$/, '');
  for (const [name, folder] of artifacts)
    if (name.startsWith(start)) cpSync(folder, join(to, name), { recursive: true });
  return true;
}
