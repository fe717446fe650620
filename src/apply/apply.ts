import { explanation } from '../core/explain.ts';
import { type FactKey, isSameFact } from '../core/fact.ts';
import type { LakeFailure } from '../core/lake.ts';
import { heldBack, type Outcome } from '../core/outcome.ts';
import type { Change, Plan } from '../core/plan.ts';
import type { ObservedFact } from '../core/state.ts';
import { execute, type Sending, type Sent } from './execute.ts';

/** What a fresh look at the lake says. */
export interface Second {
  /** What would still have to be done about what this run touched. */
  readonly plan: Plan;
  readonly facts: ReadonlyMap<FactKey, ObservedFact>;
  /** Why the look failed, where it did. */
  readonly unread?: string;
}

/** How a plan is carried out. */
export interface Applying extends Omit<Sending, 'isFolded'> {
  /** Looks again at what the changes touched; facts whose change failed are planned as not proven. */
  readonly look: (changes: readonly Change[], failed: ReadonlySet<FactKey>) => Promise<Second>;
  /** How long to wait before each further look, in milliseconds; its length bounds the looks. */
  readonly waits: readonly number[];
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** How often a run acts, looks and acts again. */
const rounds = 4;

/**
 * Carries out a plan and answers with one outcome for every change of it.
 *
 * Act, look, act again, a bounded number of times: looking settles what an answer left open, what a
 * lagging read hides, and what revoking one list of columns took of another. A look is a plan of its
 * own, made by the same planner, so nothing is ever sent that a plan would not hold.
 */
export async function apply(plan: Plan, applying: Applying): Promise<readonly Outcome[]> {
  const sent = new Map<string, Sent>();
  const failed = new Set<FactKey>();
  const ours = new Set<FactKey>();
  const acted = new Map<FactKey, Change>();
  let changes = plan.changes;
  let second: Second | undefined;
  const waits = [...applying.waits];
  for (let round = 1; round <= rounds && changes.length > 0; round += 1) {
    const results = await execute(changes, { ...applying, isFolded: round === 1 });
    for (const change of changes) {
      if (!acted.has(change.key)) acted.set(change.key, change);
      remember(change, results.get(change.id), { sent, failed, ours });
    }
    second = undefined;
    if (applying.signal.aborted) break;
    second = await settle([...acted.values()], failed, { applying, waits });
    changes = second.plan.changes.filter((change) => isWorthSending(change, { sent, failed, ours }));
  }
  if (second === undefined && acted.size > 0) second = await applying.look([...acted.values()], failed);
  const planned = new Set(plan.changes.map(({ key }) => key));
  const further = [...acted.values()].filter(({ key }) => !planned.has(key));
  return [
    ...[...plan.changes, ...further].map((change) =>
      outcomeOf(change, { sent: sent.get(change.key), second, isOurs: ours.has(change.key) }),
    ),
    // What the plan held back has an outcome, too.
    ...heldBack(plan),
  ];
}

interface Memory {
  /** By key: what came of the first sending of a change of this fact. */
  readonly sent: Map<string, Sent>;
  readonly failed: Set<FactKey>;
  /** What was once accepted, or left open by an answer: where it is done in the end, this run did it. */
  readonly ours: Set<FactKey>;
}

function remember(change: Change, result: Sent | undefined, { sent, failed, ours }: Memory): void {
  if (result === undefined) return;
  // An entry of several cells that were not all held says nothing of who took away the others.
  const isOpen = result.kind === 'unknown' && result.failure.kind === 'unknown';
  if (result.kind === 'accepted' || isOpen) ours.add(change.key);
  const first = sent.get(change.key);
  if (first === undefined || first.kind !== 'failed') sent.set(change.key, result);
  if (result.kind === 'failed' && change.after !== undefined) failed.add(change.key);
}

/** What failed for good is not sent again, unless it is the remainder that a failed replacement leaves. */
function isWorthSending(change: Change, { sent, failed }: Memory): boolean {
  const before = sent.get(change.key);
  if (before?.kind !== 'failed') return true;
  return failed.has(change.key) && change.reason === 'remainder';
}

/** Looks until nothing is left to do, or until waiting makes no difference. */
async function settle(
  acted: readonly Change[],
  failed: ReadonlySet<FactKey>,
  { applying, waits }: { readonly applying: Applying; readonly waits: number[] },
): Promise<Second> {
  let second = await applying.look(acted, failed);
  // One patient look: what the service accepted may lag behind in its answers.
  const pause = waits.shift();
  if (second.plan.changes.length > 0 && pause !== undefined && !applying.signal.aborted) {
    await applying.wait(pause);
    second = await applying.look(acted, failed);
  }
  return second;
}

interface Ending {
  readonly sent: Sent | undefined;
  readonly second: Second | undefined;
  readonly isOurs: boolean;
}

function outcomeOf(change: Change, { sent, second, isOurs }: Ending): Outcome {
  if (sent === undefined) return { change, status: 'skipped', reason: 'the run was interrupted' };
  if (second?.unread !== undefined || second === undefined)
    return { change, status: 'failed', reason: second?.unread ?? 'it could not be read back' };
  const live = second.facts.get(change.key)?.fact;
  // Judged by what is there, not by what was answered.
  const isDone = change.after === undefined ? live === undefined : live !== undefined && isSameFact(live, change.after);
  if (isDone)
    return isOurs ? { change, status: 'applied' } : { change, status: 'already', reason: 'it was so already' };
  switch (sent.kind) {
    case 'failed':
    case 'unknown':
      return { change, status: 'failed', ...failureOutcome(sent.failure) };
    case 'skipped':
      return { change, status: 'skipped', reason: sent.reason };
    case 'accepted':
    case 'already':
      return {
        change,
        status: 'failed',
        code: 'NOT_CONFIRMED',
        reason: 'the service accepted it, but goes on showing the state before; the next run will look again',
      };
  }
}

function failureOutcome({ operation, code, message }: LakeFailure): Pick<Outcome, 'reason' | 'code' | 'hint'> {
  const hint = explanation({ code, text: message });
  return { reason: `${operation} answered ${code}: ${message}`, code, ...(hint === undefined ? {} : { hint }) };
}
