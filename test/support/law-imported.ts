import { adopt } from '../../src/cli/adopt.ts';
import { keyOf } from '../../src/core/fact.ts';
import type { LakeReader } from '../../src/core/lake.ts';
import { declare } from '../../src/declare/declare.ts';
import type { MeshFiles } from '../../src/declare/mesh-files.ts';
import { desire } from '../../src/desire/desire.ts';
import { today } from './law-place.ts';

const fresh = {
  globs: [],
  existing: undefined,
  directory: 'mesh',
  name: 'law',
  administrators: undefined,
  subscriptions: [],
  writesMissing: false,
  now: new Date(`${today}T12:00:00Z`),
};

/** What an import came to. */
export interface Adoption {
  readonly wrongs: readonly string[];
  /** How many grants of the lake the files declare. */
  readonly declared: number;
}

/** Law 7: what is imported plans to nothing, nothing is lost on the way, and a second import writes nothing. */
export async function imports(lake: LakeReader): Promise<Adoption> {
  const { imported, files, observed, plan } = await adopt(lake, fresh);
  const meshFiles: MeshFiles = {
    directory: 'mesh',
    files: files.map(({ path, text }) => ({ path, text, file: `mesh/${path}`, blob: path })),
    problems: [],
  };
  const result = declare(meshFiles);
  if (!result.ok) throw new Error('adopt lets no invalid mesh through');
  const again = await adopt(lake, { ...fresh, existing: { files: meshFiles, declaration: result.declaration } });
  const { facts } = desire(result.declaration, {
    catalog: observed.catalog,
    today,
    administrators: observed.settings.administrators,
  });
  const told = new Set(imported.left.map(({ fact }) => keyOf(fact)));
  const lost = [...observed.facts.values()].filter(
    ({ key, fact }) => fact.kind !== 'catalog-parameter' && !facts.has(key) && !told.has(key),
  );
  return {
    wrongs: [
      ...plan.changes.map(({ verb, key }) => `what is imported plans ${verb} ${key}`),
      ...plan.withheld.map(({ change }) => `what is imported withholds ${change.verb} ${change.key}`),
      ...plan.problems.map(({ code, message }) => `what is imported has the problem ${code} ${message}`),
      ...observed.gaps.map(({ code, message }) => `what is imported was read with the gap ${code} ${message}`),
      ...again.files.map(({ path }) => `a second import writes ${path}`),
      ...again.imported.edits.map((edit) => `a second import edits ${JSON.stringify(edit)}`),
      ...lost.map(({ key }) => `neither imported nor listed is ${key}`),
      // What is told is told of what stays out, and of that alone.
      ...[...told].filter((key) => facts.has(key)).map((key) => `both imported and listed as left out is ${key}`),
    ],
    declared: [...facts.keys()].filter((key) => observed.facts.has(key)).length,
  };
}
