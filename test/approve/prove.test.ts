import { describe, expect, test } from 'vitest';
import type { Need } from '../../src/approve/prove.ts';
import { prove } from '../../src/approve/prove.ts';
import type { Approval, Approver } from '../../src/core/approvals.ts';

const [ada, bob, eve, fay]: readonly [Approver, Approver, Approver, Approver] = [
  { login: 'ada', id: 1 },
  { login: 'bob', id: 2 },
  { login: 'eve', id: 3 },
  { login: 'fay', id: 4 },
];
const administrator: Need = { anyOf: [ada, bob], role: 'an administrator of the mesh', authorCounts: false };
const consumer: Need = { anyOf: [eve], role: 'an owner of the account marketing', authorCounts: true };
const withPii = (count: number): Need => ({
  ...consumer,
  owners: { people: [ada, bob, eve], count, of: 'sales/orders' },
});

const by = (author: Approver | undefined, ...people: readonly Approver[]): Approval => ({
  kind: 'approved',
  by: people,
  ...(author === undefined ? {} : { author }),
});
const trusted: Approval = { kind: 'trusted', by: 'trust root 0123456789ab' };
const none: Approval = {
  kind: 'none',
  reason: 'another version of it was approved',
  remedy: 'have this version approved',
};

function proof(need: Need, ...approvals: readonly Approval[]): string {
  const found = prove(
    [{ path: 'x.yaml', blob: 'b' }],
    approvals.map((one) => new Map([['x.yaml', one]])),
    () => need,
  ).get('x.yaml');
  if (found === undefined) return 'nothing';
  return found.proven ? `proven: ${found.by}` : `${found.reason} | ${found.remedy}`;
}

test.each<[title: string, need: Need, approvals: readonly Approval[], proof: string]>([
  ['trusted as it is', withPii(9), [trusted], 'proven: trust root 0123456789ab'],
  [
    'no source says anything',
    administrator,
    [],
    'not approved | give --trust-root HEAD to trust what is committed, or --approvals FILE with the approvals',
  ],
  ['another version', administrator, [none], 'another version of it was approved | have this version approved'],
  ['one source suffices', administrator, [none, trusted, none], 'proven: trust root 0123456789ab'],
  [
    'the last source speaks where none suffices',
    administrator,
    [by(eve), none],
    'another version of it was approved | have this version approved',
  ],
  ['an administrator', administrator, [by(eve, bob)], 'proven: approved by @bob'],
  [
    'by somebody else',
    administrator,
    [by(eve, fay)],
    'approved by @fay, none of whom is an administrator of the mesh | have an administrator of the mesh approve it: @ada, @bob',
  ],
  [
    'the author approves the own file',
    administrator,
    [by(ada, ada)],
    'nobody approved it | have an administrator of the mesh approve it: @ada, @bob',
  ],
  [
    'the author, under another login',
    administrator,
    [by(ada, { login: 'lovelace', id: 1 })],
    'nobody approved it | have an administrator of the mesh approve it: @ada, @bob',
  ],
  [
    'somebody else, under the login of an administrator',
    administrator,
    [by(eve, { login: 'ada', id: 99 })],
    'approved by @ada, none of whom is an administrator of the mesh | have an administrator of the mesh approve it: @ada, @bob',
  ],
  ['nobody approves, the author owns the consumer', consumer, [by(eve)], 'proven: approved by @eve'],
  ['an approver owns the consumer', consumer, [by(fay, eve)], 'proven: approved by @eve'],
  [
    'nobody of the consumer',
    consumer,
    [by(fay, bob)],
    'approved by @bob, none of whom is an owner of the account marketing | have an owner of the account marketing approve it: @eve',
  ],
  ['pii, and an owner of the product', withPii(1), [by(eve, bob)], 'proven: approved by @bob'],
  [
    'pii, and none',
    withPii(1),
    [by(eve)],
    'it touches pii and has 0 of 1 approvals by owners of sales/orders | have an owner of sales/orders approve it: @ada, @bob, @eve',
  ],
  [
    'pii, and the author alone owns both',
    withPii(1),
    [by(eve, fay)],
    'it touches pii and has 0 of 1 approvals by owners of sales/orders | have an owner of sales/orders approve it: @ada, @bob, @eve',
  ],
  [
    'two owners asked, one given',
    withPii(2),
    [by(eve, bob)],
    'it touches pii and has 1 of 2 approvals by owners of sales/orders | have 2 owners of sales/orders approve it: @ada, @bob, @eve',
  ],
  [
    'two owners asked, one given twice',
    withPii(2),
    [by(eve, bob, { login: 'bobby', id: 2 })],
    'it touches pii and has 1 of 2 approvals by owners of sales/orders | have 2 owners of sales/orders approve it: @ada, @bob, @eve',
  ],
  ['two owners asked and given', withPii(2), [by(eve, bob, ada)], 'proven: approved by @bob, @ada'],
  [
    'pii, owners of the product, nobody of the consumer',
    withPii(1),
    [by(fay, bob)],
    'approved by @bob, none of whom is an owner of the account marketing | have an owner of the account marketing approve it: @eve',
  ],
  ['no author is known', consumer, [by(undefined, eve)], 'proven: approved by @eve'],
  [
    'nobody may approve',
    { ...administrator, anyOf: [] },
    [by(eve, fay)],
    'approved by @fay, none of whom is an administrator of the mesh | have an administrator of the mesh approve it: nobody',
  ],
  [
    'approvals of two sources do not add up',
    withPii(2),
    [by(eve, bob), by(eve, ada)],
    'it touches pii and has 1 of 2 approvals by owners of sales/orders | have 2 owners of sales/orders approve it: @ada, @bob, @eve',
  ],
])('%s', (_, need, approvals, expected) => {
  expect(proof(need, ...approvals)).toBe(expected);
});

describe('every file', () => {
  test('is judged by its own need', () => {
    const versions = ['a.yaml', 'b.yaml'].map((path) => ({ path, blob: 'x' }));
    const answers = [new Map<string, Approval>(versions.map(({ path }) => [path, by(fay, ada)]))];
    const proofs = prove(versions, answers, (path) => (path === 'a.yaml' ? administrator : consumer));
    expect([...proofs].map(([path, { proven }]) => [path, proven])).toEqual([
      ['a.yaml', true],
      ['b.yaml', false],
    ]);
  });
});
