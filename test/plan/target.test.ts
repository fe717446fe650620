import { describe, expect, test } from 'vitest';
import { type Columns, columnsText } from '../../src/core/columns.ts';
import { keyOf } from '../../src/core/fact.ts';
import type { DesiredFact, ObservedFact, Proof, Wish } from '../../src/core/state.ts';
import { type Judgement, targetOf } from '../../src/plan/target.ts';
import { grantOf, observedOf } from '../support/builders.ts';

const [a, b, ab, abc]: [Columns, Columns, Columns, Columns] = [
  { only: ['a'] },
  { only: ['b'] },
  { only: ['a', 'b'] },
  { only: ['a', 'b', 'c'] },
];
const key = keyOf(grantOf());
const isProven: Proof = { proven: true, by: 'the test' };
const isNot: Proof = { proven: false, reason: 'not approved', remedy: 'have it approved' };
const proofs = new Map<string, Proof>([
  ['yes.yaml', isProven],
  ['no.yaml', isNot],
]);

function wish(columns: Columns, ...files: readonly string[]): Wish {
  return { fact: grantOf({ columns }), cause: { place: { file: 'x', line: 1, column: 1 }, files } };
}

function desiredOf(columns: Columns, ...wishes: readonly Wish[]): DesiredFact {
  return { key, fact: grantOf({ columns }), wishes, classes: [] };
}

/** What becomes of SELECT on a table of which some columns are live: the columns, and why they fall short. */
function target(desired: DesiredFact, live: Columns | undefined, more: Partial<Judgement> = {}): string {
  const observed: ObservedFact | undefined =
    live === undefined ? undefined : { key, fact: grantOf({ columns: live }), parts: [live] };
  const judgement = { proofs, observed: observedOf(), failed: new Set<string>(), unsettled: new Map(), ...more };
  const { fact, shortfall } = targetOf(desired, observed, judgement);
  const columns = fact?.kind === 'grant' && fact.columns !== undefined ? columnsText(fact.columns) : 'nothing';
  return shortfall === undefined ? columns : `${columns}, ${shortfall.code}`;
}

describe('how far a desired fact is met', () => {
  const proven = desiredOf(ab, wish(ab, 'yes.yaml'));
  const unproven = desiredOf(ab, wish(ab, 'yes.yaml', 'no.yaml'));
  const mixed = desiredOf(ab, wish(a, 'yes.yaml'), wish(b, 'no.yaml'));

  test.each<[title: string, desired: DesiredFact, live: Columns | undefined, target: string]>([
    ['proven, nothing live', proven, undefined, 'only a, b'],
    ['proven, more live', proven, abc, 'only a, b'],
    ['unproven, nothing live', unproven, undefined, 'nothing, NOT_PROVEN'],
    ['unproven, less live', unproven, a, 'only a, NOT_PROVEN'],
    ['unproven, the same live', unproven, ab, 'only a, b'],
    ['unproven, more live', unproven, abc, 'only a, b'],
    ['unproven, all live', unproven, 'all', 'only a, b'],
    ['unproven, something else live', unproven, { only: ['c'] }, 'nothing, NOT_PROVEN'],
    ['two wishes, one proven, nothing live', mixed, undefined, 'only a, NOT_PROVEN'],
    ['two wishes, one proven, the other live: both stay', mixed, b, 'only a, b'],
    ['two wishes, one proven, something else live', mixed, { only: ['c'] }, 'only a, NOT_PROVEN'],
    [
      'a file that nobody knows of is not proven',
      desiredOf(a, wish(a, 'unheard.yaml')),
      undefined,
      'nothing, NOT_PROVEN',
    ],
  ])('%s', (_, desired, live, expected) => {
    expect(target(desired, live)).toBe(expected);
  });

  test('a failure in the run counts as unproven', () => {
    expect(target(proven, a, { failed: new Set([key]) })).toBe('only a, FAILED');
  });

  test('a refused cause counts as unproven, under its own code', () => {
    const refused = { code: 'NOT_IN_CATALOG', message: 'gone', place: { file: 'x', line: 1, column: 1 } };
    const { fact, cause } = wish(ab, 'yes.yaml');
    expect(target(desiredOf(ab, { fact, cause: { ...cause, refused } }), a)).toBe('only a, NOT_IN_CATALOG');
  });

  test('a list on a table that IAM_ALLOWED_PRINCIPALS holds means nothing, all columns do', () => {
    for (const opened of ['sales.orders', 'sales.*']) {
      const observed = observedOf({ openedByIam: new Set([opened]) });
      expect(target(proven, undefined, { observed })).toBe('nothing, IAM_ALLOWED_PRINCIPALS');
      expect(target(desiredOf('all', wish('all', 'yes.yaml')), undefined, { observed })).toBe('all');
    }
    expect(target(proven, undefined, { observed: observedOf({ openedByIam: new Set(['sales.items']) }) })).toBe(
      'only a, b',
    );
  });

  test('every reason and remedy is told', () => {
    const two = new Map(proofs).set('also.yaml', { ...isNot, reason: 'changed' });
    const { shortfall } = targetOf(desiredOf(a, wish(a, 'no.yaml', 'also.yaml')), undefined, {
      proofs: two,
      unsettled: new Map(),
      observed: observedOf(),
      failed: new Set(),
    });
    expect(shortfall).toMatchObject({
      reason: 'no.yaml: not approved; also.yaml: changed',
      remedy: 'have it approved',
    });
  });
});
