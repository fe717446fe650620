import { beforeAll, describe, expect, test } from 'vitest';
import { type Faulty, finance, lasting, passing } from '../support/apply-faults.ts';
import { lakeOf, type Stage, setStage, writesOf } from '../support/stage.ts';
import { townMesh } from '../support/town.ts';

const apply = ['apply', '--trust-root', 'HEAD', '--format', 'json', '--tries', '3'];

let converged: unknown;

beforeAll(async () => {
  const stage = await setStage();
  expect((await stage.run(apply)).code).toBe(0);
  converged = lakeOf(stage);
  const writes = writesOf(stage).length;
  const ran = await stage.run(['plan', '--trust-root', 'HEAD', '--exit-code']);
  expect(ran.out).toContain('Plan: nothing to do.\n');
  expect(ran.code).toBe(0);
  expect(writesOf(stage)).toHaveLength(writes);
}, 60_000);

/** The lake is as a run without faults leaves it, for which the plan is empty. */
function expectConverged(stage: Stage): void {
  expect(lakeOf(stage)).toEqual(converged);
}

interface JsonOutcome {
  readonly status: string;
  readonly reason?: string;
  readonly change: { readonly id: string; readonly verb: string; readonly product?: string };
}

async function applied(stage: Stage, one: Faulty): Promise<readonly JsonOutcome[]> {
  // What stood at the start stood for a while: no read lags so far that there was nothing.
  stage.emulator.advance(1_000_000);
  stage.emulator.setFaults(one.faults);
  const ran = await stage.run([...apply, ...(one.args ?? [])]);
  stage.emulator.setFaults([]);
  expect(ran.err).toBe('');
  const { plan, outcomes } = JSON.parse(ran.out) as { plan: { changes: { id: string }[] }; outcomes: JsonOutcome[] };
  expect(countsOf(outcomes)).toEqual(one.counts);
  expect(ran.code).toBe(one.code);
  // One outcome for every change.
  expect(outcomes.map(({ change }) => change.id).sort()).toEqual(plan.changes.map(({ id }) => id).sort());
  for (const { status, reason } of outcomes) if (status === 'failed') expect(reason).toMatch(one.reasons ?? /^never$/);
  return outcomes;
}

function countsOf(outcomes: readonly JsonOutcome[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe.concurrent('faults during apply', { timeout: 120_000 }, () => {
  test.each(passing)('$name: got over in the same run', async (one) => {
    const stage = await setStage();
    await applied(stage, one);
    expectConverged(stage);
  });

  test.each(lasting)('$name: exit code 5, and the next run converges', async (one) => {
    const stage = await setStage();
    const outcomes = await applied(stage, one);
    const lines = await stage.ledger();
    // The ledger tells the same: what was answered, and how each change ended.
    const told = lines
      .filter(({ event }) => event === 'outcome')
      .map(({ change, status }) => `${String(change)} ${String(status)}`);
    expect(told.sort()).toEqual(outcomes.map(({ change, status }) => `${change.id} ${status}`).sort());
    const second = await stage.run(apply);
    expect(second).toMatchObject({ code: 0, err: '' });
    expectConverged(stage);
    const runs = new Set((await stage.ledger()).map(({ run }) => run));
    expect(runs.size).toBe(2);
  });

  test('what could be done is read while the rest of a database is not: nothing of it is changed', async () => {
    const stage = await setStage();
    stage.emulator.setFaults([{ kind: 'access-denied', operation: 'GetTables', times: 1 }]);
    const ran = await stage.run([...apply]);
    expect(ran.code).toBe(5);
    const { plan, outcomes } = JSON.parse(ran.out);
    expect(plan.gaps).toHaveLength(1);
    const { code, database, message } = plan.gaps[0];
    expect(code).toBe('NO_CATALOG');
    expect(message).toBe(
      `database ${database} in the catalog: GetTables answered AccessDeniedException: ${message.split(': ').at(-1)}`,
    );
    const touched = JSON.stringify(writesOf(stage).map(({ changes }) => changes));
    const other = database === 'sales' ? 'stores' : 'sales';
    expect(touched).not.toContain(`"${database}"`);
    expect(touched).toContain(`"${other}"`);
    expect(
      outcomes
        .filter(({ status }: JsonOutcome) => status === 'refused')
        .every(({ change }: JsonOutcome) => change.product !== `sales/${other}`),
    ).toBe(true);
    stage.emulator.setFaults([]);
    expect((await stage.run(apply)).code).toBe(0);
    expectConverged(stage);
  });

  test('a sweep that breaks off after its first page: exit code 5, nothing changed', async () => {
    const stage = await setStage();
    stage.emulator.setFaults([
      { kind: 'empty-pages', operation: 'ListPermissions', times: 1 },
      { kind: 'access-denied', operation: 'ListPermissions', after: 1 },
    ]);
    const ran = await stage.run(apply);
    const { plan, outcomes } = JSON.parse(ran.out);
    expect(plan.gaps).toMatchObject([{ code: 'NO_PERMISSIONS_LIST', blocks: 'all' }]);
    expect(plan.changes).toEqual([]);
    expect(Object.keys(countsOf(outcomes))).toEqual(['refused']);
    expect(ran.code).toBe(5);
    expect(writesOf(stage)).toEqual([]);
    stage.emulator.setFaults([]);
    expect((await stage.run(apply)).code).toBe(0);
    expectConverged(stage);
  });

  test('pages that come short and empty change nothing', async () => {
    const stage = await setStage();
    stage.emulator.setSwitches({ pageCuts: 'wild' });
    stage.emulator.setFaults([{ kind: 'empty-pages', every: 2, times: 5 }]);
    expect((await stage.run(apply)).code).toBe(0);
    expectConverged(stage);
  });

  test('the ledger names run, commit, actor, cause, call and answer of each change', async () => {
    const stage = await setStage();
    await stage.run(apply);
    const lines = await stage.ledger();
    const commit = await stage.git('rev-parse', 'HEAD');
    const actor = 'arn:aws:sts::111122223333:assumed-role/admin/emulator';
    expect(lines.at(0)).toMatchObject({
      event: 'start',
      mesh: 'town',
      commit,
      actor,
      summary: { grant: 34, revoke: 4, create: 3 },
    });
    expect(lines.at(-1)).toMatchObject({ event: 'end', outcomes: 41 });
    expect(new Set(lines.map(({ run }) => run)).size).toBe(1);
    const answers = lines.filter(({ event }) => event === 'answer');
    expect(answers).toHaveLength(41);
    expect(answers).toContainEqual(
      expect.objectContaining({
        commit,
        actor,
        action: 'grant',
        answer: 'accepted',
        fact: expect.objectContaining({ principal: finance, permission: 'DESCRIBE' }),
        because: [
          expect.objectContaining({
            place: expect.objectContaining({ file: 'mesh/subscriptions/sales/orders/finance.yaml' }),
          }),
        ],
      }),
    );
    expect(Object.keys(townMesh)).toContain('subscriptions/sales/orders/finance.yaml');
  });
});
