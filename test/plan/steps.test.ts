import { describe, expect, test } from 'vitest';
import { type Columns, columnsText } from '../../src/core/columns.ts';
import { stages } from '../../src/core/plan.ts';
import { type Cells, cellSteps } from '../../src/plan/steps.ts';
import { grantOf, table } from '../support/builders.ts';

type Parts = readonly Columns[];

/** Cells of SELECT on a table, with the column lists under which each is stored; undefined where it is not there. */
function select(plain: Parts | undefined, option?: Parts): Cells {
  const cell = (parts: Parts | undefined, grantOption: boolean): Cells['plain'] => {
    const [first, ...rest] = parts ?? [];
    if (parts === undefined || first === undefined) return undefined;
    return { grant: grantOf({ grantOption, columns: rest.length === 0 ? first : { only: ['a', 'b'] } }), parts };
  };
  return { plain: cell(plain, false), option: cell(option, true) };
}

/** Cells of DESCRIBE, which has no columns. */
function describing(plain: boolean, option: boolean): Cells {
  const cell = (is: boolean, grantOption: boolean): Cells['plain'] =>
    is
      ? { grant: grantOf({ permission: 'DESCRIBE', resource: table('orders'), grantOption }), parts: ['all'] }
      : undefined;
  return { plain: cell(plain, false), option: cell(option, true) };
}

const names = new Map(Object.entries(stages).map(([name, stage]) => [stage, name]));

function steps(before: Cells, after: Cells): readonly string[] {
  const { plain, option, interrupts } = cellSteps(before, after, undefined);
  const sent = [...plain, ...option]
    .toSorted((a, b) => a.stage - b.stage)
    .map(({ stage, action, fact }) => {
      const columns = fact.kind === 'grant' && fact.columns !== undefined ? ` ${columnsText(fact.columns)}` : '';
      return `${names.get(stage)}: ${action}${columns}${fact.kind === 'grant' && fact.grantOption ? ' option' : ''}`;
    });
  return interrupts === undefined ? sent : [...sent, 'interrupts'];
}

const nothing: Cells = { plain: undefined, option: undefined };
const [a, b, ab]: [Columns, Columns, Columns] = [{ only: ['a'] }, { only: ['b'] }, { only: ['a', 'b'] }];
const butC: Columns = { except: ['c'] };

describe('SELECT on a table', () => {
  test.each<[title: string, before: Cells, after: Cells, steps: readonly string[]]>([
    ['nothing to a list', nothing, select([a]), ['grant: grant only a']],
    [
      'nothing to all, with the option',
      nothing,
      select(['all'], ['all']),
      ['grant: grant all', 'grant: grant all option'],
    ],
    ['a list to nothing', select([a]), nothing, ['revoke: revoke only a']],
    ['several lists to nothing', select([a, b]), nothing, ['revoke: revoke only a', 'revoke: revoke only b']],
    [
      'a list with the option to nothing',
      select([a], [a]),
      nothing,
      ['revoke: revoke only a', 'revoke: revoke only a option'],
    ],
    ['the same list', select([a]), select([a]), []],
    ['two lists to their union', select([a, b]), select([ab]), []],
    ['a list to a longer one: what is stored stays', select([a]), select([ab]), ['grant: grant only a, b']],
    [
      'a list to a shorter one: the new first',
      select([ab]),
      select([a]),
      ['grant: grant only a', 'revokeReplaced: revoke only a, b'],
    ],
    ['a list to another', select([a]), select([b]), ['grant: grant only b', 'revokeReplaced: revoke only a']],
    ['two lists of which one goes', select([a, b]), select([a]), ['revokeReplaced: revoke only b']],
    [
      'all to a list: room first',
      select(['all']),
      select([a]),
      ['makeRoom: revoke all', 'grant: grant only a', 'interrupts'],
    ],
    [
      'a list to all: room first',
      select([a]),
      select(['all']),
      ['makeRoom: revoke only a', 'grant: grant all', 'interrupts'],
    ],
    ['all and a list, stored together, to all', select(['all', a]), select(['all']), ['revoke: revoke only a']],
    [
      'an exclusion to a list',
      select([butC]),
      select([a]),
      ['grant: grant only a', 'revokeReplaced: revoke all but c'],
    ],
    [
      'an exclusion to all',
      select([butC]),
      select(['all']),
      ['makeRoom: revoke all but c', 'grant: grant all', 'interrupts'],
    ],
    [
      'the option goes: the permission with it, and comes again',
      select(['all'], ['all']),
      select(['all']),
      ['makeRoom: revoke all', 'makeRoom: revoke all option', 'grant: grant all', 'interrupts'],
    ],
    ['the option comes', select([a]), select([a], [a]), ['grant: grant only a option']],
    [
      'a list with the option to a shorter one',
      select([ab], [ab]),
      select([a], [a]),
      [
        'grant: grant only a',
        'grant: grant only a option',
        'revokeReplaced: revoke only a, b',
        'revokeReplaced: revoke only a, b option',
      ],
    ],
    [
      'a list with the option to another without',
      select([a], [a]),
      select([b]),
      ['grant: grant only b', 'revokeReplaced: revoke only a', 'revokeReplaced: revoke only a option'],
    ],
    [
      'a list with the option to a longer one without',
      select([a], [a]),
      select([ab]),
      ['grant: grant only a, b', 'revokeReplaced: revoke only a', 'revokeReplaced: revoke only a option'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(steps(before, after)).toEqual(expected);
  });
});

describe('a permission without columns', () => {
  test.each<[title: string, before: Cells, after: Cells, steps: readonly string[]]>([
    ['comes', nothing, describing(true, false), ['grant: grant']],
    ['comes with the option', nothing, describing(true, true), ['grant: grant', 'grant: grant option']],
    ['stays', describing(true, true), describing(true, true), []],
    ['gets the option', describing(true, false), describing(true, true), ['grant: grant option']],
    [
      'loses the option',
      describing(true, true),
      describing(true, false),
      ['makeRoom: revoke', 'makeRoom: revoke option', 'grant: grant', 'interrupts'],
    ],
    ['goes', describing(true, true), nothing, ['revoke: revoke', 'revoke: revoke option']],
  ])('%s', (_, before, after, expected) => {
    expect(steps(before, after)).toEqual(expected);
  });
});

describe('what leaves because of another grant', () => {
  test('leaves once the other is there', () => {
    const { plain } = cellSteps(select([a]), nothing, 'after the new');
    expect(plain.map(({ stage }) => stage)).toEqual([stages.revokeReplaced]);
  });

  test('leaves before, where the two do not go together, and says so', () => {
    const { plain, interrupts } = cellSteps(select([a]), nothing, 'before the new');
    expect(plain.map(({ stage }) => stage)).toEqual([stages.makeRoom]);
    expect(interrupts).toContain('modify');
  });
});
