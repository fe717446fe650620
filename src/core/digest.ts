import { createHash } from 'node:crypto';

/** The SHA-256 of text, in hexadecimal. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const atOnce = 1000;

/** The SHA-256 of lines of text, in hexadecimal. */
export function digestOfLines(lines: readonly string[]): string {
  const hash = createHash('sha256');
  // Piece by piece: the text of a large lake would be hundreds of megabytes.
  for (let start = 0; start < lines.length; start += atOnce)
    hash.update(`${start === 0 ? '' : '\n'}${lines.slice(start, start + atOnce).join('\n')}`);
  return hash.digest('hex');
}
