import type { Change, Refusal } from '../../core/plan.ts';
import type { Scope } from '../../core/scope.ts';
import type { Desired, Observed } from '../../core/state.ts';

/** What guards look at beside the changes. */
export interface GuardContext {
  readonly desired: Desired;
  readonly observed: Observed;
  readonly scope: Scope;
  readonly uncommitted: readonly string[];
}

/** Looks over the plan's own changes and refuses some; it never sees more than what would be done. */
export type Guard = (changes: readonly Change[], context: GuardContext) => readonly Refusal[];

/** Whether a change takes something away from somebody. */
export function takesAway(change: Change): boolean {
  return change.steps.some(({ action }) => action === 'revoke' || action === 'delete') || change.verb === 'update';
}
