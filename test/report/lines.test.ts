import { expect, test } from 'vitest';
import { linesOf } from '../../src/report/lines.ts';
import { planMarkdown } from '../../src/report/markdown.ts';
import { driftText, planText } from '../../src/report/text.ts';
import { changeOf, grantOf, planOf, revokeOf } from '../support/builders.ts';

const condition = 'context.iam.principalTags.hasTag("team")';

test('a condition is a part of the line, and of two grants that differ in it neither hides the other', () => {
  const changes = [changeOf(grantOf()), revokeOf(grantOf({ condition }))];
  expect(linesOf(changes).map(({ verb, on }) => `${verb} ${on}`)).toEqual([
    `revoke table sales.orders when ${condition}`,
    'grant table sales.orders',
  ]);
  const looks = { colour: false, names: new Map<string, string>(), verbose: false };
  const plan = planOf({ changes, unmanaged: [{ fact: grantOf({ condition }), note: 'seen' }] });
  for (const text of [planText(plan, looks), driftText(plan, looks)])
    expect(text.split(`table sales.orders when ${condition}`)).toHaveLength(3);
  expect(planMarkdown(plan, new Map()).match(/when context\.iam/g)).toHaveLength(2);
});

test('columns follow the condition', () => {
  const [line] = linesOf([revokeOf(grantOf({ condition: 'a', columns: { only: ['x'] } }))]);
  expect(line?.on).toBe('table sales.orders when a, columns: only x');
});
