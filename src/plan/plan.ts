import { digestOfLines } from '../core/digest.ts';
import type { Fact, FactKey } from '../core/fact.ts';
import type { Part } from '../core/part.ts';
import type { ChangedFiles, Note, Plan, Withheld } from '../core/plan.ts';
import { defaultLimits, type GuardLimits, type Safety } from '../core/safety.ts';
import type { Scope } from '../core/scope.ts';
import type { Desired, Observed, Proofs } from '../core/state.ts';
import { differ } from './changes.ts';
import { asFarAsRead, readWith, within } from './confined.ts';
import type { ManagedGrant } from './guards/guard.ts';
import { refuse } from './guards/refuse.ts';
import { judge, type Verdict } from './judge.ts';
import { compareChanges, summarise } from './order.ts';
import { pastHolds } from './past-holds.ts';
import { pictureOf } from './picture.ts';
import { allowanceOf } from './standing.ts';

/** What a plan is made from. */
export interface PlanInput {
  readonly mesh: string;
  readonly commit: string | null;
  readonly asOf: string;
  readonly scope: Scope;
  readonly desired: Desired;
  readonly observed: Observed;
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
  /** Facts whose change failed earlier in the same run. */
  readonly failed?: ReadonlySet<FactKey>;
  /** What was live of the facts that were changed earlier in the same run. */
  readonly before?: ReadonlyMap<FactKey, Fact>;
}

/** The plan: what is to be done, what waits, what is left alone, and what is refused. */
export function makePlan(input: PlanInput): Plan {
  const { scope, proofs, part, changed } = input;
  const { desired, observed } = readWith(part, input);
  const isInPart = within(part);
  const verdict = judge(scope, observed);
  const judgement = {
    proofs,
    observed,
    failed: input.failed ?? new Set<FactKey>(),
    ...(input.before && { before: input.before }),
  };
  const different = differ(desired, judgement, verdict);
  const [changes, leftOut] = [different.changes.filter(isInPart), different.leftOut.filter(isInPart)];
  const withheld = different.withheld.filter(({ change }) => isInPart(change));
  const { overrides, limits, standing } = allowanceOf(input.safety ?? noSafety);
  const judged = part === undefined ? limits : inNumber(limits);
  const context = { desired, observed, scope, uncommitted: input.uncommitted ?? [], limits: judged };
  const managed = managedGrants(observed, verdict);
  const refusals = refuse(changes, { ...context, managed, soon: weekAfter(input.asOf) }, overrides);
  const refused = new Set(refusals.flatMap((refusal) => refusal.changes.map(({ id }) => id)));
  const kept = changes.filter(({ id }) => !refused.has(id)).sort(compareChanges);
  const [account = '', region = ''] = observed.lake.split('/');
  return {
    format: 1,
    mesh: input.mesh,
    commit: input.commit,
    asOf: input.asOf,
    ...(changed === undefined ? {} : { scope: changed }),
    lakes: [{ account, region, endpoint: observed.endpoint }],
    basis: basisOf(desired, observed),
    summary: summarise(kept),
    changes: kept,
    withheld: [...withheld].sort((a: Withheld, b: Withheld) => compareChanges(a.change, b.change)),
    leftOut: [...leftOut].sort(compareChanges),
    ...asFarAsRead(part, observed, pictureOf({ scope, desired, observed, leftOut, verdict })),
    refusals,
    standing,
    gaps: observed.gaps,
    problems: desired.refused,
    notes: [...(input.notes ?? []), ...pastHolds({ desired, observed }, kept, verdict)],
  };
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

function basisOf(desired: Desired, observed: Observed): Plan['basis'] {
  // Keys sort as text does by default, by code unit: with a comparison of our own it takes three times as long.
  // Desired facts come in that order; what is live is put near to it first, which spares nearly all of the sorting.
  const wanted = [...desired.facts.keys()];
  const others = [...observed.facts.keys()].filter((key) => !desired.facts.has(key));
  const live = [...wanted.filter((key) => observed.facts.has(key)), ...others];
  return { desired: digestOf(wanted.sort(), desired.facts), observed: digestOf(live.sort(), observed.facts) };
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
  }
}
