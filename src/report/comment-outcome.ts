import type { Outcome, Status } from '../core/outcome.ts';
import type { ByHand, Withheld } from '../core/plan.ts';
import { byHandItems } from './by-hand.ts';
import { commentMarker, longestComment } from './comment.ts';
import { linesOf } from './lines.ts';
import { type Block, fitted, fixed, folded, safe } from './markup.ts';
import { changeRows, removalsFirst, rowHead } from './rows.ts';
import { counted } from './words.ts';

/** What a run made of a merged pull request. */
export interface MergedReport {
  /** The commit that was applied. */
  readonly commit: string;
  /** When, ISO. */
  readonly asOf: string;
  /** The outcomes of the changes that the pull request caused. */
  readonly outcomes: readonly Outcome[];
  readonly withheld: readonly Withheld[];
  /** What is left to people in their own accounts of what the pull request asked for. */
  readonly byHand?: readonly ByHand[];
  readonly names: ReadonlyMap<string, string>;
  /** The address of the run. */
  readonly run?: string;
}

const order: readonly Status[] = ['failed', 'skipped', 'refused', 'withheld', 'applied', 'already'];

/** The comment of a pull request after its merge, in place of what was planned: what did not come about first. */
export function outcomeComment({ commit, asOf, outcomes, withheld, byHand = [], names, run }: MergedReport): string {
  const where = run === undefined ? 'the job summary has all of it' : `[the job summary](${run}) has all of it`;
  const of = (status: Status): readonly Outcome[] => outcomes.filter((outcome) => outcome.status === status);
  const counts = order.flatMap((status) => (of(status).length === 0 ? [] : [`${of(status).length} ${words[status]}`]));
  const isDone = outcomes.every(({ status }) => status === 'applied' || status === 'already');
  const verdict =
    counts.length === 0
      ? 'Merged: nothing was to be done'
      : `${isDone ? 'Applied' : 'Not all applied'}: ${counts.join(', ')}`;
  const troubled = outcomes.filter(isTroubled);
  const rows = changeRows(removalsFirst(linesOf(of('applied').map(({ change }) => change))), names);
  const blocks: readonly Block[] = [
    fixed(commentMarker, `### ${verdict}`),
    ...listed('Not done', troubled.map(troubleText)),
    ...withheldPart(withheld, names),
    ...(rows.length <= 15
      ? rows.length === 0
        ? []
        : [{ head: ['', ...rowHead], rows, foot: [], rank: 3 }]
      : folded(`Applied: ${counted(rows.length, 'row')}`, rows, { rank: 3, head: rowHead })),
    // One row each: a fence that is cut in the middle would not end.
    ...byHandItems({ byHand }).flatMap(({ heading, fence }) => folded(heading, [fence.join('\n')], { rank: 4 })),
    fixed(
      '',
      `<sub>${safe(commit.slice(0, 12))} applied ${safe(asOf)}${run === undefined ? '' : `; [full text](${run})`}</sub>`,
    ),
  ];
  return fitted(blocks, longestComment, where);
}

/** Whether a change should have come about, and did not. */
export function isTroubled({ status }: Outcome): boolean {
  return status === 'failed' || status === 'skipped' || status === 'refused';
}

const words: Readonly<Record<Status, string>> = {
  applied: 'applied',
  already: 'already so',
  withheld: 'withheld',
  refused: 'refused',
  failed: 'failed',
  skipped: 'skipped',
};

/** One change that did not come about, and why. */
export function troubleText({ change, status, reason = '', hint }: Outcome): string {
  const [line] = linesOf([change]);
  const what = line === undefined ? '' : `${line.verb} ${line.what} on ${line.on}`;
  return `- **${status}**: ${safe(what, 400)}: ${safe(reason, 400)}${hint === undefined ? '' : `; ${safe(hint, 400)}`}`;
}

/** What waits, under the reason that it waits for. */
export function withheldPart(withheld: readonly Withheld[], names: ReadonlyMap<string, string>): readonly Block[] {
  const groups = new Map<string, Withheld[]>();
  for (const one of withheld) {
    const key = JSON.stringify([one.reason, one.remedy]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const rows = [...groups.values()].flatMap((group) => {
    const [first] = group;
    const lines = linesOf(group.map(({ change }) => change));
    return [
      `- ${safe(first?.reason ?? '', 600)}`,
      `  - **to do**: ${safe(first?.remedy ?? '', 600)}`,
      ...lines.map(
        ({ verb, what, on, principal }) =>
          `  - ${safe(`${verb} ${what} on ${on} for ${names.get(principal) ?? principal}`, 400)}`,
      ),
    ];
  });
  return listed('Withheld', rows);
}

function listed(title: string, rows: readonly string[]): readonly Block[] {
  return rows.length === 0 ? [] : [{ head: ['', `**${title}**`, ''], rows, foot: [], rank: 2 }];
}
