import { expect, test } from 'vitest';
import { stalledOf } from '../../src/approve/stalled.ts';

const now = new Date('2026-06-15T12:00:00Z');
const day = (date: number, time = '10:00'): string => `2026-06-${date}T${time}:00Z`;

test.each<[title: string, good: string | undefined, moves: readonly string[], runs: readonly string[], since?: string]>(
  [
    ['nothing ever happened', undefined, [], []],
    ['a quiet mesh', '2026-01-01T10:00:00Z', [], []],
    ['a merge that was just made', day(10), [day(15)], [day(15)]],
    ['a day to the minute', day(10), [day(14, '12:00')], []],
    ['a merge of the day before', day(10), [day(15), day(14, '11:59')], [], day(14, '11:59')],
    ['no run ever ended well', undefined, [day(13)], [], day(13)],
    ['runs that were cancelled', day(10), [], [day(14), day(13), day(15)], day(13)],
    ['runs that failed before a good one', day(14), [], [day(13), day(12)]],
    ['the older of move and run', day(10), [day(13)], [day(12)], day(12)],
  ],
)('%s', (_, good, moves, runs, since) => {
  expect(stalledOf({ good, moves, runs }, now)?.since).toBe(since);
});
