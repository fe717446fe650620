import {
  CreateDataCellsFilterCommand,
  type DataCellsFilter,
  DeleteDataCellsFilterCommand,
  GetDataCellsFilterCommand,
  ListDataCellsFilterCommand,
  UpdateDataCellsFilterCommand,
} from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import { admin, analyst, central, clientOf, grants, refusal, region, seedWith, start, table } from './fixture.ts';

const where = { TableCatalogId: central, DatabaseName: 'sales', TableName: 'orders' };

async function lakeFormationOf(seed = seedWith(), caller = admin) {
  const emulator = await start({ seed });
  return { emulator, client: clientOf(emulator, caller), send: clientOf(emulator, caller).lakeFormation };
}

describe('data cells filters', () => {
  const filter: DataCellsFilter = {
    ...where,
    Name: 'mine',
    RowFilter: { FilterExpression: 'o_total > 1' },
    ColumnNames: ['O_ID'],
  };

  test('are made, read, changed and deleted', async () => {
    const { send } = await lakeFormationOf();
    await send.send(new CreateDataCellsFilterCommand({ TableData: filter }));
    const get = async () =>
      (await send.send(new GetDataCellsFilterCommand({ ...where, Name: 'mine' }))).DataCellsFilter;
    expect(await get()).toMatchObject({ ...filter, ColumnNames: ['o_id'], VersionId: '0' });
    const listed = await send.send(new ListDataCellsFilterCommand(table('orders')));
    expect(listed.DataCellsFilters?.map(({ Name }) => Name)).toEqual(['europe', 'mine']);
    const changed = {
      ...where,
      Name: 'mine',
      RowFilter: { AllRowsWildcard: {} },
      ColumnWildcard: { ExcludedColumnNames: ['o_email'] },
    };
    await send.send(new UpdateDataCellsFilterCommand({ TableData: { ...changed, VersionId: '0' } }));
    expect(await get()).toMatchObject({ ...changed, VersionId: '1' });
    expect(
      await refusal(send.send(new UpdateDataCellsFilterCommand({ TableData: { ...changed, VersionId: '0' } }))),
    ).toMatch(/^ConcurrentModificationException/);
    await send.send(new DeleteDataCellsFilterCommand({ ...where, Name: 'mine' }));
    expect(await refusal(get())).toBe('EntityNotFoundException: Cell Filter not found');
  });

  test('take the grants on them away', async () => {
    const resource = { DataCellsFilter: { ...where, Name: 'europe' } };
    const { emulator, send } = await lakeFormationOf(
      seedWith(grants({ principal: analyst, resource, permissions: ['SELECT'] })),
    );
    await send.send(new DeleteDataCellsFilterCommand({ ...where, Name: 'europe' }));
    expect(emulator.snapshot(central, region).atoms).toEqual([]);
  });

  test.each([
    { name: 'a second of one name', TableData: { ...filter, Name: 'europe' }, refused: /^AlreadyExistsException/ },
    { name: 'a missing table', TableData: { ...filter, TableName: 'nope' }, refused: /^EntityNotFoundException/ },
    { name: 'a missing column', TableData: { ...filter, ColumnNames: ['nope'] }, refused: /non-existent column/ },
    {
      name: 'no columns',
      TableData: { ...where, Name: 'x', RowFilter: { AllRowsWildcard: {} } },
      refused: /^InvalidInputException/,
    },
    { name: 'two kinds of columns', TableData: { ...filter, ColumnWildcard: {} }, refused: /^InvalidInputException/ },
    { name: 'no rows', TableData: { ...where, Name: 'x', ColumnWildcard: {} }, refused: /^InvalidInputException/ },
    {
      name: 'two kinds of rows',
      TableData: { ...filter, RowFilter: { FilterExpression: 'true', AllRowsWildcard: {} } },
      refused: /^InvalidInputException/,
    },
    {
      name: 'an expression too long',
      TableData: { ...filter, RowFilter: { FilterExpression: 'x'.repeat(2049) } },
      refused: /tableData\.rowFilter\.filterExpression/,
    },
    {
      name: 'a view',
      TableData: { ...filter, TableName: 'recent', ColumnNames: ['r_id'] },
      refused: /^InvalidInputException/,
    },
    {
      name: 'a resource link',
      TableData: { ...filter, TableName: 'link', ColumnNames: ['o_id'] },
      refused: /^InvalidInputException/,
    },
    {
      name: 'a partition column left out',
      TableData: {
        ...where,
        Name: 'x',
        RowFilter: { AllRowsWildcard: {} },
        ColumnWildcard: { ExcludedColumnNames: ['o_date'] },
      },
      refused: /Partition columns/,
    },
  ])('are refused for $name', async ({ TableData, refused }) => {
    const { send } = await lakeFormationOf();
    expect(await refusal(send.send(new CreateDataCellsFilterCommand({ TableData })))).toMatch(refused);
  });

  test('nested attributes may be named', async () => {
    const { send } = await lakeFormationOf();
    await send.send(
      new CreateDataCellsFilterCommand({ TableData: { ...filter, ColumnNames: ['"o_email"."domain"'] } }),
    );
  });

  test('are for administrators and holders of SELECT with the grant option', async () => {
    const { send } = await lakeFormationOf(seedWith(), analyst);
    expect(await refusal(send.send(new CreateDataCellsFilterCommand({ TableData: filter })))).toMatch(
      /^AccessDeniedException/,
    );
    expect((await send.send(new ListDataCellsFilterCommand({}))).DataCellsFilters).toEqual([]);
    expect(await refusal(send.send(new GetDataCellsFilterCommand({ ...where, Name: 'europe' })))).toMatch(
      /^AccessDeniedException/,
    );
    const holder = await lakeFormationOf(
      seedWith(
        grants({ principal: analyst, resource: table('orders'), permissions: ['SELECT'], withGrantOption: ['SELECT'] }),
      ),
      analyst,
    );
    await holder.send.send(new CreateDataCellsFilterCommand({ TableData: filter }));
  });
});
