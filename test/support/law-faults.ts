import fc from 'fast-check';
import type { Fault } from '../../src/emulator/faults.ts';
import { switchTable } from '../../src/emulator/switch-table.ts';
import type { Switches } from '../../src/emulator/switches.ts';

const writes = ['BatchGrantPermissions', 'BatchRevokePermissions', 'CreateDataCellsFilter'] as const;

/** Faults such as a bad day has, each of them survivable. */
export const mildFaults: fc.Arbitrary<readonly Fault[]> = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom<Fault>(
      { kind: 'short-pages' },
      { kind: 'empty-pages', every: 2 },
      { kind: 'throttle', probability: 0.1 },
      { kind: 'throttle-wrapped', probability: 0.1 },
      { kind: 'throttle-entry', probability: 0.2 },
      { kind: 'concurrent-modification', probability: 0.1 },
      { kind: 'concurrent-modification-entry', probability: 0.2 },
      { kind: 'lag', ms: 15 },
    ),
    fc.record({
      kind: fc.constantFrom('timeout-after', 'internal', 'drop-after', 'drop-before'),
      operation: fc.constantFrom(...writes),
      probability: fc.constantFrom(0.3, 1),
      times: fc.constantFrom(1, 3),
    }),
  ),
  { minLength: 1, maxLength: 3, selector: ({ kind }) => kind },
);

/** What the laws of one central account cannot tell apart, or what is about the seed alone. */
const unturned: readonly string[] = [
  'unknownAccounts',
  'defaultCrossAccountVersion',
  'unreachableLink',
  'foreignTagsListed',
  'repeatedOptIn',
  'adminsReadData',
  'severalFilters',
];

/** Every switch turned away from its default, one at a time. */
export const turnedSwitches: readonly Partial<Switches>[] = Object.entries(switchTable).flatMap(
  ([name, { default: usual, values }]) =>
    values === 'count' || unturned.includes(name)
      ? []
      : (values as readonly unknown[])
          .filter((value) => value !== usual)
          .map((value): Partial<Switches> => ({ [name]: value })),
);
