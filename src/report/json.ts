import type { Diagnosis } from '../core/diagnosis.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Plan } from '../core/plan.ts';
import { compareProblems, type Problem } from '../core/problem.ts';

/** A plan as one JSON object; `schemas/plan.schema.json` describes it. */
export function planJson(plan: Plan): string {
  return jsonText(plan);
}

/** A plan with the outcomes of carrying it out, as one JSON object; `schemas/outcomes.schema.json` describes it. */
export function outcomesJson(plan: Plan, outcomes: readonly Outcome[]): string {
  return jsonText({ format: 1, plan, outcomes });
}

/** Problems as one JSON object. */
export function problemsJson(problems: readonly Problem[]): string {
  return jsonText({ format: 1, problems: problems.toSorted(compareProblems) });
}

/** A diagnosis as one JSON object; `schemas/doctor.schema.json` describes it. */
export function diagnosisJson(diagnosis: Diagnosis): string {
  return jsonText(diagnosis);
}

/** JSON that a terminal shows as it is: what it would obey or hide is escaped. */
export function jsonText(value: object): string {
  const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value, null, 2).replaceAll(hidden, (text) => text.split('').map(escaped).join(''))}\n`;
}

// All but the line ends that JSON is laid out with.
const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
