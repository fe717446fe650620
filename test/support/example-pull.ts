import { readdirSync, readFileSync } from 'node:fs';
import { namesOfBoth } from '../../src/cli/load.ts';
import type { Asking } from '../../src/core/asking.ts';
import type { Declaration } from '../../src/declare/declaration.ts';
import { declare } from '../../src/declare/declare.ts';
import { endingsOf, planOffline } from '../../src/offline.ts';
import { askingsOf } from '../../src/pull.ts';
import type { PullReport } from '../../src/report/comment.ts';
import { meshFrom } from './problem-cases.ts';

type Files = Readonly<Record<string, string>>;

/** The mesh of the example, by path. */
export function exampleMesh(): Files {
  const folder = new URL('../../mesh/', import.meta.url);
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.yaml') && !path.startsWith('x-'),
  );
  return Object.fromEntries(paths.toSorted().map((path) => [path, readFileSync(new URL(path, folder), 'utf8')]));
}

/** Files with texts replaced, which must be there; null removes a file. */
export function edited(
  files: Files,
  edits: Readonly<Record<string, Readonly<Record<string, string>> | string | null>>,
): Files {
  const all: Record<string, string> = { ...files };
  for (const [path, edit] of Object.entries(edits)) {
    if (edit === null) delete all[path];
    else if (typeof edit === 'string') all[path] = edit;
    else
      for (const [from, to] of Object.entries(edit)) {
        if (all[path]?.includes(from) !== true) throw new Error(`${path} does not hold ${from}`);
        all[path] = all[path].replace(from, () => to);
      }
  }
  return all;
}

/** What files declare together. */
export function declared(files: Files): Declaration {
  const result = declare(meshFrom(Object.entries(files)));
  if (result.ok) return result.declaration;
  throw new Error(
    result.problems.map(({ place, code, message }) => `${place?.file}:${place?.line} ${code} ${message}`).join('\n'),
  );
}

/** The report on a change of the example, as a check makes it. */
export async function pullReport(before: Files, after: Files, more: Partial<PullReport> = {}): Promise<PullReport> {
  const [was, is] = [declared(before), declared(after)];
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  const files = [...paths].filter((path) => before[path] !== after[path]).toSorted();
  const askings: readonly Asking[] = await askingsOf({
    before: was,
    after: is,
    files,
    author: { login: 'noor-example', id: 9 },
  });
  return {
    base: '1'.repeat(40),
    head: '2'.repeat(40),
    plan: planOffline({
      before: was,
      after: is,
      base: '1'.repeat(40),
      commit: '2'.repeat(40),
      files,
      now: new Date('2026-11-22T09:00:00Z'),
    }),
    live: 'no AWS credentials here',
    askings,
    endings: endingsOf({ before: was, after: is, files }),
    problems: [],
    names: namesOfBoth(was, is),
    run: 'https://github.example/acme/mesh/actions/runs/7',
    ...more,
  };
}
