import { compilePattern, foldText, isGlob, isRe2, overlaps, type Pattern } from '../core/pattern.ts';

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

/** What every name that the text stands for begins with, as far as it is plain to see, in lower case. */
export function literalPrefix(text: string): string {
  if (isRe2(text)) return re2Prefix(text.slice(1, -1));
  return text.slice(0, Math.max(0, text.search(/[*?]|$/))).toLowerCase();
}

// An alternative may begin otherwise, and what stands before a quantifier may be absent.
function re2Prefix(source: string): string {
  if (source.includes('|')) return '';
  const [plain = ''] = /(?<=^\^)[A-Za-z0-9_-]*/.exec(source) ?? [];
  const isSure = ['$', '.', '[', '(', '\\'].includes(source.charAt(plain.length + 1));
  return (isSure ? plain : plain.slice(0, -1)).toLowerCase();
}

/** Whether two names or patterns have a name in common; of two patterns, one of them RE2, whether they may have. */
export function meet(a: string, b: string): boolean {
  const [left, right] = [foldText(a), foldText(b)];
  if (left === right) return true;
  if (!isGlob(left)) return isGlob(right) && patternOf(right).matches(left);
  if (!isGlob(right)) return patternOf(left).matches(right);
  const [x, y] = [literalPrefix(left), literalPrefix(right)];
  return (x.startsWith(y) || y.startsWith(x)) && (isRe2(left) || isRe2(right) || overlaps(left, right));
}
