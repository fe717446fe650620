import { compilePattern, isGlob, overlaps, type Pattern } from '../core/pattern.ts';

const compiled = new Map<string, Pattern>();

/** The pattern of a text, compiled once. */
export function patternOf(text: string): Pattern {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  // A mesh has few patterns; a long-lived process must not keep those of every mesh.
  if (compiled.size > 10_000) compiled.clear();
  const pattern = compilePattern(text);
  compiled.set(text, pattern);
  return pattern;
}

/** What comes before the first glob character, in lower case. */
export function literalPrefix(text: string): string {
  return text.slice(0, Math.max(0, text.search(/[*?]|$/))).toLowerCase();
}

/** Whether two names or globs have a name in common. */
export function meet(a: string, b: string): boolean {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  if (left === right) return true;
  if (!isGlob(left)) return isGlob(right) && patternOf(right).matches(left);
  if (!isGlob(right)) return patternOf(left).matches(right);
  const [x, y] = [literalPrefix(left), literalPrefix(right)];
  return (x.startsWith(y) || y.startsWith(x)) && overlaps(left, right);
}
