import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byStage, lanesOf, objectLanes, type Parcel } from '../../src/apply/batch.ts';
import { grantsOf } from '../../src/core/canonical.ts';
import { type Grant, keyOf } from '../../src/core/fact.ts';
import type { Permission } from '../../src/core/permission.ts';
import { type Change, stages } from '../../src/core/plan.ts';
import { account, allTables, changeOf, database, grantOf, lake, revokeOf, role, table } from '../support/builders.ts';

function parcels(changes: readonly Change[], isFolded = true): readonly Parcel[] {
  return byStage(changes).flatMap(([, tasks]) => [...lanesOf(tasks, isFolded).values()].flat());
}

const cells = (grants: readonly Grant[]): readonly string[] =>
  grants.map((one) => `${keyOf(one)} ${JSON.stringify(one.columns ?? null)}`).sort();

describe('folding', () => {
  test('permissions and grant options of one principal and resource are one entry', () => {
    const grants = (['DESCRIBE', 'INSERT'] as const).flatMap((permission) =>
      [false, true].map((grantOption) => grantOf({ permission, grantOption })),
    );
    const [parcel, ...rest] = parcels(grants.map((one) => changeOf(one)));
    expect(rest).toEqual([]);
    expect(parcel?.entry).toMatchObject({
      permissions: ['DESCRIBE', 'INSERT'],
      withGrantOption: ['DESCRIBE', 'INSERT'],
    });
    expect(parcel?.tasks).toHaveLength(4);
  });

  test('a grant option brings its permission along, which the service wants', () => {
    const [parcel] = parcels([changeOf(grantOf({ permission: 'DESCRIBE', grantOption: true }))]);
    expect(parcel?.entry).toMatchObject({ permissions: ['DESCRIBE'], withGrantOption: ['DESCRIBE'] });
  });

  test.each<[string, Grant, Grant]>([
    ['another principal', grantOf(), grantOf({ principal: role('other') })],
    [
      'another resource',
      grantOf({ permission: 'DESCRIBE' }),
      grantOf({ permission: 'DESCRIBE', resource: table('items') }),
    ],
    ['all tables', grantOf({ permission: 'DESCRIBE' }), grantOf({ permission: 'DESCRIBE', resource: allTables })],
    ['other columns', grantOf({ columns: { only: ['a'] } }), grantOf({ columns: { only: ['b'] } })],
    [
      'columns whose names hold a comma',
      grantOf({ columns: { only: ['a, b'] } }),
      grantOf({ columns: { only: ['a', 'b'] } }),
    ],
    ['a condition', grantOf(), grantOf({ condition: 'true' })],
  ])('%s is another entry', (_, a, b) => {
    expect(parcels([changeOf(a), changeOf(b, { id: 'other' })])).toHaveLength(2);
  });

  test('a grant and a revoke are never one entry', () => {
    const both = [
      changeOf(grantOf(), {}, [{ stage: 0, action: 'grant' }]),
      revokeOf(grantOf({ permission: 'DESCRIBE' })),
    ];
    expect(parcels(both).map(({ action }) => action)).toEqual(['grant', 'revoke']);
  });

  test('off, every permission is an entry of its own: granted together with its option, revoked each by itself', () => {
    const cellsOf = [
      grantOf({ permission: 'DESCRIBE' }),
      grantOf({ permission: 'INSERT' }),
      grantOf({ permission: 'INSERT', grantOption: true }),
    ];
    expect(
      parcels(
        cellsOf.map((one) => changeOf(one)),
        false,
      ),
    ).toHaveLength(2);
    expect(
      parcels(
        cellsOf.map((one) => revokeOf(one)),
        false,
      ),
    ).toHaveLength(3);
  });

  test('folding facts into entries and reading them back gives the same facts', () => {
    const grant = fc
      .record({
        principal: fc.constantFrom(role('a'), role('b')),
        resource: fc.constantFrom(table('orders'), table('items'), allTables, database),
        permission: fc.constantFrom<Permission>('SELECT', 'DESCRIBE', 'ALTER'),
        columns: fc.constantFrom('all' as const, { only: ['x'] }, { only: ['x', 'y'] }, { except: ['x'] }),
      })
      .map(({ columns, ...rest }) =>
        grantOf({ ...rest, ...(rest.permission === 'SELECT' && rest.resource.kind === 'table' ? { columns } : {}) }),
      );
    fc.assert(
      fc.property(fc.uniqueArray(grant, { selector: (one) => cells([one])[0] }), fc.boolean(), (plain, withOptions) => {
        const all = withOptions ? plain.flatMap((one) => [one, { ...one, grantOption: true }]) : plain;
        const back = parcels(all.map((one, index) => changeOf(one, { id: String(index) }))).flatMap(({ entry }) =>
          grantsOf(lake, entry),
        );
        expect(cells(back)).toEqual(cells(all));
      }),
    );
  });
});

test('lanes are one for each principal', () => {
  const changes = [role('a'), role('b')].flatMap((principal) =>
    ['x', 'y', 'z'].map((name) => changeOf(grantOf({ principal, resource: table(name) }))),
  );
  const [[, tasks] = [0, []]] = byStage(changes);
  const lanes = lanesOf(tasks, true);
  expect([...lanes.keys()]).toEqual([role('a'), role('b')]);
  expect([...lanes.values()].map((lane) => lane.length)).toEqual([3, 3]);
  for (const [principal, lane] of lanes) expect(lane.every(({ entry }) => entry.principal === principal)).toBe(true);
});

test('stages come in their order, whatever that of the changes', () => {
  const late = changeOf(grantOf(), { id: '1' }, [
    { stage: stages.revokeReplaced, action: 'revoke' },
    { stage: stages.grant, action: 'grant' },
  ]);
  const early = revokeOf(grantOf(), { id: '2' });
  expect(byStage([late, early]).map(([stage, tasks]) => [stage, tasks.map(({ step }) => step.action)])).toEqual([
    [stages.revoke, ['revoke']],
    [stages.grant, ['grant']],
    [stages.revokeReplaced, ['revoke']],
  ]);
});

test('objects of one database or table share a lane, for they are written whole', () => {
  const parameter = (name: string, of: string) =>
    ({ kind: 'catalog-parameter', lake, catalog: account, database: of, name, value: 'x' }) as const;
  const filter = (name: string, on: string) =>
    ({
      kind: 'data-cells-filter',
      lake,
      catalog: account,
      database: 'sales',
      table: on,
      name,
      rows: 'a',
      columns: 'all',
    }) as const;
  const facts = [
    parameter('data_owner', 'sales'),
    parameter('pii_flag', 'sales'),
    parameter('data_owner', 'hr'),
    filter('a', 'orders'),
    filter('b', 'orders'),
    filter('a', 'items'),
  ];
  const tasks = facts.map((fact) => ({
    change: changeOf(fact),
    step: { stage: stages.filters, action: 'write' as const, fact },
  }));
  expect(objectLanes(tasks).map((lane) => lane.map(({ step }) => ('name' in step.fact ? step.fact.name : '')))).toEqual(
    [['data_owner', 'pii_flag'], ['data_owner'], ['a', 'b'], ['a']],
  );
});
