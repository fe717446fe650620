import {
  CreateDataCellsFilterCommand,
  ListDataCellsFilterCommand,
  ListPermissionsCommand,
} from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import { switchTable } from '../../src/emulator/switch-table.ts';
import type { Switches } from '../../src/emulator/switches.ts';
import {
  admin,
  allBut,
  analyst,
  central,
  clientOf,
  columns,
  grants,
  refusal,
  seedWith,
  start,
  table,
} from './fixture.ts';

import { grantSwitches } from './grant-switches.ts';
import { otherSwitches } from './other-switches.ts';
import { sharingCases } from './sharing-switches.ts';
import { change, held } from './switch-scene.ts';

const cases = [...grantSwitches, ...otherSwitches, ...sharingCases];

/** Tested below, with the faults, and with paging. */
const elsewhere: (keyof Switches)[] = [
  'unknownMembers',
  'naturalConflicts',
  'pageCuts',
  'defaultPageSize',
  'tokenSeconds',
];

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
  lakeFormation.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: string; headers: Record<string, string> };
      request.body = '{"Nope":1}';
      request.headers['content-length'] = '10';
      return next(args);
    },
    { step: 'build' },
  );
  expect(await refusal(lakeFormation.send(new ListPermissionsCommand({})))).toMatch(/Value '1' at 'nope'/);
  emulator.setSwitches({ unknownMembers: 'ignore' });
  await lakeFormation.send(new ListPermissionsCommand({}));
});

test('merged column lists can be revoked in part', async () => {
  const seed = seedWith(grants(held(columns('orders', ['o_id', 'o_total']), ['SELECT'])));
  const emulator = await start({ seed, switches: { columnListStorage: 'merged' } });
  const scene = { emulator, client: clientOf(emulator, admin), analyst: clientOf(emulator, analyst) };
  expect(await change('revoke', columns('orders', ['o_id']), ['SELECT'])(scene)).toEqual([
    'analyst: columns sales.orders [o_total] SELECT',
  ]);
  expect(await change('revoke', columns('orders', ['o_id', 'o_total']), ['SELECT'])(scene)).toBe(
    'InvalidInputException',
  );
});

test('a revoke that takes overlap works on exclude lists too', async () => {
  const seed = seedWith(grants(held(allBut('orders', ['o_email']), ['SELECT'])));
  const emulator = await start({ seed, switches: { columnRevokeTakesOverlap: true } });
  const scene = { emulator, client: clientOf(emulator, admin), analyst: clientOf(emulator, analyst) };
  expect(await change('revoke', columns('orders', ['o_id']), ['SELECT'])(scene)).toEqual([
    'analyst: columns sales.orders *-[o_email,o_id] SELECT',
  ]);
  expect(await change('revoke', table('orders'), ['SELECT'])(scene)).toEqual([]);
});

test('what a revoke leaves of one list joins the list that is stored already', async () => {
  const seed = seedWith(
    grants(held(columns('orders', ['o_id', 'o_total']), ['SELECT']), {
      ...held(columns('orders', ['o_total']), ['SELECT']),
      withGrantOption: ['SELECT'],
    }),
  );
  const emulator = await start({ seed, switches: { columnRevokeTakesOverlap: true } });
  const scene = { emulator, client: clientOf(emulator, admin), analyst: clientOf(emulator, analyst) };
  expect(await change('revoke', columns('orders', ['o_id']), ['SELECT'])(scene)).toEqual([
    'analyst: columns sales.orders [o_total] SELECT +SELECT',
  ]);
});

test('filters can be made while listing them all is refused', async () => {
  const emulator = await start({ switches: { filterListWithoutTable: false } });
  const { lakeFormation } = clientOf(emulator, admin);
  const TableData = {
    TableCatalogId: central,
    DatabaseName: 'sales',
    TableName: 'items',
    Name: 'all',
    RowFilter: { AllRowsWildcard: {} },
    ColumnWildcard: {},
  };
  await lakeFormation.send(new CreateDataCellsFilterCommand({ TableData }));
  const { DataCellsFilters } = await lakeFormation.send(new ListDataCellsFilterCommand(table('items')));
  expect(DataCellsFilters?.map(({ Name }) => Name)).toEqual(['all']);
});
