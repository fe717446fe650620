import { RE2JS } from 're2js';

/** A name, a glob or an RE2 pattern, compiled; matching takes time linear in the text, whatever the pattern. */
export interface Pattern {
  readonly text: string;
  readonly matches: (name: string) => boolean;
}

/** Whether the text stands for several names: a glob, with `*` for any run and `?` for one character, or an RE2 pattern. */
export function isGlob(text: string): boolean {
  return isRe2(text) || /[*?]/.test(text);
}

/** Whether the text is an RE2 pattern between slashes, such as `/^order_[0-9]+$/`. */
export function isRe2(text: string): boolean {
  return text.length > 1 && text.startsWith('/') && text.endsWith('/');
}

/** Why an RE2 pattern cannot be used; undefined where it can. */
export function re2Fault(text: string): string | undefined {
  const source = text.slice(1, -1);
  if (!isWhole(source)) return 'does not speak of a whole name';
  try {
    RE2JS.compile(source);
    return undefined;
  } catch (thrown) {
    return `is no RE2 pattern: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}

/**
 * Whether a pattern begins with ^, ends with $, and has no alternatives but in brackets: so that whoever
 * thinks of a search and whoever thinks of the whole name read the same.
 */
function isWhole(source: string): boolean {
  if (!source.startsWith('^') || source.includes('\\Q')) return false;
  let depth = 0;
  let isInClass = false;
  let last = '';
  for (const [token] of source.matchAll(/\\?[\s\S]/g)) {
    if (token === '[') isInClass = true;
    else if (token === ']') isInClass = false;
    else if (isInClass) continue;
    else if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    else if (token === '|' && depth <= 0) return false;
    last = token;
  }
  return last === '$' && source.endsWith('$');
}

/** The text in the one spelling that comparisons take: names and globs in lower case, RE2 patterns as they are. */
export function foldText(text: string): string {
  return isRe2(text) ? text : text.toLowerCase();
}

/** Compiles a name or pattern; names fold to lower case, as Glue stores them. An RE2 pattern finds what it says, in any case. */
export function compilePattern(text: string): Pattern {
  if (isRe2(text)) {
    const compiled = RE2JS.compile(text.slice(1, -1), RE2JS.CASE_INSENSITIVE);
    return { text, matches: (name) => compiled.matcher(name.toLowerCase()).find() };
  }
  const folded = text.toLowerCase();
  if (!isGlob(folded)) return { text, matches: (name) => name.toLowerCase() === folded };
  const source = Array.from(folded, (character) => {
    if (character === '*') return '.*';
    return character === '?' ? '.' : RE2JS.quote(character);
  }).join('');
  const compiled = RE2JS.compile(source, RE2JS.DOTALL);
  return { text, matches: (name) => compiled.matches(name.toLowerCase()) };
}

/** Whether a name is any of these names, or matches any of these globs. */
export function matchesAny(texts: Iterable<string>): (name: string) => boolean {
  const all = [...texts];
  const names = new Set(all.filter((text) => !isGlob(text)).map((text) => text.toLowerCase()));
  const globs = all.filter(isGlob).map(compilePattern);
  return (name) => names.has(name.toLowerCase()) || globs.some((glob) => glob.matches(name));
}

/** Whether names match a regular expression as a whole, in time linear in the name; undefined where it is none. */
export function compileExpression(text: string): ((name: string) => boolean) | undefined {
  try {
    const compiled = RE2JS.compile(text, RE2JS.CASE_INSENSITIVE);
    return (name) => compiled.matches(name);
  } catch {
    return undefined;
  }
}

/** Whether some name matches both globs, neither an RE2 pattern: row by row over the ends of both, in time proportional to their lengths. */
export function overlaps(a: string, b: string): boolean {
  const left = Array.from(a.toLowerCase());
  const right = Array.from(b.toLowerCase());
  // below[j]: whether the rest of `left` behind this row and right[j..] share a name.
  let below: boolean[] = [];
  for (let i = left.length; i >= 0; i -= 1) {
    const row: boolean[] = [];
    for (let j = right.length; j >= 0; j -= 1) row[j] = share(left[i], right[j], [below[j], row[j + 1], below[j + 1]]);
    below = row;
  }
  return below[0] === true;
}

/** One step of `overlaps`: what the next characters allow, given the answers one further left, right, and in both. */
function share(
  x: string | undefined,
  y: string | undefined,
  [afterLeft, afterRight, afterBoth]: readonly [boolean | undefined, boolean | undefined, boolean | undefined],
): boolean {
  if (x === undefined && y === undefined) return true;
  if (x === '*') return afterLeft === true || (y !== undefined && afterRight === true);
  if (y === '*') return afterRight === true || (x !== undefined && afterLeft === true);
  if (x === undefined || y === undefined) return false;
  return (x === '?' || y === '?' || x === y) && afterBoth === true;
}
