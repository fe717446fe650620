import { dayAfter } from '../core/day.ts';

/** How long access may last: so many days from the day on which it was asked for. */
export interface Duration {
  /** `YYYY-MM-DD`. */
  readonly asked: string;
  readonly longest: number;
}

/** The last day that may be asked for, where a later one is, or none; undefined where it is within. */
export function lastAllowed(expires: string | undefined, { asked, longest }: Duration): string | undefined {
  const last = dayAfter(asked, longest);
  return expires !== undefined && expires <= last ? undefined : last;
}
