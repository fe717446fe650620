import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byStage, lanesOf } from '../../src/apply/batch.ts';
import { grantsOf } from '../../src/core/canonical.ts';
import { only } from '../../src/core/columns.ts';
import { type Grant, keyOf } from '../../src/core/fact.ts';
import { batchLimit } from '../../src/core/lake.ts';
import { legalPermissions } from '../../src/core/permission.ts';
import { type Change, stages } from '../../src/core/plan.ts';
import type { CatalogEntry, Observed } from '../../src/core/state.ts';
import { desire } from '../../src/desire/desire.ts';
import { scopeOf } from '../../src/desire/scope.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { fulfilled } from '../support/law-fulfilled.ts';
import { catalogOf, lawLake } from '../support/law-lake.ts';
import { accounts, declared, lawMesh, shared } from '../support/law-mesh.ts';
import { caller, central, region, today } from '../support/law-place.ts';
import { story } from '../support/law-reconcile.ts';
import { runs } from '../support/law-runs.ts';
import { onLake } from '../support/law-trial.ts';

const lakeId = `${central}/${region}`;

test('the plan of a state against itself is empty', () => {
  fc.assert(
    fc.property(lawMesh, lawLake, (mesh, raw) => {
      const declaration = declared(mesh);
      const known = catalogOf([mesh], raw);
      const entries = new Map<string, CatalogEntry>();
      for (const { database, name, columns, keys } of known.tables) {
        const entry = entries.get(database) ?? { database: { name: database, parameters: {} }, tables: new Map() };
        const all = [...columns.map((column) => [column, false] as const), ...keys.map((key) => [key, true] as const)];
        const table = {
          name,
          kind: 'table' as const,
          parameters: {},
          columns: all.map(([column, isPartitionKey]) => ({ name: column, isPartitionKey, parameters: {} })),
        };
        entries.set(database, { ...entry, tables: new Map([...entry.tables, [name, table]]) });
      }
      const catalog = { databases: entries, unread: new Set<string>() };
      const desired = desire(declaration, { catalog, today, administrators: known.administrators });
      const observed: Observed = {
        lake: lakeId,
        endpoint: 'none',
        caller: { account: central, arn: caller },
        settings: { administrators: known.administrators, readOnlyAdministrators: [] },
        catalog,
        ...fulfilled(desired, lakeId),
        sweepPages: 1,
        rows: desired.facts.size,
      };
      const plan = makePlan({
        mesh: 'law',
        commit: null,
        asOf: today,
        scope: scopeOf(declaration),
        desired,
        observed,
        proofs: new Map(),
      });
      expect([plan.changes, plan.withheld], story(mesh)).toEqual([[], []]);
    }),
    runs(80),
  );
}, 600_000);

const principals = [
  shared['reporting'],
  shared['organization'],
  shared['web'],
  accounts['marketing']?.id,
  accounts['marketing']?.principals?.['everyone'],
  accounts['retail']?.principals?.['loader'],
];
const catalog = central;
const resources: fc.Arbitrary<readonly [Grant['resource'], keyof typeof legalPermissions]> = fc.constantFrom(
  [{ kind: 'database', catalog, database: 'sales' }, 'database'],
  [{ kind: 'table', catalog, database: 'sales', table: 'a1' }, 'table'],
  [{ kind: 'table', catalog, database: 'sales', table: 'b2' }, 'table'],
  [{ kind: 'table', catalog, database: 'sales', table: 'b1' }, 'columns'],
  [{ kind: 'table', catalog, database: 'sales', table: 'd1' }, 'columns'],
  [{ kind: 'all-tables', catalog, database: 'sales' }, 'all-tables'],
  [{ kind: 'data-location', catalog, location: 'arn:aws:s3:::lake/a' }, 'data-location'],
  [{ kind: 'data-cells-filter', catalog, database: 'sales', table: 'd2', filter: 'hand' }, 'data-cells-filter'],
);
const someGrants = fc.array(
  fc.record({
    principal: fc.constantFrom(...principals.flatMap((one) => one ?? [])),
    resource: resources,
    permission: fc.nat(10),
    columns: fc.subarray(['c1', 'c2', 'c3', 'c4'], { minLength: 1 }),
    hasOption: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
);

test('facts folded into requests and read back are the same facts', async () => {
  const mesh = fc.constant({ mesh: {}, accounts: {}, subscriptions: {}, products: { 'x/y': { database: 'sales' } } });
  await fc.assert(
    fc.asyncProperty(mesh, someGrants, fc.boolean(), async (world, drawn, isFolded) => {
      const facts = new Map<string, Grant>();
      for (const { principal, resource, permission, columns, hasOption } of drawn) {
        const [on, kind] = resource;
        const legal = legalPermissions[kind].filter((one) => one !== 'DROP' || on.kind !== 'database');
        const plain: Grant = {
          kind: 'grant',
          lake: lakeId,
          principal,
          resource: on,
          permission: legal[permission % legal.length] ?? 'DESCRIBE',
          grantOption: false,
        };
        const valued =
          plain.permission === 'SELECT' && on.kind === 'table'
            ? { ...plain, columns: kind === 'columns' ? (only(columns) ?? 'all') : ('all' as const) }
            : plain;
        if (facts.has(keyOf(valued))) continue;
        facts.set(keyOf(valued), valued);
        const mustPassOn = /^\d{12}$/.test(principal) || principal.includes('organizations');
        const mayPassOn = mustPassOn || principal.includes(central) || principal.includes('identitystore');
        const option = { ...valued, grantOption: true };
        if (mustPassOn || (mayPassOn && hasOption)) facts.set(keyOf(option), option);
      }
      const raw = {
        holes: [],
        flags: [],
        partitioned: false,
        administrator: undefined,
        readOnly: false,
        creator: undefined,
        hasTags: false,
        mayAlter: false,
        grants: [],
        filters: [{ table: 9, name: 0, rows: true, columns: [] }],
      };
      await onLake([world as never], raw, {
        body: async ({ lake }) => {
          const send = async (action: 'grant' | 'revoke'): Promise<void> => {
            const changes = [...facts.values()].map(
              (fact) => ({ id: keyOf(fact), steps: [{ stage: stages.grant, action, fact }] }) as unknown as Change,
            );
            for (const [, tasks] of byStage(changes))
              for (const parcels of lanesOf(tasks, isFolded).values())
                for (let at = 0; at < parcels.length; at += batchLimit) {
                  const failed = await lake[action](parcels.slice(at, at + batchLimit).map(({ entry }) => entry));
                  expect(
                    failed.filter((one) => one !== undefined && one.kind !== 'already').map((one) => one?.message),
                  ).toEqual([]);
                }
          };
          const read = async (): Promise<readonly unknown[]> => {
            const found: Grant[] = [];
            for await (const { rows } of lake.permissions())
              for (const row of rows) found.push(...grantsOf(lakeId, row));
            return sorted(found);
          };
          await send('grant');
          expect(await read()).toEqual(sorted([...facts.values()]));
          await send('revoke');
          expect(await read()).toEqual([]);
        },
      });
    }),
    runs(15),
  );
}, 600_000);

function sorted(grants: readonly Grant[]): readonly unknown[] {
  return grants.map((grant) => [keyOf(grant), grant.columns ?? null] as const).sort(([a], [b]) => (a < b ? -1 : 1));
}
