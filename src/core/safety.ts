import type { Dated, Hold } from './hold.ts';
import type { Change } from './plan.ts';
import { toPrincipal } from './principal.ts';

/** A guard that an override may lift, by the code of its refusals. */
export type LiftableGuard = 'NOTHING_DECLARED' | 'OWN_ACCESS' | 'TOO_MANY_REVOKES';

/** A refusal lifted for a time: all parts of the scope that are there must fit. */
export interface Override extends Dated {
  readonly guard: LiftableGuard;
  readonly product?: string;
  /** The account's id. */
  readonly account?: string;
  /** The principal's identifier. */
  readonly principal?: string;
  /** Set where nothing proves it, so that it lifts nothing. */
  readonly isUnproven?: true;
}

/** How much a run may revoke of something. */
export interface Limits {
  readonly revokes: number;
  readonly percent: number;
  /** The percentage counts only where more than so many would be revoked. */
  readonly percentFrom: number;
}

/** The limits of each product, and of the mesh as a whole. */
export type GuardLimits = Readonly<Record<'product' | 'mesh', Limits>>;

/** What mesh.yaml says of holds, overrides and limits. */
export interface Safety {
  /** All holds, also those that are over. */
  readonly holds: readonly Hold[];
  readonly overrides: readonly Override[];
  readonly limits: GuardLimits;
}

/** The limits where mesh.yaml says nothing: wide enough for daily work, narrow enough for a slip of the hand. */
export const defaultLimits: GuardLimits = {
  product: { revokes: 100, percent: 50, percentFrom: 20 },
  mesh: { revokes: 500, percent: 25, percentFrom: 50 },
};

/** The stricter of two limits, number by number. */
export function stricter(a: Limits, b: Limits): Limits {
  return {
    revokes: Math.min(a.revokes, b.revokes),
    percent: Math.min(a.percent, b.percent),
    percentFrom: Math.min(a.percentFrom, b.percentFrom),
  };
}

/** Whether an override is for this change. */
export function isInScope({ product, account, principal }: Override, change: Change): boolean {
  const fact = change.after ?? change.before;
  const holder = fact?.kind === 'grant' ? fact.principal : undefined;
  if (product !== undefined && change.product !== product) return false;
  if (principal !== undefined && holder !== principal) return false;
  return account === undefined || (holder !== undefined && toPrincipal(holder).account === account);
}
