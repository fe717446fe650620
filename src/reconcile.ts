import { type Applying, apply, type Second } from './apply/apply.ts';
import { administratorsOf } from './approve/administrators.ts';
import { endingAsProven, everOver, type ProvenEnds, provenEnds } from './approve/expiry.ts';
import { filesInNeed } from './approve/in-need.ts';
import { type Court, type Judge, judgeOf } from './approve/judge.ts';
import { latecomers } from './approve/latecomers.ts';
import { needsOf } from './approve/needs.ts';
import { prove } from './approve/prove.ts';
import type { Approvals, FileVersion, Quorum } from './core/approvals.ts';
import type { FactKey } from './core/fact.ts';
import type { Lake, LakeReader } from './core/lake.ts';
import type { Outcome } from './core/outcome.ts';
import type { Part } from './core/part.ts';
import type { Change, ChangedFiles, Note, Plan } from './core/plan.ts';
import { asFarAsProven, type Scope } from './core/scope.ts';
import type { Catalog, Desired, Gap, Observed, Proof, Proofs } from './core/state.ts';
import { touches } from './core/touched.ts';
import type { Declaration } from './declare/declaration.ts';
import type { PastCommit } from './declare/recall.ts';
import { approvalsOfProduct, approvalsOfSubscription } from './desire/asked.ts';
import { alsoAsked, approvalsAsked, classesOf } from './desire/classes.ts';
import { desire } from './desire/desire.ts';
import { narrowsValue } from './desire/narrows.ts';
import { touchedPart, type Version, wholePart } from './desire/part.ts';
import { type PlacedHold, safetyOf } from './desire/safety.ts';
import { scopeOf } from './desire/scope.ts';
import { observe } from './observe/observe.ts';
import { reread } from './observe/reread.ts';
import { onSchedule, type Schedule } from './plan/on-schedule.ts';
import { makePlan, type PlanInput } from './plan/plan.ts';

/** What a reconciliation is made of. */
export interface Run {
  readonly declaration: Declaration;
  readonly approvals: readonly Approvals[];
  /** What git and a forge tell of the files' approval, beside the approvals. */
  readonly record?: Omit<Court, 'weights' | 'narrows'>;
  readonly commit: string | null;
  /** What the first-parent history said; without it what is declared now is all that is managed. */
  readonly history?: History;
  /** Mesh files that differ from that commit, or are missing of it. */
  readonly uncommitted?: readonly string[];
  /** Holds that count beside those of mesh.yaml. */
  readonly holds?: readonly PlacedHold[];
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

async function planFrom(run: Run & { readonly scope: Scope }, observed: Observed, progress: Progress): Promise<Plan> {
  const { declaration, commit, now, scope, changes } = run;
  const part = partOf(run);
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
  const { proofs, ends } = await proofsOf(run, asWritten, { observed, today });
  const desired = ends.size === 0 ? asWritten : wanted(endingAsProven(declaration, ends));
  const { gaps = [], notes = [] } = run.history ?? {};
  return makePlan({
    mesh: declaration.mesh.value.name,
    commit,
    asOf: now.toISOString(),
    scope: asFarAsProven(scope, (id) => proofs.get(declaration.products.get(id)?.path ?? '')?.proven === true),
    desired,
    observed,
    proofs,
    history: { gaps, notes: [...notes, ...exclusivesIn(declaration, proofs)] },
    safety,
    ...(run.uncommitted && { uncommitted: run.uncommitted }),
    ...(changes && { changed: changedOf(changes) }),
    ...(part && { part }),
    ...progress,
  });
}

/** What is said of products whose `exclusive` waits for a proof. */
function exclusivesIn({ products }: Declaration, proofs: Proofs): readonly Note[] {
  return [...products.values()].flatMap(({ path, value }) => {
    const proof = proofs.get(path);
    if (value.enforce !== 'exclusive' || proof?.proven === true) return [];
    const message = `${path} says \`enforce: exclusive\` and is not proven, so that what strangers hold there stays`;
    return [{ code: 'EXCLUSIVE_NOT_PROVEN', message, hint: proof?.remedy ?? 'have the file approved' }];
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

interface At {
  readonly observed: Observed;
  readonly today: string;
}

/** The proof of every file, and the days on which subscriptions end that are not proven. */
async function proofsOf(
  run: Run,
  desired: Desired,
  at: At,
): Promise<{ readonly proofs: Proofs; readonly ends: ProvenEnds }> {
  const { declaration, approvals, record } = run;
  const { mesh } = declaration;
  const versions: readonly FileVersion[] = [
    mesh,
    ...declaration.accounts.values(),
    ...declaration.products.values(),
    ...declaration.subscriptions.values(),
  ];
  const answers = await Promise.all(approvals.map((source) => source.approvalsOf(versions)));
  const administrators = administratorsOf(declaration, approvals, answers);
  const classes = classesOf(mesh.value);
  const asked = (touched: readonly string[]): number => approvalsAsked(classes, touched);
  const also = (touched: readonly string[]): readonly Quorum[] => alsoAsked(classes, touched);
  const proofs = prove(versions, answers, needsOf(declaration, desired, { administrators, asked, also }));
  if (record === undefined) return { proofs, ends: new Map() };
  const judge = judgeOf({ ...record, ...judgementIn(declaration, at.observed) });
  const once = await everOver(record, declaration, at.today);
  // Guards ask of mesh.yaml, and strangers of a product that is `exclusive`, whatever is live.
  const exclusive = [...declaration.products.values()].filter(({ value }) => value.enforce === 'exclusive');
  const always = [mesh, ...exclusive].map(({ path }) => path);
  const inNeed = new Set([...always, ...once, ...latecomers(record), ...filesInNeed(desired, at.observed)]);
  const open = versions.filter(({ path }) => inNeed.has(path) && proofs.get(path)?.proven !== true);
  // Each run begins elsewhere, so that what never becomes proven does not use up every run's requests.
  const from = Math.floor(run.now.getTime() / 60_000) % Math.max(open.length, 1);
  const judged = await judgeAll([...open.slice(from), ...open.slice(0, from)], judge);
  const all = new Map([...proofs, ...judged]);
  return { proofs: all, ends: await provenEnds(once, all, judge) };
}

/** A few at a time, so that where the budget of requests ends the others are told for sure. */
async function judgeAll(versions: readonly FileVersion[], judge: Judge): Promise<Proofs> {
  const proofs = new Map<string, Proof>();
  const atOnce = 8;
  for (let from = 0; from < versions.length; from += atOnce)
    await Promise.all(
      versions
        .slice(from, from + atOnce)
        .map(async ({ path, blob }) => proofs.set(path, await judge.proofOf(path, blob))),
    );
  return proofs;
}

/** What the judge asks of the files of now and of the catalog. */
export function judgementIn(
  declaration: Declaration,
  { catalog }: Pick<Observed, 'catalog'>,
): Pick<Court, 'weights' | 'narrows'> {
  const mesh = declaration.mesh.value;
  return {
    weights: {
      ofSubscription: (key, value, among) => approvalsOfSubscription({ key, value }, among, { declaration, catalog }),
      ofProduct: (product, before) => approvalsOfProduct(product, before ?? mesh),
    },
    narrows: (was, is) => narrowsValue([was.value, is.value], [mesh, mesh]),
  };
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
