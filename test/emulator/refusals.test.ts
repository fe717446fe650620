import {
  GrantPermissionsCommand,
  type GrantPermissionsCommandInput,
  type Permission,
  type Resource,
} from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import {
  admin,
  analyst,
  auditor,
  central,
  clientOf,
  columns,
  grants,
  refusal,
  region,
  roleArn,
  seedWith,
  start,
  steward,
  table,
  who,
} from './fixture.ts';

import { type RefusedGrant, refusedGrants } from './refused-grants.ts';

function input(one: Omit<RefusedGrant, 'name' | 'refused'>): GrantPermissionsCommandInput {
  return {
    Principal: who(one.principal ?? analyst),
    Resource: one.resource,
    Permissions: one.permissions as Permission[],
    PermissionsWithGrantOption: (one.options ?? []) as Permission[],
  };
}

describe('grants that are refused', () => {
  test.each(refusedGrants)('$name', async (one) => {
    const emulator = await start();
    const before = emulator.snapshot(central, region).atoms;
    expect(
      await refusal(clientOf(emulator, admin).lakeFormation.send(new GrantPermissionsCommand(input(one)))),
    ).toMatch(one.refused);
    expect(emulator.snapshot(central, region).atoms).toEqual(before);
    expect(emulator.journal().at(-1)?.changes).toEqual([]);
  });
});

describe('what does not go together for one principal', () => {
  const held = (resource: Resource, permissions: string[]) =>
    seedWith(grants({ principal: analyst, resource: { ...resource }, permissions }));

  test.each([
    {
      name: 'SELECT on all columns, then on some',
      has: held(table('orders'), ['SELECT']),
      wants: columns('orders', ['o_id']),
      permissions: ['SELECT'],
    },
    {
      name: 'SELECT on some columns, then on all',
      has: held(columns('orders', ['o_id']), ['SELECT']),
      wants: table('orders'),
      permissions: ['SELECT'],
    },
    {
      name: 'ALTER, then SELECT on some columns',
      has: held(table('orders'), ['ALTER']),
      wants: columns('orders', ['o_id']),
      permissions: ['SELECT'],
    },
    {
      name: 'SELECT on some columns, then INSERT',
      has: held(columns('orders', ['o_id']), ['SELECT']),
      wants: table('orders'),
      permissions: ['INSERT'],
    },
  ])('$name', async ({ has, wants, permissions }) => {
    const emulator = await start({ seed: has });
    const call = clientOf(emulator, admin).lakeFormation.send(
      new GrantPermissionsCommand(input({ resource: wants, permissions })),
    );
    expect(await refusal(call)).toMatch(/^InvalidInputException: Permissions modification is invalid/);
  });

  test('DESCRIBE on the table goes with SELECT on some columns', async () => {
    const emulator = await start({ seed: held(columns('orders', ['o_id']), ['SELECT']) });
    await clientOf(emulator, admin).lakeFormation.send(
      new GrantPermissionsCommand(input({ resource: table('orders'), permissions: ['DESCRIBE'] })),
    );
    expect(emulator.snapshot(central, region).atoms).toHaveLength(2);
  });
});

describe('who may not grant', () => {
  test.each([
    { name: 'a read-only administrator', caller: auditor },
    { name: 'a role without permissions', caller: steward },
  ])('$name is told nothing about what exists', async ({ caller }) => {
    const emulator = await start();
    const client = clientOf(emulator, caller);
    for (const name of ['orders', 'nope']) {
      const call = client.lakeFormation.send(
        new GrantPermissionsCommand(input({ resource: table(name), permissions: ['SELECT'] })),
      );
      expect(await refusal(call)).toBe(
        'AccessDeniedException: Resource does not exist or requester is not authorized to access requested permissions.',
      );
    }
  });

  test('a holder of the grant option passes on that and nothing else', async () => {
    const seed = seedWith(
      grants({
        principal: steward,
        resource: table('orders'),
        permissions: ['SELECT', 'DESCRIBE'],
        withGrantOption: ['SELECT'],
      }),
    );
    const emulator = await start({ seed });
    const { lakeFormation } = clientOf(emulator, steward);
    await lakeFormation.send(
      new GrantPermissionsCommand(input({ resource: table('orders'), permissions: ['SELECT'] })),
    );
    expect(
      await refusal(
        lakeFormation.send(
          new GrantPermissionsCommand(input({ resource: table('orders'), permissions: ['DESCRIBE'] })),
        ),
      ),
    ).toMatch(/^AccessDenied/);
  });

  test('a holder of some columns passes on no others', async () => {
    const seed = seedWith(
      grants({
        principal: steward,
        resource: columns('orders', ['o_id']),
        permissions: ['SELECT'],
        withGrantOption: ['SELECT'],
      }),
    );
    const emulator = await start({ seed });
    const { lakeFormation } = clientOf(emulator, steward);
    await lakeFormation.send(
      new GrantPermissionsCommand(input({ resource: columns('orders', ['o_id']), permissions: ['SELECT'] })),
    );
    expect(
      await refusal(
        lakeFormation.send(new GrantPermissionsCommand(input({ resource: table('orders'), permissions: ['SELECT'] }))),
      ),
    ).toMatch(/^AccessDenied/);
  });

  test('a role without IAM permissions', async () => {
    const emulator = await start();
    const call = clientOf(emulator, roleArn(central, 'outsider')).lakeFormation.send(
      new GrantPermissionsCommand(input({ resource: table('orders'), permissions: ['SELECT'] })),
    );
    expect(await refusal(call)).toMatch(
      /^AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role\/outsider\/emulator is not authorized to perform: lakeformation:GrantPermissions/,
    );
  });
});
