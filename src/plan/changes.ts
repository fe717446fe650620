import { digest } from '../core/digest.ts';
import type { Fact, FactKey, Grant } from '../core/fact.ts';
import { type Change, type Stage, type Step, stages, type Verb, type Withheld } from '../core/plan.ts';
import { compareText } from '../core/problem.ts';
import type { Desired, Observed } from '../core/state.ts';
import { cutsAtOnce, leavingIn } from './held.ts';
import { isInUse } from './in-use.ts';
import { keepingShares } from './last-grant.ts';
import { mending, troubleIn } from './mending.ts';
import type { Move } from './move.ts';
import { type Known, movesOf } from './moves.ts';
import { type Pair, pairOf } from './pair.ts';
import { departures, type Replaced } from './replaced.ts';
import { inSequence } from './sequence.ts';
import { cellSteps } from './steps.ts';
import type { Verdict } from './verdict.ts';

/** The changes that turn observed into desired, and the desired ones that must wait. */
export interface Difference {
  readonly changes: readonly Change[];
  /** What would take something away, and is left out because its product is additive. */
  readonly leftOut: readonly Change[];
  readonly withheld: readonly Withheld[];
}

/** Compares desired with observed, and says for each difference what is to be sent. */
export function differ(desired: Desired, known: Known, judge: (fact: Fact) => Verdict): Difference {
  const { observed } = known;
  const { made, leftOut, withheld } = movesOf(desired, known, judge);
  const leaving = new Set([...made, ...leftOut].filter(({ after }) => after === undefined).map(({ key }) => key));
  return {
    changes: inSequence(keepingShares(toChanges(made, observed), observed)),
    leftOut: leftOut
      .filter(({ observed: live }) => live === undefined || !isInUse(live.fact, observed, leaving))
      .map((move) => toChange(move, { steps: [] })),
    withheld: withheld.map(({ move, shortfall }) => ({ change: toChange(move, { steps: [] }), ...shortfall })),
  };
}

function toChanges(moves: readonly Move[], observed: Observed): readonly Change[] {
  const { waiting, cut } = leavingIn(moves);
  const coming = moves.map(({ after }) => after);
  const [replaced, interrupted] = [departures(waiting, coming), departures(cut, coming)];
  const byKey = new Map(moves.map((move) => [move.key, move]));
  const leaving = new Set(moves.filter(({ after }) => after === undefined).map(({ key }) => key));
  return moves.flatMap((move): readonly Change[] => {
    const fact = move.after ?? move.observed?.fact;
    const pair = pairOf(move, { byKey, observed });
    if (fact?.kind === 'grant' && pair !== undefined) return [grantChange(move, { fact, pair, replaced, interrupted })];
    if (fact !== undefined && move.after === undefined && isInUse(fact, observed, leaving)) return [];
    if (fact?.kind === 'resource-link' && move.after !== undefined && move.observed !== undefined)
      return [toChange(move, { steps: turned(fact, move.observed.fact), interrupts: linkTurns })];
    if (fact?.kind === 'association') {
      const sent = mending(move, { byKey, observed });
      return sent === undefined ? [] : [toChange(move, sent)];
    }
    return fact === undefined ? [] : [toChange(move, { steps: [objectStep(fact, move)] })];
  });
}

/** What a link stands for cannot be changed. */
function turned(after: Fact, before: Fact): readonly Step[] {
  return [
    { stage: stages.revoke, action: 'delete', fact: before },
    { stage: stages.links, action: 'write', fact: after },
  ];
}

const linkTurns = 'a resource link that stands for another database is deleted and made anew';

function objectStep(fact: Fact, move: Move): Step {
  const { write, remove } = objectStages[fact.kind === 'grant' ? 'data-cells-filter' : fact.kind];
  return move.after === undefined ? { stage: remove, action: 'delete', fact } : { stage: write, action: 'write', fact };
}

const objectStages: {
  readonly [K in Exclude<Fact['kind'], 'grant'>]: { readonly write: Stage; readonly remove: Stage };
} = {
  'catalog-parameter': { write: stages.parameters, remove: stages.deleteFilters },
  'data-cells-filter': { write: stages.filters, remove: stages.deleteFilters },
  acceptance: { write: stages.accept, remove: stages.deleteLinks },
  association: { write: stages.associate, remove: stages.associate },
  'resource-link': { write: stages.links, remove: stages.deleteLinks },
  'opt-in': { write: stages.optIn, remove: stages.optOut },
};

interface GrantContext {
  readonly fact: Grant;
  readonly pair: Pair<Move>;
  readonly replaced: ReadonlyMap<FactKey, Replaced>;
  /** What a hold cuts before that comes which would replace it. */
  readonly interrupted: ReadonlyMap<FactKey, Replaced>;
}

/** A grant's change with its own cell's steps; a pair's shared steps go with the cell that changes. */
function grantChange(move: Move, { fact, pair, replaced: both, interrupted }: GrantContext): Change {
  const { twin, twinKey, before, after } = pair;
  // The two cells of a pair leave together: revoking the grant option takes the permission with it.
  const departing = [both.get(move.key), both.get(twinKey)];
  const replaced =
    departing.find((one) => one?.departure === 'before the new') ?? departing.find((one) => one !== undefined);
  const isHeld = move.reason === 'held' || twin?.reason === 'held';
  const departure = isHeld ? 'at once' : replaced?.departure;
  const steps = cellSteps(before, after, departure);
  const own = fact.grantOption ? steps.option : steps.plain;
  const rest = fact.grantOption ? steps.plain : steps.option;
  const all = twin === undefined ? [...own, ...rest] : own;
  const isCut = interrupted.has(move.key) || interrupted.has(twinKey);
  const interrupts = steps.interrupts ?? (isCut ? cutsAtOnce : undefined);
  const waits = !isHeld && move.after === undefined && replaced?.departure === 'after the new';
  return {
    ...toChange(move, { steps: all, ...(interrupts === undefined ? {} : { interrupts }) }),
    ...(waits ? { waitsFor: [...new Set(departing.flatMap((one) => one?.by ?? []))].sort(compareText) } : {}),
  };
}

function toChange(move: Move, sent: { readonly steps: readonly Step[]; readonly interrupts?: string }): Change {
  const { key, observed, after, desired } = move;
  const verb = verbOf(observed?.fact, after);
  const classes = desired?.classes ?? [];
  const note = move.note ?? troubleIn(observed?.fact);
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
    ...(note === undefined ? {} : { note }),
    ...(sent.interrupts === undefined ? {} : { interrupts: sent.interrupts }),
    ...(observed?.updatedAt === undefined ? {} : { updatedAt: observed.updatedAt }),
    ...(observed?.updatedBy === undefined ? {} : { updatedBy: observed.updatedBy }),
  };
}

function verbOf(before: Fact | undefined, after: Fact | undefined): Verb {
  if ((after ?? before)?.kind === 'acceptance') return 'accept';
  const isGrant = (after ?? before)?.kind === 'grant';
  if (after === undefined) return isGrant ? 'revoke' : 'delete';
  if (before === undefined) return isGrant ? 'grant' : 'create';
  return isGrant ? 'replace' : 'update';
}
