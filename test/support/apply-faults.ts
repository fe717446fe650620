import type { Fault } from '../../src/emulator/faults.ts';

/** Faults during apply, and what must come of them. */
export interface Faulty {
  readonly name: string;
  readonly faults: readonly Fault[];
  readonly args?: readonly string[];
  readonly code: number;
  /** How many outcomes there are of each status; the plan has 41 changes. */
  readonly counts: Readonly<Record<string, number>>;
  /** What the reasons of those that failed must say. */
  readonly reasons?: RegExp;
}

const analysts = 'arn:aws:iam::333344445555:role/analysts';
/** The principal that single faults are for. */
export const finance = '444455556666';
const all = { applied: 41 };

/** What a run gets over by itself. */
export const passing: readonly Faulty[] = [
  {
    name: 'every call throttled once in a while',
    faults: [{ kind: 'throttle', every: 4, times: 6 }],
    code: 0,
    counts: all,
  },
  {
    name: 'a throttle inside InvalidInput',
    faults: [{ kind: 'throttle-wrapped', operation: 'BatchGrantPermissions', times: 2 }],
    code: 0,
    counts: all,
  },
  { name: 'throttled entries', faults: [{ kind: 'throttle-entry', every: 2, times: 5 }], code: 0, counts: all },
  {
    name: 'concurrent modification of calls and entries',
    faults: [
      { kind: 'concurrent-modification', every: 2, times: 3 },
      { kind: 'concurrent-modification-entry', every: 3, times: 3 },
    ],
    code: 0,
    counts: all,
  },
  {
    name: 'a timeout after the change was made',
    faults: [
      { kind: 'timeout-after', operation: 'BatchGrantPermissions', times: 2 },
      { kind: 'timeout-after', operation: 'UpdateDatabase', times: 1 },
      { kind: 'timeout-after', operation: 'CreateDataCellsFilter', times: 1 },
    ],
    code: 0,
    counts: all,
  },
  {
    name: 'connections cut before the call',
    faults: [{ kind: 'drop-before', every: 5, times: 5 }],
    code: 0,
    counts: all,
  },
  {
    name: 'connections cut after the call',
    faults: [{ kind: 'drop-after', every: 4, times: 6 }],
    code: 0,
    counts: all,
  },
  {
    name: 'internal failures',
    faults: [{ kind: 'internal', operation: 'BatchGrantPermissions', times: 1 }],
    code: 0,
    counts: all,
  },
  {
    name: 'a write that hangs',
    faults: [{ kind: 'hang', operation: 'BatchRevokePermissions', times: 1 }],
    args: ['--timeout', '0.5'],
    code: 0,
    counts: all,
  },
  {
    name: 'a principal that IAM has not spread yet',
    faults: [{ kind: 'invalid-principal', principal: analysts, times: 1 }],
    code: 0,
    counts: all,
  },
  {
    name: 'reads that lag',
    faults: [{ kind: 'lag', operation: 'ListPermissions', ms: 60_000, after: 1, times: 2 }],
    code: 0,
    counts: all,
  },
];

/** What a run cannot get over: it ends with 5, and the next one does the rest. */
export const lasting: readonly Faulty[] = [
  {
    name: 'reads that lag for ever',
    faults: [{ kind: 'lag', operation: 'ListPermissions', ms: 600_000, after: 1 }],
    code: 5,
    counts: { applied: 3, failed: 38 },
    reasons: /^the service accepted it, but goes on showing the state before; the next run will look again$/,
  },
  {
    name: 'a principal that there is not',
    faults: [{ kind: 'invalid-principal', principal: analysts }],
    code: 5,
    counts: { applied: 39, failed: 2 },
    reasons: /^BatchGrantPermissions answered InvalidInputException: Invalid principal$/,
  },
  {
    name: 'access denied for one principal half-way',
    faults: [{ kind: 'access-denied', operation: 'BatchGrantPermissions', principal: finance, after: 1 }],
    code: 5,
    counts: { applied: 31, failed: 10 },
    reasons: /^BatchGrantPermissions answered AccessDeniedException: /,
  },
  {
    name: 'a filter that is refused',
    faults: [{ kind: 'access-denied', operation: 'CreateDataCellsFilter' }],
    code: 5,
    counts: { applied: 39, failed: 2 },
    reasons:
      /^(CreateDataCellsFilter answered AccessDeniedException: |BatchGrantPermissions answered EntityNotFoundException: )/,
  },
  {
    name: 'credentials that expire half-way',
    faults: [
      { kind: 'expired-token', operation: 'BatchGrantPermissions', after: 1 },
      { kind: 'expired-token', operation: 'ListPermissions', after: 1 },
    ],
    code: 5,
    counts: { failed: 41 },
    reasons: /^reading back: ListPermissions answered ExpiredTokenException: /,
  },
  {
    name: 'throttling without end',
    faults: [{ kind: 'throttle', operation: 'BatchGrantPermissions' }],
    code: 5,
    counts: { applied: 7, failed: 34 },
    reasons: /^BatchGrantPermissions answered ThrottlingException: Rate exceeded$/,
  },
  {
    name: 'a Glue that fails for the parameters',
    faults: [{ kind: 'access-denied', operation: 'UpdateDatabase' }],
    code: 5,
    counts: { applied: 39, failed: 2 },
    reasons: /^UpdateDatabase answered AccessDeniedException: /,
  },
];
