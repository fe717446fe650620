import fc from 'fast-check';
import { type Fault, type FaultKind, faultKinds } from '../../src/emulator/faults.ts';
import type { Switches } from '../../src/emulator/switches.ts';
import { turnedSwitches } from '../support/law-faults.ts';
import { accounts, shared } from '../support/law-mesh.ts';

const writes = ['BatchGrantPermissions', 'BatchRevokePermissions', 'CreateDataCellsFilter', 'UpdateDatabase'] as const;
const reads = ['ListPermissions', 'GetDatabase', 'GetTables', 'GetDataLakeSettings', 'ListDataCellsFilter'] as const;
const principals = [...Object.values(shared), ...Object.values(accounts).map(({ id }) => id)];

/** What runs ask of consumers' accounts alone. */
const inConsumers = {
  writes: ['AcceptResourceShareInvitation', 'CreateDatabase', 'DeleteDatabase', 'AssociateResourceShare'],
  reads: ['AssumeRole', 'GetDatabases', 'ListResources', 'GetResourceShareInvitations', 'GetCallerIdentity'],
} as const;

const operation = fc.constantFrom<string | undefined>(undefined, ...writes, ...writes, ...reads);
const write = fc.constantFrom<string | undefined>(...writes, ...writes, 'DeleteDataCellsFilter', undefined);
/** Where consumers' lakes are entered, what is asked there is struck as often as all else. */
const operationThere = fc.oneof(operation, fc.constantFrom(...inConsumers.writes, ...inConsumers.reads));
const writeThere = fc.oneof(write, fc.constantFrom(...inConsumers.writes));
const often = fc.constantFrom(
  { probability: 0.1 },
  { probability: 0.3 },
  { every: 2, times: 3 },
  { times: 1 },
  { times: 3 },
  { after: 1, times: 2 },
);
/** For good, from some call on. */
const fromThen = fc.record({ after: fc.integer({ min: 0, max: 12 }) });

/** How each kind of fault comes about, given the operations and the writes that it may strike. */
const shapesOn = (
  operation: fc.Arbitrary<string | undefined>,
  write: fc.Arbitrary<string | undefined>,
): Readonly<Record<FaultKind, fc.Arbitrary<Omit<Fault, 'kind'>>>> => ({
  throttle: struck(operation, fc.oneof(often, often, often, fromThen)),
  'throttle-wrapped': struck(operation, fc.oneof(often, often, often, fromThen)),
  'throttle-entry': struck(batch(), often),
  'concurrent-modification': struck(write, often),
  'concurrent-modification-entry': struck(batch(), often),
  'timeout-after': struck(write, often),
  internal: struck(operation, often),
  'drop-before': struck(operation, fc.oneof(often, fromThen)),
  'drop-after': struck(operation, often),
  'invalid-principal': forSome(fc.oneof(often, fc.constant({}))),
  'access-denied': fc.oneof(struck(operation, fc.oneof(often, fromThen)), forSome(fromThen), forSome(fc.constant({}))),
  'expired-token': struck(operation, fc.oneof(often, fromThen)),
  lag: fc.record({ ms: fc.constantFrom(8, 15, 60_000) }).chain((how) => often.map((when) => ({ ...how, ...when }))),
  'short-pages': fc.constantFrom({}, { every: 2 }),
  'empty-pages': fc.constantFrom({ every: 2 }, { every: 3 }, { times: 4 }),
  'clock-skew': fc.constantFrom({ ms: 200_000 }, { ms: -200_000 }, { ms: 600_000 }, { ms: -600_000 }),
  'share-fails': forSome(often),
  hang: struck(write, fc.constantFrom({ times: 1 }, { after: 1, times: 1 })),
  'hang-after': struck(write, fc.constantFrom({ times: 1 }, { after: 1, times: 1 })),
  slow: fc.constantFrom({ ms: 3 }, { ms: 12, times: 5 }),
  'slow-share': fc.constantFrom({ ms: 8 }, { ms: 15 }, { ms: 60_000, times: 3 }, { ms: 60_000 }),
});
const shapes = { central: shapesOn(operation, write), consumers: shapesOn(operationThere, writeThere) };

function struck(
  on: fc.Arbitrary<string | undefined>,
  when: fc.Arbitrary<Omit<Fault, 'kind'>>,
): fc.Arbitrary<Omit<Fault, 'kind'>> {
  return fc.tuple(on, when).map(([name, how]) => ({ ...(name === undefined ? {} : { operation: name }), ...how }));
}

function batch(): fc.Arbitrary<string | undefined> {
  return fc.constantFrom<string | undefined>(undefined, 'BatchGrantPermissions', 'BatchRevokePermissions');
}

function forSome(when: fc.Arbitrary<Omit<Fault, 'kind'>>): fc.Arbitrary<Omit<Fault, 'kind'>> {
  return fc.tuple(fc.constantFrom(...principals), when).map(([principal, how]) => ({ principal, ...how }));
}

/** A schedule of faults with one of this kind first, so that no kind is left out. */
export function weatherWith(turn: number, where: keyof typeof shapes): fc.Arbitrary<readonly Fault[]> {
  const first = faultKinds[turn % faultKinds.length] ?? 'throttle';
  const of = (kind: FaultKind): fc.Arbitrary<Fault> => shapes[where][kind].map((shape) => ({ kind, ...shape }));
  const more = fc.uniqueArray(fc.constantFrom(...faultKinds).chain(of), {
    maxLength: 2,
    selector: ({ kind }) => kind,
  });
  return fc.tuple(of(first), more).map(([one, others]) => [one, ...others.filter(({ kind }) => kind !== first)]);
}

/** Every switch turned alone, then every two together. */
export const turns: readonly Partial<Switches>[] = [
  ...turnedSwitches,
  ...turnedSwitches.flatMap((a, index) =>
    turnedSwitches.slice(index + 1).flatMap((b) => (Object.keys(a)[0] === Object.keys(b)[0] ? [] : [{ ...a, ...b }])),
  ),
];
