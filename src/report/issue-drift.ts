import type { Outcome } from '../core/outcome.ts';
import type { Plan } from '../core/plan.ts';
import { isTroubled, troubleText, withheldPart } from './comment-outcome.ts';
import { type Issue, issueOf } from './issue.ts';
import { linesOf } from './lines.ts';
import { type Block, fixed, safe } from './markup.ts';
import { driftRows, removalsFirst, rowHead } from './rows.ts';
import { counted, counts } from './words.ts';

interface Told {
  readonly names: ReadonlyMap<string, string>;
  /** The address of the run. */
  readonly run?: string;
}

/** The issue on drift: where the lake differs from the files, and how that is mended; undefined only after a complete and clean read. */
export function driftIssue(plan: Plan, { names, run }: Told): Issue | undefined {
  const { changes, gaps, refusals, problems } = plan;
  if (changes.length + gaps.length + refusals.length + problems.length === 0) return undefined;
  const rows = driftRows(removalsFirst(linesOf(changes)), names);
  const text = (code: string, message: string, more = ''): string =>
    `- **${safe(code)}** ${safe(message, 400)}${more === '' ? '' : `; ${safe(more, 400)}`}`;
  const blocks: readonly Block[] = [
    fixed(
      '',
      safe(`The lake is not as the mesh files say at ${plan.commit?.slice(0, 12) ?? 'this moment'}: ${counts(plan)}.`),
    ),
    ...listed(
      'Not read, so there may be more',
      gaps.map(({ code, message, hint }) => text(code, message, hint)),
    ),
    ...(rows.length === 0
      ? []
      : [{ head: ['', `${rowHead[0]} last changed |`, `${rowHead[1]}---|`], rows, foot: [], rank: 3 }]),
    ...listed(
      'A guard refuses',
      refusals.map(({ code, message, hint }) => text(code, message, hint)),
    ),
    ...listed(
      'Cannot be given as it is written',
      problems.map(({ code, message, place }) => text(code, `${place.file}:${place.line} ${message}`)),
    ),
    fixed(
      '',
      'What is in bold is there and nobody asked for it; the rest is missing, or different. To make the lake as the files say, run the workflow that applies, or:',
      '',
      '```sh',
      'meshgate apply',
      '```',
    ),
  ];
  return issueOf('drift', {
    title: `Drift: ${changes.length === 0 ? 'the lake could not be compared' : counts(plan)}`,
    finding: [
      ...changes.map(({ id }) => id),
      ...gaps.map(({ code, database = '', table = '' }) => `${code} ${database} ${table}`),
      ...refusals.map(({ code }) => code),
      ...problems.map(({ code, place }) => `${code} ${place.file}`),
    ],
    blocks,
    run,
  });
}

/** What a run left undone, and why. */
interface Undone extends Told {
  readonly outcomes?: readonly Outcome[];
}

/** The issue on what a run could not do: withheld, refused, failed; undefined where it did everything. */
export function withheldIssue({ withheld }: Plan, { names, run, outcomes = [] }: Undone): Issue | undefined {
  const troubled = outcomes.filter(isTroubled);
  const total = withheld.length + troubled.length;
  if (total === 0) return undefined;
  return issueOf('withheld', {
    title: `Withheld: ${counted(total, 'change')} that must wait`,
    finding: [
      ...withheld.map(({ change, code }) => `${change.id} ${code}`),
      ...troubled.map(({ change, status }) => `${change.id} ${status}`),
    ],
    blocks: [
      fixed('', 'The files ask for this, and it is not so: what is live stays as it is until the reason is gone.'),
      ...listed('Not done', troubled.map(troubleText)),
      ...withheldPart(withheld, names),
    ],
    run,
    noted: [...withheld.map(({ change }) => change.id), ...troubled.map(({ change }) => change.id)],
  });
}

function listed(title: string, rows: readonly string[]): readonly Block[] {
  const distinct = [...new Set(rows)];
  return distinct.length === 0 ? [] : [{ head: ['', `**${title}**`, ''], rows: distinct, foot: [], rank: 2 }];
}
