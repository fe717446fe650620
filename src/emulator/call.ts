import type { Caller } from './credentials.ts';
import type { Fault, FaultKind } from './faults.ts';
import type { Change } from './journal.ts';
import type { Lake, LakeView } from './lake.ts';
import type { Switches } from './switches.ts';
import type { Service } from './wire/message.ts';
import type { World } from './world.ts';

/** One call in progress: who makes it, where, when, and what it has changed so far. */
export interface Call {
  readonly world: World;
  readonly service: Service;
  readonly operation: string;
  readonly caller: Caller;
  readonly region: string;
  /** The lake of the caller's own account. */
  readonly lake: Lake;
  /** The time of the call. */
  readonly at: number;
  /** The time whose state reads show; earlier than `at` while reads lag. */
  readonly readAt: number;
  readonly switches: Switches;
  /** Principals for whom another write was in flight when this call came. */
  readonly conflicts: ReadonlySet<string>;
  readonly changes: Change[];
  readonly log: { failures?: number };
}

/** A lake as this call may read it: as it is, or as it was while reads lag. */
export function reading(call: Call, lake: Lake = call.lake): LakeView {
  return call.readAt < call.at ? lake.asOf(call.readAt) : lake;
}

/** The fault of one of these kinds that strikes this call or its batch entry, if any. */
export function strike(call: Call, kinds: readonly FaultKind[], principals: readonly string[] = []): Fault | undefined {
  return call.world.faults.strike(kinds, { operation: call.operation, account: call.caller.account, principals });
}

/** What LastUpdatedBy will say for a change made by this call. */
export function author(call: Call): string {
  return call.switches.lastUpdatedByForm === 'session' ? call.caller.sessionArn : call.caller.arn;
}
