import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import type { MeshFile, MeshFiles } from '../../src/declare/mesh-files.ts';

/** A problem that a case demands. */
interface ExpectedProblem {
  readonly code: string;
  readonly at: string;
  readonly message?: string;
  readonly hint?: string;
}

/** A mesh and the problems it must have. */
export interface ProblemCase {
  readonly title: string;
  readonly base?: 'minimal' | 'none';
  readonly files?: Readonly<Record<string, string | null>>;
  readonly edits?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly problems: readonly ExpectedProblem[];
}

const cases = new URL('../cases/', import.meta.url);

/** The cases of every file, by file. */
export function problemCases(): readonly (readonly [file: string, cases: readonly ProblemCase[]])[] {
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(read('problems.schema.json')),
  );
  return readdirSync(new URL('problems/', cases))
    .toSorted()
    .map((file) => {
      const table = parse(read(`problems/${file}`));
      if (!validate(table)) throw new Error(`${file}: ${JSON.stringify(validate.errors)}`);
      return [file, (table as { cases: readonly ProblemCase[] }).cases];
    });
}

/** The valid mesh from which cases start. */
export function baseMesh(): Readonly<Record<string, string>> {
  const folder = new URL('base/', cases);
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(new URL(path, folder), 'utf8')]));
}

/** The mesh of a case. */
export function meshOf({
  base = 'minimal',
  files = {},
  edits = {},
}: Pick<ProblemCase, 'base' | 'files' | 'edits'>): MeshFiles {
  const all: Record<string, string | null> = { ...(base === 'none' ? {} : baseMesh()), ...files };
  for (const [path, edit] of Object.entries(edits)) {
    for (const [from, to] of Object.entries(edit)) {
      const text = all[path];
      if (text === undefined || text === null || !text.includes(from)) throw new Error(`${path} does not hold ${from}`);
      all[path] = text.replace(from, () => to);
    }
  }
  return meshFrom(Object.entries(all).flatMap(([path, text]) => (text === null ? [] : [[path, text] as const])));
}

/** A mesh from texts. */
export function meshFrom(texts: readonly (readonly [path: string, text: string])[]): MeshFiles {
  const files = texts.map(([path, text]): MeshFile => {
    const bytes = Buffer.from(text);
    const blob = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    return { file: `mesh/${path}`, path, blob, text };
  });
  return { directory: 'mesh', files, problems: [] };
}

function read(path: string): string {
  return readFileSync(new URL(path, cases), 'utf8');
}
