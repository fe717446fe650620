import type { Columns } from '../core/columns.ts';
import { digest } from '../core/digest.ts';
import { covers, type Fact, type FactKey, type Grant, isSameFact, keyOf } from '../core/fact.ts';
import {
  type Because,
  type Change,
  type Reason,
  type Stage,
  type Step,
  stages,
  type Verb,
  type Withheld,
} from '../core/plan.ts';
import { compareText } from '../core/problem.ts';
import type { Desired, DesiredFact, Observed, ObservedFact } from '../core/state.ts';
import { becauseOf, toBecause } from './because.ts';
import type { Verdict } from './judge.ts';
import { departures, type Replaced } from './replaced.ts';
import { spare } from './spare.ts';
import { type Cell, cellSteps } from './steps.ts';
import { filterId, type Judgement, type Shortfall, type Target, targetOf } from './target.ts';
import { undecidedIn } from './undecided.ts';

/** The changes that turn observed into desired, and the desired ones that must wait. */
export interface Difference {
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
}

/** One fact before and after the run. */
interface Move {
  readonly key: FactKey;
  readonly desired: DesiredFact | undefined;
  readonly observed: ObservedFact | undefined;
  readonly after: Fact | undefined;
  readonly reason: Reason;
  readonly because: readonly Because[];
  readonly product?: string | undefined;
}

/** Compares desired with observed, key by key, and says for each difference what is to be sent. */
export function differ(
  desired: Desired,
  known: Omit<Judgement, 'unsettled'>,
  judge: (fact: Fact) => Verdict,
): Difference {
  const { observed } = known;
  const isUndecided = undecidedIn(desired.undecided);
  const sparing = { isKept: (fact: Fact) => judge(fact).kind === 'protected' || isUndecided(fact), observed, judge };
  const unsettled = new Map<string, Shortfall>();
  const moves: Move[] = [];
  const withheld: Withheld[] = [];
  for (const one of filtersFirst(desired)) {
    const live = observed.facts.get(one.key);
    const target = spare(targetOf(one, live, { ...known, unsettled }), { live, desired: one.fact, ...sparing });
    const move = moveTowards(one, live, target);
    if (move !== undefined) moves.push(move);
    if (target.shortfall === undefined) continue;
    withheld.push({ change: withheldChange(one, live), ...target.shortfall });
    if (one.fact.kind === 'data-cells-filter' && live !== undefined)
      unsettled.set(filterId(one.fact), target.shortfall);
  }
  for (const live of observed.facts.values())
    if (!desired.facts.has(live.key) && (desired.ended.has(live.key) || !isUndecided(live.fact)))
      moves.push(...moveAway(live, desired, judge(live.fact)));
  return { changes: toChanges(withoutWaiting(moves, desired, known.failed), observed), withheld };
}

/** What waits for a fact whose change failed earlier in this run goes on waiting: it is all that is left of the access. */
function withoutWaiting(moves: readonly Move[], desired: Desired, failed: ReadonlySet<FactKey>): readonly Move[] {
  if (failed.size === 0) return moves;
  const leaving = moves.map(({ after, observed }) => (after === undefined ? observed?.fact : undefined));
  const waiting = departures(
    leaving,
    [...failed].map((key) => desired.facts.get(key)?.fact),
  );
  return moves.filter(({ key }) => waiting.get(key)?.departure !== 'after the new');
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
    return isTaken ? { ...base(desired, observed), after: undefined, reason: 'remainder' } : undefined;
  }
  if (
    observed !== undefined &&
    isSameFact(observed.fact, fact) &&
    (target.isSpared === true || !isHeldInLists(observed))
  )
    return undefined;
  const isProven = target.proven !== undefined && covers(target.proven, fact);
  return { ...base(desired, observed), after: fact, reason: isProven ? 'desired' : 'remainder' };
}

function columnsIn(fact: Fact): Columns | undefined {
  return fact.kind === 'grant' ? fact.columns : undefined;
}

/** All columns, but by lists, or with a list beside them: that keeps permissions that modify out. */
function isHeldInLists({ fact, parts }: ObservedFact): boolean {
  return columnsIn(fact) === 'all' && parts.some((part) => part !== 'all');
}

function base(desired: DesiredFact, observed: ObservedFact | undefined): Omit<Move, 'after' | 'reason'> {
  return {
    key: desired.key,
    desired,
    observed,
    because: becauseOf(desired),
    product: desired.wishes[0]?.cause.product,
  };
}

function moveAway(observed: ObservedFact, desired: Desired, verdict: Verdict): readonly Move[] {
  if (verdict.kind !== 'managed' || observed.fact.kind === 'catalog-parameter') return [];
  const ended = desired.ended.get(observed.key);
  const { key } = observed;
  const shared = { key, desired: undefined, observed, after: undefined, product: verdict.product };
  return ended === undefined
    ? [{ ...shared, reason: 'not desired', because: [] }]
    : [{ ...shared, reason: 'expired', because: [toBecause(ended)] }];
}

/** The change that is wanted in the end, for the report of what is withheld. */
function withheldChange(desired: DesiredFact, observed: ObservedFact | undefined): Change {
  const move: Move = { ...base(desired, observed), after: desired.fact, reason: 'desired' };
  return toChange(move, { steps: [] });
}

function toChanges(moves: readonly Move[], observed: Observed): readonly Change[] {
  const left = moves.filter(({ after }) => after === undefined).map(({ observed: live }) => live?.fact);
  const departing = departures(
    left,
    moves.map(({ after }) => after),
  );
  const byKey = new Map(moves.map((move) => [move.key, move]));
  const leaving = new Set(moves.filter(({ after }) => after === undefined).map(({ key }) => key));
  return moves.flatMap((move): readonly Change[] => {
    const fact = move.after ?? move.observed?.fact;
    if (fact?.kind === 'grant') return [grantChange(move, { fact, byKey, observed, departing })];
    if (fact?.kind === 'data-cells-filter' && move.after === undefined && isInUse(fact, observed, leaving)) return [];
    return fact === undefined ? [] : [toChange(move, { steps: [objectStep(fact, move)] })];
  });
}

function isInUse(
  filter: Extract<Fact, { kind: 'data-cells-filter' }>,
  observed: Observed,
  leaving: ReadonlySet<FactKey>,
): boolean {
  const id = filterId(filter);
  return (observed.filterGrants.get(id) ?? []).some((key) => !leaving.has(key));
}

function objectStep(fact: Fact, move: Move): Step {
  const stage: Stage = fact.kind === 'catalog-parameter' ? stages.parameters : stages.filters;
  return move.after === undefined
    ? { stage: stages.deleteFilters, action: 'delete', fact }
    : { stage, action: 'write', fact };
}

interface GrantContext {
  readonly fact: Grant;
  readonly byKey: ReadonlyMap<FactKey, Move>;
  readonly observed: Observed;
  readonly departing: ReadonlyMap<FactKey, Replaced>;
}

/** A grant's change with its own cell's steps; a pair's shared steps go with the cell that changes. */
function grantChange(move: Move, context: GrantContext): Change {
  const { fact, byKey, observed, departing } = context;
  const twinKey = keyOf({ ...fact, grantOption: !fact.grantOption });
  const twin = byKey.get(twinKey);
  const liveTwin = observed.facts.get(twinKey);
  const mine = { before: cellOf(move.observed), after: afterCell(move.after) };
  const other = {
    before: cellOf(liveTwin),
    after: twin === undefined ? cellOf(liveTwin) : afterCell(twin.after),
  };
  const [plain, option] = fact.grantOption ? [other, mine] : [mine, other];
  // The two cells of a pair leave together: revoking the grant option takes the permission with it.
  const pair = [departing.get(move.key), departing.get(twinKey)];
  const replaced = pair.find((one) => one?.departure === 'before the new') ?? pair.find((one) => one !== undefined);
  const before = { plain: plain.before, option: option.before };
  const steps = cellSteps(before, { plain: plain.after, option: option.after }, replaced?.departure);
  const own = fact.grantOption ? steps.option : steps.plain;
  const rest = fact.grantOption ? steps.plain : steps.option;
  const all = twin === undefined ? [...own, ...rest] : own;
  const waits = move.after === undefined && replaced?.departure === 'after the new';
  return {
    ...toChange(move, { steps: all, ...(steps.interrupts === undefined ? {} : { interrupts: steps.interrupts }) }),
    ...(waits ? { waitsFor: [...new Set(pair.flatMap((one) => one?.by ?? []))].sort(compareText) } : {}),
  };
}

function cellOf(observed: ObservedFact | undefined): Cell | undefined {
  return observed?.fact.kind === 'grant' ? { grant: observed.fact, parts: observed.parts } : undefined;
}

function afterCell(fact: Fact | undefined): Cell | undefined {
  return fact?.kind === 'grant' ? { grant: fact, parts: [] } : undefined;
}

function toChange(move: Move, sent: { readonly steps: readonly Step[]; readonly interrupts?: string }): Change {
  const { key, observed, after, desired } = move;
  const verb = verbOf(observed?.fact, after);
  const classes = desired?.classes ?? [];
  return {
    id: digest(`${verb} ${key} ${JSON.stringify([observed?.fact ?? null, after ?? null])}`).slice(0, 12),
    verb,
    lake: (after ?? observed?.fact)?.lake ?? '',
    key,
    ...(move.product === undefined ? {} : { product: move.product }),
    ...(observed === undefined ? {} : { before: observed.fact }),
    ...(after === undefined ? {} : { after }),
    steps: sent.steps,
    reason: move.reason,
    classes,
    pii: classes.length > 0,
    because: move.because,
    ...(sent.interrupts === undefined ? {} : { interrupts: sent.interrupts }),
    ...(observed?.updatedAt === undefined ? {} : { updatedAt: observed.updatedAt }),
    ...(observed?.updatedBy === undefined ? {} : { updatedBy: observed.updatedBy }),
  };
}

function verbOf(before: Fact | undefined, after: Fact | undefined): Verb {
  const isGrant = (after ?? before)?.kind === 'grant';
  if (after === undefined) return isGrant ? 'revoke' : 'delete';
  if (before === undefined) return isGrant ? 'grant' : 'create';
  return isGrant ? 'replace' : 'update';
}
