import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Columns,
  columnsText,
  coversColumns,
  except,
  isSameColumns,
  joinColumns,
  meetColumns,
  only,
} from '../../src/core/columns.ts';

/** The model: a set of columns is what it holds of a universe; `other` stands for every column nobody names. */
const universe = ['a', 'b', 'c', 'd', 'other'];
const named = universe.filter((name) => name !== 'other');

function membersOf(columns: Columns | undefined): readonly string[] {
  if (columns === undefined) return [];
  if (columns === 'all') return universe;
  const listed = 'only' in columns ? columns.only : columns.except;
  return universe.filter((name) => listed.includes(name) === 'only' in columns);
}

const names = fc.subarray(named, { minLength: 1 });
const columns: fc.Arbitrary<Columns> = fc.oneof(
  fc.constant<Columns>('all'),
  names.map((list): Columns => ({ only: list })),
  names.map((list): Columns => ({ except: list })),
);

/** Whether a set has the form that is promised: sorted, each name once, never an empty list. */
function isCanonical(set: Columns | undefined): boolean {
  if (set === undefined || set === 'all') return true;
  const listed = 'only' in set ? set.only : set.except;
  return listed.length > 0 && JSON.stringify(listed) === JSON.stringify([...new Set(listed)].sort());
}

describe('sets of columns are sets', () => {
  test('join is union', () => {
    fc.assert(
      fc.property(columns, columns, (a, b) => {
        const joined = joinColumns(a, b);
        expect(membersOf(joined)).toEqual(
          universe.filter((name) => membersOf(a).includes(name) || membersOf(b).includes(name)),
        );
        expect(isCanonical(joined)).toBe(true);
      }),
    );
  });

  test('meet is intersection, and undefined where that is empty', () => {
    fc.assert(
      fc.property(columns, columns, (a, b) => {
        const met = meetColumns(a, b);
        expect(membersOf(met)).toEqual(membersOf(a).filter((name) => membersOf(b).includes(name)));
        expect(isCanonical(met)).toBe(true);
        expect(met === undefined).toBe(membersOf(met).length === 0);
      }),
    );
  });

  test('covers is inclusion', () => {
    fc.assert(
      fc.property(columns, columns, (a, b) => {
        expect(coversColumns(a, b)).toBe(membersOf(b).every((name) => membersOf(a).includes(name)));
      }),
    );
  });

  test('same is equality', () => {
    fc.assert(
      fc.property(columns, columns, (a, b) => {
        expect(isSameColumns(a, b)).toBe(JSON.stringify(membersOf(a)) === JSON.stringify(membersOf(b)));
      }),
    );
  });

  test('join and meet do not mind the order, and absorb', () => {
    fc.assert(
      fc.property(columns, columns, columns, (a, b, c) => {
        expect(joinColumns(a, b)).toEqual(joinColumns(b, a));
        expect(meetColumns(a, b)).toEqual(meetColumns(b, a));
        expect(joinColumns(joinColumns(a, b), c)).toEqual(joinColumns(a, joinColumns(b, c)));
        expect(meetColumns(a, joinColumns(a, b))).toEqual(a);
      }),
    );
  });
});

describe('making a set', () => {
  test('sorts and drops what is named twice', () => {
    expect(only(['b', 'a', 'b'])).toEqual({ only: ['a', 'b'] });
    expect(except(['b', 'a', 'b'])).toEqual({ except: ['a', 'b'] });
  });

  test('of nothing is nothing, and all but nothing is all', () => {
    expect(only([])).toBeUndefined();
    expect(except([])).toBe('all');
  });

  test.each<[Columns, string]>([
    ['all', 'all'],
    [{ only: ['a', 'b'] }, 'only a, b'],
    [{ except: ['a', 'b'] }, 'all but a, b'],
  ])('%j reads %s', (set, text) => {
    expect(columnsText(set)).toBe(text);
  });

  test('a set with a comma in a name is not two names', () => {
    expect(isSameColumns({ only: ['a, b'] }, { only: ['a', 'b'] })).toBe(false);
  });
});
