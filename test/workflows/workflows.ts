import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../.github/workflows/', import.meta.url);

/** A workflow file by its path in the repository. */
export interface WorkflowFile {
  readonly path: string;
  readonly text: string;
}

/** The workflows of this repository, which are those that init writes. */
export function workflowFiles(): readonly WorkflowFile[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => ({ path: `.github/workflows/${name}`, text: readFileSync(new URL(name, folder), 'utf8') }));
}

/** A workflow with a text in place of another, which must be there. */
export function planted({ path, text }: WorkflowFile, from: string, to: string): WorkflowFile {
  if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
  return { path, text: text.replace(from, () => to) };
}
