import type { Problem } from '../core/problem.ts';
import type { RequestFlags } from './flags.ts';

/** How the answer to a question of the form is read. */
type Kind = 'line' | 'lines' | 'words';

/** The questions of the issue form (`.github/ISSUE_TEMPLATE/access-request.yml`), by their labels, in its order. */
export const questions: Readonly<Record<string, { readonly flag: keyof RequestFlags; readonly kind: Kind }>> = {
  Product: { flag: 'product', kind: 'line' },
  Consumer: { flag: 'as', kind: 'line' },
  Name: { flag: 'name', kind: 'line' },
  Tables: { flag: 'table', kind: 'lines' },
  Columns: { flag: 'column', kind: 'lines' },
  'Columns to leave out': { flag: 'exclude', kind: 'lines' },
  Rows: { flag: 'rows', kind: 'line' },
  Permissions: { flag: 'permission', kind: 'words' },
  Principals: { flag: 'principal', kind: 'lines' },
  'Resource link': { flag: 'import', kind: 'line' },
  Region: { flag: 'region', kind: 'line' },
  Readers: { flag: 'reader', kind: 'lines' },
  Expires: { flag: 'expires', kind: 'line' },
  Purpose: { flag: 'purpose', kind: 'line' },
};

/** What GitHub writes where a question was left open. */
const noAnswer = '_No response_';

/**
 * What the body of an issue made with the form asks for. GitHub writes each question as `### Label` with the answer
 * below; a label that comes twice may have been typed into an answer, so that nobody knows which of the two is meant.
 * Source: https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms.
 */
export function flagsIn(body: string): { readonly flags: RequestFlags; readonly problems: readonly Problem[] } {
  const answers = new Map<string, string[]>();
  const problems: Problem[] = [];
  let label: string | undefined;
  for (const line of body.split(/\r?\n/)) {
    const heading = /^### (.+?)\s*$/.exec(line)?.[1];
    if (heading === undefined || !Object.hasOwn(questions, heading)) {
      if (label !== undefined) answers.get(label)?.push(line);
      continue;
    }
    if (answers.has(heading))
      problems.push({
        code: 'FORM_TWICE',
        message: `the issue has the heading "### ${heading}" twice`,
        hint: 'leave the headings of the form as they are',
      });
    label = heading;
    answers.set(heading, []);
  }
  const missing = Object.keys(questions).filter((one) => !answers.has(one));
  if (missing.length > 0)
    problems.push({
      code: 'FORM_CHANGED',
      message: `the issue lacks the headings ${missing.join(', ')}`,
      hint: 'open a new issue with the form',
    });
  return { flags: Object.fromEntries([...answers].flatMap(([one, lines]) => flagOf(one, lines))), problems };
}

function flagOf(label: string, lines: readonly string[]): readonly (readonly [string, unknown])[] {
  const question = questions[label];
  const said = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (question === undefined || said.length === 0 || (said.length === 1 && said[0] === noAnswer)) return [];
  if (question.kind === 'line') return [[question.flag, said.join(' ')]];
  // A list may have been written as one.
  const items = said.map((line) => line.replace(/^[-*] (?=\S)/, ''));
  return [
    [
      question.flag,
      question.kind === 'lines' ? items : items.flatMap((item) => item.split(/[\s,]+/)).filter((item) => item !== ''),
    ],
  ];
}
