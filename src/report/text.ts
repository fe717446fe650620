import pc from 'picocolors';
import type { Outcome, Status } from '../core/outcome.ts';
import type { LeftAlone, Plan, Refusal, Withheld } from '../core/plan.ts';
import type { Gap, Refused } from '../core/state.ts';
import { visible } from './excerpt.ts';
import { type Line, linesOf, objectText } from './lines.ts';
import { counted, headline, verdict } from './words.ts';

/** How text is to look. */
export interface Looks {
  readonly colour: boolean;
  /** Names for principals, shown beside their identifiers. */
  readonly names: ReadonlyMap<string, string>;
  /** Show where in the files each change comes from, and every fact left alone. */
  readonly verbose: boolean;
}

type Paint = ReturnType<typeof pc.createColors>;

interface Pen extends Looks {
  readonly paint: Paint;
}

/** A plan as text for a terminal: what would be done by product and principal, then what waits and why. */
export function planText(plan: Plan, looks: Looks): string {
  const pen = { ...looks, paint: pc.createColors(looks.colour) };
  return joined([
    pen.paint.bold(visible(headline('Plan', plan))),
    ...changesText(linesOf(plan.changes), pen),
    ...withheldText(plan.withheld, pen),
    ...refusalsText(plan.refusals, pen),
    ...gapsText(plan.gaps, pen),
    ...problemsText(plan.problems, pen),
    ...leftAloneText(plan, pen),
    pen.paint.bold(verdict(plan)),
  ]);
}

/** Drift as text: what is missing, extra or different in the lake, and who changed it last. */
export function driftText(plan: Plan, looks: Looks): string {
  const pen = { ...looks, paint: pc.createColors(looks.colour) };
  const section = (title: string, verbs: readonly string[]): readonly string[] => {
    const changes = plan.changes.filter(({ verb }) => verbs.includes(verb));
    if (changes.length === 0) return [];
    return ['', pen.paint.bold(title), ...linesOf(changes).flatMap((line) => driftLine(line, pen))];
  };
  const isClean = plan.changes.length === 0 && plan.withheld.length === 0 && plan.gaps.length === 0;
  return joined([
    pen.paint.bold(visible(headline('Drift', plan))),
    ...section('Missing: the mesh files ask for it, and it is not there', ['grant', 'create']),
    ...section('Extra: it is there, and no mesh file asks for it', ['revoke', 'delete']),
    ...section('Different', ['replace', 'update']),
    ...withheldText(plan.withheld, pen),
    ...refusalsText(plan.refusals, pen),
    ...gapsText(plan.gaps, pen),
    ...problemsText(plan.problems, pen),
    ...leftAloneText(plan, pen),
    '',
    isClean ? pen.paint.green('No drift: the lake is as the mesh files say.') : pen.paint.bold(verdict(plan)),
  ]);
}

/** The outcomes of a run as text: what did not succeed in full, and the counts. */
export function outcomesText(outcomes: readonly Outcome[], looks: Looks): string {
  const pen = { ...looks, paint: pc.createColors(looks.colour) };
  const shown: readonly Status[] = ['failed', 'skipped'];
  const troubled = shown.flatMap((status) => {
    const of = outcomes.filter((outcome) => outcome.status === status);
    return of.length === 0 ? [] : ['', pen.paint.bold(title(status)), ...troubles(of, pen)];
  });
  const counts = new Map<Status, number>();
  for (const { status } of outcomes) counts.set(status, (counts.get(status) ?? 0) + 1);
  const summary = statuses.flatMap((status) => (counts.has(status) ? [`${counts.get(status)} ${statusWords[status]}`] : []));
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
    ...linesOf(group.map(({ change }) => change)).map((line) => `  ${lineText(line, pen)}`),
    `    ${pen.paint.red(visible(reason))}`,
  ]);
}

function changesText(lines: readonly Line[], pen: Pen): readonly string[] {
  let product: string | undefined;
  let principal: string | undefined;
  return lines.flatMap((line) => {
    const head: string[] = [];
    if (line.product !== product) head.push('', pen.paint.bold(line.product === '' ? 'the catalog' : line.product));
    if (line.product !== product || line.principal !== principal) head.push(`  ${principalText(line.principal, pen)}`);
    product = line.product;
    principal = line.principal;
    return [...head, `    ${lineText(line, pen)}`, ...details(line, pen)];
  });
}

function lineText(line: Line, { paint }: Pen): string {
  const option =
    line.withGrantOption.length === 0
      ? ''
      : line.withGrantOption.join(', ') === line.what
        ? ' with grant option'
        : ` with grant option on ${line.withGrantOption.join(', ')}`;
  const text = visible(`${signs[line.verb]} ${line.verb.padEnd(7)} ${line.what} on ${line.on}${option}`);
  const marks = [
    ...line.classes.map((one) => paint.magenta(` [${one}]`)),
    ...(line.reason === 'desired' || line.reason === 'not desired' ? [] : [paint.yellow(` (${line.reason})`)]),
  ].join('');
  return `${painted(line, paint)(text)}${marks}`;
}

const signs: Readonly<Record<Line['verb'], string>> = { grant: '+', create: '+', revoke: '-', delete: '-', replace: '~', update: '~' };

function painted({ verb }: Line, paint: Paint): (text: string) => string {
  if (verb === 'grant' || verb === 'create') return paint.green;
  return verb === 'revoke' || verb === 'delete' ? paint.red : paint.yellow;
}

function details(line: Line, { paint, verbose }: Pen): readonly string[] {
  const places = line.places.map(({ file, line: at }) => `${file}:${at}`);
  return [
    ...(line.interrupts === undefined ? [] : [`      ${paint.yellow(`access is interrupted for a moment: ${line.interrupts}`)}`]),
    ...(verbose && places.length > 0 ? [`      ${paint.dim(visible(`because ${places.join(', ')}`))}`] : []),
    ...(line.updatedAt === undefined || line.verb === 'grant' ? [] : [`      ${paint.dim(visible(changedBy(line)))}`]),
  ];
}

function driftLine(line: Line, pen: Pen): readonly string[] {
  const whose = line.principal === '' ? '' : ` for ${visible(nameOf(line.principal, pen))}`;
  return [`  ${lineText(line, pen)}${whose}`, ...details(line, pen)];
}

function changedBy({ updatedAt, updatedBy }: { updatedAt?: string; updatedBy?: string }): string {
  return `last changed ${updatedAt ?? ''}${updatedBy === undefined ? '' : ` by ${updatedBy}`}`;
}

function principalText(principal: string, pen: Pen): string {
  return principal === '' ? pen.paint.dim('nobody in particular') : pen.paint.cyan(visible(nameOf(principal, pen)));
}

function nameOf(principal: string, { names }: Pen): string {
  const name = names.get(principal);
  return name === undefined ? principal : `${name} (${principal})`;
}

function withheldText(withheld: readonly Withheld[], pen: Pen): readonly string[] {
  if (withheld.length === 0) return [];
  const groups = new Map<string, Withheld[]>();
  for (const one of withheld) {
    const key = `${one.reason}\n${one.remedy}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const shown = [...groups.values()].flatMap((group) => withheldGroup(group, pen));
  return ['', pen.paint.bold(`Withheld: ${counted(withheld.length, 'change')} that must wait`), ...shown];
}

function withheldGroup(group: readonly Withheld[], pen: Pen): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const lines = linesOf(group.map(({ change }) => change)).map(
    (line) => `  ${lineText(line, pen)}${line.principal === '' ? '' : ` for ${visible(nameOf(line.principal, pen))}`}`,
  );
  const most = pen.verbose ? lines.length : 8;
  const more = lines.length > most ? [pen.paint.dim(`  … and ${lines.length - most} more (--verbose shows them)`)] : [];
  return [...lines.slice(0, most), ...more, `    ${visible(first.reason)}`, `    ${pen.paint.yellow(visible(first.remedy))}`];
}

function refusalsText(refusals: readonly Refusal[], pen: Pen): readonly string[] {
  return refusals.flatMap(({ code, message, hint, changes }) => [
    '',
    pen.paint.bold(pen.paint.red(`Refused: ${code}`)),
    `  ${visible(message)}`,
    `  ${pen.paint.yellow(visible(hint))}`,
    ...linesOf(changes).map((line) => `    ${lineText(line, pen)}${line.principal === '' ? '' : ` for ${visible(nameOf(line.principal, pen))}`}`),
  ]);
}

function gapsText(gaps: readonly Gap[], pen: Pen): readonly string[] {
  if (gaps.length === 0) return [];
  return [
    '',
    pen.paint.bold(pen.paint.red('Not read')),
    ...gaps.flatMap(({ code, message, hint }) => [
      `  ${code} ${visible(message)}`,
      ...(hint === undefined ? [] : [`    ${pen.paint.yellow(visible(hint))}`]),
    ]),
  ];
}

function problemsText(problems: readonly Refused[], pen: Pen): readonly string[] {
  if (problems.length === 0) return [];
  const lines = problems.map(({ code, message, hint, place }) => {
    const remedy = hint === undefined ? '' : `; ${hint}`;
    return `  ${visible(`${place.file}:${place.line}:${place.column} ${code} ${message}${remedy}`)}`;
  });
  return ['', pen.paint.bold('Cannot be given as it is written'), ...new Set(lines)];
}

function leftAloneText(plan: Plan, pen: Pen): readonly string[] {
  return [
    ...leftAlone('Unmanaged: on a declared product, and left alone', plan.unmanaged, pen),
    ...leftAlone('Protected: never revoked', plan.protected, pen),
    ...(plan.outside === 0 ? [] : ['', pen.paint.dim(`${counted(plan.outside, 'other permission')} in the lake concern nothing this mesh declares`)]),
    '',
  ];
}

function leftAlone(heading: string, facts: readonly LeftAlone[], pen: Pen): readonly string[] {
  if (facts.length === 0) return [];
  const groups = new Map<string, LeftAlone[]>();
  for (const one of facts) {
    const key = [one.fact.kind === 'grant' ? one.fact.principal : '', objectText(one.fact), one.note].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return ['', pen.paint.bold(heading), ...[...groups.values()].flatMap((group) => leftAloneGroup(group, pen))];
}

function leftAloneGroup(group: readonly LeftAlone[], pen: Pen): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const permissions = [...new Set(group.flatMap(({ fact }) => (fact.kind === 'grant' ? [fact.permission] : [])))].join(', ');
  const whose = first.fact.kind === 'grant' ? ` for ${nameOf(first.fact.principal, pen)}` : '';
  const changed = first.updatedAt === undefined ? [] : [`    ${pen.paint.dim(visible(changedBy(first)))}`];
  return [
    `  ${visible(`${permissions === '' ? '' : `${permissions} on `}${objectText(first.fact)}${whose}`)}`,
    `    ${pen.paint.dim(visible(first.note))}`,
    ...changed,
  ];
}

function joined(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
