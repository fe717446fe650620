import type { Diagnosis } from '../core/diagnosis.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Plan } from '../core/plan.ts';

/** What a command found, as far as its exit code goes. */
export interface Findings {
  readonly isIncomplete: boolean;
  readonly isRefused: boolean;
  readonly isWithheld: boolean;
  readonly isDifferent: boolean;
}

/** The exit code: where several findings hold, incomplete counts before refused, withheld and different. */
export function exitCode({ isIncomplete, isRefused, isWithheld, isDifferent }: Findings): 0 | 2 | 3 | 4 | 5 {
  if (isIncomplete) return 5;
  if (isRefused) return 3;
  if (isWithheld) return 4;
  return isDifferent ? 2 : 0;
}

/** The findings of a plan that is only shown. */
export function planFindings(plan: Plan, asksForDifferences: boolean): Findings {
  return {
    isIncomplete: plan.gaps.length > 0,
    isRefused: plan.refusals.length > 0,
    isWithheld: false,
    isDifferent: asksForDifferences && plan.changes.length > 0,
  };
}

/** The findings of a drift report: what is withheld, or cannot be given, is a difference, too. */
export function driftFindings(plan: Plan): Findings {
  const isDifferent = plan.changes.length > 0 || plan.withheld.length > 0 || plan.problems.length > 0;
  return { ...planFindings(plan, true), isDifferent };
}

/** The findings of a run. */
export function applyFindings(plan: Plan, outcomes: readonly Outcome[]): Findings {
  const has = (...statuses: readonly string[]): boolean => outcomes.some(({ status }) => statuses.includes(status));
  return {
    isIncomplete: plan.gaps.length > 0 || has('failed', 'skipped'),
    isRefused: has('refused'),
    isWithheld: has('withheld') || plan.problems.length > 0,
    isDifferent: false,
  };
}

/** The exit code of a diagnosis: notes, and what only doing would prove, leave it at 0. */
export function diagnosisExit({ checks }: Diagnosis): 0 | 1 | 2 | 5 {
  const found = checks.flatMap((check) => (check.result === 'finding' && check.severity !== 'note' ? [check] : []));
  const isSetup = ({ code, severity }: (typeof found)[number]): boolean =>
    severity === 'error' && (code === 'MESH_FILES' || code === 'IDENTITY');
  if (found.some(isSetup)) return 1;
  if (checks.some((check) => check.result === 'unchecked' && !check.onlyByDoing)) return 5;
  return found.length > 0 ? 2 : 0;
}
