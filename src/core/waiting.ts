import type { FactKey } from './fact.ts';
import type { Change } from './plan.ts';

/** A change of the central lake that no longer waits for what was done meanwhile; elsewhere that decides whose turn it is. */
export function withoutDone(change: Change, done: ReadonlySet<FactKey>): Change {
  const { account, waitsFor } = change;
  if (account !== undefined || waitsFor?.some((key) => done.has(key)) !== true) return change;
  return { ...change, waitsFor: waitsFor.filter((key) => !done.has(key)) };
}
