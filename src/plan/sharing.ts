import type { Fact, FactKey, Grant } from '../core/fact.ts';
import { groupBy } from '../core/group.ts';
import { type Change, type Note, stages, type Withheld } from '../core/plan.ts';
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
 * A consumer's lake as it is found once the central one is changed: RAM's share goes with the last that is on it, and one
 * comes with the first of its kind, so that what it holds is to be accepted anew.
 */
export function withoutLapsing({ observed, changes }: Giver): (there: Observed) => Observed {
  const taken = new Set(changes.filter(({ after }) => after === undefined).map(({ key }) => key));
  const coming = changes.flatMap(({ after, before }) =>
    before === undefined && after?.kind === 'grant' && shareFor(after) !== undefined ? [after] : [],
  );
  if (taken.size === 0 && coming.length === 0) return (there) => there;
  const [staying, going, kinds] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { key, fact } of observed.facts.values()) {
    const share = fact.kind === 'grant' ? shareFor(fact) : undefined;
    if (share === undefined || fact.kind !== 'grant') continue;
    (taken.has(key) ? going : staying).add(share);
    if (!taken.has(key)) kinds.add(kindFor(fact));
  }
  const fresh = new Set(coming.filter((grant) => !kinds.has(kindFor(grant))).map(shareFor));
  const lapses = (fact: Fact): boolean =>
    fact.kind === 'acceptance' &&
    (fresh.has(shareOf(fact)) || (going.has(shareOf(fact)) && !staying.has(shareOf(fact))));
  return (there) => {
    const facts = [...there.facts].filter(([, { fact }]) => !lapses(fact));
    return facts.length === there.facts.size ? there : { ...there, facts: new Map(facts) };
  };
}

/** What Lake Formation has one share for: an account, and a type of resources. */
function kindFor({ principal, resource: { kind } }: Grant): string {
  return `${toPrincipal(principal).account} ${kind === 'data-cells-filter' ? 'table' : kind}`;
}

/** What is planned of a consumer's lake. */
interface Draft {
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
  readonly notesOn: (kept: readonly Change[]) => readonly Note[];
}

/**
 * Puts what is given and taken in a consumer's lake where it can be: nobody there may touch what the account does not hold
 * itself with the grant option. What it is to hold only after this run waits for that; of the rest what is taken gives
 * nothing to anybody and stays, and what is to be given is withheld. Source: https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-notes.html.
 */
export function inTime({ observed, changes: given }: Giver): <Own extends Draft>(draft: Own) => Own {
  const [central = ''] = observed.lake.split('/');
  const onGiven = ({ after, before }: Change): Grant | undefined => {
    const fact = after === undefined ? before : before === undefined ? after : undefined;
    return fact?.kind === 'grant' && fact.resource.catalog === central ? fact : undefined;
  };
  let indices: Readonly<Record<'live' | 'coming' | 'lasting', Reaching<Held>>> | undefined;
  return (draft) => {
    const { changes } = draft;
    if (observed.gaps.length > 0 || changes.every((change) => onGiven(change) === undefined)) return draft;
    indices ??= indexed({ observed, changes: given });
    const { live, coming, lasting } = indices;
    const accepting = changes.filter(({ after }) => after?.kind === 'acceptance');
    const idle: Change[] = [];
    const unheld: Change[] = [];
    const kept = changes.flatMap((change): readonly Change[] => {
      const fact = onGiven(change);
      if (fact === undefined) return [change];
      const [account = ''] = change.lake.split('/');
      const isHeld = live(account, fact).length > 0;
      const first = isHeld ? [] : coming(account, fact);
      if (!isHeld && first.length === 0) {
        if (change.after === undefined) idle.push(change);
        else unheld.push(change);
        return [];
      }
      if (change.after !== undefined) return [change];
      // What the account is about to lose waits for no invitation to what it is given instead.
      if (isHeld && change.waitsFor === undefined && lasting(account, fact).length === 0) return [change];
      const share = shareFor({ ...fact, principal: account });
      const taken = accepting.filter(({ after }) => after?.kind === 'acceptance' && shareOf(after) === share);
      const awaited = [...first, ...taken].map(({ key }) => key);
      return [awaited.length === 0 ? change : awaiting(change, awaited)];
    });
    const withheld = unheld.map((change) => ({ change: { ...change, steps: [] }, ...notHeld }));
    const notes = idle.length === 0 ? [] : [noteOf(idle)];
    return {
      ...draft,
      changes: kept,
      withheld: [...draft.withheld, ...withheld],
      notesOn: (left) => [...draft.notesOn(left), ...notes],
    };
  };
}

const notHeld = {
  code: 'NOT_HELD',
  reason: 'the account itself does not hold it with the grant option, and is not given it by this plan',
  remedy: 'see what is withheld of the account in the central catalog; once it holds it, the next run passes it on',
};

/** What accounts may pass on: now, what comes, and what of both is there in the end. */
function indexed({ observed, changes }: Giver): Readonly<Record<'live' | 'coming' | 'lasting', Reaching<Held>>> {
  const live = [...observed.facts.values()].flatMap(({ key, fact }) => (isPassable(fact) ? [{ key, fact }] : []));
  const coming = changes.flatMap(({ key, after }) => (isPassable(after) ? [{ key, fact: after }] : []));
  const leaving = new Set(changes.flatMap(({ key, after }) => (after === undefined ? [key] : [])));
  const lasting = [...live.filter(({ key }) => !leaving.has(key)), ...coming];
  return { live: reaching(live), coming: reaching(coming), lasting: reaching(lasting) };
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

/** Whether the grant lets an account, or those of an organization, pass on what it gives. */
export function isPassable(fact: Fact | undefined): fact is Grant {
  if (fact?.kind !== 'grant' || !fact.grantOption) return false;
  const { kind } = toPrincipal(fact.principal);
  // Nobody here knows which accounts belong to an organization.
  return kind === 'account' || kind === 'all-iam-principals' || kind.startsWith('organization');
}

/** Finds by which of some grants to accounts one of them has what somebody there has. */
export type Reaching<One> = (account: string, taken: Grant) => readonly One[];

/** Sorts grants to accounts by who holds them and on which database, since a large mesh has many of both. */
export function reaching<One extends { readonly fact: Grant }>(given: readonly One[]): Reaching<One> {
  const index = groupBy(given, ({ fact }) => placeOf(toPrincipal(fact.principal).account ?? '', fact));
  return (account, taken) =>
    [account, ''].flatMap((holder) =>
      (index.get(placeOf(holder, taken)) ?? []).filter(({ fact }) => reaches(fact, taken)),
    );
}

function placeOf(holder: string, { resource }: Grant): string {
  return `${holder} ${'database' in resource ? resource.database : ''}`;
}

/** Whether what an account is given lets it pass on, and take back, what somebody there has of it. */
function reaches(given: Grant, taken: Grant): boolean {
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
