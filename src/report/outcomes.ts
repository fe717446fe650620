import type { Outcome, Status } from '../core/outcome.ts';
import { visible } from './excerpt.ts';
import { linesOf } from './lines.ts';
import { joined, type Looks, lineText, nameOf, type Pen, penFor } from './pen.ts';

/** The outcomes of a run as text: what did not succeed in full, and the counts. */
export function outcomesText(outcomes: readonly Outcome[], looks: Looks): string {
  const pen = penFor(looks);
  const shown: readonly Status[] = ['failed', 'skipped'];
  const troubled = shown.flatMap((status) => {
    const of = outcomes.filter((outcome) => outcome.status === status);
    return of.length === 0 ? [] : ['', pen.paint.bold(title(status)), ...troubles(of, pen)];
  });
  const counts = new Map<Status, number>();
  for (const { status } of outcomes) counts.set(status, (counts.get(status) ?? 0) + 1);
  const summary = statuses.flatMap((status) =>
    counts.has(status) ? [`${counts.get(status)} ${statusWords[status]}`] : [],
  );
  return joined([...troubled, summary.length === 0 ? 'Nothing to do.' : `Done: ${summary.join(', ')}.`]);
}

const statuses: readonly Status[] = ['applied', 'already', 'withheld', 'refused', 'failed', 'skipped'];

const statusWords: Readonly<Record<Status, string>> = {
  applied: 'applied',
  already: 'already so',
  withheld: 'withheld',
  refused: 'refused',
  failed: 'failed',
  skipped: 'skipped',
};

function title(status: Status): string {
  return status === 'failed' ? 'Failed' : 'Skipped';
}

function troubles(outcomes: readonly Outcome[], pen: Pen): readonly string[] {
  const byReason = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const reason = outcome.reason ?? '';
    byReason.set(reason, [...(byReason.get(reason) ?? []), outcome]);
  }
  return [...byReason].flatMap(([reason, group]) => [
    ...linesOf(group.map(({ change }) => change)).map(
      (line) =>
        `  ${lineText(line, pen)}${line.principal === '' ? '' : ` for ${visible(nameOf(line.principal, pen))}`}`,
    ),
    `    ${pen.paint.red(visible(reason))}`,
    ...(group[0]?.hint === undefined ? [] : [`    ${pen.paint.yellow(visible(group[0].hint))}`]),
  ]);
}
