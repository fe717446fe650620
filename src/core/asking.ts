import type { Approver } from './approvals.ts';

/** A changed file of a pull request, and whose approval it still needs. */
export interface Asking {
  /** The file as the caller names it: the mesh directory joined with the path inside it. */
  readonly file: string;
  readonly what: 'added' | 'changed' | 'removed';
  /** The approvals that are missing; none where it may be merged as it is. */
  readonly missing: readonly Missing[];
  /** Those who may, and asked for changes: a denial, until they approve. */
  readonly against: readonly Approver[];
  /** Why nobody is asked, or who has approved, where nothing is missing. */
  readonly settled?: string;
}

/** So many approvals of these people. */
export interface Missing {
  readonly count: number;
  readonly people: readonly Approver[];
  /** What these people are: `an owner of sales/orders`. */
  readonly role: string;
  /** What makes it necessary, in words: sensitive columns that are asked for, classes that change. */
  readonly because: readonly string[];
}

/** A subscription whose last day of access changes; undefined where it has none. */
export interface Ending {
  readonly subscription: string;
  readonly was: string | undefined;
  readonly is: string | undefined;
}
