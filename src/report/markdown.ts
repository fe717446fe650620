import type { Outcome } from '../core/outcome.ts';
import type { Change, LeftAlone, Plan, Withheld } from '../core/plan.ts';
import { byHandItems } from './by-hand.ts';
import { visible } from './excerpt.ts';
import { fenced } from './fence.ts';
import { openedHeading, openedPast, openedRemedy } from './left-alone.ts';
import { type Line, linesOf, objectText, optionText } from './lines.ts';
import { standingHeading, standingLines } from './standing.ts';
import { counted, headline, scopeText, verdict } from './words.ts';

/** Text made safe inside a Markdown table cell: nothing in it is a link, a mention, HTML or a cell's end. */
export function escapeMarkdown(text: string): string {
  return (
    visible(text)
      .replace(/[\\`*_{}[\]()#+!|~$]/g, '\\$&')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      // A zero-width joiner after the sign keeps it from naming a person, an issue, or starting an address.
      .replace(/@/g, '@\u200d')
      .replace(/:\/\//g, ':\u200d//')
      .replace(/\bGH-(?=\d)/gi, (start) => `${start.slice(0, -1)}\u200d-`)
      .replace(/www\./gi, (start) => `${start.slice(0, -1)}\u200d.`)
  );
}

/** A plan as Markdown: a verdict, a table with what is taken away first, the rest folded. */
export function planMarkdown(plan: Plan, names: ReadonlyMap<string, string>, title = 'Plan'): string {
  const { opened, others } = openedPast(plan.protected);
  return [
    `## ${title}: ${escapeMarkdown(verdict(plan).replace(/^Plan: /, ''))}`,
    '',
    escapeMarkdown(headline(title, plan)),
    ...scopeText(plan).flatMap((text) => ['', escapeMarkdown(text)]),
    ...changesTable(linesOf(plan.changes), names),
    ...withheldSection(plan.withheld, names),
    ...leftOutSection(plan.leftOut, names),
    ...list(
      'Refused',
      plan.refusals.map(
        ({ code, message, hint, changes }) => `${code} ${message}; ${hint} (${counted(changes.length, 'change')})`,
      ),
    ),
    ...plan.refusals.flatMap(({ yaml }) => (yaml === undefined ? [] : ['', ...fenced(yaml)])),
    ...list(standingHeading, standingLines(plan)),
    ...list(
      'Not read',
      plan.gaps.map(({ code, message, hint }) => `${code} ${message}${hint === undefined ? '' : `; ${hint}`}`),
    ),
    ...list(
      'Cannot be given as it is written',
      plan.problems.map(({ code, message, place }) => `${place.file}:${place.line} ${code} ${message}`),
    ),
    ...list(
      'To know',
      plan.notes.map(({ code, message, hint }) => `${code} ${message}${hint === undefined ? '' : `; ${hint}`}`),
    ),
    ...byHandItems(plan).flatMap(({ heading, fence }) => [
      '',
      `<details><summary>${heading}</summary>`,
      '',
      ...fence,
      '',
      '</details>',
    ]),
    ...openedSection(opened),
    ...folded('Unmanaged, left alone', plan.unmanaged, names),
    ...folded('Protected, never revoked', others, names),
    '',
  ].join('\n');
}

function changesTable(lines: readonly Line[], names: ReadonlyMap<string, string>): readonly string[] {
  if (lines.length === 0) return [];
  const takes = ({ verb }: Line): boolean => verb === 'revoke' || verb === 'delete';
  const sorted = [...lines.filter(takes), ...lines.filter((line) => !takes(line))];
  return [
    '',
    '| | what | on | for | product | because |',
    '|---|---|---|---|---|---|',
    ...sorted.map((line) => row(line, names)),
  ];
}

function row(line: Line, names: ReadonlyMap<string, string>): string {
  const classes = line.classes.map((one) => ` **${escapeMarkdown(one)}**`).join('');
  const because = line.places.map(({ file, line: at }) => `${file}:${at}`).join(', ');
  const isPlain = line.reason === 'desired' || line.reason === 'not desired';
  const why = [because === '' ? line.reason : `${because}${isPlain ? '' : ` (${line.reason})`}`, ...remarks(line)].join(
    '; ',
  );
  const cells = [`${line.what}${optionText(line)}`, line.on, nameOf(line.principal, names), line.product, why].map(
    escapeMarkdown,
  );
  const [what = '', ...rest] = cells;
  return `| ${line.verb} | ${what}${classes} | ${rest.join(' | ')} |`;
}

function remarks({ interrupts, note }: Line): readonly string[] {
  const pause = interrupts === undefined ? [] : [`access is interrupted for a moment: ${interrupts}`];
  return note === undefined ? pause : [...pause, note];
}

function withheldSection(withheld: readonly Withheld[], names: ReadonlyMap<string, string>): readonly string[] {
  if (withheld.length === 0) return [];
  const reasons = new Map<string, Withheld[]>();
  for (const one of withheld) {
    const key = `${one.reason}; ${one.remedy}`;
    reasons.set(key, [...(reasons.get(key) ?? []), one]);
  }
  const items = [...reasons].flatMap(([reason, group]) => [
    `- ${escapeMarkdown(reason)}`,
    ...linesOf(group.map(({ change }) => change)).map(
      (line) => `  - ${escapeMarkdown(`${line.verb} ${line.what} on ${line.on} for ${nameOf(line.principal, names)}`)}`,
    ),
  ]);
  return ['', `### Withheld: ${counted(withheld.length, 'change')} that must wait`, '', ...items];
}

function leftOutSection(leftOut: readonly Change[], names: ReadonlyMap<string, string>): readonly string[] {
  if (leftOut.length === 0) return [];
  const heading = `Left out, for the product is additive: ${leftOut.length}`;
  return ['', `<details><summary>${heading}</summary>`, ...changesTable(linesOf(leftOut), names), '', '</details>'];
}

function openedSection(opened: readonly LeftAlone[]): readonly string[] {
  const items = opened.map(
    ({ fact, note }) =>
      `${fact.kind === 'grant' ? `${fact.permission} on ` : ''}${objectText(fact)}: ${note}; ${openedRemedy}`,
  );
  return list(openedHeading, items);
}

function list(heading: string, items: readonly string[]): readonly string[] {
  return items.length === 0
    ? []
    : ['', `### ${heading}`, '', ...[...new Set(items)].map((item) => `- ${escapeMarkdown(item)}`)];
}

function folded(heading: string, facts: readonly LeftAlone[], names: ReadonlyMap<string, string>): readonly string[] {
  if (facts.length === 0) return [];
  const items = facts.map(({ fact, note }) => {
    const permission = fact.kind === 'grant' ? `${fact.permission} on ` : '';
    const whose = fact.kind === 'grant' ? ` for ${nameOf(fact.principal, names)}` : '';
    return `- ${escapeMarkdown(`${permission}${objectText(fact)}${whose}: ${note}`)}`;
  });
  return ['', `<details><summary>${heading}: ${facts.length}</summary>`, '', ...new Set(items), '', '</details>'];
}

function nameOf(principal: string, names: ReadonlyMap<string, string>): string {
  const name = names.get(principal);
  return name === undefined ? principal : `${name} (${principal})`;
}

/** The outcomes of a run as Markdown: the counts, then what did not succeed with its reason. */
export function outcomesMarkdown(plan: Plan, outcomes: readonly Outcome[], names: ReadonlyMap<string, string>): string {
  const counts = new Map<string, number>();
  for (const { status } of outcomes) counts.set(status, (counts.get(status) ?? 0) + 1);
  const summary = [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
  const troubled = outcomes.filter(({ status }) => status === 'failed' || status === 'skipped');
  const applied = linesOf(outcomes.filter(({ status }) => status === 'applied').map(({ change }) => change));
  return [
    `## Applied: ${summary === '' ? 'nothing to do' : summary}`,
    '',
    escapeMarkdown(headline('Apply', plan)),
    ...list(
      'Not done',
      troubled.flatMap(({ change, status, reason = '', hint }) =>
        linesOf([change]).map(
          (line) =>
            `${status}: ${line.verb} ${line.what} on ${line.on}: ${reason}${hint === undefined ? '' : `; ${hint}`}`,
        ),
      ),
    ),
    ...changesTable(applied, names),
    ...withheldSection(plan.withheld, names),
    '',
  ].join('\n');
}
