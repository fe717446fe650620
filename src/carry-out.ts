import { type Applying, apply, type Second } from './apply/apply.ts';
import type { FactKey, LakeId } from './core/fact.ts';
import { groupBy } from './core/group.ts';
import type { Hurried, Lake } from './core/lake.ts';
import type { Outcome } from './core/outcome.ts';
import type { Change, Plan } from './core/plan.ts';
import type { Observed } from './core/state.ts';
import { touches } from './core/touched.ts';
import { withoutDone } from './core/waiting.ts';
import { reread } from './observe/reread.ts';
import type { Planned } from './reconcile.ts';

/** How a plan is carried out; the ports to consumers' lakes come with it. */
export interface Carrying extends Omit<Applying, 'look' | 'writer'> {
  readonly consumers?: readonly (Lake & Hurried)[];
  /** The turns that are carried out, where it is not all of them. */
  readonly turns?: readonly Turn[];
}

/**
 * What goes in consumers' lakes; the central lake; what comes in consumers' lakes, and what that replaces; what goes in the
 * central lake after that.
 */
export type Turn = 1 | 2 | 3 | 4;

/** All turns, in their order. */
export const allTurns: readonly Turn[] = [1, 2, 3, 4];

/** The turn in which a change is made. */
export function turnOf({ account, after, waitsFor = [], goesAfter }: Change): Turn {
  if (account === undefined) return goesAfter === undefined ? 2 : 4;
  return after === undefined && waitsFor.length === 0 ? 1 : 3;
}

/**
 * Carries out what was planned: that very plan, and after each round what a fresh look at its scope leaves. What goes in
 * consumers' lakes goes first, since they may no longer touch what they do not hold, and what comes there comes after the
 * central lake, since they pass on what they have been given; only then does the central lake take what they have replaced.
 * They do not wait for each other, and the central lake waits for none of them longer than it may: what is still going on
 * there then has its outcome in the end.
 */
export async function carryOut(
  planned: Planned,
  central: Lake,
  { consumers = [], turns = allTurns, ...applying }: Carrying,
): Promise<readonly Outcome[]> {
  const planIn = plansIn(planned.plan);
  const ofTurn = (lake: Lake, turn: Turn): readonly Change[] =>
    turns.includes(turn) ? planIn(lake.lake).changes.filter((change) => turnOf(change) === turn) : [];
  const inTurn = (lake: Lake, turn: Turn): Promise<readonly Outcome[]> => {
    const observed = [planned.observed, ...planned.others].find((one) => one.lake === lake.lake);
    const plan = {
      ...(turn === 1 ? withNothingHeld(planIn(lake.lake)) : planIn(lake.lake)),
      changes: ofTurn(lake, turn),
    };
    return observed === undefined || !turns.includes(turn)
      ? Promise.resolve([])
      : carryOutIn(lake, observed, { planned, applying, plan });
  };
  const first = await Promise.all(
    consumers
      .filter((lake) => ofTurn(lake, 1).length > 0)
      .map(async (lake) => ({ lake, ...(await inTime(lake, () => inTurn(lake, 1))) })),
  );
  const second = await inTurn(central, 2);
  const last = ofTurn(central, 4);
  const awaited = new Set(last.flatMap(({ goesAfter = [] }) => goesAfter));
  const others = await Promise.all(
    consumers.map(async (lake): Promise<Pick<Awaited, 'ending'>> => {
      const own = first.find((one) => one.lake === lake);
      const both = async (): Promise<readonly Outcome[]> => {
        const gone = (await own?.ending) ?? [];
        if (own?.isLate === true) lake.relax();
        return [...gone, ...(await inTurn(lake, 3))];
      };
      const isAwaited = own?.isLate !== true && ofTurn(lake, 3).some(({ key }) => awaited.has(key));
      if (!isAwaited) return { ending: both() };
      const { ending } = await inTime(lake, both);
      // Nobody waits for it any longer, so that it has all the time it needs.
      lake.relax();
      return { ending };
    }),
  );
  const [fourth, ...ended] = await Promise.all([
    last.length === 0 ? [] : afterOthers(central, last, { planned, applying, second }),
    ...others.map(({ ending }) => ending),
  ]);
  return [...second, ...fourth, ...ended.flat()];
}

/** What becomes of something that the central lake waits for, and not for ever. */
interface Awaited {
  readonly isLate: boolean;
  readonly ending: Promise<readonly Outcome[]>;
}

async function inTime(lake: Hurried, begin: () => Promise<readonly Outcome[]>): Promise<Awaited> {
  const late = lake.hurry();
  const ending = begin();
  const isLate = typeof (await Promise.race([late, ending])) === 'string';
  if (!isLate) lake.relax();
  return { isLate, ending };
}

/** Takes in the central lake what was replaced in others, as that lake is after the turn in which the new came. */
async function afterOthers(
  central: Lake,
  changes: readonly Change[],
  { planned, applying, second }: Omit<Course, 'plan'> & { readonly second: readonly Outcome[] },
): Promise<readonly Outcome[]> {
  const tried = second.map(({ change }) => change);
  const done = new Set(second.flatMap(({ change, status }) => (isThere(status) ? [change.key] : [])));
  const plan = { ...withNothingHeld(planned.plan), changes: changes.map((change) => withoutDone(change, done)) };
  const observed = tried.length === 0 ? planned.observed : await reread(central, planned.observed, tried);
  return carryOutIn(central, observed, { planned, applying, plan });
}

function isThere(status: Outcome['status']): boolean {
  return status === 'applied' || status === 'already';
}

/** A plan of which what it holds back has its outcome in another turn. */
function withNothingHeld(plan: Plan): Plan {
  return { ...plan, withheld: [], refusals: [] };
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
  { planned: { again, plan: whole }, applying, plan }: Course,
): Promise<readonly Outcome[]> {
  const own = new Set(plan.changes.map(({ key }) => key));
  const isOfAnother = new Set([
    ...whole.changes.flatMap((change) => (change.account === undefined && !own.has(change.key) ? [change.key] : [])),
    ...whole.withheld.flatMap(({ change }) => (change.account === undefined ? [] : [change.key])),
  ]);
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
      // What another turn is to do in the central lake it does when its time has come, and what accounts do not hold they cannot give.
      plan: { ...next, changes: next.changes.filter((change) => isTouched(change) && !isOfAnother.has(change.key)) },
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
