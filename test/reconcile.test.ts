import { describe, expect, test } from 'vitest';
import { planLines, snapshotLines } from './support/notation.ts';
import { schemaFaults } from './support/output-schemas.ts';
import { linesOf, type ReconcileCase, reconcileBase, reconcileCases } from './support/reconcile-cases.ts';
import { runCase } from './support/run-case.ts';

const base = reconcileBase();
const names = new Map(Object.entries(base.principals).map(([name, identifier]) => [identifier, name]));

const isChange = (line: string): boolean => /^[+~-] /.test(line);

describe.each(reconcileCases())('%s', (_, cases) => {
  test.each(cases)('$title', async (one: ReconcileCase) => {
    const { first, outcomes, second, snapshot } = await runCase(base, one);
    const planned = planLines(first, names);
    if (one.plan !== undefined) expect(planned).toEqual(linesOf(one.plan));
    else expect(first.changes.length).toBeGreaterThan(0);
    expect(schemaFaults('plan', first)).toEqual([]);
    expect(schemaFaults('outcomes', { format: 1, plan: first, outcomes })).toEqual([]);
    const troubled = outcomes.filter(({ status }) => status === 'failed' || status === 'skipped');
    const counts: Record<string, number> = {};
    for (const { status } of troubled) counts[status] = (counts[status] ?? 0) + 1;
    expect(counts, JSON.stringify(troubled, null, 1)).toEqual(one.outcomes ?? {});
    const left = one.left === undefined ? planned.filter((line) => !isChange(line)) : linesOf(one.left);
    expect(planLines(second, names)).toEqual(left);
    if (one.after !== undefined) expect(snapshotLines(snapshot, names)).toEqual(linesOf(one.after));
  });
});
