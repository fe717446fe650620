import type { Fact, FactKey, Grant } from '../core/fact.ts';
import { type Change, stages } from '../core/plan.ts';
import { compareText } from '../core/problem.ts';
import type { Observed } from '../core/state.ts';
import { isPassable, reaching } from './sharing.ts';

/**
 * Puts what the central lake takes from accounts after what its people give back there, where something replaces it: they
 * have the new first, and may touch the old as long as the account holds it. Where that cannot be, since Lake Formation
 * refuses the old and the new together, theirs goes first, and the plan says that they are cut off meanwhile.
 */
export function inTurns<Draft extends { readonly changes: readonly Change[] }>(
  central: Pick<Observed, 'facts'>,
  [first, ...others]: readonly [Draft, ...Draft[]],
): readonly [Draft, ...Draft[]] {
  const { changes } = first;
  const going = changes.flatMap((change) => passing(change, change.before, change.after === undefined));
  const isAnyReplaced = others.some((other) => other.changes.some(isReplaced));
  if (going.length === 0 || !isAnyReplaced) return [first, ...others];
  const taken = new Set(going.map(({ change }) => change.key));
  const left = [...central.facts.values()].flatMap(({ key, fact }) => (taken.has(key) ? [] : [fact]));
  const held = [...left, ...changes.flatMap(({ after }) => after ?? [])].filter(isPassable);
  const [goes, stays] = [reaching(going), reaching(held.map((fact) => ({ fact })))];
  const before = new Map<Change, FactKey[]>();
  const turned = others.map((other) => ({
    ...other,
    changes: other.changes.map((change): Change => {
      const { before: live, lake, key } = change;
      if (live?.kind !== 'grant' || !isReplaced(change)) return change;
      const [account = ''] = lake.split('/');
      const hangsOn = goes(account, live).map((one) => one.change);
      if (hangsOn.length === 0 || stays(account, live).length > 0) return change;
      if (!hangsOn.every(isReplaced)) return atOnce(change);
      for (const one of hangsOn) before.set(one, [...(before.get(one) ?? []), key]);
      return change;
    }),
  }));
  return [before.size === 0 ? first : { ...first, changes: changes.map(behind(before)) }, ...turned];
}

function passing(change: Change, fact: Fact | undefined, isGoing: boolean) {
  return isGoing && isPassable(fact) ? [{ change, fact }] : [];
}

/** Whether a change takes away what something else replaces, once that is there. */
function isReplaced({ after, steps }: Change): boolean {
  return after === undefined && steps.length > 0 && steps.every(({ stage }) => stage === stages.revokeReplaced);
}

function atOnce({ waitsFor: _, ...change }: Change): Change {
  const steps = change.steps.map((step) => ({ ...step, stage: stages.revoke }));
  return { ...change, steps, interrupts: change.interrupts ?? losesFirst };
}

const losesFirst = 'the account itself loses the old before it is given what replaces it';

/** Changes of the central lake with what goes before them; the other cell of a pair goes along, and a filter after all that is on it. */
function behind(before: ReadonlyMap<Change, readonly FactKey[]>): (change: Change) => Change {
  const named = new Map<string, readonly FactKey[]>();
  for (const [{ before: live }, keys] of before)
    for (const name of live?.kind === 'grant' ? [cellOf(live), filterIn(live)] : [])
      named.set(name, [...new Set([...(named.get(name) ?? []), ...keys])].sort(compareText));
  return (change) => {
    const { before: live, after } = change;
    if (after !== undefined || live === undefined) return change;
    const name = live.kind === 'grant' ? cellOf(live) : live.kind === 'data-cells-filter' ? filterOf(live) : '';
    const goesAfter = named.get(name);
    return goesAfter === undefined ? change : { ...change, goesAfter };
  };
}

/** A permission of somebody on something, with or without the grant option. */
function cellOf({ principal, resource, permission, condition }: Grant): string {
  return JSON.stringify([principal, resource, permission, condition]);
}

function filterIn({ resource }: Grant): string {
  return resource.kind === 'data-cells-filter' ? filterOf({ ...resource, name: resource.filter }) : 'none';
}

function filterOf({ database, table, name }: Record<'database' | 'table' | 'name', string>): string {
  return `filter ${database}.${table} ${name}`;
}
