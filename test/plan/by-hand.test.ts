import { expect, test } from 'vitest';
import type { Columns } from '../../src/core/columns.ts';
import { type Grant, keyOf } from '../../src/core/fact.ts';
import type { Desired } from '../../src/core/state.ts';
import { byHandOf } from '../../src/plan/by-hand.ts';

const reader = 'arn:aws:iam::333344445555:role/reader';
const cause = { place: { file: 'mesh/a.yaml', line: 1, column: 1 }, subscription: 'a/b/c', files: ['a.yaml'] };

function grant(columns: Columns): Grant {
  const resource = { kind: 'table', catalog: '111122223333', database: 'sales', table: 'orders' } as const;
  const lake = '333344445555/eu-west-1';
  return { kind: 'grant', lake, principal: reader, resource, permission: 'SELECT', grantOption: false, columns };
}

test.each<[before: Columns, now: Columns | undefined, taken: string | undefined, isProven?: true]>([
  ['all', undefined, 'revoke SELECT on table sales.orders'],
  [{ only: ['a', 'b'] }, undefined, 'revoke SELECT on table sales.orders, columns: only a, b'],
  [{ only: ['a', 'b'] }, { only: ['a'] }, 'revoke SELECT on table sales.orders, columns: only b'],
  [{ only: ['a'] }, { only: ['a', 'b'] }, undefined],
  ['all', 'all', undefined],
  ['all', { only: ['a'] }, 'revoke SELECT on table sales.orders', true],
  ['all', { only: ['a'] }, undefined],
  [{ except: ['c'] }, { only: ['a'] }, 'revoke SELECT on table sales.orders, columns: all but c', true],
])('of %j, with %j asked for now, is taken back: %s', (before, now, taken, isProven) => {
  const fact = now === undefined ? undefined : grant(now);
  const desired = {
    facts: new Map(
      fact === undefined
        ? []
        : [[keyOf(fact), { key: keyOf(fact), fact, wishes: [{ fact, cause }], classes: [] }] as const],
    ),
  } as object as Desired;
  const former = [{ key: keyOf(grant(before)), fact: grant(before), cause }];
  // What nobody proved is not given, and no less wanted for that.
  const proofs = new Map(isProven ? [['a.yaml', { proven: true as const, by: 'ada' }]] : []);
  const [place] = byHandOf(desired, { isEntered: () => false, proofs, former });
  const taking = place?.steps.flatMap(({ what, takes }) => (takes ? [what] : []));
  expect(taking ?? []).toEqual(
    taken === undefined ? [] : [expect.stringContaining(`${taken} from ${reader}, as long as`)],
  );
});
