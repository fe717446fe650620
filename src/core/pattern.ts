import { RE2JS } from 're2js';

/** A name or a glob, compiled; matching takes time linear in the text, whatever the pattern. */
export interface Pattern {
  readonly text: string;
  readonly matches: (name: string) => boolean;
}

/** Whether the text holds a glob character: `*` for any run, `?` for one character. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

/** Compiles a name or glob; names fold to lower case, as Glue stores them. */
export function compilePattern(text: string): Pattern {
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

/** Whether some name matches both globs: row by row over the ends of both, in time proportional to their lengths. */
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
