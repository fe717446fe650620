import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrantPermissionsCommand } from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { type Seed, SeedError } from '../../src/emulator/seed.ts';
import {
  admin,
  analyst,
  central,
  clientOf,
  database,
  grants,
  refusal,
  region,
  seedWith,
  start,
  table,
  who,
} from './fixture.ts';

/** Everything a seed with faults says is wrong with it. */
async function faultsOf(seed: unknown): Promise<readonly string[]> {
  try {
    await (await startEmulator({ seed: seed as Seed })).close();
  } catch (error) {
    if (error instanceof SeedError) return error.faults;
    throw error;
  }
  return [];
}

describe('a seed', () => {
  test('is refused with all its faults', async () => {
    expect(
      await faultsOf({
        accounts: {
          123: {},
          [central]: {
            principals: [{ arn: 'x' }],
            regions: {
              nowhere: {},
              'eu-west-1': { tables: {}, grants: [{ principal: admin, permissions: ['READ'] }] },
            },
          },
        },
        users: [],
      }),
    ).toEqual([
      expect.stringMatching(/^accounts\.123: "123" does not have the form/),
      expect.stringMatching(/^accounts\.111122223333\.principals\[0\]\.arn: /),
      expect.stringMatching(/^accounts\.111122223333\.regions\.nowhere: /),
      'accounts.111122223333.regions.eu-west-1.tables: is not known here',
      'accounts.111122223333.regions.eu-west-1.grants[0].resource: is missing',
      expect.stringMatching(/grants\[0\]\.permissions\[0\]: must be one of ALL, /),
      'users: is not known here',
    ]);
  });

  test('is refused where its parts do not fit together', async () => {
    const broken = seedWith({
      ...grants(
        { principal: 'nobody', resource: database, permissions: ['DESCRIBE'] },
        { principal: analyst, resource: database, permissions: ['DESCRIBE'], lastUpdated: 'yesterday' },
      ),
      filters: [{ database: 'sales', table: 'orders', name: 'x', columns: ['o_id'], excludedColumns: ['o_id'] }],
    });
    expect(await faultsOf({ ...broken, switches: { nope: true, pageCuts: 'some' } })).toEqual([
      'switches.nope: there is no such switch',
      'switches.pageCuts: must be one of "none", "mild", "wild"',
      expect.stringContaining('filters[0]: columns and excludedColumns exclude each other'),
      expect.stringContaining('grants[0].principal: "nobody" is no principal'),
      expect.stringContaining('grants[1].lastUpdated: is no time'),
    ]);
  });

  test('is refused where it names what is not there', async () => {
    const broken = seedWith({
      ...grants(
        { principal: analyst, resource: table('nope'), permissions: ['DESCRIBE'] },
        { principal: analyst, resource: table('orders'), permissions: ['CREATE_TABLE'] },
        { principal: analyst, resource: { Tabel: {} }, permissions: ['DESCRIBE'] },
      ),
      filters: [{ database: 'sales', table: 'nope', name: 'x' }],
    });
    expect(await faultsOf(broken)).toEqual([
      expect.stringContaining('filters[0]: EntityNotFoundException: there is no table sales.nope'),
      expect.stringContaining('grants[0]: EntityNotFoundException'),
      expect.stringContaining('grants[1]: InvalidInputException: Permissions [CREATE_TABLE] are not valid'),
      expect.stringContaining('grants[2]: InvalidInputException'),
    ]);
  });

  test('may hold what could not be granted now, with its own times', async () => {
    const seeded = grants({
      principal: `arn:aws:iam::${central}:role/gone`,
      resource: database,
      permissions: ['ALTER'],
      lastUpdated: '2024-05-01T10:00:00Z',
      lastUpdatedBy: analyst,
    });
    const emulator = await start({ seed: seedWith(seeded) });
    expect(emulator.snapshot(central, region).atoms).toMatchObject([
      { permission: 'ALTER', lastUpdated: Date.parse('2024-05-01T10:00:00Z'), lastUpdatedBy: analyst },
    ]);
  });

  test('of another region is another lake', async () => {
    const emulator = await start({
      seed: seedWith(grants({ principal: analyst, resource: database, permissions: ['ALTER'] })),
    });
    expect(emulator.snapshot(central, 'us-east-1')).toMatchObject({ atoms: [], databases: [] });
  });

  test('is ready quickly', async () => {
    const before = performance.now();
    await start();
    expect(performance.now() - before).toBeLessThan(300);
  });
});

describe('the journal', () => {
  const grant = () =>
    new GrantPermissionsCommand({
      Principal: who(analyst),
      Resource: table('orders'),
      Permissions: ['SELECT'],
      PermissionsWithGrantOption: ['SELECT'],
    });

  test('holds every call with what it changed, in the file too', async () => {
    const journalFile = join(mkdtempSync(join(tmpdir(), 'journal-')), 'calls.jsonl');
    const emulator = await start({ journalFile, now: () => 1_769_000_000_000 });
    const { lakeFormation } = clientOf(emulator, admin);
    await lakeFormation.send(grant());
    await refusal(
      lakeFormation.send(
        new GrantPermissionsCommand({ Principal: who(analyst), Resource: table('nope'), Permissions: ['SELECT'] }),
      ),
    );
    expect(emulator.journal()).toMatchObject([
      {
        index: 0,
        time: 1_769_000_000_000,
        account: central,
        region,
        caller: `arn:aws:sts::${central}:assumed-role/admin/emulator`,
        service: 'lakeformation',
        operation: 'GrantPermissions',
        request: { Permissions: ['SELECT'] },
        status: 200,
        changes: [
          {
            verb: 'grant',
            what: {
              principal: analyst,
              resource: { kind: 'table', catalogId: central, database: 'sales', table: 'orders' },
              permission: 'SELECT',
              grantable: true,
            },
          },
        ],
      },
      { index: 1, status: 400, code: 'EntityNotFoundException', changes: [] },
    ]);
    const lines = readFileSync(journalFile, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(emulator.journal());
  });
});
