import { digest } from '../core/digest.ts';
import { isLogin } from '../core/login.ts';
import { longestComment } from './comment.ts';
import { type Block, fitted, fixed } from './markup.ts';

/** The rolling issues: each is opened once, edited, and closed when there is nothing more to say. */
export type IssueKind = 'drift' | 'withheld' | 'expiring' | 'waiting' | 'incident' | 'stalled';

/** A rolling issue as it should be. */
export interface Issue {
  readonly kind: IssueKind;
  readonly title: string;
  readonly body: string;
  /** Changes only where the finding does: then a comment says so, and otherwise the edit is silent. */
  readonly fingerprint: string;
}

interface Draft {
  readonly title: string;
  /** What the finding is, whatever its dates and counts of retries. */
  readonly finding: readonly string[];
  readonly blocks: readonly Block[];
  readonly run: string | undefined;
  /** Short names of what the finding is about, for the next run to read: changes that are pending, commits. */
  readonly noted?: readonly string[];
}

/** An issue of its parts, behind the marker by which it is found again. */
export function issueOf(kind: IssueKind, { title, finding, blocks, run, noted = [] }: Draft): Issue {
  const fingerprint = digest(finding.toSorted().join('\n')).slice(0, 12);
  const where = run === undefined ? 'the job summary has all of it' : `[the job summary](${run}) has all of it`;
  const foot = run === undefined ? [] : [fixed('', `<sub>[full text](${run})</sub>`)];
  const body = fitted([fixed(`${markerOf(kind)}${fingerprint} -->`), ...blocks, ...foot], longestComment, where);
  return { kind, title, body: `${body}${noteOf(noted)}`, fingerprint };
}

/** Behind the text there is room for so much of GitHub's 65,536 characters. */
const longestNote = 5_000;
const noteStart = '\n<!-- meshgate:noted ';

function noteOf(noted: readonly string[]): string {
  const text = noted.toSorted().join(' ');
  return noted.length === 0 ? '' : `${noteStart}${text.length > longestNote ? '*' : text} -->\n`;
}

/** What a body notes for the next run; undefined where that was too much to be told apart. */
export function notedIn(body: string): ReadonlySet<string> | undefined {
  const start = body.lastIndexOf(noteStart);
  const text = start < 0 ? '' : (body.slice(start + noteStart.length).split(' -->')[0] ?? '');
  return text === '*' ? undefined : new Set(text.split(' ').filter((one) => /^[0-9a-f]{12,64}$/.test(one)));
}

const sealStart = '<!-- meshgate:sealed ';

/** A body with the seal of its text behind it. */
export function withSeal(text: string, seal: string): string {
  return `${text}${sealStart}${seal} -->\n`;
}

/** A body's text, as it was when it was sealed, and the seal; undefined where there is none. */
export function sealedIn(body: string): { readonly text: string; readonly seal: string } | undefined {
  // GitHub may give line ends back otherwise, and takes the last one off.
  const [, text, seal] =
    /^([\s\S]*)<!-- meshgate:sealed ([0-9a-f]{64}) -->\s*$/.exec(body.replaceAll('\r\n', '\n')) ?? [];
  return text === undefined || seal === undefined ? undefined : { text, seal };
}

/** How the body of a kind of issue begins. */
export function markerOf(kind: IssueKind): string {
  return `<!-- meshgate:${kind} `;
}

/** The fingerprint of an issue's finding as its body says; undefined where it says none. */
export function fingerprintIn(kind: IssueKind, body: string): string | undefined {
  const start = markerOf(kind);
  if (!body.startsWith(start)) return undefined;
  return /^([0-9a-f]{12}) -->/.exec(body.slice(start.length))?.[1];
}

/** A person, to be notified; nothing but a login is ever mentioned. */
export function mention(login: string): string {
  return isLogin(login) ? `@${login}` : '';
}
