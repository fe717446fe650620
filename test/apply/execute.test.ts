import { describe, expect, test } from 'vitest';
import { execute, type Sending, type Sent } from '../../src/apply/execute.ts';
import { batchLimit, type LakeFailure } from '../../src/core/lake.ts';
import { type Change, stages } from '../../src/core/plan.ts';
import { account, changeOf, grantOf, lake, revokeOf, role, table } from '../support/builders.ts';
import { type Behaviour, failureOf, fakeWriter } from '../support/fake-writer.ts';

function sendingTo(writer: Sending['writer'], more: Partial<Sending> = {}): Sending {
  return {
    writer,
    lanes: 4,
    tries: 3,
    pause: async () => undefined,
    signal: new AbortController().signal,
    onAnswer: () => undefined,
    isFolded: true,
    ...more,
  };
}

async function run(changes: readonly Change[], behaviour: Behaviour = {}, more: Partial<Sending> = {}) {
  const fake = fakeWriter(behaviour);
  const sent = await execute(changes, sendingTo(fake.writer, more));
  return { ...fake, kinds: changes.map(({ id }) => sent.get(id)?.kind), sent };
}

const on = (name: string, principal = role('analyst')): Change =>
  changeOf(grantOf({ principal, resource: table(name), permission: 'DESCRIBE' }));
const many = (count: number, principal?: string): readonly Change[] =>
  Array.from({ length: count }, (_, index) => on(`t${index}`, principal));
const filter = {
  kind: 'data-cells-filter',
  lake,
  catalog: account,
  database: 'sales',
  table: 'orders',
  name: 'eu',
  rows: 'a',
  columns: 'all',
} as const;

describe('batches', () => {
  test.each([
    [0, []],
    [1, [1]],
    [20, [20]],
    [21, [20, 1]],
    [45, [20, 20, 5]],
  ])('%i entries go in calls of %j', async (count, sizes) => {
    const { calls, cells } = await run(many(count));
    expect(calls.map(({ entries }) => entries.length)).toEqual(sizes);
    expect(cells.size).toBe(count);
  });

  test('of different principals are under way together, of one never', async () => {
    const changes = ['a', 'b', 'c'].flatMap((name) => many(50, role(name)));
    const { overlaps, kinds } = await run(changes);
    expect(overlaps).toEqual([]);
    expect(new Set(kinds)).toEqual(new Set(['accepted']));
  });

  test('grants and revokes of one stage are not mixed', async () => {
    const changes = [
      changeOf(grantOf(), {}, [{ stage: 0, action: 'grant' }]),
      revokeOf(grantOf({ permission: 'DESCRIBE' })),
    ];
    const { calls } = await run(changes);
    expect(calls.map(({ action, entries }) => [action, entries.length])).toEqual([
      ['grant', 1],
      ['revoke', 1],
    ]);
  });
});

describe('a failure that passes', () => {
  test('is tried again, in a later batch, without the others', async () => {
    const changes = many(25);
    const { kinds, calls } = await run(changes, {
      refuse: (_, attempt) => (attempt === 1 ? failureOf('passing') : undefined),
    });
    expect(new Set(kinds)).toEqual(new Set(['accepted']));
    expect(calls.every(({ entries }) => entries.length <= batchLimit)).toBe(true);
    expect(calls.reduce((sum, { entries }) => sum + entries.length, 0)).toBe(50);
  });

  test('is given up after the last try, and the others are not', async () => {
    const changes = [on('bad'), on('good')];
    const isBad = (entry: { readonly resource: object }): boolean =>
      'table' in entry.resource && entry.resource.table === 'bad';
    const { kinds, calls } = await run(changes, {
      refuse: (entry) => (isBad(entry) ? failureOf('passing') : undefined),
    });
    expect(kinds).toEqual(['failed', 'accepted']);
    expect(calls).toHaveLength(3);
  });

  test('of a whole call is tried again for each of its entries', async () => {
    const { kinds, calls } = await run(many(3), { fail: (call) => (call === 1 ? failureOf('passing') : undefined) });
    expect(kinds).toEqual(['accepted', 'accepted', 'accepted']);
    expect(calls).toHaveLength(2);
  });

  test('is waited for longer each time', async () => {
    const pauses: number[] = [];
    const pause = async (attempt: number): Promise<void> => void pauses.push(attempt);
    await run(
      [on('x')],
      { refuse: (_, attempt) => (attempt < 4 ? failureOf('passing') : undefined) },
      { pause, tries: 5 },
    );
    expect(pauses).toEqual([1, 2, 3]);
  });
});

describe('an answer', () => {
  const answer = async (
    failure: LakeFailure,
    changes = [revokeOf(grantOf({ permission: 'DESCRIBE' }))],
  ): Promise<readonly (Sent['kind'] | undefined)[]> => (await run(changes, { refuse: () => failure })).kinds;

  test('that nothing was held is success for a single cell', async () => {
    expect(await answer(failureOf('already'))).toEqual(['already']);
  });

  test('that something was not held is open for several cells', async () => {
    const changes = [revokeOf(grantOf({ permission: 'DESCRIBE' })), revokeOf(grantOf({ permission: 'INSERT' }))];
    expect(await answer(failureOf('already'), changes)).toEqual(['unknown', 'unknown']);
  });

  test('that leaves it open is open', async () => {
    expect(await answer(failureOf('unknown'))).toEqual(['unknown']);
    const { kinds } = await run(many(2), { fail: () => failureOf('unknown') });
    expect(kinds).toEqual(['unknown', 'unknown']);
  });

  test('that is final fails, and is not sent again', async () => {
    const { kinds, calls } = await run(many(2), { fail: () => failureOf('final') });
    expect(kinds).toEqual(['failed', 'failed']);
    expect(calls).toHaveLength(1);
  });

  test('is told for every task', async () => {
    const answers: string[] = [];
    await run(many(3), {}, { onAnswer: ({ change }, { kind }) => void answers.push(`${change.id} ${kind}`) });
    expect(answers).toHaveLength(3);
  });

  test('that is no answer of the service is thrown', async () => {
    const { writer } = fakeWriter();
    const broken = { ...writer, grant: async () => Promise.reject(new TypeError('a bug')) };
    await expect(execute([on('x')], sendingTo(broken))).rejects.toThrow('a bug');
  });
});

describe('stages', () => {
  const replace = changeOf(grantOf(), { verb: 'replace' }, [
    { stage: stages.grant, action: 'grant' },
    { stage: stages.revokeReplaced, action: 'revoke' },
  ]);

  test('end before the next begins', async () => {
    const { calls } = await run([on('x'), revokeOf(grantOf({ principal: role('other') })), replace]);
    expect(calls.map(({ action }) => action)).toEqual(['revoke', 'grant', 'revoke']);
  });

  test('a later step of a change is not sent when an earlier one failed, and of others it is', async () => {
    const { calls, kinds } = await run([replace, on('x')], {
      refuse: (entry) => (entry.permissions.includes('SELECT') ? failureOf('final') : undefined),
    });
    expect(kinds).toEqual(['failed', 'accepted']);
    expect(calls.map(({ action }) => action)).toEqual(['grant']);
  });

  test('objects are created, updated, deleted and set', async () => {
    const parameter = {
      kind: 'catalog-parameter',
      lake,
      catalog: account,
      database: 'sales',
      name: 'data_owner',
      value: '1',
    } as const;
    const write = [{ stage: stages.filters, action: 'write' }] as const;
    const changes = [
      changeOf(filter, { id: '1', verb: 'create' }, write),
      changeOf({ ...filter, name: 'us' }, { id: '2', verb: 'update' }, write),
      changeOf({ ...filter, name: 'gone' }, { id: '3', verb: 'delete' }, [
        { stage: stages.deleteFilters, action: 'delete' },
      ]),
      changeOf(parameter, { id: '4', verb: 'create' }, [{ stage: stages.parameters, action: 'write' }]),
    ];
    const { objects, kinds } = await run(changes, {
      failObject: (name) => (name === 'us' ? failureOf('final') : undefined),
    });
    expect(Object.fromEntries(objects)).toEqual({ eu: 'created a', data_owner: '1' });
    expect(kinds).toEqual(['accepted', 'failed', 'accepted', 'accepted']);
  });
});

describe('an interruption', () => {
  test('ends the batch in flight and begins no other', async () => {
    const controller = new AbortController();
    const onCall = (call: number): void => void (call === 2 && controller.abort());
    const { kinds, calls, sent } = await run(many(60), { onCall }, { signal: controller.signal });
    expect(calls).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'accepted')).toHaveLength(40);
    expect(kinds.filter((kind) => kind === 'skipped')).toHaveLength(20);
    expect([...sent.values()].find(({ kind }) => kind === 'skipped')).toEqual({
      kind: 'skipped',
      reason: 'the run was interrupted',
    });
  });

  test('before the start sends nothing', async () => {
    const { kinds, calls, objects } = await run(
      [on('x'), changeOf(filter, { verb: 'create' }, [{ stage: 20, action: 'write' }])],
      {},
      { signal: AbortSignal.abort() },
    );
    expect(calls).toEqual([]);
    expect(objects.size).toBe(0);
    expect(kinds).toEqual(['skipped', 'skipped']);
  });
});
