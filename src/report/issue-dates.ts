import type { Approver } from '../core/approvals.ts';
import { type Issue, issueOf, mention } from './issue.ts';
import { fixed, safe } from './markup.ts';
import { counted } from './words.ts';

/** Access that ends soon. */
export interface Expiring {
  readonly subscription: string;
  /** The file, from the top of the repository. */
  readonly file: string;
  /** The last day, `YYYY-MM-DD`. */
  readonly expires: string;
  readonly consumers: readonly Approver[];
  readonly producers: readonly Approver[];
}

/** The issue that reminds of access that ends: consumer and producer are notified; undefined where none does. */
export function expiringIssue(expiring: readonly Expiring[], run?: string): Issue | undefined {
  if (expiring.length === 0) return undefined;
  const sorted = expiring.toSorted((a, b) => (a.expires + a.subscription < b.expires + b.subscription ? -1 : 1));
  const rows = sorted.map(
    ({ subscription, file, expires, consumers, producers }) =>
      `| ${safe(expires)} | ${safe(subscription)} | ${safe(file)} | ${mentions(consumers)} | ${mentions(producers)} |`,
  );
  return issueOf('expiring', {
    title: `Access that ends soon: ${counted(expiring.length, 'subscription')}`,
    finding: expiring.map(({ subscription, expires }) => `${subscription} ${expires}`),
    blocks: [
      fixed(
        '',
        'The access ends with its last day, in UTC. To keep it, edit the day in the file; the change is approved like the request.',
      ),
      {
        head: ['', '| last day | subscription | file | consumer | producer |', '|---|---|---|---|---|'],
        rows,
        foot: [],
        rank: 1,
      },
    ],
    run,
  });
}

/** A request that waits for somebody. */
export interface Waiting {
  readonly pull: number;
  readonly title: string;
  /** Whole days. */
  readonly days: number;
  /** Whose approval it waits for. */
  readonly people: readonly Approver[];
}

/** The issue that lists requests that wait too long, by who is waited for; undefined where none does. */
export function waitingIssue(waiting: readonly Waiting[], run?: string): Issue | undefined {
  if (waiting.length === 0) return undefined;
  const groups = new Map<string, Waiting[]>();
  for (const one of waiting) {
    const key = mentions(one.people);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const rows = [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([people, requests]) => [
      `- ${people === '' ? 'nobody who may approve it is known' : people}`,
      ...requests
        .toSorted((a, b) => b.days - a.days || a.pull - b.pull)
        .map(({ pull, title, days }) => `  - #${pull} ${safe(title)}, for ${counted(days, 'day')}`),
    ]);
  return issueOf('waiting', {
    title: `Waiting for approval: ${counted(waiting.length, 'request')}`,
    // Days pass; that is no new finding.
    finding: waiting.map(({ pull, people }) => `${pull} ${mentions(people)}`),
    blocks: [{ head: [''], rows, foot: [], rank: 1 }],
    run,
  });
}

function mentions(people: readonly Approver[]): string {
  return people
    .slice(0, 10)
    .map(({ login }) => mention(login))
    .filter((text) => text !== '')
    .join(' ');
}
