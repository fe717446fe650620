import { expect, test } from 'vitest';
import { driftCode, onSchedule } from '../../src/plan/on-schedule.ts';
import { changeOf, grantOf, planOf, revokeOf, role, table } from '../support/builders.ts';

const failed = changeOf(grantOf({ principal: role('failed') }));
const byHand = changeOf(grantOf({ principal: role('by-hand') }));
const strange = revokeOf(grantOf({ principal: role('strange'), resource: table('items') }));
const expired = revokeOf(grantOf({ principal: role('expired') }), { reason: 'expired' });
const held = revokeOf(grantOf({ principal: role('held') }), { reason: 'held' });
const plan = planOf({ changes: [expired, held, strange, failed, byHand] });

test('a scheduled run ends what is over, tries again what is pending, and withholds the rest', () => {
  const due = onSchedule(plan, { pending: new Set([failed.id]), repairs: false });
  expect(due.changes).toEqual([expired, held, failed]);
  expect(due.summary).toMatchObject({ grant: 1, revoke: 2 });
  expect(due.withheld.map(({ code, change }) => [code, change.id, change.steps])).toEqual([
    [driftCode, strange.id, []],
    [driftCode, byHand.id, []],
  ]);
});

test('what was withheld before stays so, and is named first', () => {
  const waiting = { change: byHand, code: 'NOT_PROVEN', reason: 'not approved', remedy: 'approve it' };
  const due = onSchedule({ ...plan, changes: [strange], withheld: [waiting] }, { pending: new Set(), repairs: false });
  expect(due.withheld.map(({ code }) => code)).toEqual(['NOT_PROVEN', driftCode]);
});

test('a mesh that repairs on schedule does everything', () => {
  expect(onSchedule(plan, { pending: new Set(), repairs: true })).toBe(plan);
});
