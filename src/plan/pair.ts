import { type Fact, type FactKey, keyOf } from '../core/fact.ts';
import type { Observed, ObservedFact } from '../core/state.ts';
import type { Cell, Cells } from './steps.ts';

/** What of a move tells what its cell was and becomes. */
export interface Ends {
  readonly key: FactKey;
  readonly observed: ObservedFact | undefined;
  readonly after: Fact | undefined;
}

/** A permission and the grant option on it before and after a run: the two are revoked together. */
export interface Pair<M extends Ends> {
  /** The move of the other cell, where that changes, too. */
  readonly twin: M | undefined;
  readonly twinKey: FactKey;
  readonly before: Cells;
  readonly after: Cells;
}

/** The pair that a grant's move belongs to. */
export function pairOf<M extends Ends>(
  move: M,
  { byKey, observed }: { readonly byKey: ReadonlyMap<FactKey, M>; readonly observed: Observed },
): Pair<M> | undefined {
  const fact = move.after ?? move.observed?.fact;
  if (fact?.kind !== 'grant') return undefined;
  const twinKey = keyOf({ ...fact, grantOption: !fact.grantOption });
  const twin = byKey.get(twinKey);
  const liveTwin = cellOf(observed.facts.get(twinKey));
  const mine = { before: cellOf(move.observed), after: afterCell(move.after) };
  const other = { before: liveTwin, after: twin === undefined ? liveTwin : afterCell(twin.after) };
  const [plain, option] = fact.grantOption ? [other, mine] : [mine, other];
  const before = { plain: plain.before, option: option.before };
  return { twin, twinKey, before, after: { plain: plain.after, option: option.after } };
}

function cellOf(observed: ObservedFact | undefined): Cell | undefined {
  return observed?.fact.kind === 'grant' ? { grant: observed.fact, parts: observed.parts } : undefined;
}

function afterCell(fact: Fact | undefined): Cell | undefined {
  return fact?.kind === 'grant' ? { grant: fact, parts: [] } : undefined;
}
