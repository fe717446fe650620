import { applyFindings, exitCode } from '../../../report/exit.ts';
import { outcomesText } from '../../../report/outcomes.ts';
import type { Console } from '../../console.ts';
import { principalNames } from '../../load.ts';
import { loadSaved } from '../../saved/carry.ts';
import { loadOutcomes } from '../../saved/outcomes.ts';
import { type GitHubApplyOptions, lookFirst, tell } from './main-run.ts';

/** Options of `github report`. */
interface GitHubReportOptions extends GitHubApplyOptions {
  readonly plan: string;
  readonly outcomes: readonly string[];
}

/** Tells what became of a plan that was carried out in parts, as `github apply` tells it of its own; with its exit codes. */
export async function reportCommand(given: GitHubReportOptions, console: Console): Promise<number> {
  const { plan: file, outcomes: paths, ...options } = given;
  const { run, saved } = await loadSaved({ mesh: options.mesh, plan: file }, console);
  const outcomes = await loadOutcomes(paths, saved, console);
  const names = principalNames(run.declaration);
  console.out(outcomesText(outcomes, { colour: false, names, verbose: options.verbose }));
  const code = exitCode(applyFindings(saved.plan, outcomes));
  return tell(await lookFirst(options, console), { plan: saved.plan, outcomes, names, code }, console);
}
