import { covers } from '../../core/fact.ts';
import type { Change, Refusal } from '../../core/plan.ts';
import type { GuardLimits } from '../../core/safety.ts';
import type { Scope } from '../../core/scope.ts';
import type { Desired, Observed } from '../../core/state.ts';

/** A live grant that is the mesh's own. */
export interface ManagedGrant {
  readonly product?: string;
}

/** What guards look at beside the changes. */
export interface GuardContext {
  readonly desired: Desired;
  /** The lakes that were observed, the central one first. */
  readonly lakes: readonly Observed[];
  readonly scope: Scope;
  readonly uncommitted: readonly string[];
  /** The permissions that are live and the mesh's own, each with its product. */
  readonly managed: readonly ManagedGrant[];
  readonly limits: GuardLimits;
  /** The day after which an override that is made now should end, for what a refusal proposes. */
  readonly soon: string;
}

/** Looks over the plan's own changes and refuses some; it never sees more than what would be done. */
export type Guard = (changes: readonly Change[], context: GuardContext) => readonly Refusal[];

/** Whether a change ends what was to end: an expiry that passed, or a hold. Neither is a slip of the hand. */
export function isExempt({ reason }: Change): boolean {
  return reason === 'expired' || reason === 'held';
}

/** Whether a change takes something away from somebody. */
export function takesAway(change: Change): boolean {
  return change.steps.some(({ action }) => action === 'revoke' || action === 'delete') || change.verb === 'update';
}

/** Whether a change gives somebody more than they have. */
export function givesMore({ before, after }: Change): boolean {
  return after !== undefined && (before === undefined || !covers(before, after));
}
