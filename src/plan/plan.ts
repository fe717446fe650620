import { digestOfLines } from '../core/digest.ts';
import { type Fact, type FactKey, isSameFact, type LakeId } from '../core/fact.ts';
import type { Part } from '../core/part.ts';
import type { ByHand, Change, ChangedFiles, Note, Plan, Withheld } from '../core/plan.ts';
import { defaultLimits, type GuardLimits, type Safety } from '../core/safety.ts';
import type { Scope } from '../core/scope.ts';
import type { Desired, Observed, ObservedFact, Proofs } from '../core/state.ts';
import { byLake } from './by-lake.ts';
import { type Difference, differ } from './changes.ts';
import { asFarAsRead, readWith, type Seen, within } from './confined.ts';
import type { ManagedGrant } from './guards/guard.ts';
import { refuse } from './guards/refuse.ts';
import { withIam } from './iam-access.ts';
import { grantsOn } from './in-use.ts';
import { judge } from './judge.ts';
import { leftMesh } from './left-mesh.ts';
import { compareChanges, summarise } from './order.ts';
import { pastHolds } from './past-holds.ts';
import { joinSeen, pictureOf } from './picture.ts';
import { inTime, withoutLapsing } from './sharing.ts';
import { sharingLimits } from './sharing-limits.ts';
import { allowanceOf } from './standing.ts';
import { inTurns } from './turns.ts';
import type { Verdict } from './verdict.ts';

/** What a plan is made from. */
export interface PlanInput {
  readonly mesh: string;
  readonly commit: string | null;
  readonly asOf: string;
  readonly scope: Scope;
  readonly desired: Desired;
  /** What is live may be kept for, where that is not all that is desired. */
  readonly due?: Desired['facts'];
  /** The central lake. */
  readonly observed: Observed;
  /** The consumers' lakes. */
  readonly others?: readonly Observed[];
  readonly proofs: Proofs;
  /** What is to be said of the files and of the history that the scope was read from. */
  readonly notes?: readonly Note[];
  /** Holds, overrides and limits; without them the default limits count. */
  readonly safety?: Safety;
  /** Mesh files that differ from the commit, or are missing of it. */
  readonly uncommitted?: readonly string[];
  /** The changed files that the plan is about. */
  readonly changed?: ChangedFiles;
  /** The part of the lake that the plan is confined to, where it is. */
  readonly part?: Part;
  /** What is left to administrators of accounts that no run enters. */
  readonly byHand?: readonly ByHand[];
  /** Facts whose change failed earlier in the same run. */
  readonly failed?: ReadonlySet<FactKey>;
  /** What was live of the facts that were changed earlier in the same run. */
  readonly before?: ReadonlyMap<FactKey, Fact>;
}

/** The plan: what is to be done, what waits, what is left alone, and what is refused; of all lakes that were observed. */
export function makePlan(input: PlanInput): Plan {
  const { part, changed, desired, observed, others = [] } = input;
  const lakes = [observed, ...others];
  const desiredIn = byLake(desired);
  const draft = (one: Observed): Draft => draftOf({ ...input, desired: desiredIn(one.lake) }, one);
  const first = draft(observed);
  const giver = { observed, changes: first.changes };
  const [lapsed, timely] = [withoutLapsing(giver), inTime(giver)];
  const drafts = inTurns(observed, [first, ...others.map((one) => timely(draft(lapsed(one))))]);
  const all = <K extends 'changes' | 'withheld' | 'leftOut' | 'managed'>(name: K): readonly Draft[K][number][] =>
    drafts.length === 1
      ? (drafts[0]?.[name] ?? [])
      : drafts.flatMap((draft): readonly Draft[K][number][] => draft[name]);
  const { overrides, limits, standing } = allowanceOf(input.safety ?? noSafety);
  const context = {
    desired,
    lakes,
    scope: input.scope,
    uncommitted: input.uncommitted ?? [],
    limits: part === undefined ? limits : inNumber(limits),
    managed: all('managed'),
    soon: weekAfter(input.asOf),
  };
  const left = leftMesh({ scope: input.scope, observed, others });
  const refusals = refuse(all('changes'), context, overrides);
  const refused = new Set(refusals.flatMap((refusal) => refusal.changes.map(({ id }) => id)));
  const kept = all('changes')
    .filter(({ id }) => !refused.has(id))
    .sort(compareChanges);
  return {
    format: 1,
    mesh: input.mesh,
    commit: input.commit,
    asOf: input.asOf,
    ...(changed === undefined ? {} : { scope: changed }),
    lakes: lakes.map(({ lake, endpoint }) => {
      const [account = '', region = ''] = lake.split('/');
      return { account, region, endpoint };
    }),
    basis: basisOf(desired, lakes),
    summary: summarise(kept),
    changes: kept,
    withheld: [...all('withheld')].sort((a: Withheld, b: Withheld) => compareChanges(a.change, b.change)),
    leftOut: [...all('leftOut')].sort(compareChanges),
    ...joinSeen(drafts.map(({ seen }) => seen)),
    refusals,
    standing,
    byHand: input.byHand ?? [],
    gaps: lakes.flatMap(({ lake, gaps }) => (left.has(lake) ? [] : gaps)),
    problems: desired.refused,
    notes: [...(input.notes ?? []), ...left.values(), ...drafts.flatMap(({ notesOn }) => notesOn(kept))],
  };
}

/** What is planned of one lake, before guards have looked at all of them. */
interface Draft {
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
  readonly leftOut: readonly Change[];
  readonly managed: readonly ManagedGrant[];
  readonly seen: Seen;
  readonly notesOn: (kept: readonly Change[]) => readonly Note[];
}

function draftOf(input: PlanInput, live: Observed): Draft {
  const { scope, proofs, part } = input;
  const { desired, observed } = readWith(part, { desired: input.desired, observed: live });
  const isInPart = within(part);
  const { verdict, parting, openedByIam, notes } = withIam(
    { desired, observed, scope, proofs },
    judge(scope, observed),
  );
  const judgement = {
    proofs,
    parting,
    observed: { ...observed, openedByIam },
    taken: takenIn(observed, input, verdict),
    failed: input.failed ?? new Set<FactKey>(),
    ...(input.before && { before: input.before }),
    ...(input.due && { due: input.due }),
  };
  const different = placed(differ(desired, judgement, verdict), live.lake, scope);
  const leftOut = different.leftOut.filter(isInPart);
  return {
    changes: different.changes.filter(isInPart),
    withheld: different.withheld.filter(({ change }) => isInPart(change)),
    leftOut,
    managed: managedGrants(observed, verdict),
    seen: asFarAsRead(part, observed, pictureOf({ scope, desired, observed, leftOut, verdict })),
    notesOn: (kept) => [
      ...pastHolds({ desired, observed }, kept, verdict),
      ...(live.lake.startsWith(`${scope.centralAccount}/`) ? sharingLimits(observed, kept) : []),
      ...notes,
    ],
  };
}

/** Changes that say in whose lake they are made, where that is a consumer's. */
function placed(different: Difference, lake: LakeId, { centralAccount, centralRegion }: Scope): Difference {
  const [account = '', region = ''] = lake.split('/');
  if (account === centralAccount) return different;
  const place = { account, ...(region === centralRegion ? {} : { region }) };
  return {
    changes: different.changes.map((change) => ({ ...change, ...place })),
    leftOut: different.leftOut.map((change) => ({ ...change, ...place })),
    withheld: different.withheld.map((one) => ({ ...one, change: { ...one.change, ...place } })),
  };
}

/** The names in a consumer's catalog that are not the mesh's to give to a link, or to one to something else. */
function takenIn(
  observed: Observed,
  { desired, scope }: Pick<PlanInput, 'desired' | 'scope'>,
  verdict: (fact: Fact) => Verdict,
): ReadonlySet<string> {
  const { lake, catalog, facts } = observed;
  if (lake.startsWith(`${scope.centralAccount}/`)) return new Set();
  const isOurs = (key: FactKey): boolean => {
    const held = facts.get(key);
    return held !== undefined && verdict(held.fact).kind === 'managed';
  };
  const links = [...facts.values()].flatMap(({ key, fact }) => {
    if (fact.kind !== 'resource-link') return [];
    const wanted = desired.facts.get(key);
    const isTurned = wanted !== undefined && !isSameFact(wanted.fact, fact);
    const isFree = verdict(fact).kind === 'managed' && !(isTurned && !grantsOn(fact, observed).every(isOurs));
    return isFree ? [] : [fact.database];
  });
  return new Set([...catalog.databases.keys(), ...links]);
}

const noSafety: Safety = { holds: [], overrides: [], limits: defaultLimits };

/** The live grants that are the mesh's own: what a guard's percentage is a percentage of. */
function managedGrants({ facts }: Observed, verdict: (fact: Fact) => Verdict): readonly ManagedGrant[] {
  return [...facts.values()].flatMap(({ fact }) => {
    const judged = fact.kind === 'grant' ? verdict(fact) : undefined;
    return judged?.kind === 'managed' ? [judged] : [];
  });
}

/** The limits of a plan that has not seen all of which a share would be a share. */
function inNumber({ product, mesh }: GuardLimits): GuardLimits {
  return { product: { ...product, percent: 100 }, mesh: { ...mesh, percent: 100 } };
}

function weekAfter(time: string): string {
  return new Date(Date.parse(time) + 7 * 24 * 3600 * 1000).toISOString().slice(0, 10);
}

function basisOf(desired: Desired, lakes: readonly Observed[]): Plan['basis'] {
  const [{ facts } = { facts: new Map<FactKey, ObservedFact>() }] = lakes;
  const observed = lakes.length === 1 ? facts : new Map(lakes.flatMap((lake) => [...lake.facts]));
  // Keys sort as text does by default, by code unit: with a comparison of our own it takes three times as long.
  // Desired facts come in that order; what is live is put near to it first, which spares nearly all of the sorting.
  const wanted = [...desired.facts.keys()];
  const others = [...observed.keys()].filter((key) => !desired.facts.has(key));
  const live = [...wanted.filter((key) => observed.has(key)), ...others];
  return { desired: digestOf(wanted.sort(), desired.facts), observed: digestOf(live.sort(), observed) };
}

function digestOf(keys: readonly FactKey[], facts: ReadonlyMap<FactKey, { readonly fact: Fact }>): string {
  return digestOfLines(keys, (key) => {
    const found = facts.get(key);
    return `${key} ${found === undefined ? '' : valueText(found.fact)}`;
  });
}

function valueText(fact: Fact): string {
  switch (fact.kind) {
    case 'grant':
      return fact.columns === undefined ? '' : JSON.stringify(fact.columns);
    case 'data-cells-filter':
      return JSON.stringify([fact.rows, fact.columns]);
    case 'catalog-parameter':
      return JSON.stringify(fact.value);
    case 'resource-link':
      return JSON.stringify(fact.target);
    case 'association':
      return JSON.stringify(fact.trouble ?? null);
    case 'acceptance':
    case 'opt-in':
      return '';
  }
}
