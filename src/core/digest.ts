import { createHash } from 'node:crypto';

/** The SHA-256 of text, in hexadecimal. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const atOnce = 1000;

/** The SHA-256 of a line of text for each item, in hexadecimal. */
export function digestOfLines<T>(items: readonly T[], lineOf: (item: T) => string): string {
  const hash = createHash('sha256');
  // Piece by piece: the text of a large lake would be hundreds of megabytes.
  for (let start = 0; start < items.length; start += atOnce) {
    const lines = items.slice(start, start + atOnce).map(lineOf);
    hash.update(`${start === 0 ? '' : '\n'}${lines.join('\n')}`);
  }
  return hash.digest('hex');
}
