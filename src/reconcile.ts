import { type Applying, apply, type Second } from './apply/apply.ts';
import { endingAsProven } from './approve/expiry.ts';
import type { FactKey } from './core/fact.ts';
import type { Lake, LakeReader } from './core/lake.ts';
import type { Outcome } from './core/outcome.ts';
import type { Part } from './core/part.ts';
import type { Change, ChangedFiles, Note, Plan } from './core/plan.ts';
import { atStake, type Scope } from './core/scope.ts';
import type { Catalog, Desired, Gap, Observed } from './core/state.ts';
import { touches } from './core/touched.ts';
import type { Declaration } from './declare/declaration.ts';
import type { PastCommit } from './declare/recall.ts';
import { desire } from './desire/desire.ts';
import { touchedPart, type Version, wholePart } from './desire/part.ts';
import { type PlacedHold, safetyOf } from './desire/safety.ts';
import { scopeOf } from './desire/scope.ts';
import { asFarAsProven } from './desire/stake.ts';
import { observe } from './observe/observe.ts';
import { reread } from './observe/reread.ts';
import { onSchedule, type Schedule } from './plan/on-schedule.ts';
import { makePlan, type PlanInput } from './plan/plan.ts';
import { type Trusting, trust } from './trust.ts';

/** What a reconciliation is made of. */
export interface Run extends Trusting {
  readonly commit: string | null;
  /** What the first-parent history said; without it what is declared now is all that is managed. */
  readonly history?: History;
  /** Mesh files that differ from that commit, or are missing of it. */
  readonly uncommitted?: readonly string[];
  /** Holds that count beside those of mesh.yaml. */
  readonly holds?: readonly PlacedHold[];
  /** What could not be read beside the lake. */
  readonly gaps?: readonly Omit<Gap, 'lake'>[];
  /** The time that expiry is judged by. */
  readonly now: Date;
  /** The changed files that the plan is confined to. */
  readonly changes?: Changes;
  /** What a run that nobody asked for may do; without it everything is done. */
  readonly schedule?: Schedule;
  readonly onProgress?: (rows: number, pages: number) => void;
}

/** The mesh files of the first-parent history, and what is to be said of its reading. */
export interface History {
  /** Oldest first. */
  readonly commits: readonly PastCommit[];
  /** Old versions that the repository lacks. */
  readonly gaps: readonly Omit<Gap, 'lake'>[];
  readonly notes: readonly Note[];
}

/** Changed files, with the versions that they had: products and subscriptions as they were. */
export interface Changes extends ChangedFiles {
  readonly before: Version;
}

/** What a run has done so far, for a plan made in its course. */
type Progress = Pick<PlanInput, 'failed' | 'before'>;

/** A plan with what it was made from, so that apply can look again. */
export interface Planned {
  readonly plan: Plan;
  readonly observed: Observed;
  readonly again: (observed: Observed, progress: Progress) => Promise<Plan>;
}

/** Observes the lake and plans: desired against observed, with a reading port only. */
export async function plan(run: Run, reader: LakeReader): Promise<Planned> {
  const scope = scopeOf(run.declaration, run.history?.commits);
  const part = partOf(run);
  const observed = await observe(reader, {
    // Also what only the history names: it may have to go, and its creators are protected.
    part: part ?? wholePart(scope.ever),
    isPartOnly: part !== undefined,
    ...(run.onProgress && { onProgress: run.onProgress }),
  });
  const again = (now: Observed, progress: Progress): Promise<Plan> => planFrom({ ...run, scope }, now, progress);
  const whole = await again(observed, {});
  return { plan: run.schedule === undefined ? whole : onSchedule(whole, run.schedule), observed, again };
}

/** Plans against what was observed before. */
export async function planObserved(run: Run, observed: Observed): Promise<Plan> {
  return await planFrom({ ...run, scope: scopeOf(run.declaration, run.history?.commits) }, observed, {});
}

/** The part of the lake that a run is confined to; undefined where it is about the whole mesh. */
function partOf({ declaration, changes }: Run): Part | undefined {
  if (changes === undefined || changes.whole !== undefined) return undefined;
  const files = new Set(changes.files);
  return touchedPart([changes.before, declaration], (path) => files.has(path));
}

async function planFrom(run: Run & { readonly scope: Scope }, seen: Observed, progress: Progress): Promise<Plan> {
  const { declaration, commit, now, scope, changes } = run;
  const part = partOf(run);
  const gaps = [...(run.history?.gaps ?? []), ...(run.gaps ?? [])].map((gap) => ({ lake: seen.lake, ...gap }));
  const observed: Observed = { ...seen, gaps: [...seen.gaps, ...gaps] };
  const today = now.toISOString().slice(0, 10);
  const safety = safetyOf(declaration, { today, ...(run.holds && { more: run.holds }) });
  const wanted = (files: Declaration): Desired =>
    desire(files, {
      catalog: part === undefined ? observed.catalog : withoutOthers(declaration, observed.catalog, part),
      today,
      live: observed.facts,
      holds: safety.holds.filter(({ isOver }) => !isOver),
      administrators: observed.settings.administrators,
    });
  const asWritten = wanted(declaration);
  const { proofs, ends, stake } = await trust(run, asWritten, { observed, today });
  const desired = ends.size === 0 ? asWritten : wanted(endingAsProven(declaration, ends));
  const ofMesh = asFarAsProven(safety, declaration, { meshes: stake.meshes, today });
  return makePlan({
    mesh: declaration.mesh.value.name,
    commit,
    asOf: now.toISOString(),
    scope: atStake(scope, { enforce: stake.enforce, protectedPrincipals: ofMesh.protectedPrincipals }),
    desired,
    observed,
    proofs,
    notes: [...(run.history?.notes ?? []), ...stake.notes, ...ofMesh.notes],
    safety: ofMesh.safety,
    ...(run.uncommitted && { uncommitted: run.uncommitted }),
    ...(changes && { changed: changedOf(changes) }),
    ...(part && { part }),
    ...progress,
  });
}

/** The catalog with every database that was left out as one that was not read, so that nobody takes it for absent. */
function withoutOthers(declaration: Declaration, catalog: Catalog, part: Part): Catalog {
  const databases = [...declaration.products.values()].map(({ value }) => value.database);
  return { ...catalog, unread: new Set([...catalog.unread, ...databases.filter((name) => !part.databases.has(name))]) };
}

function changedOf({ since, files, whole }: Changes): ChangedFiles {
  return { since, files, ...(whole === undefined ? {} : { whole }) };
}

/** Carries out what was planned: that very plan, and after each round what a fresh look at its scope leaves. */
export async function carryOut(
  { plan: planned, observed, again }: Planned,
  lake: Lake,
  applying: Omit<Applying, 'look' | 'writer'>,
): Promise<readonly Outcome[]> {
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
