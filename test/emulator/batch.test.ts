import {
  BatchGrantPermissionsCommand,
  type BatchPermissionsRequestEntry,
  BatchRevokePermissionsCommand,
} from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import { admin, analyst, central, clientOf, refusal, region, roleArn, start, table, who } from './fixture.ts';

const entry = (Id: string, name: string, principal = analyst): BatchPermissionsRequestEntry => ({
  Id,
  Principal: who(principal),
  Resource: table(name),
  Permissions: ['SELECT', 'DESCRIBE'],
});

describe('a batch', () => {
  test('carries out what it can and echoes what it cannot', async () => {
    const emulator = await start();
    const bad = entry('2', 'nope');
    const { Failures } = await clientOf(emulator, admin).lakeFormation.send(
      new BatchGrantPermissionsCommand({
        Entries: [
          entry('1', 'orders'),
          bad,
          entry('3', 'items'),
          { Id: '4' },
          entry('5', 'items', roleArn(central, 'ghost')),
        ],
      }),
    );
    expect(
      Failures?.map(({ RequestEntry, Error: failure }) => [
        RequestEntry?.Id,
        failure?.ErrorCode,
        failure?.ErrorMessage,
      ]),
    ).toEqual([
      ['2', 'EntityNotFoundException', 'Entity Not Found'],
      ['4', 'InvalidInputException', 'Invalid principal'],
      ['5', 'InvalidInputException', 'Invalid principal'],
    ]);
    expect(Failures?.[0]?.RequestEntry).toEqual(bad);
    expect(emulator.snapshot(central, region).atoms).toHaveLength(4);
    const last = emulator.journal().at(-1);
    expect(last).toMatchObject({ status: 200, failures: 3 });
    expect(last?.changes).toHaveLength(4);
  });

  test('revokes entry by entry, with the text AWS has for what is not held', async () => {
    const emulator = await start();
    const { lakeFormation } = clientOf(emulator, admin);
    await lakeFormation.send(new BatchGrantPermissionsCommand({ Entries: [entry('1', 'orders')] }));
    const { Failures } = await lakeFormation.send(
      new BatchRevokePermissionsCommand({ Entries: [entry('a', 'items'), entry('b', 'orders')] }),
    );
    expect(Failures?.map(({ Error: failure }) => failure?.ErrorMessage)).toEqual([
      'No permissions revoked. Grantee has no permissions and no grantable permissions on resource.',
    ]);
    expect(emulator.snapshot(central, region).atoms).toEqual([]);
  });

  test('honours grant options', async () => {
    const emulator = await start();
    await clientOf(emulator, admin).lakeFormation.send(
      new BatchGrantPermissionsCommand({
        Entries: [{ ...entry('1', 'orders'), PermissionsWithGrantOption: ['SELECT'] }],
      }),
    );
    expect(
      emulator.snapshot(central, region).atoms.map(({ permission, grantable }) => [permission, grantable]),
    ).toEqual([
      ['DESCRIBE', false],
      ['SELECT', true],
    ]);
  });

  test('of more than 20 entries is refused as a whole', async () => {
    const emulator = await start();
    const entries = Array.from({ length: 21 }, (_, index) => entry(String(index), 'orders'));
    expect(
      await refusal(
        clientOf(emulator, admin).lakeFormation.send(new BatchGrantPermissionsCommand({ Entries: entries })),
      ),
    ).toMatch(/^InvalidInputException/);
    expect(emulator.snapshot(central, region).atoms).toEqual([]);
  });

  test('without an Id is refused as a whole', async () => {
    const emulator = await start();
    const entries = [{ ...entry('', 'orders') }];
    expect(
      await refusal(
        clientOf(emulator, admin).lakeFormation.send(new BatchGrantPermissionsCommand({ Entries: entries })),
      ),
    ).toMatch(/entries\.1\.member\.id/);
  });
});
