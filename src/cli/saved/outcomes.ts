import type { Outcome } from '../../core/outcome.ts';
import type { Run } from '../../reconcile.ts';
import type { Console } from '../console.ts';
import { save } from './file.ts';
import { stampOf } from './stamp.ts';

/** Saves what became of a plan, or of a part of it, for the report on all of it. */
export async function saveOutcomes(
  file: string,
  { outcomes, ...run }: Pick<Run, 'declaration' | 'commit'> & { readonly outcomes: readonly Outcome[] },
  { env }: Console,
): Promise<void> {
  await save(file, 'outcomes', { ...stampOf(run), outcomes }, env);
}
