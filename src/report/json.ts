import type { Outcome } from '../core/outcome.ts';
import type { Plan } from '../core/plan.ts';
import { compareProblems, type Problem } from '../core/problem.ts';

/** A plan as one JSON object; `schemas/plan.schema.json` describes it. */
export function planJson(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/** A plan with the outcomes of carrying it out, as one JSON object; `schemas/outcomes.schema.json` describes it. */
export function outcomesJson(plan: Plan, outcomes: readonly Outcome[]): string {
  return `${JSON.stringify({ format: 1, plan, outcomes }, null, 2)}\n`;
}

/** Problems as one JSON object. */
export function problemsJson(problems: readonly Problem[]): string {
  return `${JSON.stringify({ format: 1, problems: problems.toSorted(compareProblems) }, null, 2)}\n`;
}
