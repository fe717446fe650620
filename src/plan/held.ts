import { covers, type Fact, keyOf } from '../core/fact.ts';
import { gripOf, type Hold, sightOf } from '../core/hold.ts';
import type { Because, Reason } from '../core/plan.ts';
import type { Desired, Observed, ObservedFact } from '../core/state.ts';
import type { Verdict } from './verdict.ts';

/** The holds that take a live fact, or a part of it: whatever the files ask, and though nobody asks for it. */
export type HoldsOn = (fact: Fact) => readonly Hold[];

/** Tells of live facts which holds take them. */
export function holdsOn(desired: Desired, observed: Observed, judge: (fact: Fact) => Verdict): HoldsOn {
  if (desired.holds.length === 0) return () => [];
  const sight = sightOf(observed.catalog, observed.facts.values());
  const known = new Map<Fact, readonly Hold[]>();
  const find = (fact: Fact): readonly Hold[] => {
    if (fact.kind !== 'grant') return [];
    const asker = { products: productsOf(judge(fact)) };
    const live = desired.holds.filter((hold) => gripOf(hold, fact, { asker, sight }) !== 'none');
    return [...new Set([...(desired.held.get(keyOf(fact)) ?? []), ...live])];
  };
  return (fact) => {
    const found = known.get(fact) ?? find(fact);
    known.set(fact, found);
    return found;
  };
}

/** The products that a fact is on, as far as it is any of the mesh's business. */
export function productsOf(verdict: Verdict): readonly string[] {
  if (verdict.kind === 'managed' && verdict.products !== undefined) return verdict.products;
  return verdict.kind === 'outside' || verdict.product === undefined ? [] : [verdict.product];
}

/** One fact before and after a run, as far as a hold decides about it. */
interface Move {
  readonly observed: ObservedFact | undefined;
  readonly after: Fact | undefined;
  readonly reason: Reason;
  readonly because: readonly Because[];
}

/** What takes something that is held is made for the hold, whatever else would have it go. */
export function underHold<M extends Move>(move: M, holds: HoldsOn): M {
  const { observed, after } = move;
  if (observed === undefined || (after !== undefined && covers(after, observed.fact))) return move;
  const by = holds(observed.fact);
  if (by.length === 0) return move;
  const because = by.map(({ place }) => ({ place }));
  const note = after === undefined ? noteOf(observed.fact, by) : undefined;
  return { ...move, reason: 'held', because, ...(note === undefined ? {} : { note }) };
}

/** Why SELECT goes as a whole for a hold on a column. */
export const goesWhole = 'it cannot be narrowed to the other columns, so it goes as a whole';

/** Why a grant goes as a whole for a hold on a table or column that is only a part of what it gives. */
function noteOf(fact: Fact, by: readonly Hold[]): string | undefined {
  if (fact.kind !== 'grant' || by.some(({ table, column }) => table === undefined && column === undefined))
    return undefined;
  if (fact.resource.kind === 'all-tables')
    return 'the all-tables wildcard cannot leave a table out, so it goes as a whole';
  if (by.some(({ column }) => column === undefined)) return undefined;
  if (fact.resource.kind === 'data-cells-filter')
    return 'its data cells filter lets the held column through, so it goes as a whole';
  if (fact.permission !== 'SELECT') return `whoever has ${fact.permission} reads the data, too`;
  return goesWhole;
}

/** What leaves for good and may wait for what replaces it, and what a hold cuts, which waits for nothing. */
export function leavingIn(moves: readonly Move[]): {
  readonly waiting: readonly (Fact | undefined)[];
  readonly cut: readonly (Fact | undefined)[];
} {
  const away = moves.filter(({ after }) => after === undefined);
  const factsOf = (some: readonly Move[]): readonly (Fact | undefined)[] => some.map(({ observed }) => observed?.fact);
  return {
    waiting: factsOf(away.filter(({ reason }) => reason !== 'held')),
    cut: factsOf(away.filter(({ reason }) => reason === 'held')),
  };
}

/** What a cut means for what stays of the access in another form. */
export const cutsAtOnce = 'a hold cuts at once: what stays of the access is granted after';
