/** What GitHub tells of the workflow that applies; all times ISO. */
export interface Progress {
  /** When the newest run began that ended well; undefined where none ever did. */
  readonly good: string | undefined;
  /** When the branch was moved since. */
  readonly moves: readonly string[];
  /** When runs were started that have not ended well. */
  readonly runs: readonly string[];
}

/** Since when something waits to be applied, and why that is known. */
export interface Stalled {
  readonly good: string | undefined;
  readonly since: string;
  readonly what: 'moved' | 'started';
}

/** For how long a run may be on its way, or be tried again, in milliseconds: a day. */
const patience = 86_400_000;

/**
 * Whether what should be applied has waited too long. A quiet mesh needs no run: one is missing where the branch was moved,
 * or a run was started, and none that began since has ended well.
 */
export function stalledOf({ good, moves, runs }: Progress, now: Date): Stalled | undefined {
  const after = good === undefined ? Number.NEGATIVE_INFINITY : Date.parse(good);
  const waiting = [
    ...moves.map((since) => ({ since, what: 'moved' as const })),
    ...runs.map((since) => ({ since, what: 'started' as const })),
  ].filter(({ since }) => Date.parse(since) > after);
  const [oldest] = waiting.toSorted((a, b) => Date.parse(a.since) - Date.parse(b.since));
  if (oldest === undefined || now.getTime() - Date.parse(oldest.since) <= patience) return undefined;
  return { good, ...oldest };
}
