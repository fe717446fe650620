import type { Columns } from '../core/columns.ts';
import { covers, type Fact, type FactKey, isSameFact, join, keyOf } from '../core/fact.ts';
import { isIamGrant, type Parting } from '../core/iam-access.ts';
import type { Desired, DesiredFact, IamAccess, ObservedFact } from '../core/state.ts';
import { notAhead } from './ahead.ts';
import { apart } from './apart.ts';
import { toBecause } from './because.ts';
import { type HoldsOn, holdsOn, leavingIn, underHold } from './held.ts';
import { inFull, type Move, type Moves, towards, type Waiting } from './move.ts';
import { staysInOtherForm } from './other-form.ts';
import { departures } from './replaced.ts';
import { onlyAdding, spare } from './spare.ts';
import { filterId, type Judgement, type Shortfall, type Target, targetOf, unproven } from './target.ts';
import { undecidedIn } from './undecided.ts';
import { isLeftOut, type Verdict } from './verdict.ts';

/** What decides beside the verdicts. */
export interface Known extends Omit<Judgement, 'unsettled'> {
  /** What is live and goes for what product files say of IAM. */
  readonly parting: Parting;
}

/** Compares desired with observed, key by key. */
export function movesOf(desired: Desired, known: Known, judge: (fact: Fact) => Verdict): Moves {
  const { observed } = known;
  const holds = holdsOn(desired, observed, judge);
  const standing = standingIn(desired, { holds, judge, known });
  const unsettled = new Map<string, Shortfall>();
  const wanted = filtersFirst(desired).map((one) => {
    const lot = lotOfDesired(one, standing, { ...known, unsettled });
    if (one.fact.kind === 'data-cells-filter' && lot.withheld !== undefined && observed.facts.has(one.key))
      unsettled.set(filterId(one.fact), lot.withheld.shortfall);
    return lot;
  });
  const withheld = wanted.flatMap((lot) => lot.withheld ?? []);
  const asked = withheld.flatMap(({ move }) => move.after ?? []);
  const staysAsItIs = staysInOtherForm(asked, { desired, observed });
  const others = [...observed.facts.values()].filter(({ key }) => !desired.facts.has(key));
  const lots = [...wanted, ...others.map((live) => lotOfOther(live, standing, staysAsItIs))];
  const made = withoutWaiting(
    lots.flatMap((lot) => lot.made ?? []).map((move) => underHold(move, holds)),
    desired,
    known.failed,
  );
  const leftOut = lots.flatMap((lot) => lot.leftOut ?? []);
  const waiting = [...withheld, ...lots.slice(wanted.length).flatMap((lot) => lot.withheld ?? [])];
  return notAhead(
    apart({ made, leftOut, withheld: waiting }, { staying: lots.flatMap((lot) => lot.staying ?? []), observed }),
  );
}

/** What decides about what is live. */
interface Standing {
  readonly desired: Desired;
  readonly judge: (fact: Fact) => Verdict;
  /** Whether a file may ask for it, and nobody can tell. */
  readonly isUndecided: (fact: Fact) => boolean;
  /** Whether it has ended, or is held, so that it goes from an additive product, too. */
  readonly isOver: (live: ObservedFact) => boolean;
  /** Whether what would be taken of it is left out. */
  readonly isGentle: (live: ObservedFact) => boolean;
  readonly known: Known;
}

function standingIn(
  desired: Desired,
  { holds, judge, known }: Pick<Standing, 'judge' | 'known'> & { readonly holds: HoldsOn },
): Standing {
  const isHeld = (fact: Fact): boolean => holds(fact).length > 0;
  const mayBeAsked = undecidedIn(desired.undecided);
  const isOver = ({ key, fact }: ObservedFact): boolean => desired.ended.has(key) || isHeld(fact);
  return {
    desired,
    judge,
    isUndecided: (fact) => mayBeAsked(fact) && !isHeld(fact),
    isOver,
    isGentle: (live) => isLeftOut(judge(live.fact)) && !isOver(live),
    known,
  };
}

/** What becomes of one fact: what is done, what is left out, what stays as it is, what must wait. */
interface Lot {
  readonly made?: readonly Move[] | Move | undefined;
  readonly leftOut?: readonly Move[] | Move | undefined;
  readonly staying?: Fact;
  readonly withheld?: Waiting;
}

/** A desired fact goes as far as it may; on an additive product as far as that only adds, and the rest is left out. */
function lotOfDesired(one: DesiredFact, { judge, isUndecided, isGentle }: Standing, judgement: Judgement): Lot {
  const { observed } = judgement;
  const live = observed.facts.get(one.key);
  const isKept = live !== undefined && (judge(live.fact).kind === 'protected' || isUndecided(live.fact));
  const full = spare(targetOf(one, live, judgement), { live, desired: one.fact, isKept, observed, judge });
  if (live === undefined || !isGentle(live))
    return { made: moveTowards(one, live, full), ...withheldFor(full, one, live) };
  const target = onlyAdding(full, live.fact);
  const rest = moveTowards(one, { ...live, fact: target.fact ?? live.fact, parts: [] }, full);
  return {
    made: moveTowards(one, live, target),
    leftOut: rest !== undefined && takesGrant(rest) ? rest : undefined,
    staying: live.fact,
    ...withheldFor(target, one, live),
  };
}

function withheldFor({ shortfall }: Target, one: DesiredFact, live: ObservedFact | undefined): Pick<Lot, 'withheld'> {
  if (shortfall === undefined) return {};
  // What is there as it is desired and goes all the same is to come back.
  const isThere = live !== undefined && isSameFact(live.fact, one.fact);
  return { withheld: { move: inFull(one, isThere ? undefined : live), shortfall } };
}

/** What is live and not desired goes, but for what a file may ask for, or asks for in another form, and has not ended. */
function lotOfOther(live: ObservedFact, standing: Standing, staysAsItIs: (fact: Fact) => boolean): Lot {
  const { desired, judge, isUndecided, isOver, isGentle, known } = standing;
  const mayStay = !isOver(live);
  if (mayStay && isUndecided(live.fact)) return {};
  if (mayStay && staysAsItIs(live.fact)) return { staying: live.fact };
  const words = known.parting(live.fact);
  const away = moveAway(live, desired, { verdict: judge(live.fact), words });
  if (isGentle(live)) return { leftOut: away, staying: live.fact };
  // It would give somebody the access back that IAM alone gives, or take that from everyone: only a file that is proven may.
  const shortfall = words.map(({ cause }) => unproven(cause.files, known.proofs)).find((one) => one !== undefined);
  const [move] = away;
  return shortfall === undefined || move === undefined
    ? { made: away }
    : { withheld: { move, shortfall }, staying: live.fact };
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

function moveAway(
  observed: ObservedFact,
  desired: Desired,
  { verdict, words }: { readonly verdict: Verdict; readonly words: readonly IamAccess[] },
): readonly Move[] {
  if (verdict.kind !== 'managed' || observed.fact.kind === 'catalog-parameter') return [];
  const ended = desired.ended.get(observed.key);
  const { key } = observed;
  const shared = { key, desired: undefined, observed, after: undefined, product: verdict.product };
  if (words.length > 0)
    return [
      {
        ...shared,
        reason: isIamGrant(observed.fact) ? 'closed' : 'not desired',
        because: words.map(({ cause }) => toBecause(cause)),
      },
    ];
  return ended === undefined
    ? [{ ...shared, reason: verdict.isStrange === true ? 'unmanaged' : 'not desired', because: [] }]
    : [{ ...shared, reason: 'expired', because: [toBecause(ended)] }];
}

/** Whether a move takes something of a grant away. */
function takesGrant({ observed, after }: Move): boolean {
  return observed?.fact.kind === 'grant' && (after === undefined || !covers(after, observed.fact));
}

/**
 * What waits for a fact whose change failed earlier in this run goes on waiting: it is all that is left of the access. The
 * grant option on it waits, too, for it does not go alone: the permission would be given anew, which nobody asks for.
 */
function withoutWaiting(moves: readonly Move[], desired: Desired, failed: ReadonlySet<FactKey>): readonly Move[] {
  if (failed.size === 0) return moves;
  const waiting = departures(
    leavingIn(moves).waiting,
    [...failed].map((key) => desired.facts.get(key)?.fact),
  );
  const waits = (key: FactKey): boolean => waiting.get(key)?.departure === 'after the new';
  return moves.filter(({ key, observed }) => {
    const fact = observed?.fact;
    return (
      !waits(key) && !(fact?.kind === 'grant' && fact.grantOption && waits(keyOf({ ...fact, grantOption: false })))
    );
  });
}
