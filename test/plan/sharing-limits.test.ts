import { expect, test } from 'vitest';
import type { Grant } from '../../src/core/fact.ts';
import type { Share } from '../../src/core/lake.ts';
import { sharingLimits } from '../../src/plan/sharing-limits.ts';
import { account, changeOf, grantOf, observedOf, role, table } from '../support/builders.ts';

const consumer = (n: number): string => String(500_000_000_000 + n);
const many = <T>(count: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const onTable = (principal: string, n = 0): Grant => grantOf({ principal, resource: table(`t${n}`) });
const shareWith = (receiver: string, more: Partial<Share> = {}): Share => ({
  arn: receiver,
  name: `LakeFormation-${receiver}`,
  receiver,
  status: 'ASSOCIATED',
  isExternal: true,
  ...more,
});

interface Limited {
  readonly name: string;
  readonly live?: readonly Grant[];
  readonly given: readonly Grant[];
  readonly shares?: readonly Share[];
  readonly says: readonly RegExp[];
}

const cases: readonly Limited[] = [
  { name: 'nothing for another account', given: many(300, (n) => onTable(role(`r${n}`))), says: [] },
  { name: 'a few accounts', given: many(199, (n) => onTable(consumer(n))), says: [] },
  {
    name: 'many accounts at once',
    given: many(200, (n) => onTable(consumer(n))),
    says: [/^RAM_INVITATIONS this sends up to 200 invitations, and RAM takes 250 /],
  },
  {
    name: 'a few beside many that wait',
    given: many(3, (n) => onTable(consumer(n))),
    shares: many(197, (n) => shareWith(consumer(1000 + n), { status: 'ASSOCIATING' })),
    says: [/^RAM_INVITATIONS this sends up to 3 invitations beside 197 that wait, /],
  },
  {
    name: 'accounts that hold something of the kind, on a share that is there',
    live: many(200, (n) => onTable(consumer(n), 1)),
    given: many(200, (n) => onTable(consumer(n))),
    says: [],
  },
  {
    name: 'accounts of the organization, to whom none was needed before',
    given: many(200, (n) => onTable(consumer(n))),
    shares: many(200, (n) => shareWith(consumer(n), { isExternal: false })),
    says: [],
  },
  {
    name: 'many tables for one account',
    live: many(3990, (n) => onTable(consumer(0), n)),
    given: many(10, (n) => onTable(consumer(0), 4000 + n)),
    says: [/^RAM_LIMIT 500000000000 has 4,000 tables then, and a RAM share takes 5,000$/],
  },
  {
    name: 'many tables for many accounts',
    live: many(20_000, (n) => onTable(consumer(n % 10), n)),
    given: [onTable(consumer(0), 30_000)],
    says: [/^RAM_LIMIT 20,001 databases and tables are given to other accounts then, and RAM takes 25,000 in all$/],
  },
];

test.each(cases)('$name: $says.length notes', ({ live = [], given, shares = [], says }) => {
  const sharing = { shares: new Map(shares.map((one) => [one.arn, one])), unassociated: [] };
  const observed = observedOf({ facts: live, ...(shares.length > 0 && { sharing }) });
  expect(observed.lake).toMatch(account);
  const notes = sharingLimits(
    observed,
    given.map((grant) => changeOf(grant)),
  );
  expect(notes.map(({ code, message }) => `${code} ${message}`)).toEqual(
    says.map((text) => expect.stringMatching(text)),
  );
});
