import type { Hold } from '../core/hold.ts';
import type { Plan } from '../core/plan.ts';
import { linesOf } from './lines.ts';
import { clipped, safe } from './markup.ts';
import { sentence } from './request.ts';

/** An emergency cut as its pull request tells of it. */
export interface ShownHold {
  readonly hold: Pick<Hold, 'scope' | 'reason' | 'until'>;
  /** What it cuts now. */
  readonly plan: Pick<Plan, 'changes'>;
  /** Names of principals by identifier. */
  readonly names: ReadonlyMap<string, string>;
}

/** How many lines of a cut are told; the plan of the pull request's check has all of them. */
const mostLines = 200;

/** The title of a hold's pull request, which is also the first line of its commit. */
export function holdTitle({ hold: { scope, until } }: Pick<ShownHold, 'hold'>): string {
  return `Hold on ${clipped(scope, 150)} until ${until}`;
}

/** The body of a hold's pull request: why, what it cuts, and what becomes of it. */
export function holdMarkdown({ hold, plan, names }: ShownHold): string {
  const lines = linesOf(plan.changes).map((line) => `- ${safe(sentence(line, names), 250)}`);
  const more = lines.length - mostLines;
  return [
    ...hold.reason.split(/\r?\n/).map((line) => `> ${safe(line, 500)}`),
    '',
    '### What it cuts',
    '',
    ...(lines.length === 0 ? ['Nothing that is live now.'] : lines.slice(0, mostLines)),
    ...(more > 0 ? [`- and ${more} more`] : []),
    '',
    `This is cut at once. The hold lasts until ${hold.until}, whatever the files ask. While this pull request is open it`,
    'counts in the apply workflow where an administrator of the mesh opened it; merged, it counts everywhere. Closed without a',
    'merge, the access comes back with the next apply.',
    '',
  ].join('\n');
}
