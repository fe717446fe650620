import { existsSync } from 'node:fs';
import { heldBack, type Outcome } from '../../core/outcome.ts';
import type { Plan } from '../../core/plan.ts';
import type { Run } from '../../reconcile.ts';
import type { Console } from '../console.ts';
import { filesIn, load, type SavedPlan, save } from './file.ts';
import { mustFit, other, stampOf } from './stamp.ts';

/** Saves what became of a plan, or of a part of it, for the report on all of it. */
export async function saveOutcomes(
  file: string,
  { run, plan, outcomes }: { readonly run: Run; readonly plan: Plan; readonly outcomes: readonly Outcome[] },
  console: Console,
): Promise<void> {
  await save(file, 'outcomes', { ...stampOf(run, console), asOf: plan.asOf, outcomes }, console.env);
}

/** What became of all of a plan, by what its parts have left; that of which none tells was not tried. */
export async function loadOutcomes(
  paths: readonly string[],
  saved: SavedPlan,
  { env }: Console,
): Promise<readonly Outcome[]> {
  const told: Outcome[] = [];
  // Where no part has left anything, nobody has made the folder for it.
  for (const file of await filesIn(paths.filter(existsSync), 'outcomes')) {
    const part = await load(file, 'outcomes', env);
    mustFit(file, part, saved);
    if (part.asOf !== saved.plan.asOf)
      throw other(`${file} is of a plan of ${part.asOf}, and the plan is of ${saved.plan.asOf}`);
    told.push(...part.outcomes);
  }
  const known = new Set(told.map(({ change }) => change.id));
  const untold = [...saved.plan.changes.map(missing), ...heldBack(saved.plan)];
  return [...told, ...untold.filter(({ change }) => !known.has(change.id))];
}

function missing(change: Outcome['change']): Outcome {
  return { change, status: 'skipped', reason: 'the part of the run that it belongs to has left no word' };
}
