import type { Problem } from '../core/problem.ts';
import { escapeMarkdown } from './markdown.ts';

/** The first line of the one comment with which an issue is answered. */
export const intakeMarker = '<!-- meshgate:intake -->';

/** What became of an issue that asks for access. */
export type IntakeAnswer =
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  | { readonly kind: 'pull'; readonly number: number; readonly isNew: boolean }
  | { readonly kind: 'link'; readonly link: string; readonly isWhole: boolean }
  | { readonly kind: 'taken'; readonly number: number }
  | { readonly kind: 'done'; readonly number: number };

/** The comment that says so. */
export function intakeComment(answer: IntakeAnswer): string {
  return `${intakeMarker}\n${textOf(answer)}\n`;
}

function textOf(answer: IntakeAnswer): string {
  switch (answer.kind) {
    case 'problems':
      return [
        'This cannot be asked for as it stands. Edit the issue, and it is looked at again.',
        '',
        ...answer.problems.map(
          ({ code, message, hint }) =>
            `- \`${code}\` ${escapeMarkdown(hint === undefined ? message : `${message}; ${hint}`)}`,
        ),
      ].join('\n');
    case 'pull':
      return `#${answer.number} asks for this. It says what would be granted and who must approve; what is edited here changes it.`;
    case 'link':
      return [
        answer.isWhole
          ? `[Open the new file](${answer.link}), look it over, and propose it: that is the pull request.`
          : `The file is too long for a link. [Begin it](${answer.link}), and propose it: that is the pull request.`,
        '',
        'No app opens pull requests for this mesh, so that GitHub itself must know who asks.',
      ].join('\n');
    case 'taken':
      return `#${answer.number} is open from the branch that this request should have, and is not of the app that asks for it, so nothing was asked for. Have it closed, and edit this issue: then it is looked at again.`;
    case 'done':
      return `#${answer.number} asked for this and is closed, so nothing more comes of this issue. Open a new one to ask again.`;
  }
}
