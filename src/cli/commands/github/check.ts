import { randomUUID } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { ForgeFailure } from '../../../core/forge.ts';
import { annotations, uncommanded } from '../../../report/annotations.ts';
import { commentMarker, commentOf, type PullReport, quietComment, verdictOf } from '../../../report/comment.ts';
import { jsonText } from '../../../report/json.ts';
import { checkSummary } from '../../../report/summary.ts';
import type { Console } from '../../console.ts';
import { type LakeOptions, SetupProblem } from '../../options.ts';
import { type PullEvent, pullEvent } from '../../pull-event.ts';
import { reportOn } from '../../pull-report.ts';
import { settings } from '../../record.ts';

/** Options of `github check`. */
interface CheckOptions extends LakeOptions {
  /** Where the whole report is written, as JSON. */
  readonly output?: string;
}

/** What a workflow runs on every pull request: validates, plans, and says in one comment what changes and who must approve. */
export async function checkCommand(options: CheckOptions, console: Console): Promise<number> {
  const event = pullEvent(console);
  const report = await reportOn(event, options, console);
  console.out(annotations(report.problems));
  if (options.output !== undefined) save(options.output, reportJson(event, report));
  summarise(checkSummary(report), console);
  const told = await tell(report, event, { options, console });
  console.out(uncommanded(`${verdictOf(report)}\n${told}\n`, randomUUID()));
  return report.problems.length === 0 ? 0 : 1;
}

function reportJson({ number }: PullEvent, { names: _, plan, ...report }: PullReport): string {
  return jsonText({ format: 1, pull: number, ...report, plan: plan ?? null });
}

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (thrown) {
    throw new SetupProblem('NOT_WRITTEN', `${file} cannot be written (${String(thrown)})`, 'give another --output');
  }
}

/** The summary of the job, where there is one (https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions). */
function summarise(text: string, { env }: Console): void {
  const file = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (file !== '') appendFileSync(file, text);
}

interface Setting {
  readonly options: CheckOptions;
  readonly console: Console;
}

/** Says it on the pull request, and answers what became of that. */
async function tell(report: PullReport, event: PullEvent, { options, console }: Setting): Promise<string> {
  if ((console.env['GITHUB_TOKEN'] ?? '') === '') return 'No comment: GITHUB_TOKEN is not set.';
  const reach = settings(options, console.env);
  const [owner = '', repo = ''] = reach.repository.split('/');
  const { clientOf } = await import('../../../github/client.ts');
  const { keepComment } = await import('../../../github/comments.ts');
  try {
    const kept = await keepComment(clientOf(reach), {
      place: { owner, repo },
      issue: event.number,
      marker: commentMarker,
      body: commentOf(report),
      otherwise: quietComment(report),
    });
    if (kept !== 'not allowed') return `Comment: ${kept}.`;
    const why = event.isFork
      ? 'a pull request from a fork gets a token that only reads'
      : 'the job lacks `pull-requests: write`';
    return `No comment, for ${why}; the job summary has all of it.`;
  } catch (thrown) {
    if (!(thrown instanceof ForgeFailure)) throw thrown;
    return `No comment: ${thrown.message}; the job summary has all of it.`;
  }
}
