/** A position in a mesh file; line and column start at 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Whether both are one position. */
export function isSamePlace(a: Place, b: Place): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

/** Something wrong with what people wrote: a value, collected and shown with all others. */
export interface Problem {
  /** UPPER_CASE, stable, documented in the README's table of problems. */
  readonly code: string;
  /** What is wrong, as a sentence without a full stop. */
  readonly message: string;
  readonly place?: Place;
  /** What would be right. */
  readonly hint?: string;
  /** The text of the offending line, for the caret. */
  readonly excerpt?: string;
}

/** Orders problems by file, line, column, code and message, so that output never depends on reading order. */
export function compareProblems(a: Problem, b: Problem): number {
  const [x, y] = [a.place, b.place];
  return (
    compareText(x?.file ?? '', y?.file ?? '') ||
    (x?.line ?? 0) - (y?.line ?? 0) ||
    (x?.column ?? 0) - (y?.column ?? 0) ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}

/** Orders text by code unit, the same in every locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
