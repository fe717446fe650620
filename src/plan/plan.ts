import { digest } from '../core/digest.ts';
import { type Fact, type FactKey, orderOf } from '../core/fact.ts';
import type { Part } from '../core/part.ts';
import type { Change, ChangedFiles, Note, Plan, Refusal, Summary, Verb, Withheld } from '../core/plan.ts';
import { compareText } from '../core/problem.ts';
import type { Scope } from '../core/scope.ts';
import type { Desired, Gap, Observed, Proofs } from '../core/state.ts';
import { differ } from './changes.ts';
import { asFarAsRead, readWith, within } from './confined.ts';
import type { Guard, GuardContext } from './guards/guard.ts';
import { incompleteRead } from './guards/incomplete-read.ts';
import { nothingDeclared } from './guards/nothing-declared.ts';
import { ownAccess } from './guards/own-access.ts';
import { uncommitted } from './guards/uncommitted.ts';
import { judge, type Verdict } from './judge.ts';
import { pictureOf } from './picture.ts';

/** What a plan is made from. */
export interface PlanInput {
  readonly mesh: string;
  readonly commit: string | null;
  readonly asOf: string;
  readonly scope: Scope;
  readonly desired: Desired;
  readonly observed: Observed;
  readonly proofs: Proofs;
  /** What is to be said of the history that the scope was read from. */
  readonly history?: { readonly gaps: readonly Omit<Gap, 'lake'>[]; readonly notes: readonly Note[] };
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

const guards: readonly Guard[] = [incompleteRead, nothingDeclared, uncommitted, ownAccess];

/** The plan: what is to be done, what waits, what is left alone, and what is refused. */
export function makePlan(input: PlanInput): Plan {
  const { scope, proofs, part, changed } = input;
  const { desired, observed } = readWith(part, input);
  const isInPart = within(part);
  const verdict = remembering(judge(scope, observed));
  const judgement = {
    proofs,
    observed,
    failed: input.failed ?? new Set<FactKey>(),
    ...(input.before && { before: input.before }),
  };
  const different = differ(desired, judgement, verdict);
  const [changes, leftOut] = [different.changes.filter(isInPart), different.leftOut.filter(isInPart)];
  const withheld = different.withheld.filter(({ change }) => isInPart(change));
  const refusals = refuse(changes, { desired, observed, scope, uncommitted: input.uncommitted ?? [] });
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
    gaps: [...observed.gaps, ...(input.history?.gaps ?? []).map((gap) => ({ lake: observed.lake, ...gap }))],
    problems: desired.refused,
    notes: input.history?.notes ?? [],
  };
}

/** Asks once about each fact. */
function remembering(judged: (fact: Fact) => Verdict): (fact: Fact) => Verdict {
  const known = new Map<Fact, Verdict>();
  return (fact) => {
    const verdict = known.get(fact) ?? judged(fact);
    known.set(fact, verdict);
    return verdict;
  };
}

/** Each guard sees what the ones before it let pass, so a change is refused once. */
function refuse(changes: readonly Change[], context: GuardContext): readonly Refusal[] {
  const refusals: Refusal[] = [];
  let left = [...changes].sort(compareChanges);
  for (const guard of guards)
    for (const refusal of guard(left, context)) {
      const open = new Set(left);
      const own = refusal.changes.filter((change) => open.has(change));
      if (own.length > 0) refusals.push({ ...refusal, changes: own });
      const gone = new Set(own);
      left = left.filter((change) => !gone.has(change));
    }
  return refusals;
}

function compareChanges(a: Change, b: Change): number {
  const [x, y] = [a.after ?? a.before, b.after ?? b.before];
  const takes = Number(a.after === undefined) - Number(b.after === undefined);
  return -takes || (x === undefined || y === undefined ? 0 : orderOf(x) - orderOf(y)) || compareText(a.key, b.key);
}

function summarise(changes: readonly Change[]): Summary {
  const count = (verb: Verb): number => changes.filter((change) => change.verb === verb).length;
  return {
    grant: count('grant'),
    revoke: count('revoke'),
    replace: count('replace'),
    create: count('create'),
    update: count('update'),
    delete: count('delete'),
  };
}

function basisOf(desired: Desired, observed: Observed): Plan['basis'] {
  const text = (facts: Iterable<{ readonly key: FactKey; readonly fact: Fact }>): string =>
    Array.from(facts, ({ key, fact }) => `${key} ${valueText(fact)}`)
      .sort(compareText)
      .join('\n');
  return { desired: digest(text(desired.facts.values())), observed: digest(text(observed.facts.values())) };
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
