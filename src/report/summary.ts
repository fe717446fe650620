import { commentOf, type PullReport } from './comment.ts';
import { planMarkdown } from './markdown.ts';

/** GitHub shows a summary of at most 1 MiB for each step (https://docs.github.com/en/actions/reference/limits). */
const longestSummary = 1_000_000;

/** The whole report for the job's summary: what the comment says, and behind it the plans in full. */
export function checkSummary(report: PullReport): string {
  const { plan, live, names } = report;
  const parts = [
    commentOf(report) ?? 'No mesh file changes.\n',
    ...(plan === undefined ? [] : [planMarkdown(plan, names, 'By the files alone')]),
    ...(typeof live === 'object' ? [planMarkdown(live, names, 'With the lake as it is')] : []),
  ];
  return cut(parts.join('\n'));
}

/** Whole lines, as far as they fit; a fold that is cut open hides nothing. */
function cut(text: string): string {
  const lines: string[] = [];
  let size = 0;
  for (const line of text.split('\n')) {
    size += utf8Length(line) + 1;
    if (size > longestSummary)
      return `${lines.join('\n')}\n\nToo long to be shown here; the artifact of the run has all of it.\n`;
    lines.push(line);
  }
  return text;
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
