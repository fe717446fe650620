import type { KnownError } from './known-errors/known-error.ts';
import { knownErrors } from './known-errors/known-errors.ts';

/** What a service answered: its code, where that is known apart, and its text. */
export interface Answered {
  readonly code?: string;
  readonly text: string;
}

/**
 * The explanation of what AWS answered, or undefined for what is not known. Pieces of text are looked for as they
 * are, in any case: no pattern ever runs over a text from outside.
 */
export function explain({ code, text }: Answered): KnownError | undefined {
  const lower = text.toLowerCase();
  const has = (piece: string): boolean => lower.includes(piece.toLowerCase());
  return knownErrors.find(({ codes, texts }) => {
    // A whole error line, as a command line prints it, holds the code in its text.
    const isCode = codes.some((one) => (code === undefined ? has(one) : one === code));
    const isText = texts.some((pieces) => pieces.every(has));
    if (codes.length === 0) return isText;
    return texts.length === 0 ? isCode : isText && (isCode || code === undefined);
  });
}

/** The explanation of what a service answered in one line, for a hint. */
export function explanation(answered: Answered): string | undefined {
  const known = explain(answered);
  return known === undefined ? undefined : `${known.means}: ${known.cause}; ${known.remedy}`;
}
