import { visible } from './excerpt.ts';
import { escapeMarkdown } from './markdown.ts';

/** Text made safe inside HTML that GitHub shows: no tag, no mention, no reference to an issue. */
export function escapeHtml(text: string): string {
  return visible(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/["'`|\\]/g, (sign) => `&#${sign.codePointAt(0)};`)
    .replace(/[@#]/g, '$&\u200d')
    .replace(/:\/\//g, ':\u200d//')
    .replace(/www\./gi, (start) => `${start.slice(0, -1)}\u200d.`)
    .replace(/\bGH-/gi, (start) => `${start.slice(0, -1)}\u200d-`);
}

/** A text cut to a length, so that no value of a file can crowd the rest out. */
export function clipped(text: string, most = 200): string {
  const signs = Array.from(text.slice(0, most * 2 + 1));
  return signs.length <= most ? text : `${signs.slice(0, most - 1).join('')}…`;
}

/** A text of a file, cut and made safe. */
export function safe(text: string, most?: number): string {
  return escapeMarkdown(clipped(text, most));
}

/** A part of a document: what is always said, and rows that may be left out where there is no room. */
export interface Block {
  readonly head: readonly string[];
  readonly rows: readonly string[];
  readonly foot: readonly string[];
  /** Rows of a higher rank are left out first. */
  readonly rank: number;
}

/** Lines that are never left out. */
export function fixed(...lines: readonly string[]): Block {
  return { head: lines, rows: [], foot: [], rank: 0 };
}

/** Rows behind a heading, in a fold; nothing where there are none. */
export function folded(
  summary: string,
  rows: readonly string[],
  { rank, head = [] }: { rank: number; head?: readonly string[] },
): readonly Block[] {
  if (rows.length === 0) return [];
  const start = ['', `<details><summary>${escapeHtml(summary)}</summary>`, '', ...head];
  return [{ head: start, rows, foot: ['', '</details>'], rank }];
}

/**
 * Puts parts together within a length, measured in UTF-16 units: rows go first, of the highest rank first, from the
 * end, and a part that has none left goes with them. What is always said is on the caller to keep short.
 */
export function fitted(blocks: readonly Block[], limit: number, where: string): string {
  const kept = blocks.map(({ rows }) => rows.length);
  let length = blocks.reduce((sum, { head, rows, foot }) => sum + sizeOf([...head, ...rows, ...foot]), 0);
  const order = blocks.map((_, index) => index).sort((a, b) => rankAt(blocks, b) - rankAt(blocks, a) || b - a);
  // One line for a part that is cut, and one for all that are gone.
  const told = sizeOf(['', leftOut(Number.MAX_SAFE_INTEGER, where)]) * 2;
  const room = length > limit ? limit - told : limit;
  for (const index of order) {
    const { rows, head, foot } = blocks[index] ?? fixed();
    while (length > room && (kept[index] ?? 0) > 0) {
      kept[index] = (kept[index] ?? 0) - 1;
      length -= sizeOf([rows[kept[index] ?? 0] ?? '']);
      if (kept[index] === 0) length -= sizeOf([...head, ...foot]);
    }
  }
  const isGone = (index: number): boolean => kept[index] === 0 && (blocks[index]?.rows.length ?? 0) > 0;
  const gone = blocks.reduce((sum, { rows }, index) => sum + (isGone(index) ? rows.length : 0), 0);
  const last = blocks.length - 1;
  const lines = blocks.flatMap(({ head, rows, foot }, index) => {
    if (isGone(index)) return [];
    const left = rows.length - (kept[index] ?? 0);
    const more = left === 0 ? [] : [...(isTable(rows) ? [''] : []), leftOut(left, where)];
    const before = index === last && gone > 0 ? ['', leftOut(gone, where)] : [];
    return [...before, ...head, ...rows.slice(0, kept[index]), ...more, ...foot];
  });
  return `${lines.join('\n')}\n`;
}

function rankAt(blocks: readonly Block[], index: number): number {
  return blocks[index]?.rank ?? 0;
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

function isTable([row = '']: readonly string[]): boolean {
  return row.startsWith('|');
}

function leftOut(count: number, where: string): string {
  return `_${count} more left out here; ${where}_`;
}
