import { type DataCellsFilter, type Fact, type FactKey, isSameFact, join, meet } from '../core/fact.ts';
import type { DesiredFact, Observed, ObservedFact, Proofs, Wish } from '../core/state.ts';

/** What a desired fact may become in this run. */
export interface Target {
  /** What will be there after the run; undefined for nothing. */
  readonly fact: Fact | undefined;
  /** What of it stands on proof alone. */
  readonly proven: Fact | undefined;
  /** Set where nothing of what is live may go. */
  readonly isSpared?: true;
  /** Why it falls short of what is desired, where it does. */
  readonly shortfall?: Shortfall;
}

/** Why a desired fact is withheld. */
export interface Shortfall {
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
}

/** What decides whether a wish may be met. */
export interface Judgement {
  readonly proofs: Proofs;
  readonly observed: Observed;
  /** Names that a resource link cannot have, for something else has them. */
  readonly taken?: ReadonlySet<string>;
  /** Facts whose change failed in this run, to be treated as not proven. */
  readonly failed: ReadonlySet<FactKey>;
  /** Data cells filters that keep another value than is desired, so that nobody new is given them. */
  readonly unsettled: ReadonlyMap<string, Shortfall>;
  /** What was live of the facts that this run has changed: a revoke may take more of it than it names. */
  readonly before?: ReadonlyMap<FactKey, Fact>;
  /** What is live may be kept for, where that is not all that is desired: the rest is there for something that has ended. */
  readonly due?: ReadonlyMap<FactKey, DesiredFact>;
}

/**
 * How far a desired fact is met: as far as wishes from proven files go, and of what is live as much
 * as is still desired. So what is not proven is neither given nor, where it is live, taken away.
 */
export function targetOf(desired: DesiredFact, observed: ObservedFact | undefined, judgement: Judgement): Target {
  const shortfalls = desired.wishes.map((wish) => shortfallOf(wish, desired.key, judgement));
  const first = shortfalls.find((one) => one !== undefined);
  // All that is desired is proven, and includes whatever is still desired of what is live.
  if (first === undefined) return { fact: desired.fact, proven: desired.fact };
  // Who holds a filter gets its new value whoever asked for it, so all who ask must be proven.
  const isForAll = desired.fact.kind === 'data-cells-filter' && observed !== undefined;
  const provenWishes = isForAll ? [] : desired.wishes.filter((_, index) => shortfalls[index] === undefined);
  const proven = joined(provenWishes);
  const held = either(judgement.before?.get(desired.key), observed?.fact);
  const due = judgement.due === undefined ? desired.fact : within(desired.fact, judgement.due.get(desired.key)?.fact);
  const kept = held === undefined || due === undefined ? undefined : meet(held, due);
  const fact = proven === undefined || kept === undefined ? (proven ?? kept) : (join(proven, kept) ?? proven);
  const isMet = fact !== undefined && isSameFact(fact, desired.fact);
  return isMet ? { fact, proven } : { fact, proven, shortfall: first };
}

function joined(wishes: readonly Wish[]): Fact | undefined {
  return wishes.map(({ fact }) => fact).reduce<Fact | undefined>(either, undefined);
}

function within(fact: Fact, due: Fact | undefined): Fact | undefined {
  return due === undefined ? undefined : meet(fact, due);
}

function either(a: Fact | undefined, b: Fact | undefined): Fact | undefined {
  return a === undefined || b === undefined ? (a ?? b) : join(a, b);
}

function shortfallOf(wish: Wish, key: FactKey, judgement: Judgement): Shortfall | undefined {
  const { refused, files } = wish.cause;
  if (judgement.failed.has(key))
    return { code: 'FAILED', reason: 'its grant failed earlier in this run', remedy: 'run apply again' };
  if (refused !== undefined)
    return { code: refused.code, reason: refused.message, remedy: refused.hint ?? 'correct the mesh file' };
  const unsettled = judgement.unsettled.size === 0 ? undefined : judgement.unsettled.get(filterOf(wish.fact));
  if (unsettled !== undefined) return unsettled;
  if (isOpenedByIam(wish.fact, judgement.observed)) return openedByIam;
  if (judgement.taken?.has(linkOf(wish.fact)) === true) return linkTaken;
  return unproven(files, judgement.proofs);
}

/** What is lacking of the proofs of files; nothing where all are proven. */
export function unproven(files: readonly string[], proofs: Proofs): Shortfall | undefined {
  if (files.every((file) => proofs.get(file)?.proven === true)) return undefined;
  const missing = files.flatMap((file) => {
    const proof = proofs.get(file);
    if (proof?.proven === true) return [];
    return [{ file, reason: proof?.reason ?? 'nothing proves it', remedy: proof?.remedy ?? 'have the file approved' }];
  });
  return {
    code: 'NOT_PROVEN',
    reason: missing.map(({ file, reason }) => `${file}: ${reason}`).join('; '),
    remedy: [...new Set(missing.map(({ remedy }) => remedy))].join('; '),
  };
}

/** A data cells filter's place in the catalog, as `Observed.filterGrants` has it. */
export function filterId({ database, table, name }: DataCellsFilter): string {
  return `${database} ${table} ${name}`;
}

function filterOf(fact: Fact): string {
  if (fact.kind !== 'grant' || fact.resource.kind !== 'data-cells-filter') return '';
  const { database, table, filter } = fact.resource;
  return `${database} ${table} ${filter}`;
}

/** The resource link that a fact is, or is on; empty where it has to do with none. */
function linkOf(fact: Fact): string {
  if (fact.kind === 'resource-link') return fact.database;
  if (fact.kind !== 'grant' || fact.resource.kind !== 'database') return '';
  return fact.lake.startsWith(`${fact.resource.catalog}/`) ? fact.resource.database : '';
}

const linkTaken: Shortfall = {
  code: 'LINK_TAKEN',
  reason:
    'a database or a resource link of somebody else has this name already, or somebody else was given something on it',
  remedy: 'give the link another name: import.database in the subscription',
};

/** Why a limit to columns or rows cannot be given on a table that IAM alone decides on. */
export const openedByIam: Shortfall = {
  code: 'IAM_ALLOWED_PRINCIPALS',
  reason: 'IAM_ALLOWED_PRINCIPALS holds the table, so a limit to columns or rows would mean nothing',
  remedy: 'revoke ALL from IAM_ALLOWED_PRINCIPALS on the table first',
};

/** Whether a limited SELECT would be void because IAM alone decides on its table. */
export function isOpenedByIam(fact: Fact, observed: Observed): boolean {
  if (observed.openedByIam.size === 0) return false;
  if (fact.kind !== 'grant' || fact.permission !== 'SELECT') return false;
  const { resource } = fact;
  const isLimited =
    resource.kind === 'data-cells-filter' || (resource.kind === 'table' && (fact.columns ?? 'all') !== 'all');
  if (!isLimited) return false;
  return (
    observed.openedByIam.has(`${resource.database}.${resource.table}`) ||
    observed.openedByIam.has(`${resource.database}.*`)
  );
}
