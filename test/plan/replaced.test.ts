import { describe, expect, test } from 'vitest';
import type { Grant } from '../../src/core/fact.ts';
import { keyOf } from '../../src/core/fact.ts';
import type { Resource } from '../../src/core/resource.ts';
import { departures } from '../../src/plan/replaced.ts';
import { account, allTables, database, grantOf, role, table } from '../support/builders.ts';

const orders = grantOf();
const list = grantOf({ columns: { only: ['a'] } });
const every = grantOf({ resource: allTables });
const filter: Resource = {
  kind: 'data-cells-filter',
  catalog: account,
  database: 'sales',
  table: 'orders',
  filter: 'eu',
};
const rows = grantOf({ resource: filter });
const all = grantOf({ permission: 'ALL' });

describe('when a grant leaves that another replaces', () => {
  test.each<[title: string, leaves: Grant, comes: Grant, departure: string | undefined]>([
    ['a table for all tables', orders, every, 'after the new'],
    ['all tables for a table', every, orders, 'after the new'],
    ['a table for a filter on it', orders, rows, 'after the new'],
    ['a filter for its table', rows, orders, 'after the new'],
    ['a filter for all tables', rows, every, 'after the new'],
    ['ALL for what was meant', all, orders, 'after the new'],
    ['ALL for columns, which do not go with it', all, list, 'before the new'],
    ['ALL on all tables for a table', grantOf({ resource: allTables, permission: 'ALL' }), orders, 'after the new'],
    ['another permission', grantOf({ permission: 'INSERT' }), orders, undefined],
    ['another table', grantOf({ resource: table('items') }), orders, undefined],
    ['another principal', grantOf({ principal: role('other') }), every, undefined],
    ['the grant option alone', grantOf({ grantOption: true }), every, undefined],
    ['a condition', grantOf({ condition: 'true' }), every, undefined],
    [
      'a database',
      grantOf({ resource: database, permission: 'DESCRIBE' }),
      grantOf({ resource: allTables, permission: 'DESCRIBE' }),
      undefined,
    ],
    ['itself', orders, orders, undefined],
  ])('%s', (_, leaves, comes, departure) => {
    const replaced = departures([leaves], [comes]).get(keyOf(leaves));
    expect(replaced?.departure).toBe(departure);
    expect(replaced?.by ?? []).toEqual(departure === undefined ? [] : [keyOf(comes)]);
  });

  test('what is not there, and what is no grant, is passed over', () => {
    expect(departures([undefined, orders], [undefined]).size).toBe(0);
  });
});
