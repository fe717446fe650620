import { endingAsProven } from './approve/expiry.ts';
import { filesInNeed } from './approve/in-need.ts';
import { asKept } from './approve/latecomers.ts';
import type { LakeId } from './core/fact.ts';
import type { Hurried, LakeReader } from './core/lake.ts';
import type { ChangedFiles, Plan } from './core/plan.ts';
import { atStake, type Scope } from './core/scope.ts';
import type { Desired, Gap, Observed } from './core/state.ts';
import type { Declaration } from './declare/declaration.ts';
import { desire } from './desire/desire.ts';
import { type FormerSubscription, formerIn } from './desire/former.ts';
import { isEntered } from './desire/imports.ts';
import { withoutOthers } from './desire/part.ts';
import { type PlacedHold, safetyOf } from './desire/safety.ts';
import { asFarAsProven } from './desire/stake.ts';
import { factsOf } from './observe/facts.ts';
import {
  type Changes,
  type Observing,
  observeCentral,
  observeConsumers,
  partOf,
  type Seen,
  scopeIn,
} from './observing.ts';
import { byHandOf } from './plan/by-hand.ts';
import { byLake } from './plan/by-lake.ts';
import { onSchedule, type Schedule } from './plan/on-schedule.ts';
import { makePlan, type PlanInput } from './plan/plan.ts';
import { type Trust, type Trusting, trust } from './trust.ts';

/** What a reconciliation is made of. */
export interface Run extends Observing, Omit<Trusting, 'history'> {
  readonly commit: string | null;
  /** Mesh files that differ from that commit, or are missing of it. */
  readonly uncommitted?: readonly string[];
  /** Holds that count beside those of mesh.yaml. */
  readonly holds?: readonly PlacedHold[];
  /** What could not be read beside the lake. */
  readonly gaps?: readonly Omit<Gap, 'lake'>[];
  /** The time that expiry is judged by. */
  readonly now: Date;
  /** What a run that nobody asked for may do; without it everything is done. */
  readonly schedule?: Schedule;
  /** Subscriptions as they were, whose part in accounts that no run enters may be there still. */
  readonly former?: readonly FormerSubscription[];
  /** What is known of the files' approval, where it was asked for before. */
  readonly trusted?: Trust;
}

/** What a run has done so far, for a plan made in its course. */
type Progress = Pick<PlanInput, 'failed' | 'before'>;

/** A plan with what it was made from, so that apply can look again. */
export interface Planned extends Seen {
  readonly plan: Plan;
  readonly trusted: Trust;
  /** The plan of one lake, as it was observed again. */
  readonly again: (observed: Observed, progress: Progress) => Promise<Plan>;
}

/** Observes the lakes and plans: desired against observed, with reading ports only. */
export async function plan(
  run: Run,
  central: LakeReader,
  consumers: readonly (LakeReader & Hurried)[] = [],
): Promise<Planned> {
  const scope = scopeIn(run);
  const first = observeCentral(run, central, scope);
  const [observed, others] = await Promise.all([first, observeConsumers(run, consumers, first)]);
  return planSeen(run, { observed, others }, scope);
}

/** Plans against what was observed before. */
export async function planSeen(run: Run, seen: Seen, scope = scopeIn(run)): Promise<Planned> {
  const ground = { scope, ...seen };
  const basis = await basisOf(run, ground);
  const whole = planOn(basis, run);
  const known = { basis, desiredIn: byLake(basis.desired) };
  return {
    ...seen,
    plan: run.schedule === undefined ? whole : onSchedule(whole, run.schedule),
    trusted: basis.trusted,
    again: async (now, progress) => planOn(await basisAgain(run, { ...ground, now }, known), run, progress),
  };
}

/** What is known of the lakes, and of what is managed in them. */
interface Ground extends Seen {
  readonly scope: Scope;
  /** The lake that the plan is confined to, as it was read again. */
  readonly now?: Observed;
}

/** What a plan is made on: what is desired, how far that is proven, and what is beside it. */
interface Basis extends Pick<PlanInput, 'scope' | 'desired' | 'due' | 'proofs' | 'notes' | 'safety' | 'part'> {
  readonly trusted: Trust;
  readonly lakes: readonly [Observed, ...Observed[]];
}

async function basisOf(run: Run, { scope, observed: first, others, now: again }: Ground): Promise<Basis> {
  const { declaration, now } = run;
  const central = again?.lake === first.lake ? again : first;
  const lakes = (again === undefined ? [central, ...others] : [again]).map((one) => withGaps(run, one, first.lake));
  const observed = lakes.find(({ lake }) => lake === first.lake) ?? first;
  const part = partOf(run);
  const today = now.toISOString().slice(0, 10);
  const safety = safetyOf(declaration, { today, ...(run.holds && { more: run.holds }) });
  const wanted = (files: Declaration): Desired =>
    desire(files, {
      catalog: part === undefined ? observed.catalog : withoutOthers(declaration, observed.catalog, part),
      today,
      live: again?.facts ?? observed.facts,
      holds: safety.holds.filter(({ isOver }) => !isOver),
      administrators: [observed, ...others].flatMap(({ settings }) => settings.administrators),
    });
  const asWritten = wanted(declaration);
  // What is live in the other lakes needs no proof, also where one alone is looked at again.
  const live = factsOf([first, ...others].map((one) => (one.lake === again?.lake ? again : one)));
  const trusted = run.trusted ?? (await trust(run, asWritten, { observed: { ...observed, facts: live }, today }));
  const { proofs, ends, keeping, stake } = trusted;
  const ending = endingAsProven(declaration, ends);
  const desired = ends.size === 0 ? asWritten : wanted(ending);
  const due = keeping.size === 0 ? undefined : wanted(asKept(ending, keeping)).facts;
  const ofMesh = asFarAsProven(safety, declaration, { meshes: stake.meshes, today });
  const [one = observed, ...more] = lakes;
  return {
    scope: atStake(scope, { enforce: stake.enforce, protectedPrincipals: ofMesh.protectedPrincipals }),
    desired,
    ...(due && { due }),
    proofs,
    notes: [...(run.history?.notes ?? []), ...stake.notes, ...ofMesh.notes],
    safety: ofMesh.safety,
    ...(part && { part }),
    trusted,
    lakes: [one, ...more],
  };
}

/**
 * The basis of a plan in the course of a run. What files ask of a consumer's lake is not changed by what happens there, nor
 * how far they are proven: it is the basis of before, unless something is gone that nobody has asked about a proof for.
 */
async function basisAgain(run: Run, ground: Ground & Required<Pick<Ground, 'now'>>, known: Known): Promise<Basis> {
  const { now, others, observed } = ground;
  const before = others.find(({ lake }) => lake === now.lake);
  if (before === undefined) return basisOf(run, ground);
  const desired = known.desiredIn(now.lake);
  const asked = filesInNeed(desired, before);
  const isKnown = (path: string): boolean => asked.has(path) || known.basis.proofs.get(path)?.proven === true;
  return [...filesInNeed(desired, now)].every(isKnown)
    ? { ...known.basis, desired, lakes: [withGaps(run, now, observed.lake)] }
    : basisOf(run, ground);
}

/** The basis of a run's first plan, and what is desired of each lake. */
interface Known {
  readonly basis: Basis;
  readonly desiredIn: (lake: LakeId) => Desired;
}

function planOn({ lakes, trusted: _, ...basis }: Basis, run: Run, progress?: Progress): Plan {
  const [observed, ...others] = lakes;
  const { declaration, commit, now, changes } = run;
  return makePlan({
    mesh: declaration.mesh.value.name,
    commit,
    asOf: now.toISOString(),
    ...basis,
    observed,
    others,
    byHand:
      progress === undefined
        ? byHandOf(basis.desired, {
            proofs: basis.proofs,
            isEntered: (lake) => isEntered(declaration, lake.split('/')[0] ?? ''),
            former: formerIn(declaration, run.former ?? [], observed),
          })
        : [],
    ...(run.uncommitted && { uncommitted: run.uncommitted }),
    ...(changes && { changed: changedOf(changes) }),
    ...progress,
  });
}

function changedOf({ since, files, whole }: Changes): ChangedFiles {
  return { since, files, ...(whole === undefined ? {} : { whole }) };
}

/** A lake with what could not be read beside it; what the history lacks is of the central one. */
function withGaps(run: Run, seen: Observed, central: LakeId): Observed {
  const found = [...(seen.lake === central ? (run.history?.gaps ?? []) : []), ...(run.gaps ?? [])];
  return { ...seen, gaps: [...seen.gaps, ...found.map((gap) => ({ lake: seen.lake, ...gap }))] };
}
