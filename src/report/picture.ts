import type { PictureRow, Plan } from '../core/plan.ts';
import { visible } from './excerpt.ts';
import { escapeMarkdown } from './markdown.ts';
import { joined, type Looks, type Pen, penFor } from './pen.ts';
import { counted, headline, scopeText } from './words.ts';

/** What the lake holds, product by product, as a table for a terminal. */
export function pictureText(plan: Plan, looks: Looks): string {
  const pen = penFor(looks);
  return joined([
    pen.paint.bold(visible(headline('Picture', plan))),
    ...scopeText(plan).map(visible),
    '',
    ...table(plan, pen),
    '',
    ...legend(plan).map((line) => pen.paint.dim(line)),
  ]);
}

/** The same as Markdown. */
export function pictureMarkdown(plan: Plan): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [
    '## Picture of the lake',
    '',
    escapeMarkdown(headline('Picture', plan)),
    ...scopeText(plan).flatMap((line) => ['', escapeMarkdown(line)]),
    '',
    row(heads),
    '|---|---|--:|--:|--:|--:|',
    ...[...plan.picture.map(cellsOf), totalOf(plan.picture)].map(row),
    '',
    ...legend(plan).map((line) => `- ${escapeMarkdown(line)}`),
    '',
  ].join('\n');
}

const heads = ['', 'enforce', 'managed', 'unmanaged', 'protected', 'left out'] as const;

function table(plan: Plan, { paint }: Pen): readonly string[] {
  const rows = [...plan.picture.map(cellsOf), totalOf(plan.picture)];
  const widths = heads.map((head, index) => Math.max(head.length, ...rows.map((cells) => cells[index]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index < 2 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('──');
  return [
    paint.bold(line(heads)),
    paint.dim(rule),
    ...plan.picture.map((row) => painted(row, paint)(line(cellsOf(row)))),
    paint.dim(rule),
    line(totalOf(plan.picture)),
  ];
}

/** What asks for a look stands out: strangers, and what waits for `full`. */
function painted({ unmanaged, leftOut, isGone }: PictureRow, paint: Pen['paint']): (text: string) => string {
  if (unmanaged + leftOut > 0) return paint.yellow;
  return isGone ? paint.dim : (text) => text;
}

/** A row as cells: what the numbers are of, then the numbers, an empty cell for none. */
function cellsOf(row: PictureRow): readonly string[] {
  const { product, enforce, isGone, managed, unmanaged, protected: kept, leftOut } = row;
  const name = product === undefined ? 'on no product' : `${visible(product)}${isGone ? ' (gone)' : ''}`;
  return [name, product === undefined ? '' : enforce, ...[managed, unmanaged, kept, leftOut].map(numberText)];
}

/** The sums of all rows, as cells. */
function totalOf(rows: readonly PictureRow[]): readonly string[] {
  const sum = (of: (row: PictureRow) => number): string => numberText(rows.reduce((all, row) => all + of(row), 0));
  return [
    'in all',
    '',
    sum(({ managed }) => managed),
    sum(({ unmanaged }) => unmanaged),
    sum((row) => row.protected),
    sum(({ leftOut }) => leftOut),
  ];
}

function numberText(count: number): string {
  return count === 0 ? '·' : count.toLocaleString('en-US');
}

/** What the columns mean. */
function legend({ outside }: Plan): readonly string[] {
  return [
    'Counted are permissions, each grant option for itself, and data cells filters and parameters.',
    'managed    declared in this mesh, or once declared: granted and revoked as the files say',
    'unmanaged  on a declared product, for a principal that no file declares: revoked under `exclusive` alone',
    'protected  administrators, creators, IAM_ALLOWED_PRINCIPALS and the like: never revoked',
    'left out   what `additive` does not take away, and `full` would',
    outside === null
      ? 'outside    not counted: the lake was read resource by resource'
      : `outside    ${counted(outside, 'other fact')} in the lake concern nothing this mesh declares`,
  ];
}
