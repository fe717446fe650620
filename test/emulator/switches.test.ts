import { CreateDataCellsFilterCommand, GrantPermissionsCommand, ListDataCellsFilterCommand, type Permission, type Resource, RevokePermissionsCommand, BatchGrantPermissionsCommand, ListPermissionsCommand } from '@aws-sdk/client-lakeformation';
import { DeleteTableCommand, GetDatabaseCommand, GetTableCommand, UpdateDatabaseCommand, UpdateTableCommand } from '@aws-sdk/client-glue';
import { describe, expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { switchTable } from '../../src/emulator/switch-table.ts';
import type { Switches } from '../../src/emulator/switches.ts';
import type { SeedGrant, SeedRegion } from '../../src/emulator/seed.ts';
import { admin, allBut, allTables, analyst, brief, central, type Client, clientOf, columns, consumer, database, grants, listAll, refusal, region, seedWith, start, table, who } from './fixture.ts';

interface Scene {
  readonly emulator: Emulator;
  readonly client: Client;
  readonly analyst: Client;
}

interface Case {
  readonly name: keyof Switches;
  readonly given?: SeedGrant[];
  readonly more?: Partial<SeedRegion>;
  /** What is done and seen, as text. */
  readonly act: (scene: Scene) => Promise<unknown>;
  /** What must be seen, position by position of the switch; each position has to be here. */
  readonly seen: Readonly<Record<string, unknown>>;
}

const held = (resource: Resource, permissions: Permission[], withGrantOption: Permission[] = []): SeedGrant => ({ principal: analyst, resource: { ...resource }, permissions, withGrantOption });
const europe = { DataCellsFilter: { TableCatalogId: central, DatabaseName: 'sales', TableName: 'orders', Name: 'europe' } };
const wide = ['analyst: columns sales.orders *-[] SELECT'];

/** Grants or revokes for the analyst and answers what is there then, or the code of the refusal. */
const change = (verb: 'grant' | 'revoke', resource: Resource, permissions: Permission[], options: Permission[] = []) => async ({ client }: Scene) => {
  const input = { Principal: who(analyst), Resource: resource, Permissions: permissions, PermissionsWithGrantOption: options };
  const command = verb === 'grant' ? new GrantPermissionsCommand(input) : new RevokePermissionsCommand(input);
  try {
    await (verb === 'grant' ? client.lakeFormation.send(command as GrantPermissionsCommand) : client.lakeFormation.send(command as RevokePermissionsCommand));
  } catch (error) {
    return (error as Error).name;
  }
  return (await listAll(client)).map(brief).sort();
};
const codeOf = (call: Promise<unknown>) => call.then(() => 'ok', (error: Error) => error.name);
const entries = (ids: string[]) => new BatchGrantPermissionsCommand({ Entries: ids.map((Id) => ({ Id, Principal: who(analyst), Resource: database, Permissions: ['DESCRIBE'] })) });

const cases: Case[] = [
  {
    name: 'accessDeniedStatus',
    act: ({ analyst: { lakeFormation } }) => lakeFormation.send(new ListPermissionsCommand({ Resource: database })).catch((error) => error.$metadata.httpStatusCode),
    seen: { 400: 400, 403: 403 },
  },
  {
    name: 'lakeFormationViolationCode',
    act: ({ client }) => codeOf(client.lakeFormation.send(new ListPermissionsCommand({ MaxResults: 0 }))),
    seen: { InvalidInputException: 'InvalidInputException', ValidationException: 'ValidationException' },
  },
  {
    name: 'unknownMembers',
    act: ({ client }) => codeOf(client.glue.send(new GetTableCommand({ DatabaseName: 'sales', Name: 'orders', ...({} as object) }))),
    seen: { refuse: 'ok', ignore: 'ok' },
  },
  {
    name: 'expandAllTable',
    act: change('grant', table('orders'), ['ALL']),
    seen: { true: ['analyst: columns sales.orders *-[] SELECT', 'analyst: table sales.orders ALL,ALTER,DELETE,DESCRIBE,DROP,INSERT'], false: ['analyst: table sales.orders ALL'] },
  },
  {
    name: 'expandAllDatabase',
    act: change('grant', database, ['ALL']),
    seen: { true: ['analyst: database sales ALL,ALTER,CREATE_TABLE,DESCRIBE,DROP'], false: ['analyst: database sales ALL'] },
  },
  {
    name: 'allDroppedWithMember',
    given: [held(table('orders'), ['ALL'])],
    act: change('revoke', table('orders'), ['ALTER', 'SELECT']),
    seen: { true: ['analyst: table sales.orders DELETE,DESCRIBE,DROP,INSERT'], false: ['analyst: table sales.orders ALL,DELETE,DESCRIBE,DROP,INSERT'] },
  },
  {
    name: 'columnGrantAgainstModify',
    given: [held(table('orders'), ['INSERT'])],
    act: change('grant', columns('orders', ['o_id']), ['SELECT']),
    seen: { refuse: 'InvalidInputException', ignore: ['analyst: columns sales.orders [o_id] SELECT', 'analyst: table sales.orders INSERT'] },
  },
  {
    name: 'grantOptionWithColumns',
    act: change('grant', columns('orders', ['o_id']), ['SELECT'], ['SELECT']),
    seen: { 'include-only': ['analyst: columns sales.orders [o_id] SELECT +SELECT'], refuse: 'InvalidInputException' },
  },
  {
    name: 'columnListsCoexistWithTable',
    given: [held(table('orders'), ['SELECT'])],
    act: change('grant', columns('orders', ['o_id']), ['SELECT']),
    seen: { refuse: 'InvalidInputException', allow: ['analyst: columns sales.orders *-[] SELECT', 'analyst: columns sales.orders [o_id] SELECT'] },
  },
  {
    name: 'columnListStorage',
    given: [held(columns('orders', ['o_id']), ['SELECT'])],
    act: change('grant', columns('orders', ['o_total']), ['SELECT']),
    seen: { rows: ['analyst: columns sales.orders [o_id] SELECT', 'analyst: columns sales.orders [o_total] SELECT'], merged: ['analyst: columns sales.orders [o_id,o_total] SELECT'] },
  },
  {
    name: 'columnRevokeTakesOverlap',
    given: [held(columns('orders', ['o_id', 'o_total']), ['SELECT']), held(columns('orders', ['o_email', 'o_id']), ['SELECT'])],
    act: change('revoke', columns('orders', ['o_email', 'o_id']), ['SELECT']),
    seen: { false: ['analyst: columns sales.orders [o_id,o_total] SELECT'], true: ['analyst: columns sales.orders [o_total] SELECT'] },
  },
  {
    name: 'columnsWidenedByIamAllowed',
    given: [{ principal: 'IAM_ALLOWED_PRINCIPALS', resource: table('orders'), permissions: ['ALL'] }],
    act: change('grant', columns('orders', ['o_id']), ['SELECT']),
    seen: { true: ['IAM_ALLOWED_PRINCIPALS: table sales.orders ALL', ...wide], false: ['IAM_ALLOWED_PRINCIPALS: table sales.orders ALL', 'analyst: columns sales.orders [o_id] SELECT'] },
  },
  { name: 'rawShowsImplicit', act: async ({ client }) => (await listAll(client)).length, seen: { true: 12, false: 0 } },
  {
    name: 'tableListShowsAllTables',
    given: [held(allTables, ['DESCRIBE'])],
    act: async ({ client }) => (await listAll(client, { Resource: table('orders') })).map(brief),
    seen: { true: ['analyst: table sales.ALL_TABLES (wildcard) DESCRIBE'], false: [] },
  },
  {
    name: 'tableGrantShowsDatabase',
    given: [held(table('orders'), ['SELECT'])],
    act: (scene) => codeOf(scene.analyst.glue.send(new GetDatabaseCommand({ Name: 'sales' }))),
    seen: { true: 'ok', false: 'EntityNotFoundException' },
  },
  {
    name: 'adminAltersDatabases',
    act: ({ client }) => codeOf(client.glue.send(new UpdateDatabaseCommand({ Name: 'hr', DatabaseInput: { Name: 'hr' } }))),
    seen: { true: 'ok', false: 'AccessDeniedException' },
  },
  {
    name: 'hiddenObjectGlueError',
    act: (scene) => codeOf(scene.analyst.glue.send(new GetTableCommand({ DatabaseName: 'sales', Name: 'orders' }))),
    seen: { EntityNotFoundException: 'EntityNotFoundException', AccessDeniedException: 'AccessDeniedException' },
  },
  {
    name: 'optionOnlyRevoke',
    given: [held(database, ['ALTER'], ['ALTER'])],
    act: change('revoke', database, [], ['ALTER']),
    seen: { refuse: 'InvalidInputException', allow: ['analyst: database sales ALTER'] },
  },
  {
    name: 'revokeTakesOption',
    given: [held(database, ['ALTER'], ['ALTER'])],
    act: change('revoke', database, ['ALTER']),
    seen: { true: [], false: ['analyst: database sales  +ALTER'] },
  },
  {
    name: 'revokePartlyHeld',
    given: [held(database, ['ALTER'])],
    act: change('revoke', database, ['ALTER', 'DROP']),
    seen: { refuse: 'InvalidInputException', allow: [] },
  },
  {
    name: 'revokeChecksColumns',
    given: [held(columns('items', ['i_id']), ['SELECT']), { principal: admin, resource: table('items'), permissions: ['ALTER'] }],
    act: async (scene) => {
      await scene.client.glue.send(new UpdateTableCommand({ DatabaseName: 'sales', TableInput: { Name: 'items' } }));
      return await change('revoke', columns('items', ['i_id']), ['SELECT'])(scene);
    },
    seen: { true: 'InvalidInputException', false: ['admin: table sales.items ALTER'] },
  },
  {
    name: 'noopMovesLastUpdated',
    given: [{ ...held(database, ['ALTER']), lastUpdated: '2020-01-01T00:00:00Z' }],
    act: async (scene) => {
      await change('grant', database, ['ALTER'])(scene);
      return scene.emulator.snapshot(central, region).atoms[0]?.lastUpdated === Date.parse('2020-01-01T00:00:00Z');
    },
    seen: { true: false, false: true },
  },
  {
    name: 'lastUpdatedByForm',
    act: async (scene) => {
      await change('grant', database, ['ALTER'])(scene);
      return scene.emulator.snapshot(central, region).atoms[0]?.lastUpdatedBy;
    },
    seen: { role: admin, session: `arn:aws:sts::${central}:assumed-role/admin/emulator` },
  },
  {
    name: 'sweepShowsFilterGrants',
    given: [held(europe, ['SELECT'])],
    act: async ({ client }) => (await listAll(client)).map(brief),
    seen: { true: ['analyst: filter orders.europe SELECT'], false: [] },
  },
  {
    name: 'filterListWithoutTable',
    act: ({ client }) => codeOf(client.lakeFormation.send(new ListDataCellsFilterCommand({}))),
    seen: { true: 'ok', false: 'InvalidInputException' },
  },
  { name: 'duplicateBatchIds', act: ({ client }) => codeOf(client.lakeFormation.send(entries(['1', '1']))), seen: { accept: 'ok', refuse: 'InvalidInputException' } },
  {
    name: 'oversizeBatch',
    act: ({ client }) => codeOf(client.lakeFormation.send(entries(Array.from({ length: 21 }, (_, index) => String(index))))),
    seen: { accept: 'ok', refuse: 'InvalidInputException' },
  },
  {
    name: 'grantsSurviveTableDrop',
    given: [held(table('items'), ['ALTER']), { principal: admin, resource: table('items'), permissions: ['DROP'] }],
    act: async ({ client }) => {
      await client.glue.send(new DeleteTableCommand({ DatabaseName: 'sales', Name: 'items' }));
      return (await listAll(client)).length;
    },
    seen: { true: 2, false: 0 },
  },
  {
    name: 'missingObjectListError',
    act: ({ client }) => codeOf(listAll(client, { Resource: table('nope') })),
    seen: { AccessDeniedException: 'AccessDeniedException', EntityNotFoundException: 'EntityNotFoundException' },
  },
  {
    name: 'unknownAccounts',
    act: ({ client }) => {
      const input = { Principal: who('999999999999'), Resource: database, Permissions: ['DESCRIBE'] as Permission[], PermissionsWithGrantOption: ['DESCRIBE'] as Permission[] };
      return codeOf(client.lakeFormation.send(new GrantPermissionsCommand(input)));
    },
    seen: { refuse: 'InvalidInputException', accept: 'ok' },
  },
  {
    name: 'defaultCrossAccountVersion',
    more: { settings: { DataLakeAdmins: [admin] } },
    act: async ({ emulator }) => (emulator.snapshot(central, region).settings as { Parameters: Record<string, string> }).Parameters['CROSS_ACCOUNT_VERSION'],
    seen: { 1: '1', 2: '2', 3: '3', 4: '4', 5: '5' },
  },
  {
    name: 'sharesAcceptedAtOnce',
    given: [{ principal: consumer, resource: database, permissions: ['DESCRIBE'], withGrantOption: ['DESCRIBE'] }],
    act: ({ emulator }) => {
      const there = clientOf(emulator, `arn:aws:iam::${consumer}:role/admin`);
      return codeOf(there.glue.send(new GetDatabaseCommand({ CatalogId: central, Name: 'sales' })));
    },
    seen: { true: 'ok', false: 'EntityNotFoundException' },
  },
];

/** Tested elsewhere: conflicts with the faults, pages and tokens with paging. */
const elsewhere: (keyof Switches)[] = ['naturalConflicts', 'pageCuts', 'defaultPageSize', 'tokenSeconds'];

describe.each(cases)('$name', ({ name, given = [], more = {}, act, seen }) => {
  const { values } = switchTable[name];

  test.each(values === 'count' ? [] : values.map((value) => ({ value })))('$value', async ({ value }) => {
    const emulator = await start({ seed: seedWith({ ...more, ...grants(...given) }), switches: { [name]: value } });
    const result = await act({ emulator, client: clientOf(emulator, admin), analyst: clientOf(emulator, analyst) });
    expect(seen).toHaveProperty(String(value));
    expect(result).toEqual(seen[String(value)]);
  });
});

test('every switch has a case', () => {
  expect([...cases.map(({ name }) => name), ...elsewhere].sort()).toEqual(Object.keys(switchTable).sort());
});

test('unknownMembers: a misspelt member is refused or ignored', async () => {
  const emulator = await start();
  const { lakeFormation } = clientOf(emulator, admin);
  lakeFormation.middlewareStack.add((next) => (args) => {
    const request = args.request as { body: string; headers: Record<string, string> };
    request.body = '{"Nope":1}';
    request.headers['content-length'] = '10';
    return next(args);
  }, { step: 'build' });
  expect(await refusal(lakeFormation.send(new ListPermissionsCommand({})))).toMatch(/Value '1' at 'nope'/);
  emulator.setSwitches({ unknownMembers: 'ignore' });
  await lakeFormation.send(new ListPermissionsCommand({}));
});

test('merged column lists can be revoked in part', async () => {
  const seed = seedWith(grants(held(columns('orders', ['o_id', 'o_total']), ['SELECT'])));
  const emulator = await start({ seed, switches: { columnListStorage: 'merged' } });
  const scene = { emulator, client: clientOf(emulator, admin), analyst: clientOf(emulator, analyst) };
  expect(await change('revoke', columns('orders', ['o_id']), ['SELECT'])(scene)).toEqual(['analyst: columns sales.orders [o_total] SELECT']);
  expect(await change('revoke', columns('orders', ['o_id', 'o_total']), ['SELECT'])(scene)).toBe('InvalidInputException');
});

test('a revoke that takes overlap works on exclude lists too', async () => {
  const seed = seedWith(grants(held(allBut('orders', ['o_email']), ['SELECT'])));
  const emulator = await start({ seed, switches: { columnRevokeTakesOverlap: true } });
  const scene = { emulator, client: clientOf(emulator, admin), analyst: clientOf(emulator, analyst) };
  expect(await change('revoke', columns('orders', ['o_id']), ['SELECT'])(scene)).toEqual(['analyst: columns sales.orders *-[o_email,o_id] SELECT']);
  expect(await change('revoke', table('orders'), ['SELECT'])(scene)).toEqual([]);
});

test('filters can be made while listing them all is refused', async () => {
  const emulator = await start({ switches: { filterListWithoutTable: false } });
  const { lakeFormation } = clientOf(emulator, admin);
  const TableData = { TableCatalogId: central, DatabaseName: 'sales', TableName: 'items', Name: 'all', RowFilter: { AllRowsWildcard: {} }, ColumnWildcard: {} };
  await lakeFormation.send(new CreateDataCellsFilterCommand({ TableData }));
  const { DataCellsFilters } = await lakeFormation.send(new ListDataCellsFilterCommand(table('items')));
  expect(DataCellsFilters?.map(({ Name }) => Name)).toEqual(['all']);
});
