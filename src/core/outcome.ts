import type { Change, Plan } from './plan.ts';

/** How a change ended. */
export type Status =
  /** It was made, and read back. */
  | 'applied'
  /** It was so already. */
  | 'already'
  /** Its files are not proven, or catalog or clock stand in the way. */
  | 'withheld'
  /** A guard refused it. */
  | 'refused'
  /** The service said no, or what it accepted could not be read back. */
  | 'failed'
  /** It was not tried: the run was interrupted, or what it builds on failed. */
  | 'skipped';

/** One change with its end. */
export interface Outcome {
  readonly change: Change;
  readonly status: Status;
  /** Why, in words; always there but for `applied`. */
  readonly reason?: string;
  /** What the service's answer means, and the way out, where it is a known one. */
  readonly hint?: string;
  /** The service's code, where it said one. */
  readonly code?: string;
}

/** How that ends which a plan holds back. */
export function heldBack({ withheld, refusals }: Pick<Plan, 'withheld' | 'refusals'>): readonly Outcome[] {
  return [
    ...withheld.map(({ change, reason, code }): Outcome => ({ change, status: 'withheld', reason, code })),
    ...refusals.flatMap(({ changes, message, code }) =>
      changes.map((change): Outcome => ({ change, status: 'refused', reason: message, code })),
    ),
  ];
}
