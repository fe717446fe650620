import type { Approver } from '../core/approvals.ts';
import type { Asking, Ending, Missing } from '../core/asking.ts';
import type { Plan } from '../core/plan.ts';
import { compareProblems, type Problem } from '../core/problem.ts';
import { type Line, linesOf } from './lines.ts';
import { type Block, fitted, fixed, folded, safe } from './markup.ts';
import { changeRows, removalsFirst, rowHead, takesAway } from './rows.ts';
import { counted, counts } from './words.ts';

/** What a pull request is told about what it changes. */
export interface PullReport {
  readonly base: string;
  readonly head: string;
  /** What the files change; undefined where that cannot be told. */
  readonly plan: Plan | undefined;
  /** Why it cannot be told. */
  readonly noPlan?: string;
  /** The plan against the lake as it is, or why there is none. */
  readonly live?: Plan | string;
  /** The changed files, each with whose approval it still needs. */
  readonly askings: readonly Asking[];
  /** Dates that a subscription's access ends on, where they change. */
  readonly endings: readonly Ending[];
  /** What is wrong with mesh files and code owners. */
  readonly problems: readonly Problem[];
  /** What GitHub was asked and did not say. */
  readonly unasked?: string;
  /** Names for principals. */
  readonly names: ReadonlyMap<string, string>;
  /** Where the full text is: the address of the run. */
  readonly run?: string;
}

/** The first line of the comment, by which it is found again among those of the same author. */
export const commentMarker = '<!-- meshgate:plan -->';

/** GitHub takes 65,536 characters (https://github.com/orgs/community/discussions/27190). */
export const longestComment = 60_000;

/** Rows that are shown before the rest is folded, product by product. */
const openRows = 15;

/** The comment on a pull request, within what GitHub takes; undefined where there is nothing to say. */
export function commentOf(report: PullReport): string | undefined {
  const { askings, problems, noPlan, run } = report;
  if (askings.length === 0 && problems.length === 0 && noPlan === undefined) return undefined;
  const where = run === undefined ? 'the job summary has all of it' : `[the job summary](${run}) has all of it`;
  const blocks = [
    fixed(commentMarker, `### ${verdictOf(report)}`),
    ...problemsPart(report),
    ...approvalPart(askings),
    ...endingsPart(report),
    ...changesPart(report),
    ...livePart(report),
    ...unknownPart(report),
    fixed('', footOf(report)),
  ];
  const text = fitted(blocks, longestComment, where);
  if (text.length <= longestComment) return text;
  return fitted(
    [fixed(commentMarker, `### ${verdictOf(report)}`, '', where, '', footOf(report))],
    longestComment,
    where,
  );
}

/** The comment where a pull request that had one has nothing to say any more. */
export function quietComment({ base, head }: Pick<PullReport, 'base' | 'head'>): string {
  return `${commentMarker}\n### Changes no mesh file any more\n\n${footOf({ base, head })}\n`;
}

/** The pull request in one line: what it changes, and whom it waits for. */
export function verdictOf({
  plan,
  noPlan,
  problems,
  askings,
}: Pick<PullReport, 'plan' | 'noPlan' | 'problems' | 'askings'>): string {
  if (problems.length > 0) return `Not valid: ${counted(problems.length, 'problem')}`;
  const missing = askings.flatMap((asking) => asking.missing);
  const groups = new Map(missing.map((one) => [keyOf(one), one]));
  const [only] = groups.values();
  const approvals = [...groups.values()].reduce((sum, { count }) => sum + count, 0);
  const against = askings.flatMap((asking) => asking.against);
  const waits =
    against.length > 0
      ? ` · ${namesText(against, ' and ')} asked for changes`
      : only === undefined
        ? askings.length === 0
          ? ''
          : ' · waits for nobody'
        : groups.size === 1
          ? ` · waits for ${peopleText(only)}`
          : ` · waits for ${counted(approvals, 'approval')}`;
  if (plan === undefined) return `${noPlan === undefined ? 'Changes no mesh file' : 'No plan'}${waits}`;
  const sensitive = plan.changes.filter(({ pii, after }) => pii && after !== undefined).length;
  const touching = sensitive === 0 ? '' : ` (${sensitive} of sensitive data)`;
  const refused = plan.refusals.reduce((sum, { changes }) => sum + changes.length, 0);
  const rest = [
    ...(plan.leftOut.length === 0 ? [] : [`, ${plan.leftOut.length} left out`]),
    ...(refused === 0 ? [] : [`, ${refused} that a guard would refuse`]),
  ].join('');
  return `${counts(plan)}${touching}${rest}${waits}`;
}

function problemsPart({ problems }: PullReport): readonly Block[] {
  if (problems.length === 0) return [];
  const rows = problems.toSorted(compareProblems).map(({ place, code, message, hint }) => {
    const at = place === undefined ? '' : `${safe(`${place.file}:${place.line}`)} `;
    return `- ${at}**${safe(code)}** ${safe(message, 400)}${hint === undefined ? '' : `; ${safe(hint, 400)}`}`;
  });
  return [{ head: [''], rows, foot: [], rank: 1 }];
}

function approvalPart(askings: readonly Asking[]): readonly Block[] {
  const groups = new Map<
    string,
    { readonly missing: Missing; readonly files: { asking: Asking; because: readonly string[] }[] }
  >();
  for (const asking of askings)
    for (const missing of asking.missing) {
      const known = groups.get(keyOf(missing)) ?? { missing, files: [] };
      known.files.push({ asking, because: missing.because });
      groups.set(keyOf(missing), known);
    }
  const rows = [...groups.values()].flatMap(({ missing, files }) => [
    `- **${peopleText(missing)}**, as ${safe(missing.role)}${objection(missing, files)}:`,
    ...files.map(({ asking, because }) => `  - ${safe(asking.file)} (${asking.what})${becauseText(because)}`),
  ]);
  const settled = askings
    .filter(({ missing, against }) => missing.length + against.length === 0)
    .map(({ file, what, settled: why = 'nobody is asked' }) => `- ${safe(file)} (${what}): ${safe(why)}`);
  const denied = askings
    .filter(({ against }) => against.length > 0)
    .map(({ file, against }) => `- **${namesText(against, ' and ')}** asked for changes: ${safe(file)}`);
  return [
    ...(denied.length === 0 ? [] : [{ head: ['', '**Denied, as it is**', ''], rows: denied, foot: [], rank: 2 }]),
    ...(rows.length === 0 ? [] : [{ head: ['', '**Still to approve**', ''], rows, foot: [], rank: 2 }]),
    ...folded(`Nothing to approve: ${counted(settled.length, 'file')}`, settled, { rank: 6 }),
  ];
}

/** That whoever is still to approve has asked for changes, where nobody else may approve instead. */
function objection({ people }: Missing, files: readonly { readonly asking: Asking }[]): string {
  const against = new Set(files.flatMap(({ asking }) => asking.against.map(({ id }) => id)));
  return people.length > 0 && people.every(({ id }) => against.has(id)) ? ', once that is answered' : '';
}

/** Tables with sensitive columns that are named before the rest is counted. */
const namedTables = 8;

function becauseText(because: readonly string[]): string {
  if (because.length === 0) return '';
  const more = because.length > namedTables ? `; and ${because.length - namedTables} more` : '';
  return `: ${because
    .slice(0, namedTables)
    .map((one) => safe(one))
    .join('; ')}${more}`;
}

function keyOf({ count, people, role }: Missing): string {
  return JSON.stringify([count, people.map(({ id }) => id), role]);
}

/** People that are named before the rest is counted. */
const namedPeople = 6;

function peopleText({ count, people }: Missing): string {
  if (people.length === 0) return 'nobody: the files name nobody who may';
  if (count >= people.length) return namesText(people, ' and ');
  return count === 1 ? namesText(people, ' or ') : `${count} of ${namesText(people, ', ')}`;
}

function namesText(people: readonly Approver[], between: string): string {
  const distinct = [...new Map(people.map((one) => [one.id, one])).values()];
  const named = distinct.slice(0, namedPeople).map(({ login }) => safe(`@${login}`, 40));
  const more = distinct.length > namedPeople ? [`${distinct.length - namedPeople} more`] : [];
  return [...named, ...more].join(between);
}

function endingsPart({ endings }: PullReport): readonly Block[] {
  if (endings.length === 0) return [];
  const rows = endings.map(
    ({ subscription, was, is }) => `- ${safe(subscription)}: ${safe(was ?? 'no end')} → **${safe(is ?? 'no end')}**`,
  );
  return [{ head: ['', '**Last day of access**', ''], rows, foot: [], rank: 3 }];
}

function changesPart({ plan, noPlan, names }: PullReport): readonly Block[] {
  if (plan === undefined) return noPlan === undefined ? [] : [fixed('', safe(noPlan, 2000))];
  const lines = linesOf(plan.changes);
  const refusals = plan.refusals.map(
    ({ code, message, hint }) => `- ${safe(code)} ${safe(message, 400)}; ${safe(hint, 400)}`,
  );
  return [
    ...tables(lines, names),
    ...(refusals.length === 0
      ? []
      : [{ head: ['', '**A guard would refuse**', ''], rows: refusals, foot: [], rank: 2 }]),
    ...folded(
      `Left out, for the product is additive: ${counted(plan.leftOut.length, 'change')}`,
      changeRows(linesOf(plan.leftOut), names),
      { rank: 7, head: rowHead },
    ),
  ];
}

/** One table where it is short; else one of what is taken away, and for each product a fold with what is given. */
function tables(lines: readonly Line[], names: ReadonlyMap<string, string>): readonly Block[] {
  const all = changeRows(removalsFirst(lines), names);
  const open = (rows: readonly string[]): readonly Block[] =>
    rows.length === 0 ? [] : [{ head: ['', ...rowHead], rows, foot: [], rank: 4 }];
  if (all.length <= openRows) return open(all);
  const given = lines.filter((line) => !takesAway(line));
  const products = [...new Set(given.map(({ product }) => product))];
  return [
    ...open(changeRows(lines.filter(takesAway), names)),
    ...products.flatMap((product) => {
      const rows = changeRows(
        given.filter((line) => line.product === product),
        names,
      );
      const count = counted(rows.length, 'row');
      return folded(`${product === '' ? 'the catalog' : product}: ${count}`, rows, { rank: 5, head: rowHead });
    }),
  ];
}

function livePart({ live, plan, names }: PullReport): readonly Block[] {
  if (live === undefined) return [];
  if (typeof live === 'string') return [fixed('', `Not compared with the lake: ${safe(live, 400)}`)];
  const rows = changeRows(removalsFirst(linesOf(live.changes)), names);
  const title = `With the lake as it is: ${counts(live)}`;
  if (rows.length === 0) return [fixed('', safe(title))];
  const asTold = plan === undefined ? [] : changeRows(removalsFirst(linesOf(plan.changes)), names);
  if (rows.join('\n') === asTold.join('\n')) return [fixed('', 'With the lake as it is: the same')];
  return folded(title, rows, { rank: 6, head: rowHead });
}

function unknownPart({ plan, unasked }: PullReport): readonly Block[] {
  const notes = (plan?.notes ?? []).map(({ message }) => message);
  const rows = [...notes, ...(unasked === undefined ? [] : [unasked])].map((one) => `- ${safe(one, 400)}`);
  return folded(`What the files alone do not tell: ${rows.length}`, rows, { rank: 8 });
}

function footOf({ base, head, live, run }: Pick<PullReport, 'base' | 'head' | 'live' | 'run'>): string {
  const against = typeof live === 'object' ? `; lake read ${safe(live.asOf)}` : '';
  const all = run === undefined ? '' : `; [full text](${run})`;
  return `<sub>${safe(base.slice(0, 12))} → ${safe(head.slice(0, 12))}${against}${all}</sub>`;
}
