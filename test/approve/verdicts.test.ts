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
  expect(newestVerdicts(reviews, undefined).map(({ verdict, commit }) => `${verdict} ${commit}`)).toEqual(verdicts);
});

const second = (at: number): string => `2026-11-22T09:00:0${at}Z`;
const at3 = { at: second(3), by: 9 };

test.each<[title: string, reviews: readonly Review[], verdicts: readonly string[]]>([
  ['an approval from before lapses', [{ ...said('approved'), at: second(2) }], ['lapsed']],
  ['one of the same second, too', [{ ...said('approved'), at: second(3) }], ['lapsed']],
  ['one that nobody knows the time of, too', [said('approved')], ['lapsed']],
  ['one from after counts', [{ ...said('approved'), at: second(4) }], ['approved']],
  ['an objection stands', [{ ...said('changes requested'), at: second(2) }], ['changes requested']],
])('opened again: %s', (_, reviews, verdicts) => {
  expect(newestVerdicts(reviews, at3).map(({ verdict }) => verdict)).toEqual(verdicts);
});

function said(verdict: Review['verdict']): Review {
  return { reviewer: bob, verdict, commit: 'c' };
}
