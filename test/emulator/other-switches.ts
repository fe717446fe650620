import {
  DeleteTableCommand,
  GetDatabaseCommand,
  GetTableCommand,
  UpdateDatabaseCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { GrantPermissionsCommand, ListDataCellsFilterCommand, type Permission } from '@aws-sdk/client-lakeformation';
import {
  admin,
  allTables,
  analyst,
  brief,
  central,
  columns,
  database,
  listAll,
  region,
  table,
  who,
} from './fixture.ts';

import { type Case, change, codeOf, entries, europe, held } from './switch-scene.ts';

/** Switches that decide what is seen, refused and kept. */
export const otherSwitches: Case[] = [
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
    act: ({ client }) =>
      codeOf(client.glue.send(new UpdateDatabaseCommand({ Name: 'hr', DatabaseInput: { Name: 'hr' } }))),
    seen: { true: 'ok', false: 'AccessDeniedException' },
  },
  {
    name: 'hiddenObjectGlueError',
    act: (scene) => codeOf(scene.analyst.glue.send(new GetTableCommand({ DatabaseName: 'sales', Name: 'orders' }))),
    seen: { EntityNotFoundException: 'EntityNotFoundException', AccessDeniedException: 'AccessDeniedException' },
  },
  {
    name: 'brokenExpressions',
    act: async ({ client }) => [
      await codeOf(
        client.lakeFormation.send(
          new GrantPermissionsCommand({
            Principal: who(analyst),
            Resource: database,
            Permissions: ['DESCRIBE'],
            Condition: { Expression: 'context has' },
          }),
        ),
      ),
    ],
    seen: { refuse: ['InvalidInputException'], accept: ['ok'] },
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
    given: [
      held(columns('items', ['i_id']), ['SELECT']),
      { principal: admin, resource: table('items'), permissions: ['ALTER'] },
    ],
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
  {
    name: 'duplicateBatchIds',
    act: ({ client }) => codeOf(client.lakeFormation.send(entries(['1', '1']))),
    seen: { accept: 'ok', refuse: 'InvalidInputException' },
  },
  {
    name: 'oversizeBatch',
    act: ({ client }) =>
      codeOf(client.lakeFormation.send(entries(Array.from({ length: 21 }, (_, index) => String(index))))),
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
      const input = {
        Principal: who('999999999999'),
        Resource: database,
        Permissions: ['DESCRIBE'] as Permission[],
        PermissionsWithGrantOption: ['DESCRIBE'] as Permission[],
      };
      return codeOf(client.lakeFormation.send(new GrantPermissionsCommand(input)));
    },
    seen: { refuse: 'InvalidInputException', accept: 'ok' },
  },
  {
    name: 'defaultCrossAccountVersion',
    more: { settings: { DataLakeAdmins: [admin] } },
    act: async ({ emulator }) =>
      (emulator.snapshot(central, region).settings as { Parameters: Record<string, string> }).Parameters[
        'CROSS_ACCOUNT_VERSION'
      ],
    seen: { 1: '1', 2: '2', 3: '3', 4: '4', 5: '5' },
  },
];
