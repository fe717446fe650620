import {
  BatchGrantPermissionsCommand,
  GetDataLakeSettingsCommand,
  GrantPermissionsCommand,
  type Permission,
} from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import {
  admin,
  analyst,
  central,
  clientOf,
  consumer,
  listAll,
  refusal,
  region,
  start,
  steward,
  table,
  who,
} from './fixture.ts';

const request = { Principal: who(analyst), Resource: table('orders'), Permissions: ['SELECT'] as Permission[] };
const grant = () => new GrantPermissionsCommand(request);

describe('faults that strike a call', () => {
  const cases: { fault: Fault; refused: RegExp; isDone: boolean; journal: object }[] = [
    {
      fault: { kind: 'throttle' },
      refused: /^ThrottlingException: Rate exceeded/,
      isDone: false,
      journal: { status: 400 },
    },
    {
      fault: { kind: 'throttle-wrapped' },
      refused: /^InvalidInputException: Rate exceeded/,
      isDone: false,
      journal: { status: 400 },
    },
    {
      fault: { kind: 'concurrent-modification' },
      refused: /^ConcurrentModificationException: Please retry in a short while/,
      isDone: false,
      journal: {},
    },
    { fault: { kind: 'internal' }, refused: /^InternalServiceException/, isDone: false, journal: { status: 500 } },
    {
      fault: { kind: 'timeout-after' },
      refused: /^OperationTimeoutException/,
      isDone: true,
      journal: { status: 400, code: 'OperationTimeoutException' },
    },
    {
      fault: { kind: 'drop-before' },
      refused: /socket hang up|ECONNRESET/,
      isDone: false,
      journal: { status: 0, code: 'drop-before' },
    },
    {
      fault: { kind: 'drop-after' },
      refused: /socket hang up|ECONNRESET/,
      isDone: true,
      journal: { status: 0, code: 'drop-after' },
    },
    {
      fault: { kind: 'invalid-principal' },
      refused: /^InvalidInputException: Invalid principal/,
      isDone: false,
      journal: {},
    },
    { fault: { kind: 'access-denied' }, refused: /^AccessDeniedException/, isDone: false, journal: {} },
    { fault: { kind: 'expired-token' }, refused: /^ExpiredTokenException/, isDone: false, journal: {} },
  ];

  test.each(cases)('$fault.kind', async ({ fault, refused, isDone, journal }) => {
    const emulator = await start({ faults: [{ ...fault, operation: 'GrantPermissions' }] });
    expect(await refusal(clientOf(emulator, admin).lakeFormation.send(grant()))).toMatch(refused);
    expect(emulator.snapshot(central, region).atoms).toHaveLength(isDone ? 1 : 0);
    expect(emulator.journal()).toHaveLength(1);
    expect(emulator.journal()[0]).toMatchObject({ ...journal, operation: 'GrantPermissions' });
    expect(emulator.journal()[0]?.changes).toHaveLength(isDone ? 1 : 0);
  });

  test('hang never answers', async () => {
    const emulator = await start({ faults: [{ kind: 'hang' }] });
    const aborted = clientOf(emulator, admin).lakeFormation.send(grant(), { abortSignal: AbortSignal.timeout(100) });
    expect(await refusal(aborted)).toMatch(/abort/i);
    expect(emulator.snapshot(central, region).atoms).toEqual([]);
  });

  test('hang-after never answers what it has done', async () => {
    const emulator = await start({ faults: [{ kind: 'hang-after' }] });
    const aborted = clientOf(emulator, admin).lakeFormation.send(grant(), { abortSignal: AbortSignal.timeout(100) });
    expect(await refusal(aborted)).toMatch(/abort/i);
    expect(emulator.snapshot(central, region).atoms).toHaveLength(1);
    expect(emulator.journal()[0]).toMatchObject({ status: 0, code: 'hang-after' });
    expect([...emulator.struck()]).toEqual([['hang-after', 1]]);
  });

  test('slow answers later than it would', async () => {
    const emulator = await start({ faults: [{ kind: 'slow', ms: 300, account: central }] });
    const begun = performance.now();
    await clientOf(emulator, admin).lakeFormation.send(grant());
    expect(performance.now() - begun).toBeGreaterThan(290);
    expect(emulator.snapshot(central, region).atoms).toHaveLength(1);
  });

  test('an SDK that retries gets past a throttle', async () => {
    const emulator = await start({ faults: [{ kind: 'throttle', times: 1 }] });
    await clientOf(emulator, admin, undefined, { maxAttempts: 3 }).lakeFormation.send(grant());
    expect(emulator.journal().map(({ status }) => status)).toEqual([400, 200]);
  });

  test('an SDK does not retry a conflict', async () => {
    const emulator = await start({ faults: [{ kind: 'concurrent-modification', times: 1 }] });
    expect(await refusal(clientOf(emulator, admin, undefined, { maxAttempts: 3 }).lakeFormation.send(grant()))).toMatch(
      /^ConcurrentModificationException/,
    );
  });
});

describe('which calls a fault strikes', () => {
  const outcomes = async (fault: Omit<Fault, 'kind'>, calls = 6): Promise<string> => {
    const emulator = await start({ faults: [{ kind: 'throttle', ...fault }] });
    const { lakeFormation } = clientOf(emulator, admin);
    for (let index = 0; index < calls; index += 1) await lakeFormation.send(grant()).catch(() => undefined);
    return emulator
      .journal()
      .map(({ status }) => (status === 200 ? '.' : 'x'))
      .join('');
  };

  test.each([
    { fault: {}, expected: 'xxxxxx' },
    { fault: { times: 2 }, expected: 'xx....' },
    { fault: { after: 2 }, expected: '..xxxx' },
    { fault: { after: 1, times: 2 }, expected: '.xx...' },
    { fault: { every: 3 }, expected: '..x..x' },
    { fault: { probability: 0 }, expected: '......' },
    { fault: { operation: 'RevokePermissions' }, expected: '......' },
    { fault: { principal: steward }, expected: '......' },
    { fault: { principal: analyst }, expected: 'xxxxxx' },
    { fault: { account: central }, expected: 'xxxxxx' },
    { fault: { account: consumer }, expected: '......' },
  ])('$fault', async ({ fault, expected }) => {
    expect(await outcomes(fault)).toBe(expected);
  });

  test('chance is the same for the same seed', async () => {
    const first = await outcomes({ probability: 0.5 }, 20);
    expect(first).toMatch(/x/);
    expect(first).toMatch(/\./);
    expect(await outcomes({ probability: 0.5 }, 20)).toBe(first);
  });
});

describe('faults that strike entries of a batch', () => {
  test.each([
    { kind: 'throttle-entry', code: 'ThrottlingException' },
    { kind: 'concurrent-modification-entry', code: 'ConcurrentModificationException' },
    { kind: 'invalid-principal', code: 'InvalidInputException' },
    { kind: 'access-denied', code: 'AccessDeniedException' },
  ] as const)('$kind', async ({ kind, code }) => {
    const emulator = await start({ faults: [{ kind, principal: steward }] });
    const { Failures } = await clientOf(emulator, admin).lakeFormation.send(
      new BatchGrantPermissionsCommand({
        Entries: [analyst, steward].map((arn) => ({ ...request, Id: arn, Principal: who(arn) })),
      }),
    );
    expect(Failures?.map(({ RequestEntry, Error: failure }) => [RequestEntry?.Id, failure?.ErrorCode])).toEqual([
      [steward, code],
    ]);
    expect(emulator.snapshot(central, region).atoms).toHaveLength(1);
  });
});

describe('reads that lag', () => {
  test('show what was, until time has passed', async () => {
    const emulator = await start({ faults: [{ kind: 'lag', ms: 60_000 }] });
    const client = clientOf(emulator, admin);
    emulator.advance(120_000);
    await client.lakeFormation.send(grant());
    expect(await listAll(client)).toEqual([]);
    expect(await listAll(client, { Resource: table('orders') })).toEqual([]);
    emulator.advance(61_000);
    expect(await listAll(client)).toHaveLength(1);
    expect(await listAll(client, { Resource: table('orders') })).toHaveLength(1);
  });

  test('show what is gone', async () => {
    const emulator = await start();
    const client = clientOf(emulator, admin);
    await client.lakeFormation.send(grant());
    emulator.advance(120_000);
    const { RevokePermissionsCommand } = await import('@aws-sdk/client-lakeformation');
    await client.lakeFormation.send(new RevokePermissionsCommand(request));
    emulator.setFaults([{ kind: 'lag', ms: 60_000 }]);
    expect(await listAll(client)).toHaveLength(1);
    expect(await listAll(client, { Resource: table('orders') })).toHaveLength(1);
    emulator.setFaults([]);
    expect(await listAll(client)).toEqual([]);
  });
});

describe('writes that overlap', () => {
  const race = async (principals: string[], naturalConflicts = true) => {
    const emulator = await start({ latencyMs: 40, switches: { naturalConflicts } });
    const { lakeFormation } = clientOf(emulator, admin);
    const calls = principals.map((arn, index) =>
      lakeFormation.send(
        new GrantPermissionsCommand({
          ...request,
          Principal: who(arn),
          Resource: table(index === 0 ? 'orders' : 'items'),
        }),
      ),
    );
    const settled = await Promise.allSettled(calls);
    return settled.filter(({ status }) => status === 'rejected').length;
  };

  test('conflict for one principal', async () => expect(await race([analyst, analyst])).toBe(1));
  test('do not for two', async () => expect(await race([analyst, steward])).toBe(0));
  test('do not when the switch is off', async () => expect(await race([analyst, analyst], false)).toBe(0));

  test('fail the entries of a batch', async () => {
    const emulator = await start({ latencyMs: 40 });
    const { lakeFormation } = clientOf(emulator, admin);
    const batch = () => lakeFormation.send(new BatchGrantPermissionsCommand({ Entries: [{ ...request, Id: '1' }] }));
    const [first, second] = await Promise.all([batch(), batch()]);
    const codes = [first, second]
      .flatMap(({ Failures }) => Failures ?? [])
      .map(({ Error: failure }) => failure?.ErrorCode);
    expect(codes).toEqual(['ConcurrentModificationException']);
  });

  test('reads never conflict', async () => {
    const emulator = await start({ latencyMs: 20 });
    const { lakeFormation } = clientOf(emulator, admin);
    await Promise.all([1, 2, 3].map(() => lakeFormation.send(new GetDataLakeSettingsCommand({}))));
  });
});
