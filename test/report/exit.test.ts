import { describe, expect, test } from 'vitest';
import type { Outcome, Status } from '../../src/core/outcome.ts';
import type { Plan } from '../../src/core/plan.ts';
import { applyFindings, driftFindings, exitCode, planFindings } from '../../src/report/exit.ts';
import { changeOf, grantOf, lake, planOf } from '../support/builders.ts';

const change = changeOf(grantOf());
const changes = { changes: [change] };
const gaps = { gaps: [{ lake, code: 'X', message: 'x', blocks: 'all' as const }] };
const refusals = { refusals: [{ code: 'X', message: 'x', hint: 'x', changes: [change] }] };
const withheld = { withheld: [{ change, code: 'X', reason: 'x', remedy: 'x' }] };
const problems = { problems: [{ code: 'X', message: 'x', place: { file: 'x', line: 1, column: 1 } }] };

test('of several findings the first of 5, 3, 4, 2 counts', () => {
  for (let bits = 0; bits < 16; bits += 1) {
    const [isIncomplete, isRefused, isWithheld, isDifferent] = [8, 4, 2, 1].map((bit) => (bits & bit) !== 0);
    const codes = [isIncomplete && 5, isRefused && 3, isWithheld && 4, isDifferent && 2, 0];
    const findings = { isIncomplete, isRefused, isWithheld, isDifferent } as Parameters<typeof exitCode>[0];
    expect(exitCode(findings)).toBe(codes.find((code) => code !== false));
  }
});

describe.each<[title: string, plan: Partial<Plan>, plain: number, withExitCode: number, drift: number]>([
  ['nothing to do', {}, 0, 0, 0],
  ['changes', changes, 0, 2, 2],
  ['something withheld', withheld, 0, 0, 2],
  ['a problem of clock or catalog', problems, 0, 0, 2],
  ['something refused', refusals, 3, 3, 3],
  ['changes and a refusal', { ...changes, ...refusals }, 3, 3, 3],
  ['something not read', gaps, 5, 5, 5],
  ['everything', { ...changes, ...refusals, ...gaps, ...withheld }, 5, 5, 5],
  ['left alone', { outside: 3, unmanaged: [{ fact: grantOf(), note: 'x' }] }, 0, 0, 0],
])('%s', (_, plan, plain, withExitCode, drift) => {
  test(`plan ends with ${plain}, with --exit-code ${withExitCode}, drift with ${drift}`, () => {
    expect(exitCode(planFindings(planOf(plan), false))).toBe(plain);
    expect(exitCode(planFindings(planOf(plan), true))).toBe(withExitCode);
    expect(exitCode(driftFindings(planOf(plan)))).toBe(drift);
  });
});

test.each<[statuses: readonly Status[], plan: Partial<Plan>, code: number]>([
  [[], {}, 0],
  [['applied'], problems, 4],
  [['applied', 'already'], changes, 0],
  [['applied', 'withheld'], withheld, 4],
  [['applied', 'refused', 'withheld'], refusals, 3],
  [['failed', 'refused', 'withheld'], {}, 5],
  [['skipped'], {}, 5],
  [['applied'], gaps, 5],
])('a run that ended %j with %j ends with %i', (statuses, plan, code) => {
  const outcomes = statuses.map((status): Outcome => ({ change, status }));
  expect(exitCode(applyFindings(planOf(plan), outcomes))).toBe(code);
});
