import { type Fact, type Grant, keyOf } from '../core/fact.ts';
import { type Change, type Step, stages } from '../core/plan.ts';
import { compareText } from '../core/problem.ts';
import { carriers } from '../core/sharing.ts';
import type { Observed } from '../core/state.ts';
import { isRefusedBeside } from './replaced.ts';

/**
 * Changes under which no account loses the last grant of a kind for a moment. RAM's share goes with it, and the one
 * that the next grant makes has to be accepted anew (https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html).
 * So where all that an account holds on databases, on tables or on all tables would be revoked before the plan grants it
 * more of that kind, the least of it is revoked after. What a hold takes does not wait, nor does what Lake Formation
 * refuses beside the new: there the plan says what it means.
 */
export function keepingShares(changes: readonly Change[], observed: Observed): readonly Change[] {
  const carrierOf = carriers(observed.lake);
  const shareOf = (fact: Fact): string | undefined => carrierOf(fact)?.share;
  const coming = grouped(changes, ({ action, fact }) => (action === 'grant' ? shareOf(fact) : undefined));
  const going = grouped(changes, (step) => (isEarly(step) ? shareOf(step.fact) : undefined));
  const atStake = new Set([...coming.keys()].filter((share) => going.has(share)));
  if (atStake.size === 0) return changes;
  for (const share of staying(changes, observed, shareOf)) atStake.delete(share);
  const later = new Set<Change>();
  const noted = new Set<Change>();
  for (const share of atStake) {
    const leaving = [...(going.get(share) ?? [])].sort((a, b) => compareText(a.key, b.key));
    const waiting = leastOf(leaving, [...(coming.get(share) ?? [])]);
    for (const change of waiting) later.add(change);
    const [first] = leaving;
    if (waiting.length === 0 && first !== undefined) noted.add(first);
  }
  return changes.map((change) => {
    if (noted.has(change))
      return { ...change, note: [change.note, lost].filter((one) => one !== undefined).join('; ') };
    return later.has(change) ? { ...change, steps: change.steps.map(after) } : change;
  });
}

const lost =
  'it is the last of its kind that the account holds, so its RAM share goes, and outside an organization the next one has to be accepted anew';

/** Whether a step takes something before the new comes. */
function isEarly({ action, stage }: Step): boolean {
  return action === 'revoke' && stage < stages.grant;
}

function after(step: Step): Step {
  return isEarly(step) ? { ...step, stage: stages.revokeReplaced } : step;
}

/** Changes by the shares that steps of them are about. */
function grouped(
  changes: readonly Change[],
  shareOf: (step: Step) => string | undefined,
): ReadonlyMap<string, ReadonlySet<Change>> {
  const groups = new Map<string, Set<Change>>();
  for (const change of changes)
    for (const step of change.steps) {
      const share = shareOf(step);
      if (share !== undefined) groups.set(share, (groups.get(share) ?? new Set()).add(change));
    }
  return groups;
}

/** The shares that a live grant holds all the time until the new is there. */
function* staying(
  changes: readonly Change[],
  { facts }: Observed,
  shareOf: (fact: Fact) => string | undefined,
): Generator<string> {
  const taken = new Map<string, number>();
  for (const step of changes.flatMap(({ steps }) => steps.filter(isEarly)))
    taken.set(keyOf(step.fact), (taken.get(keyOf(step.fact)) ?? 0) + 1);
  for (const { key, fact, parts } of facts.values()) {
    const share = (taken.get(key) ?? 0) < Math.max(1, parts.length) ? shareOf(fact) : undefined;
    if (share !== undefined) yield share;
  }
}

/** Of what leaves the permission that gives least, with its grant option, that may stand beside what comes. */
function leastOf(leaving: readonly Change[], coming: readonly Change[]): readonly Change[] {
  const may = leaving.filter(
    ({ reason, steps }) => reason !== 'held' && steps.every(({ stage }) => stage !== stages.makeRoom),
  );
  const fresh = grantsIn(coming, 'grant');
  const pairs = new Map<string, Change[]>();
  for (const change of may) {
    const [grant] = grantsIn([change], 'revoke');
    if (grant === undefined || fresh.some(isRefusedBeside(grantsIn([change], 'revoke')))) continue;
    const pair = keyOf({ ...grant, grantOption: false });
    const rank = grant.permission === 'DESCRIBE' ? 0 : grant.permission === 'SELECT' ? 1 : 2;
    pairs.set(`${rank} ${pair}`, [...(pairs.get(`${rank} ${pair}`) ?? []), change]);
  }
  const [least] = [...pairs.keys()].sort();
  return least === undefined ? [] : (pairs.get(least) ?? []);
}

function grantsIn(changes: readonly Change[], action: Step['action']): readonly Grant[] {
  return changes.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.action === action && step.fact.kind === 'grant' ? [step.fact] : [])),
  );
}
