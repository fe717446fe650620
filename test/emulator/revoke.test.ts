import {
  GrantPermissionsCommand,
  type Permission,
  type Resource,
  RevokePermissionsCommand,
} from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/emulator.ts';
import {
  admin,
  allBut,
  analyst,
  brief,
  central,
  clientOf,
  columns,
  consumer,
  database,
  grants,
  listAll,
  refusal,
  region,
  roleArn,
  seedWith,
  start,
  table,
  who,
} from './fixture.ts';

const nothing =
  'InvalidInputException: No permissions revoked. Grantee has no permissions and no grantable permissions on resource.';

interface Wanted {
  readonly resource: Resource;
  readonly permissions: Permission[];
  readonly options?: Permission[];
}

async function holding(given: Wanted[], options: EmulatorOptions = {}) {
  const seeded = given.map((one) => ({
    principal: analyst,
    resource: { ...one.resource },
    permissions: one.permissions,
    withGrantOption: one.options ?? [],
  }));
  const emulator = await start({ seed: seedWith(grants(...seeded)), ...options });
  const client = clientOf(emulator, admin);
  const revoke = (wanted: Wanted, principal = analyst) =>
    client.lakeFormation.send(
      new RevokePermissionsCommand({
        Principal: who(principal),
        Resource: wanted.resource,
        Permissions: wanted.permissions,
        PermissionsWithGrantOption: wanted.options,
      }),
    );
  return { emulator, client, revoke, rows: async () => (await listAll(client)).map(brief).sort() };
}

describe('revoking what is held', () => {
  test('takes the permission and its grant option', async () => {
    const { revoke, rows } = await holding([
      { resource: table('orders'), permissions: ['SELECT', 'DESCRIBE'], options: ['SELECT'] },
    ]);
    await revoke({ resource: table('orders'), permissions: ['SELECT'] });
    expect(await rows()).toEqual(['analyst: table sales.orders DESCRIBE']);
  });

  test('takes ALL and leaves its members', async () => {
    const { revoke, rows } = await holding([{ resource: table('orders'), permissions: ['ALL'] }]);
    await revoke({ resource: table('orders'), permissions: ['ALL'] });
    expect(await rows()).toEqual([
      'analyst: columns sales.orders *-[] SELECT',
      'analyst: table sales.orders ALTER,DELETE,DESCRIBE,DROP,INSERT',
    ]);
  });

  test('takes SELECT by either of its two names', async () => {
    const { revoke, rows } = await holding([{ resource: table('orders'), permissions: ['SELECT'] }]);
    await revoke({
      resource: { TableWithColumns: { DatabaseName: 'sales', Name: 'orders', ColumnWildcard: {} } },
      permissions: ['SELECT'],
    });
    expect(await rows()).toEqual([]);
  });

  test('takes a column list named in any order and case', async () => {
    const { revoke, rows } = await holding([
      { resource: columns('orders', ['o_id', 'o_total']), permissions: ['SELECT'] },
    ]);
    await revoke({ resource: columns('ORDERS', ['O_TOTAL', 'o_id']), permissions: ['SELECT'] });
    expect(await rows()).toEqual([]);
  });

  test('works for a principal that is gone', async () => {
    const ghost = roleArn(central, 'ghost');
    const emulator = await start({
      seed: seedWith(grants({ principal: ghost, resource: table('orders'), permissions: ['SELECT'] })),
    });
    const request = { Principal: who(ghost), Resource: table('orders'), Permissions: ['SELECT'] as Permission[] };
    await clientOf(emulator, admin).lakeFormation.send(new RevokePermissionsCommand(request));
    expect(emulator.snapshot(central, region).atoms).toEqual([]);
  });

  test('removes the RAM share with the last grant to an account', async () => {
    const emulator = await start();
    const { lakeFormation } = clientOf(emulator, admin);
    const grant = {
      Principal: who(consumer),
      Permissions: ['SELECT'] as Permission[],
      PermissionsWithGrantOption: ['SELECT'] as Permission[],
    };
    await lakeFormation.send(new GrantPermissionsCommand({ ...grant, Resource: table('orders') }));
    await lakeFormation.send(new GrantPermissionsCommand({ ...grant, Resource: table('items') }));
    const [first, second] = emulator.snapshot(central, region).atoms;
    expect(first?.shareArns).toEqual(second?.shareArns);
    expect(first?.shareArns[0]).toMatch(/^arn:aws:ram:eu-west-1:111122223333:resource-share\//);
  });
});

describe('revoking what is not held', () => {
  const both: Wanted[] = [{ resource: table('orders'), permissions: ['ALTER', 'DESCRIBE'] }];

  test.each([
    {
      name: 'nothing on the table',
      given: [],
      wanted: { resource: table('orders'), permissions: ['SELECT'] },
      text: nothing,
    },
    {
      name: 'something on another table',
      given: both,
      wanted: { resource: table('items'), permissions: ['SELECT'] },
      text: nothing,
    },
    {
      name: 'part of what is named',
      given: both,
      wanted: { resource: table('orders'), permissions: ['ALTER', 'SELECT', 'ALL'] },
      text: 'InvalidInputException: No permissions revoked. Grantee does not does not have:[ALL, SELECT]',
    },
    {
      name: 'a grant option that was never given',
      given: both,
      wanted: { resource: table('orders'), permissions: ['ALTER'], options: ['ALTER'] },
      text: 'InvalidInputException: No permissions revoked. Grantee does not does not have:[ALTER]',
    },
    {
      name: 'the DESCRIBE that SELECT implies',
      given: [{ resource: table('orders'), permissions: ['SELECT'] }],
      wanted: { resource: table('orders'), permissions: ['DESCRIBE'] },
      text: 'InvalidInputException: No permissions revoked. Grantee does not does not have:[DESCRIBE]',
    },
    {
      name: 'a part of a column list',
      given: [{ resource: columns('orders', ['o_id', 'o_total']), permissions: ['SELECT'] }],
      wanted: { resource: columns('orders', ['o_id']), permissions: ['SELECT'] },
      text: 'InvalidInputException: No permissions revoked. Grantee does not does not have:[SELECT]',
    },
    {
      name: 'an exclude list where an include list is held',
      given: [{ resource: columns('orders', ['o_id', 'o_total']), permissions: ['SELECT'] }],
      wanted: { resource: allBut('orders', ['o_email']), permissions: ['SELECT'] },
      text: 'InvalidInputException: No permissions revoked. Grantee does not does not have:[SELECT]',
    },
    {
      name: 'grant options alone',
      given: [{ resource: table('orders'), permissions: ['ALTER'], options: ['ALTER'] }],
      wanted: { resource: table('orders'), permissions: [], options: ['ALTER'] },
      text: 'InvalidInputException: Permissions cannot be empty.',
    },
  ] as { name: string; given: Wanted[]; wanted: Wanted; text: string }[])('$name', async ({ given, wanted, text }) => {
    const { emulator, revoke } = await holding(given);
    const before = emulator.snapshot(central, region).atoms;
    expect(await refusal(revoke(wanted))).toBe(text);
    expect(emulator.snapshot(central, region).atoms).toEqual(before);
  });

  test('implicit permissions of an administrator', async () => {
    const { revoke } = await holding([]);
    expect(await refusal(revoke({ resource: table('orders'), permissions: ['ALTER'] }, admin))).toBe(nothing);
  });

  test('from an administrator on a missing table', async () => {
    const { revoke } = await holding([]);
    expect(await refusal(revoke({ resource: table('nope'), permissions: ['ALTER'] }))).toBe(
      'EntityNotFoundException: Entity Not Found',
    );
  });
});

describe('granting again', () => {
  test('changes nothing, and adds to what is there', async () => {
    const { emulator, client, rows } = await holding([{ resource: database, permissions: ['DESCRIBE'] }]);
    const grant = (permissions: Permission[], options: Permission[] = []) =>
      client.lakeFormation.send(
        new GrantPermissionsCommand({
          Principal: who(analyst),
          Resource: database,
          Permissions: permissions,
          PermissionsWithGrantOption: options,
        }),
      );
    const before = emulator.snapshot(central, region).atoms;
    emulator.advance(5000);
    await grant(['DESCRIBE']);
    expect(emulator.snapshot(central, region).atoms).toEqual(before);
    expect(emulator.journal().at(-1)?.changes).toEqual([]);
    await grant(['DESCRIBE', 'ALTER'], ['DESCRIBE']);
    expect(await rows()).toEqual(['analyst: database sales ALTER,DESCRIBE +DESCRIBE']);
    expect(
      emulator.journal().find(({ operation, changes }) => operation === 'GrantPermissions' && changes.length === 2),
    ).toBeDefined();
  });
});
