/** One line of a CODEOWNERS file that says something. */
export interface OwnersLine {
  readonly line: number;
  readonly source: string;
  readonly pattern: string;
  readonly matches: (path: string) => boolean;
  readonly owners: readonly { readonly name: string; readonly column: number }[];
}

/** What GitHub says of a line that it cannot use. */
export interface OwnersFault {
  readonly line: number;
  readonly column: number;
  readonly source: string;
  readonly kind: string;
  readonly message: string;
}

/** A CODEOWNERS file, read: lines that are wrong are left out, and said to be. */
export interface Owners {
  readonly lines: readonly OwnersLine[];
  readonly faults: readonly OwnersFault[];
}

/** Where GitHub looks, first found wins (https://docs.github.com/articles/about-code-owners). */
export const places: readonly string[] = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
/** From this size on GitHub loads nothing of the file. */
export const tooLarge = 3 * 1024 * 1024;

export function readOwners(text: string): Owners {
  const lines: OwnersLine[] = [];
  const faults: OwnersFault[] = [];
  for (const [index, source] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const [first, ...rest] = tokens(source);
    if (first === undefined) continue;
    const line = index + 1;
    const fault = (kind: string, column: number) =>
      faults.push({
        line,
        column,
        source,
        kind,
        message: `${kind} on line ${line}\n\n  ${source}\n  ${' '.repeat(column - 1)}^`,
      });
    const matches = matcher(first.text);
    const wrong = rest.find(({ text }) => !isOwner(text));
    if (matches === undefined) fault('Invalid pattern', first.column);
    else if (wrong !== undefined) fault('Invalid owner', wrong.column);
    else
      lines.push({
        line,
        source,
        pattern: first.text,
        matches,
        owners: rest.map(({ text, column }) => ({ name: text, column })),
      });
  }
  return { lines, faults };
}

/** Who owns a path: the owners of the last line that matches, which may be nobody. */
export function ownersOf({ lines }: Owners, path: string): OwnersLine | undefined {
  return lines.findLast((line) => line.matches(path));
}

/** Words between blanks; a backslash keeps a blank in a word, and `#` ends the line. */
function tokens(source: string): readonly { readonly text: string; readonly column: number }[] {
  const found: { text: string; column: number }[] = [];
  for (const match of source.matchAll(/(?:\\.|[^\s\\])+\\?/g)) {
    if (match[0].startsWith('#')) break;
    found.push({ text: match[0], column: match.index + 1 });
  }
  return found;
}

function isOwner(text: string): boolean {
  return /^@[\w.-]+(\[bot\])?(\/[\w.-]+)?$/.test(text) || /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text);
}

/** The test of a pattern, case-sensitive; undefined for one that GitHub calls invalid. */
function matcher(written: string): ((path: string) => boolean) | undefined {
  if (written.startsWith('!') || written.startsWith('\\#') || written.includes('***')) return undefined;
  const anchored = written.replace(/\/$/, '').includes('/');
  const directory = written.endsWith('/');
  const segments = written.replace(/^\//, '').replace(/\/$/, '').split('/');
  let source = anchored || segments[0] === '**' ? '^' : '^(?:.*/)?';
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '**') source += last ? '.*' : '(?:.*/)?';
    else source += segmentSource(segment) + (last ? '' : '/');
  }
  const end = segments.at(-1);
  // `docs/*` is what lies in docs itself, and no deeper; `docs` is a file, or all in a folder.
  if (directory) source += '/.*$';
  else if (end === '**' || (end === '*' && anchored)) source += '$';
  else source += '(?:/.*)?$';
  const pattern = new RegExp(source, 's');
  return (path) => pattern.test(path);
}

function segmentSource(segment: string): string {
  return segment.replace(/\\(.)|([*?])|([^\w])/gs, (_, escaped?: string, wild?: string, other?: string) => {
    if (wild !== undefined) return wild === '?' ? '[^/]' : '[^/]*';
    return `\\${(escaped ?? other ?? '').replace(/^\w$/, '')}`.replace(/^\\$/, escaped ?? '\\\\');
  });
}
