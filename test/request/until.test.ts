import { describe, expect, test } from 'vitest';
import { until } from '../../src/request/until.ts';

describe('the last day', () => {
  test.each([
    ['2026-11-22', '2026-11-22'],
    ['2027-06-30', '2027-06-30'],
    ['1d', '2026-11-23'],
    ['90d', '2027-02-20'],
    ['12w', '2027-02-14'],
    ['6m', '2027-05-22'],
    [' 1y ', '2027-11-22'],
  ])('%s', (text, day) => expect(until(text, '2026-11-22')).toEqual({ day }));

  test.each([
    ['2027-01-31', '1m', '2027-02-28'],
    ['2028-02-29', '1y', '2029-02-28'],
    ['2026-12-31', '2m', '2027-02-28'],
  ])('%s and %s is %s, for months end', (today, span, day) => expect(until(span, today)).toEqual({ day }));

  test.each(['', 'soon', '0d', '-1d', '90', '2027-02-30', '2027-2-3', '99999y', '1e3d', '2026-11-22T00:00:00Z'])(
    '%s is none',
    (text) => expect(until(text, '2026-11-22')).toEqual({ fault: expect.stringContaining('neither a date') }),
  );

  test('yesterday has passed', () => expect(until('2026-11-21', '2026-11-22')).toEqual({ fault: 'has passed' }));
});
