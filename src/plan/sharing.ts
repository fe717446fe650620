import type { Fact, FactKey, Grant } from '../core/fact.ts';
import { type Change, type Note, stages } from '../core/plan.ts';
import { toPrincipal } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import { shareFor, shareOf } from '../core/shares.ts';
import type { Observed } from '../core/state.ts';

/** What is known, and is to become, of the central lake. */
export interface Giver {
  readonly observed: Observed;
  readonly changes: readonly Change[];
}

/**
 * A consumer's lake as it is found once the central one is changed: RAM's share goes with the last that is on it, so that
 * what comes after that is to be accepted anew.
 */
export function withoutLapsing({ observed, changes }: Giver): (there: Observed) => Observed {
  const taken = new Set(changes.filter(({ after }) => after === undefined).map(({ key }) => key));
  if (taken.size === 0) return (there) => there;
  const [staying, going] = [new Set<string>(), new Set<string>()];
  for (const { key, fact } of observed.facts.values()) {
    const share = fact.kind === 'grant' ? shareFor(fact) : undefined;
    if (share !== undefined) (taken.has(key) ? going : staying).add(share);
  }
  const lapses = (fact: Fact): boolean =>
    fact.kind === 'acceptance' && going.has(shareOf(fact)) && !staying.has(shareOf(fact));
  return (there) => {
    const facts = [...there.facts].filter(([, { fact }]) => !lapses(fact));
    return facts.length === there.facts.size ? there : { ...there, facts: new Map(facts) };
  };
}

/** What is done in a consumer's lake, and what is let be. */
export interface InTime {
  readonly changes: readonly Change[];
  readonly notes: readonly Note[];
}

/**
 * Puts what is taken in a consumer's lake where it can be taken: nobody there may touch what the account does not hold
 * itself with the grant option. What it is to hold only after this run waits for that; the rest gives nothing to anybody
 * and stays. Source: https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-notes.html.
 */
export function inTime(changes: readonly Change[], { observed, changes: given }: Giver): InTime {
  const [central = ''] = observed.lake.split('/');
  const isOnGiven = ({ after, before }: Change): boolean =>
    after === undefined && before?.kind === 'grant' && before.resource.catalog === central;
  if (observed.gaps.length > 0 || !changes.some(isOnGiven)) return { changes, notes: [] };
  const coming = given.flatMap(({ key, after }) => (isPassable(after) ? [{ key, fact: after }] : []));
  const live = [...observed.facts.values()].flatMap(({ key, fact }) => (isPassable(fact) ? [{ key, fact }] : []));
  const accepting = changes.filter(({ after }) => after?.kind === 'acceptance');
  const idle: Change[] = [];
  const kept = changes.flatMap((change): readonly Change[] => {
    const { before, lake } = change;
    if (!isOnGiven(change) || before?.kind !== 'grant') return [change];
    const [account = ''] = lake.split('/');
    const isHeld = ({ fact }: Held): boolean => reaches(fact, { account, taken: before });
    const share = shareFor({ ...before, principal: account });
    const awaited = [
      ...(live.some(isHeld) ? [] : coming.filter(isHeld)),
      ...accepting.filter(({ after }) => after?.kind === 'acceptance' && shareOf(after) === share),
    ].map(({ key }) => key);
    if (awaited.length > 0) return [awaiting(change, awaited)];
    if (live.some(isHeld)) return [change];
    idle.push(change);
    return [];
  });
  return { changes: kept, notes: idle.length === 0 ? [] : [noteOf(idle)] };
}

/** A change that takes something once what it waits for is there: the account's own share, and its acceptance. */
function awaiting(change: Change, awaited: readonly FactKey[]): Change {
  const steps = change.steps.map((step) => (step.stage === stages.revoke ? { ...step, stage: stages.makeRoom } : step));
  return { ...change, steps, waitsFor: [...(change.waitsFor ?? []), ...awaited].sort(compareText) };
}

interface Held {
  readonly key: FactKey;
  readonly fact: Grant;
}

function isPassable(fact: Fact | undefined): fact is Grant {
  if (fact?.kind !== 'grant' || !fact.grantOption) return false;
  const { kind } = toPrincipal(fact.principal);
  // Nobody here knows which accounts belong to an organization.
  return kind === 'account' || kind === 'all-iam-principals' || kind.startsWith('organization');
}

/** Whether what is given lets an account pass on, and take back, what somebody there has of it. */
function reaches(given: Grant, { account, taken }: { readonly account: string; readonly taken: Grant }): boolean {
  const holder = toPrincipal(given.principal).account;
  if (holder !== undefined && holder !== account) return false;
  if (given.permission !== taken.permission && given.permission !== 'ALL') return false;
  const [on, of] = [given.resource, taken.resource];
  if (!('database' in on) || !('database' in of)) return on.kind === of.kind;
  if (on.database !== of.database) return false;
  if (of.kind === 'data-cells-filter') return on.kind === of.kind && on.table === of.table && on.filter === of.filter;
  if ('table' in on && 'table' in of) return on.table === of.table;
  return on.kind === of.kind || (on.kind === 'all-tables' && 'table' in of);
}

function noteOf(idle: readonly Change[]): Note {
  const accounts = [...new Set(idle.flatMap(({ account }) => account ?? []))].sort().join(', ');
  const permissions = idle.length === 1 ? '1 permission' : `${idle.length} permissions`;
  return {
    code: 'GIVES_NOTHING',
    message: `${permissions} in account ${accounts} on what the account itself no longer holds: they give nothing, and Lake Formation lets nobody take them`,
    hint: 'they are taken by the run that gives the account something there again, or go with the table',
  };
}
