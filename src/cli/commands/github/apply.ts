import type { Console } from '../../console.ts';
import { prepareFor } from '../../prepare.ts';
import { carryOutPlan, waitsOf } from '../apply.ts';
import { type GitHubApplyOptions, lookFirst, tell } from './main-run.ts';

/**
 * Makes the lake as main says, and reports to the pull requests that asked, to the issue of what waits, and to the
 * issue of incidents. Where GitHub does not answer, what needs no proof is done even so. Exit code 0 also where
 * something was withheld: that is reported where people look, and no fault of the run.
 */
export async function applyCommand(given: GitHubApplyOptions, console: Console): Promise<number> {
  const first = await lookFirst(given, console);
  const prepared = await prepareFor(first.prepares, first.options, console);
  const waits = waitsOf(console.env['MESHGATE_READ_BACK']);
  const { code, outcomes } = await carryOutPlan({ ...prepared, waits }, first.options, console);
  const { planned, names } = prepared;
  return tell(first, { plan: planned.plan, outcomes, names, code }, console);
}
