import { expect, test } from 'vitest';
import { newestVerdicts } from '../../src/approve/verdicts.ts';
import type { Person, Review } from '../../src/core/forge.ts';

const bob: Person = { login: 'bob', id: 2, isHuman: true };
const app: Person = { login: 'app', id: 5, isHuman: false };

const by = (reviewer: Person | undefined, ...said: readonly Review['verdict'][]): readonly Review[] =>
  said.map((verdict, at) => ({ reviewer, verdict, commit: `c${at}` }));

test.each<[title: string, reviews: readonly Review[], verdicts: readonly string[]]>([
  ['none', [], []],
  ['an approval', by(bob, 'approved'), ['approved c0']],
  ['the newest counts', by(bob, 'changes requested', 'approved'), ['approved c1']],
  ['also where it says less', by(bob, 'approved', 'changes requested'), ['changes requested c1']],
  ['a comment says nothing', by(bob, 'approved', 'comment'), ['approved c0']],
  ['a dismissed verdict brings no older one back', by(bob, 'approved', 'dismissed'), ['dismissed c1']],
  ['an older one may be dismissed', by(bob, 'dismissed', 'approved'), ['approved c1']],
  ['apps say nothing', by(app, 'approved'), []],
  ['nor do accounts that are gone', by(undefined, 'approved'), []],
  [
    'a login that changed is the same person',
    [...by(bob, 'approved'), ...by({ ...bob, login: 'robert' }, 'dismissed')],
    ['dismissed c0'],
  ],
  [
    'a login in other hands is another',
    [...by(bob, 'approved'), ...by({ ...bob, id: 3 }, 'dismissed')],
    ['approved c0', 'dismissed c0'],
  ],
])('%s', (_, reviews, verdicts) => {
  expect(newestVerdicts(reviews).map(({ verdict, commit }) => `${verdict} ${commit}`)).toEqual(verdicts);
});
