import type { Columns } from '../core/columns.ts';
import { covers, type Fact, type FactKey, isSameFact, join } from '../core/fact.ts';
import type { Desired, DesiredFact, ObservedFact } from '../core/state.ts';
import { apart } from './apart.ts';
import { toBecause } from './because.ts';
import { holdsOn, leavingIn, underHold } from './held.ts';
import { isLeftOut, type Verdict } from './judge.ts';
import { inFull, type Move, type Moves, towards, type Waiting } from './move.ts';
import { staysInOtherForm } from './other-form.ts';
import { departures } from './replaced.ts';
import { onlyAdding, spare } from './spare.ts';
import { filterId, type Judgement, type Shortfall, type Target, targetOf } from './target.ts';
import { undecidedIn } from './undecided.ts';

/** Compares desired with observed, key by key. */
export function movesOf(desired: Desired, known: Omit<Judgement, 'unsettled'>, judge: (fact: Fact) => Verdict): Moves {
  const { observed } = known;
  const holds = holdsOn(desired, observed, judge);
  const isHeld = (fact: Fact): boolean => holds(fact).length > 0;
  const mayBeAsked = undecidedIn(desired.undecided);
  const isUndecided = (fact: Fact): boolean => mayBeAsked(fact) && !isHeld(fact);
  // What has ended, or is held, goes from an additive product, too.
  const isOver = ({ key, fact }: ObservedFact): boolean => desired.ended.has(key) || isHeld(fact);
  const isGentle = (live: ObservedFact): boolean => isLeftOut(judge(live.fact)) && !isOver(live);
  const unsettled = new Map<string, Shortfall>();
  const made: Move[] = [];
  const leftOut: Move[] = [];
  const staying: Fact[] = [];
  const withheld: Waiting[] = [];
  const judgement = { ...known, unsettled };
  for (const one of filtersFirst(desired)) {
    const live = observed.facts.get(one.key);
    const isKept = live !== undefined && (judge(live.fact).kind === 'protected' || isUndecided(live.fact));
    const full = spare(targetOf(one, live, judgement), {
      live,
      desired: one.fact,
      isKept,
      observed,
      judge,
    });
    const only = live !== undefined && isGentle(live) ? live : undefined;
    const target = only === undefined ? full : onlyAdding(full, only.fact);
    const move = moveTowards(one, live, target);
    if (move !== undefined) made.push(move);
    if (only !== undefined) {
      staying.push(only.fact);
      const rest = moveTowards(one, { ...only, fact: target.fact ?? only.fact, parts: [] }, full);
      if (rest !== undefined && takesGrant(rest)) leftOut.push(rest);
    }
    if (target.shortfall === undefined) continue;
    // What is there as it is desired and goes all the same is to come back.
    const isThere = live !== undefined && isSameFact(live.fact, one.fact);
    withheld.push({ move: inFull(one, isThere ? undefined : live), shortfall: target.shortfall });
    if (one.fact.kind === 'data-cells-filter' && live !== undefined)
      unsettled.set(filterId(one.fact), target.shortfall);
  }
  const staysAsItIs = staysInOtherForm(
    withheld.flatMap(({ move }) => move.after ?? []),
    { desired, observed },
  );
  for (const live of observed.facts.values()) {
    const ended = isOver(live);
    if (desired.facts.has(live.key) || (!ended && isUndecided(live.fact))) continue;
    if (!ended && staysAsItIs(live.fact)) {
      staying.push(live.fact);
      continue;
    }
    const away = moveAway(live, desired, judge(live.fact));
    if (isGentle(live)) {
      leftOut.push(...away);
      staying.push(live.fact);
    } else made.push(...away);
  }
  const held = made.map((move) => underHold(move, holds));
  return apart({ made: withoutWaiting(held, desired, known.failed), leftOut, withheld }, { staying, observed });
}

/** Data cells filters come first, for a grant on one gives what the filter lets through. */
function filtersFirst({ facts }: Desired): readonly DesiredFact[] {
  const all = [...facts.values()];
  const isFilter = ({ fact }: DesiredFact): boolean => fact.kind === 'data-cells-filter';
  return [...all.filter(isFilter), ...all.filter((one) => !isFilter(one))];
}

function moveTowards(desired: DesiredFact, observed: ObservedFact | undefined, target: Target): Move | undefined {
  const { fact } = target;
  if (fact === undefined) {
    // A grant of which nothing is still desired goes; an object with another value stays as it is until proven.
    const isTaken = observed !== undefined && observed.fact.kind === 'grant';
    return isTaken ? towards(desired, observed, { after: undefined, reason: 'remainder' }) : undefined;
  }
  if (
    observed !== undefined &&
    isSameFact(observed.fact, fact) &&
    (target.isSpared === true || !isHeldInLists(observed))
  )
    return undefined;
  const { proven } = target;
  // What stays in any case needs no proof.
  const given = target.isSpared === true && observed !== undefined && proven ? join(observed.fact, proven) : proven;
  const isProven = given !== undefined && covers(given, fact);
  return towards(desired, observed, { after: fact, reason: isProven ? 'desired' : 'remainder' });
}

function columnsIn(fact: Fact): Columns | undefined {
  return fact.kind === 'grant' ? fact.columns : undefined;
}

/** All columns, but by lists, or with a list beside them: that keeps permissions that modify out. */
function isHeldInLists({ fact, parts }: ObservedFact): boolean {
  return columnsIn(fact) === 'all' && parts.some((part) => part !== 'all');
}

function moveAway(observed: ObservedFact, desired: Desired, verdict: Verdict): readonly Move[] {
  if (verdict.kind !== 'managed' || observed.fact.kind === 'catalog-parameter') return [];
  const ended = desired.ended.get(observed.key);
  const { key } = observed;
  const shared = { key, desired: undefined, observed, after: undefined, product: verdict.product };
  return ended === undefined
    ? [{ ...shared, reason: verdict.isStrange === true ? 'unmanaged' : 'not desired', because: [] }]
    : [{ ...shared, reason: 'expired', because: [toBecause(ended)] }];
}

/** Whether a move takes something of a grant away. */
function takesGrant({ observed, after }: Move): boolean {
  return observed?.fact.kind === 'grant' && (after === undefined || !covers(after, observed.fact));
}

/** What waits for a fact whose change failed earlier in this run goes on waiting: it is all that is left of the access. */
function withoutWaiting(moves: readonly Move[], desired: Desired, failed: ReadonlySet<FactKey>): readonly Move[] {
  if (failed.size === 0) return moves;
  const waiting = departures(
    leavingIn(moves).waiting,
    [...failed].map((key) => desired.facts.get(key)?.fact),
  );
  return moves.filter(({ key }) => waiting.get(key)?.departure !== 'after the new');
}
