import { readFile } from 'node:fs/promises';
import type { Declaration } from '../declare/declaration.ts';
import type { Hold } from '../declare/files.ts';
import { holdTexts, patternFaults } from '../declare/limits.ts';
import { parse } from '../declare/parse.ts';
import { checkScope } from '../declare/rules/dated.ts';
import { checkSchema } from '../declare/schema.ts';
import type { PlacedHold } from '../desire/safety.ts';
import { MeshProblems } from './mesh-problems.ts';
import { SetupProblem } from './options.ts';

/** Holds from a file beside the mesh; throws `MeshProblems` where it is not as its schema says, or names what is not there. */
export async function holdsFile(file: string, declaration: Declaration): Promise<readonly PlacedHold[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new SetupProblem('NO_HOLDS_FILE', `${file} cannot be read: ${why}`, 'give another file with --holds');
  }
  const { value, positions, problems } = parse({ file, path: file, blob: '', text });
  if (problems.length > 0 || positions === undefined) throw new MeshProblems(problems);
  const faults = checkSchema('Holds', file, { value, positions });
  if (faults.length > 0) throw new MeshProblems(faults);
  const { holds } = value as { readonly holds: readonly Hold[] };
  const wrong = [
    ...patternFaults(holdTexts(holds)).map(({ path, ...fault }) => ({
      ...fault,
      place: { file, ...positions.at(path) },
    })),
    ...holds.flatMap(({ scope }, index) =>
      checkScope(declaration, scope, (part) => ({ file, ...positions.at(['holds', index, 'scope', part]) })),
    ),
  ];
  if (wrong.length > 0) throw new MeshProblems(wrong);
  return holds.map((hold, index) => ({ value: hold, place: { file, ...positions.at(['holds', index]) } }));
}
