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

/** Whether some name matches both globs. */
export function overlaps(a: string, b: string): boolean {
  const left = Array.from(a.toLowerCase());
  const right = Array.from(b.toLowerCase());
  const width = right.length + 1;
  const known = new Map<number, boolean>();
  const meet = (i: number, j: number): boolean => {
    const key = i * width + j;
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const found = compare(i, j);
    known.set(key, found);
    return found;
  };
  const compare = (i: number, j: number): boolean => {
    const x = left[i];
    const y = right[j];
    if (x === undefined && y === undefined) return true;
    if (x === '*') return meet(i + 1, j) || (y !== undefined && meet(i, j + 1));
    if (y === '*') return meet(i, j + 1) || (x !== undefined && meet(i + 1, j));
    if (x === undefined || y === undefined) return false;
    return (x === '?' || y === '?' || x === y) && meet(i + 1, j + 1);
  };
  return meet(0, 0);
}
