import type { Change, Note, Plan, Refusal, Withheld } from '../core/plan.ts';
import type { Gap, Refused } from '../core/state.ts';
import { byHandText } from './by-hand.ts';
import { visible } from './excerpt.ts';
import { leftAloneText } from './left-alone.ts';
import { type Line, linesOf } from './lines.ts';
import { changedBy, joined, type Looks, lineText, nameOf, type Pen, penFor } from './pen.ts';
import { standingHeading, standingLines } from './standing.ts';
import { counted, headline, scopeText, verdict } from './words.ts';

/** A plan as text for a terminal: what would be done by product and principal, then what waits and why. */
export function planText(plan: Plan, looks: Looks): string {
  const pen = penFor(looks);
  return joined([
    pen.paint.bold(visible(headline('Plan', plan))),
    ...scopeText(plan).map(visible),
    ...changesText(linesOf(plan.changes), pen),
    ...besideChanges(plan, pen),
    pen.paint.bold(verdict(plan)),
  ]);
}

/** What a plan says beside its changes. */
function besideChanges(plan: Plan, pen: Pen): readonly string[] {
  return [
    ...withheldText(plan.withheld, pen),
    ...leftOutText(plan.leftOut, pen),
    ...refusalsText(plan.refusals, pen),
    ...standingText(plan, pen),
    ...byHandText(plan, pen),
    ...gapsText(plan.gaps, pen),
    ...problemsText(plan.problems, pen),
    ...notesText(plan.notes, pen),
    ...leftAloneText(plan, pen),
  ];
}

/** Drift as text: what is missing, extra or different in the lake, and who changed it last. */
export function driftText(plan: Plan, looks: Looks): string {
  const pen = penFor(looks);
  const section = (title: string, verbs: readonly string[]): readonly string[] => {
    const changes = plan.changes.filter(({ verb }) => verbs.includes(verb));
    if (changes.length === 0) return [];
    return ['', pen.paint.bold(title), ...linesOf(changes).flatMap((line) => driftLine(line, pen))];
  };
  const isClean = [plan.changes, plan.withheld, plan.gaps, plan.refusals, plan.problems].every(
    ({ length }) => length === 0,
  );
  return joined([
    pen.paint.bold(visible(headline('Drift', plan))),
    ...section('Missing: the mesh files ask for it, and it is not there', ['grant', 'create']),
    ...section('Extra: it is there, and no mesh file asks for it', ['revoke', 'delete']),
    ...section('Different', ['replace', 'update']),
    ...besideChanges(plan, pen),
    isClean ? pen.paint.green(noDrift(plan)) : pen.paint.bold(verdict(plan)),
  ]);
}

function noDrift({ leftOut }: Plan): string {
  const rest = leftOut.length === 0 ? '' : `, but for ${counted(leftOut.length, 'change')} left out`;
  return `No drift: the lake is as the mesh files say${rest}.`;
}

function changesText(lines: readonly Line[], pen: Pen): readonly string[] {
  let product: string | undefined;
  let principal: string | undefined;
  return lines.flatMap((line) => {
    const head: string[] = [];
    if (line.product !== product)
      head.push('', pen.paint.bold(line.product === '' ? 'the catalog' : visible(line.product)));
    if (line.product !== product || line.principal !== principal) head.push(`  ${principalText(line.principal, pen)}`);
    product = line.product;
    principal = line.principal;
    return [...head, `    ${lineText(line, pen)}`, ...details(line, pen)];
  });
}

function details(line: Line, { paint, verbose }: Pen): readonly string[] {
  const places = line.places.map(({ file, line: at }) => `${file}:${at}`);
  return [
    ...(line.interrupts === undefined
      ? []
      : [`      ${paint.yellow(visible(`access is interrupted for a moment: ${line.interrupts}`))}`]),
    ...(line.note === undefined ? [] : [`      ${paint.yellow(visible(line.note))}`]),
    ...(verbose && places.length > 0 ? [`      ${paint.dim(visible(`because ${places.join(', ')}`))}`] : []),
    ...(line.updatedAt === undefined || line.verb === 'grant' ? [] : [`      ${paint.dim(visible(changedBy(line)))}`]),
  ];
}

function driftLine(line: Line, pen: Pen): readonly string[] {
  const whose = line.principal === '' ? '' : ` for ${visible(nameOf(line.principal, pen))}`;
  return [`  ${lineText(line, pen)}${whose}`, ...details(line, pen)];
}

function principalText(principal: string, pen: Pen): string {
  return principal === '' ? pen.paint.dim('in the catalog') : pen.paint.cyan(visible(nameOf(principal, pen)));
}

function withheldText(withheld: readonly Withheld[], pen: Pen): readonly string[] {
  if (withheld.length === 0) return [];
  const groups = new Map<string, Withheld[]>();
  for (const one of withheld) {
    const key = `${one.reason}\n${one.remedy}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const shown = [...groups.values()].flatMap((group) => withheldGroup(group, pen));
  return ['', pen.paint.bold(`Withheld: ${counted(withheld.length, 'change')} waiting`), ...shown];
}

/** How many lines of a section are shown unless more is asked for. */
const mostLines = 8;

function leftOutText(leftOut: readonly Change[], pen: Pen): readonly string[] {
  if (leftOut.length === 0) return [];
  const lines = linesOf(leftOut).map(
    (line) => `  ${lineText(line, pen)}${line.principal === '' ? '' : ` for ${visible(nameOf(line.principal, pen))}`}`,
  );
  const products = [...new Set(leftOut.flatMap(({ product }) => product ?? []))].sort().join(', ');
  return [
    '',
    pen.paint.bold(`Left out: ${counted(leftOut.length, 'change')} that would take something away`),
    ...shortened(lines, pen),
    `    ${visible(`additive: ${products}`)}`,
    `    ${pen.paint.yellow('set `enforce: full` in the product file to have this done')}`,
  ];
}

function notesText(notes: readonly Note[], pen: Pen): readonly string[] {
  if (notes.length === 0) return [];
  const lines = notes.flatMap(({ code, message, hint }) => [
    `  ${code} ${visible(message)}`,
    ...(hint === undefined ? [] : [`    ${pen.paint.yellow(visible(hint))}`]),
  ]);
  return ['', pen.paint.bold('To know'), ...shortened(lines, pen)];
}

function shortened(lines: readonly string[], { verbose, paint }: Pen): readonly string[] {
  const most = verbose ? lines.length : mostLines;
  const more = lines.length > most ? [paint.dim(`  … and ${lines.length - most} more (--verbose shows them)`)] : [];
  return [...lines.slice(0, most), ...more];
}

function withheldGroup(group: readonly Withheld[], pen: Pen): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const lines = linesOf(group.map(({ change }) => change)).map(
    (line) => `  ${lineText(line, pen)}${line.principal === '' ? '' : ` for ${visible(nameOf(line.principal, pen))}`}`,
  );
  return [...shortened(lines, pen), `    ${visible(first.reason)}`, `    ${pen.paint.yellow(visible(first.remedy))}`];
}

function refusalsText(refusals: readonly Refusal[], pen: Pen): readonly string[] {
  return refusals.flatMap(({ code, message, hint, yaml = '', changes }) => [
    '',
    pen.paint.bold(pen.paint.red(`Refused: ${code}`)),
    `  ${visible(message)}`,
    `  ${pen.paint.yellow(visible(hint))}`,
    ...yaml.split('\n').flatMap((line) => (line === '' ? [] : [`      ${pen.paint.cyan(visible(line))}`])),
    ...linesOf(changes).map(
      (line) =>
        `    ${lineText(line, pen)}${line.principal === '' ? '' : ` for ${visible(nameOf(line.principal, pen))}`}`,
    ),
  ]);
}

function standingText(plan: Plan, pen: Pen): readonly string[] {
  const lines = standingLines(plan).map((line) => `  ${visible(line)}`);
  return lines.length === 0 ? [] : ['', pen.paint.bold(standingHeading), ...lines];
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
