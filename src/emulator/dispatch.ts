import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { Call } from './call.ts';
import { type Caller, callerOf } from './credentials.ts';
import { concurrentModification, ServiceFailure } from './failure.ts';
import { mayDo } from './iam/operations.ts';
import { afterTheFact, interruptionOf, struckBefore } from './interruption.ts';
import type { JournalEntry } from './journal.ts';
import { randomUuid } from './random.ts';
import { operationsOf } from './services.ts';
import { decode } from './wire/decode.ts';
import { type Envelope, encodeFailure, encodeOutput } from './wire/encode.ts';
import { isQuery, type Service, type WireAnswer, type WireRequest } from './wire/message.ts';
import type { Operation, Output } from './wire/operation.ts';
import { isWellAddressed, type Route, readInput, routeOf, unknownOperation } from './wire/route.ts';
import { verifySignature } from './wire/signature.ts';
import type { World } from './world.ts';

type Draft = { -readonly [K in keyof Omit<JournalEntry, 'index'>]: JournalEntry[K] };

/** The answer to a request to one of the services; every call is in the journal before its answer leaves. */
export async function respond(world: World, request: WireRequest, latencyMs: number): Promise<WireAnswer> {
  const route = routeOf(request);
  const skew = world.faults.strike(['clock-skew'], { operation: route.operation, principals: [] })?.ms ?? 0;
  const wallClock = Date.now() + skew;
  const envelope: Envelope = { ...route, requestId: randomUuid(world.random), date: new Date(wallClock) };
  const draft: Draft = {
    time: world.clock.now(),
    account: '',
    region: '',
    caller: '',
    ...route,
    request: undefined,
    status: 200,
    changes: [],
  };
  try {
    const output = await carryOut({ world, request, route, draft, latencyMs, wallClock });
    return encodeOutput(output, envelope);
  } catch (error) {
    const interruption = interruptionOf(error);
    if (interruption) {
      draft.status = 0;
      draft.code = interruption.kind;
      return { kind: interruption.kind.startsWith('hang') ? 'hang' : 'drop' };
    }
    const failure = inWordsOf(route.service, asFailure(error));
    draft.status = statusOf(failure, route.service, world);
    draft.code = failure.code;
    return encodeFailure(failure, draft.status, envelope);
  } finally {
    world.journal.write(draft);
  }
}

interface Attempt {
  readonly world: World;
  readonly request: WireRequest;
  readonly route: Route;
  readonly draft: Draft;
  readonly latencyMs: number;
  /** The time on the service's clock, by which signatures are judged. */
  readonly wallClock: number;
}

async function carryOut({ world, request, route, draft, latencyMs, wallClock }: Attempt): Promise<Output> {
  const { service } = route;
  const signed = verifySignature(request, {
    credentials: world.credentials,
    service,
    now: world.clock.now(),
    wallClock,
  });
  const caller = callerOf(signed.key);
  draft.account = caller.account;
  draft.region = signed.region;
  draft.caller = caller.sessionArn;
  const operation = operationsOf(service).get(route.operation);
  if (!operation || !isWellAddressed(request, route)) throw unknownOperation(request, route);
  const input = readInput(request, service);
  draft.request = input;
  const principals = principalsIn(input);
  const struck = { operation: route.operation, account: caller.account, principals, writes: operation.writes };
  const longer = world.faults.strike(['slow'], struck)?.ms ?? 0;
  const before = struckBefore(world, struck);
  const after = afterTheFact(world, struck);
  const lock = occupy(world, `${caller.account}/${signed.region}`, operation.writes ? principals : []);
  try {
    if (latencyMs + longer > 0) await delay(latencyMs + longer);
    else if (operation.writes) await nextTurn();
    if (before) throw before;
    const call = newCall({
      world,
      route,
      caller,
      region: signed.region,
      conflicts: lock.conflicts,
      writes: operation.writes,
    });
    draft.changes = call.changes;
    const output = execute(operation, call, input);
    if (call.log.failures !== undefined) draft.failures = call.log.failures;
    if (after) throw after;
    return output;
  } finally {
    lock.release();
  }
}

interface CallParts {
  readonly world: World;
  readonly route: Route;
  readonly caller: Caller;
  readonly region: string;
  readonly conflicts: ReadonlySet<string>;
  readonly writes: boolean;
}

function newCall({ world, route, caller, region, conflicts, writes }: CallParts): Call {
  const at = world.clock.now();
  const lag =
    writes || isQuery(route.service)
      ? undefined
      : world.faults.strike(['lag'], { operation: route.operation, account: caller.account, principals: [] });
  return {
    ...route,
    world,
    caller,
    region,
    lake: world.lake(caller.account, region),
    at,
    readAt: at - (lag?.ms ?? 0),
    switches: world.switches,
    conflicts,
    changes: [],
    log: {},
  };
}

function execute(operation: Operation, call: Call, input: unknown): Output {
  checkIam(call);
  const { switches, service } = call;
  const refuseUnknownMembers = switches.unknownMembers === 'refuse';
  const decoded = decode(operation.shape, input, { violationCode: violationCode(call), refuseUnknownMembers });
  const isBatch = call.operation.startsWith('Batch');
  if (service === 'lakeformation' && !isBatch && call.conflicts.size > 0) throw concurrentModification();
  return operation.run(call, decoded as never);
}

function violationCode({ service, switches }: Call): string {
  switch (service) {
    case 'lakeformation':
      return switches.lakeFormationViolationCode;
    case 'glue':
      return 'ValidationException';
    case 'ram':
      return 'InvalidParameterException';
    case 'sts':
    case 'iam':
      return 'ValidationError';
    default:
      return service satisfies never;
  }
}

function checkIam({ service, operation, caller }: Call): void {
  const action = `${service}:${operation}`;
  if (service === 'sts' || mayDo(caller.principal, action)) return;
  const text = `User: ${caller.sessionArn} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`;
  if (service === 'iam') throw new ServiceFailure('AccessDenied', text, 403);
  throw new ServiceFailure('AccessDeniedException', text);
}

/** Marks principals as being written for; a write that comes while the mark stands conflicts. */
function occupy(
  world: World,
  lake: string,
  principals: readonly string[],
): { conflicts: ReadonlySet<string>; release: () => void } {
  const conflicts = new Set<string>();
  const mine: string[] = [];
  for (const principal of new Set(principals)) {
    const key = `${lake}/${principal}`;
    if (world.switches.naturalConflicts && world.busy.has(key)) conflicts.add(principal);
    else mine.push(key);
  }
  for (const key of mine) world.busy.set(key, (world.busy.get(key) ?? 0) + 1);
  const release = (): void => {
    for (const key of mine) {
      const left = (world.busy.get(key) ?? 1) - 1;
      if (left > 0) world.busy.set(key, left);
      else world.busy.delete(key);
    }
  };
  return { conflicts, release };
}

/** The principals a request names, before anything in it is checked. */
function principalsIn(input: unknown): readonly string[] {
  const { Principal, Entries } = (input ?? {}) as { readonly Principal?: unknown; readonly Entries?: unknown };
  const holders = Array.isArray(Entries)
    ? Entries.map((entry: { Principal?: unknown } | null) => entry?.Principal)
    : [Principal];
  return holders.flatMap((holder) => {
    const text = (holder as { DataLakePrincipalIdentifier?: unknown } | null | undefined)?.DataLakePrincipalIdentifier;
    return typeof text === 'string' ? [text] : [];
  });
}

function statusOf(failure: ServiceFailure, service: Service, world: World): number {
  return failure.code === 'AccessDeniedException' && !isQuery(service)
    ? world.switches.accessDeniedStatus
    : failure.status;
}

/** RAM names what all services know otherwise. */
function inWordsOf(service: Service, failure: ServiceFailure): ServiceFailure {
  if (service !== 'ram') return failure;
  if (failure.code === 'ThrottlingException') return new ServiceFailure(failure.code, failure.message, 429);
  if (failure.code === 'ConcurrentModificationException')
    return new ServiceFailure('InvalidStateTransitionException', failure.message);
  const isInternal = failure.code === 'InternalServiceException' || failure.code === 'OperationTimeoutException';
  return isInternal ? new ServiceFailure('ServerInternalException', failure.message, 500) : failure;
}

function asFailure(error: unknown): ServiceFailure {
  if (error instanceof ServiceFailure) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ServiceFailure('InternalServiceException', `A fault of the emulator itself: ${text}`, 500);
}
