import type { Approver } from '../core/approvals.ts';
import { mention } from './issue.ts';

/** The first line of the comment that says who denied a request. */
export const denialMarker = '<!-- meshgate:denial -->';

/** Why a request comes to nothing as it stands. */
export type Denial =
  | { readonly kind: 'changes requested'; readonly by: readonly Approver[] }
  | { readonly kind: 'closed'; readonly by: Approver }
  | { readonly kind: 'withdrawn'; readonly by: Approver };

/** The comment that says so. */
export function denialComment(denial: Denial): string {
  return `${denialMarker}\n${textOf(denial)}\n`;
}

/** What becomes of that comment where nobody stands in the way any more. */
export const undenied = `${denialMarker}\nNobody whose approval is needed asks for changes any more.\n`;

function textOf(denial: Denial): string {
  if (denial.kind === 'withdrawn') return `Withdrawn by ${nameOf(denial.by)}, who asked for it.`;
  if (denial.kind === 'closed')
    return `Denied by ${nameOf(denial.by)}, who closed it without merging it. Nothing is granted.`;
  const who = denial.by.map(nameOf).join(' and ');
  return `Denied as it stands: ${who}, whose approval is needed, asked for changes. Change it and ask for another review, or close it.`;
}

function nameOf({ login }: Approver): string {
  return mention(login) || 'somebody whose account is gone';
}
