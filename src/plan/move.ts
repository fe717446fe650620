import type { Fact, FactKey } from '../core/fact.ts';
import type { Because, Reason } from '../core/plan.ts';
import type { DesiredFact, ObservedFact } from '../core/state.ts';
import { becauseOf } from './because.ts';
import type { Shortfall } from './target.ts';

/** One fact before and after the run. */
export interface Move {
  readonly key: FactKey;
  readonly desired: DesiredFact | undefined;
  readonly observed: ObservedFact | undefined;
  readonly after: Fact | undefined;
  readonly reason: Reason;
  readonly because: readonly Because[];
  /** Why more is taken away than was asked, where it is. */
  readonly note?: string;
  readonly product?: string | undefined;
}

/** All moves, and what is not made. */
export interface Moves {
  readonly made: readonly Move[];
  /** What takes something away, and is left out because its product is additive; it starts from what is there after the run. */
  readonly leftOut: readonly Move[];
  readonly withheld: readonly Waiting[];
}

/** A move that must wait, to where it is wanted in the end. */
export interface Waiting {
  readonly move: Move;
  readonly shortfall: Shortfall;
}

/** The move to all that is desired of a fact. */
export function inFull(desired: DesiredFact, live: ObservedFact | undefined): Move {
  return towards(desired, live, { after: desired.fact, reason: 'desired' });
}

/** The move of a desired fact to what this run may make of it. */
export function towards(
  desired: DesiredFact,
  observed: ObservedFact | undefined,
  end: Pick<Move, 'after' | 'reason'>,
): Move {
  const product = desired.wishes[0]?.cause.product;
  return { key: desired.key, desired, observed, because: becauseOf(desired), product, ...end };
}
