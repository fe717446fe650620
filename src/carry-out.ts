import { type Applying, apply, type Second } from './apply/apply.ts';
import type { FactKey, LakeId } from './core/fact.ts';
import { type Hurried, type Lake, LakeFailure } from './core/lake.ts';
import type { Outcome } from './core/outcome.ts';
import type { Change, Plan } from './core/plan.ts';
import type { Observed } from './core/state.ts';
import { touches } from './core/touched.ts';
import { reread } from './observe/reread.ts';
import type { Planned } from './reconcile.ts';

/** How a plan is carried out; the ports to consumers' lakes come with it. */
export interface Carrying extends Omit<Applying, 'look' | 'writer'> {
  readonly consumers?: readonly (Lake & Hurried)[];
}

/**
 * Carries out what was planned: that very plan, and after each round what a fresh look at its scope leaves. What goes in
 * consumers' lakes goes first, since they may no longer touch what they do not hold, and what comes there comes last,
 * since they pass on what they have been given; they do not wait for each other, and the central lake waits for none of
 * them longer than it may.
 */
export async function carryOut(
  planned: Planned,
  central: Lake,
  { consumers = [], ...applying }: Carrying,
): Promise<readonly Outcome[]> {
  const inConsumers = async (part: (plan: Plan) => Plan): Promise<readonly Outcome[]> => {
    const all = await Promise.all(
      consumers.map(async (lake) => {
        const observed = planned.others.find((one) => one.lake === lake.lake);
        return observed === undefined ? [] : await carryOutIn(lake, observed, { planned, applying, part });
      }),
    );
    return all.flat();
  };
  for (const lake of consumers) lake.hurry();
  const gone = await inConsumers((plan) => ({
    ...plan,
    changes: plan.changes.filter(onlyGoes),
    withheld: [],
    refusals: [],
  }));
  for (const lake of consumers) lake.relax();
  const outcomes = await carryOutIn(central, planned.observed, { planned, applying, part: (plan) => plan });
  if (!applying.signal.aborted) await inviteAgain(planned.plan, central);
  const come = await inConsumers((plan) => ({ ...plan, changes: plan.changes.filter((change) => !onlyGoes(change)) }));
  return [...outcomes, ...gone, ...come];
}

/** Accounts that are to accept something are sent anew what they let lapse. */
async function inviteAgain({ changes }: Plan, central: Lake): Promise<void> {
  for (const { after, account } of changes)
    try {
      if (after?.kind === 'acceptance' && account !== undefined) await central.inviteAgain(after, account);
    } catch (thrown) {
      // What comes of it is seen by who accepts: without an invitation that fails, and says so.
      if (!(thrown instanceof LakeFailure)) throw thrown;
    }
}

/** Whether a change takes something away that nothing replaces. */
function onlyGoes({ after, waitsFor = [] }: Change): boolean {
  return after === undefined && waitsFor.length === 0;
}

interface Course {
  readonly planned: Planned;
  readonly applying: Omit<Applying, 'look' | 'writer'>;
  /** The part of the lake's plan that its turn has come for. */
  readonly part: (plan: Plan) => Plan;
}

async function carryOutIn(
  lake: Lake,
  observed: Observed,
  { planned: { plan: whole, again }, applying, part }: Course,
): Promise<readonly Outcome[]> {
  const planned = part(planIn(whole, lake.lake));
  const look = async (changes: readonly Change[], failed: ReadonlySet<FactKey>): Promise<Second> => {
    const now = await reread(lake, observed, changes);
    const unread = now.gaps.length > observed.gaps.length ? now.gaps.at(-1)?.message : undefined;
    const isTouched = touches(changes);
    // A revoke may take what stands beside it: the permission with its option, ALL with a member.
    const before = new Map(
      [...observed.facts].flatMap(([key, { fact }]) => (isTouched({ key, after: fact }) ? [[key, fact] as const] : [])),
    );
    const next = await again(now, { failed, before });
    return {
      plan: { ...next, changes: next.changes.filter(isTouched) },
      facts: now.facts,
      ...(unread === undefined ? {} : { unread }),
    };
  };
  return apply(planned, { ...applying, writer: lake, look });
}

/** The part of a plan that is about one lake. */
function planIn(plan: Plan, lake: LakeId): Plan {
  if (plan.lakes.length === 1) return plan;
  const isHere = (change: Change): boolean => change.lake === lake;
  return {
    ...plan,
    changes: plan.changes.filter(isHere),
    withheld: plan.withheld.filter(({ change }) => isHere(change)),
    refusals: plan.refusals.map((refusal) => ({ ...refusal, changes: refusal.changes.filter(isHere) })),
  };
}
