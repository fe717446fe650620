import { type Applying, apply, type Second } from './apply/apply.ts';
import type { FactKey, LakeId } from './core/fact.ts';
import { groupBy } from './core/group.ts';
import type { Hurried, Lake } from './core/lake.ts';
import type { Outcome } from './core/outcome.ts';
import type { Change, Plan } from './core/plan.ts';
import type { Observed } from './core/state.ts';
import { touches } from './core/touched.ts';
import { reread } from './observe/reread.ts';
import type { Planned } from './reconcile.ts';

/** How a plan is carried out; the ports to consumers' lakes come with it. */
export interface Carrying extends Omit<Applying, 'look' | 'writer'> {
  readonly consumers?: readonly (Lake & Hurried)[];
  /** The turns that are carried out, where it is not all of them. */
  readonly turns?: readonly Turn[];
}

/** What goes in consumers' lakes, the central lake, what comes in consumers' lakes. */
export type Turn = 1 | 2 | 3;

/** All turns, in their order. */
export const allTurns: readonly Turn[] = [1, 2, 3];

/** The turn in which a change is made. */
export function turnOf({ account, after, waitsFor = [] }: Change): Turn {
  if (account === undefined) return 2;
  return after === undefined && waitsFor.length === 0 ? 1 : 3;
}

/**
 * Carries out what was planned: that very plan, and after each round what a fresh look at its scope leaves. What goes in
 * consumers' lakes goes first, since they may no longer touch what they do not hold, and what comes there comes last,
 * since they pass on what they have been given; they do not wait for each other, and the central lake waits for none of
 * them longer than it may: what is still going on there then has its outcome in the end.
 */
export async function carryOut(
  planned: Planned,
  central: Lake,
  { consumers = [], turns = allTurns, ...applying }: Carrying,
): Promise<readonly Outcome[]> {
  const planIn = plansIn(planned.plan);
  const turnIn = (lake: Lake, part: (plan: Plan) => Plan): Promise<readonly Outcome[]> => {
    const observed = [planned.observed, ...planned.others].find((one) => one.lake === lake.lake);
    return observed === undefined
      ? Promise.resolve([])
      : carryOutIn(lake, observed, { planned, applying, plan: part(planIn(lake.lake)) });
  };
  const first = (turns.includes(1) ? consumers : [])
    .filter((lake) => changesIn(planIn(lake.lake), 1).length > 0)
    .map((lake) => ({ lake, late: lake.hurry(), gone: turnIn(lake, whatGoes) }));
  await Promise.all(first.map(({ late, gone }) => Promise.race([late, gone])));
  const inCentral = (): Promise<readonly Outcome[]> => turnIn(central, (plan) => plan);
  const outcomes = turns.includes(2) ? await inCentral() : [];
  const others = await Promise.all(
    consumers.map(async (lake) => {
      const own = first.find((one) => one.lake === lake);
      const gone = (await own?.gone) ?? [];
      if (own !== undefined) lake.relax();
      return [...gone, ...(turns.includes(3) ? await turnIn(lake, whatComes) : [])];
    }),
  );
  return [...outcomes, ...others.flat()];
}

function whatGoes(plan: Plan): Plan {
  return { ...plan, changes: changesIn(plan, 1), withheld: [], refusals: [] };
}

function whatComes(plan: Plan): Plan {
  return { ...plan, changes: changesIn(plan, 3) };
}

function changesIn({ changes }: Plan, turn: Turn): readonly Change[] {
  return changes.filter((change) => turnOf(change) === turn);
}

interface Course {
  readonly planned: Planned;
  readonly applying: Omit<Applying, 'look' | 'writer'>;
  /** The part of the lake's plan that its turn has come for. */
  readonly plan: Plan;
}

async function carryOutIn(
  lake: Lake,
  observed: Observed,
  { planned: { again }, applying, plan }: Course,
): Promise<readonly Outcome[]> {
  const look = async (changes: readonly Change[], failed: ReadonlySet<FactKey>): Promise<Second> => {
    const now = await reread(lake, observed, changes);
    const unread = now.gaps.slice(observed.gaps.length).findLast(({ blocks }) => blocks !== 'nothing')?.message;
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
  return apply(plan, { ...applying, writer: lake, look });
}

/** The parts of a plan that are about one lake each. */
function plansIn(plan: Plan): (lake: LakeId) => Plan {
  if (plan.lakes.length === 1) return () => plan;
  const changes = groupBy(plan.changes, ({ lake }) => lake);
  const withheld = groupBy(plan.withheld, ({ change }) => change.lake);
  const refused = plan.refusals.map((refusal) => ({ refusal, changes: groupBy(refusal.changes, ({ lake }) => lake) }));
  return (lake) => ({
    ...plan,
    changes: changes.get(lake) ?? [],
    withheld: withheld.get(lake) ?? [],
    refusals: refused.map(({ refusal, changes: own }) => ({ ...refusal, changes: own.get(lake) ?? [] })),
  });
}
