import { planMarkdown } from '../../../report/markdown.ts';
import { planText } from '../../../report/text.ts';
import type { Console } from '../../console.ts';
import { prepareMerged, savePlan } from '../../saved/merge.ts';
import { type GitHubApplyOptions, lookFirst, summarise } from './main-run.ts';

/** Options of `github plan`. */
interface GitHubPlanOptions extends GitHubApplyOptions {
  readonly merge: readonly string[];
  readonly out: string;
}

/**
 * Plans main as `github apply` does, from what was observed in parts, and saves the plan. Exit code 0 where there is one:
 * what it lacks or waits for `github report` tells, when all that can be done is done.
 */
export async function planCommand({ merge, out, ...options }: GitHubPlanOptions, console: Console): Promise<number> {
  const first = await lookFirst(options, console);
  const prepared = await prepareMerged(merge, first.prepares, { options: first.options, console });
  await savePlan(out, prepared, console);
  const { planned, names } = prepared;
  console.out(planText(planned.plan, { colour: false, names, verbose: options.verbose }));
  summarise(planMarkdown(planned.plan, names), console);
  return 0;
}
