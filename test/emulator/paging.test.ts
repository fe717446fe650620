import { ListPermissionsCommand, paginateListPermissions } from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/emulator.ts';
import {
  admin,
  analyst,
  brief,
  central,
  clientOf,
  grants,
  listAll,
  refusal,
  roleArn,
  seedWith,
  start,
  table,
} from './fixture.ts';

const crowd = Array.from({ length: 250 }, (_, index) => ({
  principal: roleArn(central, `r${index}`),
  resource: table('orders'),
  permissions: ['DESCRIBE'],
}));
const crowded = seedWith(grants(...crowd));

async function pages(options: EmulatorOptions, size = 10): Promise<number[]> {
  const emulator = await start({ seed: crowded, ...options });
  const sizes: number[] = [];
  const found = new Set<string>();
  for await (const page of paginateListPermissions(
    { client: clientOf(emulator, admin).lakeFormation, pageSize: size },
    {},
  )) {
    sizes.push(page.PrincipalResourcePermissions?.length ?? 0);
    for (const row of page.PrincipalResourcePermissions ?? []) found.add(brief(row));
  }
  expect(found.size).toBe(crowd.length);
  return sizes;
}

describe('pages', () => {
  test('come full when nothing cuts them, and the last has no token', async () => {
    expect(await pages({})).toEqual(Array.from({ length: 25 }, () => 10));
  });

  test('now and then come short or empty by default, the same every time', async () => {
    const first = await pages({ switches: { pageCuts: 'mild' } });
    expect(first.some((size) => size === 5)).toBe(true);
    expect(first.some((size) => size === 0)).toBe(true);
    expect(first.filter((size) => size === 10).length).toBeGreaterThan(first.length / 2);
    expect(await pages({ switches: { pageCuts: 'mild' } })).toEqual(first);
    expect(await pages({ switches: { pageCuts: 'mild' }, random: 2 })).not.toEqual(first);
  });

  test('mostly do so when told', async () => {
    const sizes = await pages({ switches: { pageCuts: 'wild' } });
    expect(sizes.filter((size) => size < 10).length).toBeGreaterThan(sizes.length / 2);
  });

  test('may begin with an empty one', async () => {
    const sizes = await pages({ faults: [{ kind: 'empty-pages', times: 1 }] });
    expect(sizes[0]).toBe(0);
    expect(sizes).toHaveLength(26);
  });

  test('may all be short', async () => {
    expect(Math.max(...(await pages({ faults: [{ kind: 'short-pages' }] })))).toBe(5);
  });

  test('have a default size', async () => {
    const emulator = await start({ seed: crowded, switches: { defaultPageSize: 7 } });
    const page = await clientOf(emulator, admin).lakeFormation.send(new ListPermissionsCommand({}));
    expect(page.PrincipalResourcePermissions).toHaveLength(7);
  });
});

describe('tokens', () => {
  const firstPage = async (options: EmulatorOptions = {}) => {
    const emulator = await start({ seed: crowded, ...options });
    const client = clientOf(emulator, admin);
    const { NextToken } = await client.lakeFormation.send(new ListPermissionsCommand({ MaxResults: 10 }));
    return { emulator, client, NextToken };
  };

  test('expire', async () => {
    const { emulator, client, NextToken } = await firstPage();
    emulator.advance(900_000);
    expect(await refusal(client.lakeFormation.send(new ListPermissionsCommand({ NextToken })))).toBe(
      'InvalidInputException: The pagination token has expired.',
    );
  });

  test('are good for the same question only', async () => {
    const { client, NextToken } = await firstPage();
    const other = new ListPermissionsCommand({ NextToken, ResourceType: 'TABLE' });
    expect(await refusal(client.lakeFormation.send(other))).toMatch(/^InvalidInputException/);
  });

  test('survive changes: what was there all along is seen once', async () => {
    const { emulator, client, NextToken } = await firstPage();
    const before =
      (await client.lakeFormation.send(new ListPermissionsCommand({ MaxResults: 10 }))).PrincipalResourcePermissions ??
      [];
    const { RevokePermissionsCommand, GrantPermissionsCommand } = await import('@aws-sdk/client-lakeformation');
    for (const row of before.slice(0, 5)) {
      await client.lakeFormation.send(
        new RevokePermissionsCommand({
          Principal: row.Principal,
          Resource: table('orders'),
          Permissions: ['DESCRIBE'],
        }),
      );
    }
    await client.lakeFormation.send(
      new GrantPermissionsCommand({
        Principal: { DataLakePrincipalIdentifier: analyst },
        Resource: table('items'),
        Permissions: ['DROP'],
      }),
    );
    const rest = await listAll(client, { NextToken });
    expect(new Set([...before, ...rest].map(brief)).size).toBe(before.length + rest.length);
    expect(before.length + rest.length).toBe(250);
    expect(emulator.snapshot(central, 'eu-west-1').atoms).toHaveLength(246);
  });
});
