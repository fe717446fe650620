import {
  GrantPermissionsCommand,
  type Permission,
  type Resource,
  RevokePermissionsCommand,
} from '@aws-sdk/client-lakeformation';
import { expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { Seed, SeedRegion } from '../../src/emulator/seed.ts';
import {
  admin,
  brief,
  central,
  clientOf,
  columns,
  consumer,
  database,
  listAll,
  region,
  seedWith,
  start,
  table,
  who,
} from './fixture.ts';

const accounts = [consumer, '555566667777', '666677778888'];
const held: readonly { readonly resource: Resource; readonly permissions: Permission[] }[] = [
  { resource: database, permissions: ['DESCRIBE'] },
  { resource: table('orders'), permissions: ['DESCRIBE'] },
  { resource: columns('orders', ['o_id']), permissions: ['SELECT'] },
  { resource: table('items'), permissions: ['DESCRIBE', 'SELECT'] },
  {
    resource: {
      DataCellsFilter: { TableCatalogId: central, DatabaseName: 'sales', TableName: 'orders', Name: 'europe' },
    },
    permissions: ['SELECT'],
  },
];
const grants = held.map(({ resource, permissions }) => ({
  resource: { ...resource },
  permissions,
  withGrantOption: permissions,
  lastUpdated: '2026-01-01T00:00:00Z',
}));

const seedOf = (more: Partial<SeedRegion>): Seed => {
  const seed = seedWith(more);
  return { ...seed, accounts: { '555566667777': {}, '666677778888': {}, ...seed.accounts } };
};

/** A fixed walk of grants and revokes, each of which takes or gives something that a group holds. */
async function walk(emulator: Emulator): Promise<void> {
  const { lakeFormation } = clientOf(emulator, admin);
  const one = (account: string, index: number) => {
    const { resource, permissions } = held[index % held.length] ?? { resource: database, permissions: [] };
    return {
      Principal: who(account),
      Resource: resource,
      Permissions: permissions,
      PermissionsWithGrantOption: permissions,
    };
  };
  for (const [index, account] of [...accounts, ...accounts, consumer].entries()) {
    await lakeFormation.send(new RevokePermissionsCommand(one(account, index)));
    if (index % 2 === 0) await lakeFormation.send(new GrantPermissionsCommand(one(account, index)));
  }
  for (const [index] of held.entries())
    await lakeFormation.send(new RevokePermissionsCommand(one('666677778888', index))).catch(() => undefined);
}

/** Everything that can be seen, in no order, without times. */
async function seen(emulator: Emulator): Promise<unknown> {
  const client = clientOf(emulator, admin);
  const { atoms } = emulator.snapshot(central, region);
  const listed = await Promise.all([
    listAll(client, { MaxResults: 2 }),
    listAll(client, { Resource: database }),
    listAll(client, { Resource: table('orders'), IncludeRelated: 'TRUE', MaxResults: 1 }),
    listAll(client, { Resource: table('items'), Principal: who(consumer) }),
  ]);
  return [
    atoms.map(({ lastUpdated: _, ...atom }) => JSON.stringify(atom)).sort(),
    ...listed.map((rows) => rows.map(brief).sort()),
  ];
}

test('a group is what its grants are, one by one, before and after changes', async () => {
  const group = await start({ seed: seedOf({ group: { accounts, grants } }) });
  const each = accounts.flatMap((principal) => grants.map((grant) => ({ principal, ...grant })));
  const spelled = await start({ seed: seedOf({ grants: each }) });
  expect(await seen(group)).toEqual(await seen(spelled));
  await walk(group);
  await walk(spelled);
  expect(await seen(group)).toEqual(await seen(spelled));
});

test('a sweep that is under way shows what stays exactly once', async () => {
  const emulator = await start({ seed: seedOf({ group: { accounts, grants } }) });
  const client = clientOf(emulator, admin);
  const before = (await listAll(client)).map(brief);
  const [first, ...rest] = before;
  const sweep = listAll(client, { MaxResults: 1 });
  const input = { Principal: who(consumer), Resource: database, Permissions: ['DESCRIBE' as const] };
  await client.lakeFormation.send(new RevokePermissionsCommand(input));
  const after = (await sweep).map(brief);
  expect(first).toContain('database');
  expect(after.filter((row) => row !== first)).toEqual(rest);
});

test('the members of a group are other accounts, each of them once', async () => {
  for (const wrong of [[central], [consumer, consumer]])
    await expect(start({ seed: seedOf({ group: { accounts: wrong, grants } }) })).rejects.toThrow(/group\.accounts/);
  const missing = [
    { resource: { Database: { Name: 'nowhere' } }, permissions: ['DESCRIBE'], withGrantOption: ['DESCRIBE'] },
  ];
  await expect(start({ seed: seedOf({ group: { accounts, grants: missing } }) })).rejects.toThrow(/group/);
});
