/** A line of a CODEOWNERS file that counts. */
export interface Line {
  /** The line's number, from 1. */
  readonly number: number;
  readonly pattern: string;
  /** `@login`, `@organization/team` or an e-mail address; none where the line takes owners away. */
  readonly owners: readonly string[];
}

/** A line that GitHub passes over, as if it were not there. */
export interface SkippedLine {
  readonly number: number;
  readonly column: number;
  readonly why: string;
}

/** What a CODEOWNERS file says. */
export interface Lines {
  readonly lines: readonly Line[];
  readonly skipped: readonly SkippedLine[];
}

/**
 * Reads a CODEOWNERS file as GitHub does: a pattern and its owners on a line, comments from `#`, a space inside a
 * pattern behind a backslash; a line that is no good is skipped, and the rest counts
 * (https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-syntax).
 */
export function readLines(text: string): Lines {
  const lines: Line[] = [];
  const skipped: SkippedLine[] = [];
  for (const [index, whole] of text.split(/\r?\n/).entries()) {
    const number = index + 1;
    const tokens = tokensOf(whole);
    const [pattern, ...owners] = tokens;
    if (pattern === undefined) continue;
    const bad = patternFault(pattern.text) ?? ownerFault(owners);
    if (bad === undefined) lines.push({ number, pattern: pattern.text, owners: owners.map((one) => one.text) });
    else skipped.push({ number, column: (bad.token ?? pattern).column, why: bad.why });
  }
  return { lines, skipped };
}

interface Token {
  readonly text: string;
  readonly column: number;
}

/** What stands between spaces, up to a comment. */
function tokensOf(line: string): readonly Token[] {
  const comment = line.indexOf('#');
  const said = comment < 0 ? line : line.slice(0, comment);
  return Array.from(said.matchAll(/(?:\\[\s\S]?|[^\s\\])+/g), ({ 0: text, index }) => ({ text, column: index + 1 }));
}

interface LineFault {
  readonly token?: Token;
  readonly why: string;
}

/** No path that git can check out on common systems is longer. */
const longestPattern = 4096;

function patternFault(pattern: string): LineFault | undefined {
  if (pattern.length > longestPattern) return { why: 'a pattern cannot be longer than any path' };
  if (pattern.startsWith('!')) return { why: 'a pattern cannot be negated with !' };
  if (pattern.includes('***')) return { why: 'a pattern cannot have three asterisks in a row' };
  if (/(?<!\\)(?:\\\\)*\\$/.test(pattern)) return { why: 'a pattern cannot end in a backslash, nor hold a #' };
  return undefined;
}

function ownerFault(owners: readonly Token[]): LineFault | undefined {
  const token = owners.find(({ text }) => !isOwner(text));
  return (
    token && { token, why: `${token.text} is no owner: owners are @login, @organization/team, or an e-mail address` }
  );
}

function isOwner(text: string): boolean {
  return /^@[\w-]+(?:\/[\w.-]+)?$/.test(text) || /^[\w.%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(text);
}
