import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Access, Subscription } from '../../src/declare/files.ts';
import { extentIn, minus } from '../support/law-cells.ts';
import { dips } from '../support/law-dips.ts';
import type { LawLake } from '../support/law-lake.ts';
import { accounts, type LawMesh, shared } from '../support/law-mesh.ts';
import { central, region } from '../support/law-place.ts';
import { Killed, mortal, reconcileOnce, runOf } from '../support/law-reconcile.ts';
import { runs } from '../support/law-runs.ts';
import { onLake, settled, told, watched } from '../support/law-trial.ts';

/** One principal and one table, in every combination of column lists, filters, options and permissions that modify. */
const names = fc.constantFrom('reporting', 'analysts', undefined);
const some = fc.subarray(['c1', 'c2', 'c3', 'c4'], { minLength: 1, maxLength: 3 });
const access: fc.Arbitrary<Access> = fc
  .record({
    include: fc.option(some, { nil: undefined }),
    rows: fc.constantFrom(undefined, undefined, "c1 = 'x'"),
    permissions: fc.constantFrom('read', 'write', 'discover'),
    wild: fc.integer({ min: 0, max: 7 }),
  })
  .map(({ include, rows, permissions, wild }): Access => {
    if (wild === 0) return { tables: ['*'], permissions };
    const limits = {
      ...(include === undefined ? {} : { columns: { include } }),
      ...(rows === undefined ? {} : { rows }),
    };
    if (permissions === 'discover' || (permissions === 'write' && include !== undefined))
      return { tables: ['a1'], permissions };
    return { tables: ['a1'], permissions, ...limits };
  });
const hand = fc.record({
  form: fc.constantFrom('table', 'columns', 'columns', 'but', 'all'),
  table: fc.constant(0),
  permissions: fc.constantFrom<readonly string[]>(['SELECT'], ['ALL'], ['SELECT', 'ALTER'], ['DESCRIBE']),
  columns: some,
  options: fc.boolean(),
  condition: fc.constant(false),
  by: fc.constant(0),
});
const switches = fc.constantFrom(
  {},
  {},
  { columnListStorage: 'merged' },
  { columnRevokeTakesOverlap: true },
  { columnListsCoexistWithTable: 'allow' },
  { columnGrantAgainstModify: 'ignore' },
  { revokeTakesOption: false },
  { allDroppedWithMember: true },
  { expandAllTable: false },
  { revokePartlyHeld: 'allow' },
  { tableListShowsAllTables: true },
  { columnListStorage: 'merged', columnRevokeTakesOverlap: true },
  { revokeTakesOption: false, columnRevokeTakesOverlap: true },
) as fc.Arbitrary<Record<string, never>>;

function meshWith(name: string | undefined, given: Access | undefined): LawMesh {
  const head = { apiVersion: 'meshgate/v1' } as const;
  const subscription: Subscription = {
    ...head,
    kind: 'Subscription',
    purpose: 'A law.',
    ...(name === undefined ? {} : { principals: [name] }),
    access: given === undefined ? [] : [given],
  };
  const other: Subscription = {
    ...head,
    kind: 'Subscription',
    purpose: 'A law.',
    access: [{ tables: ['a2'], permissions: 'read' }],
  };
  return {
    mesh: {
      ...head,
      kind: 'Mesh',
      name: 'law',
      central: { account: central, region },
      administrators: [{ login: 'admin', id: 1 }],
      principals: shared,
    },
    accounts,
    products: {
      'dom/p0': {
        ...head,
        kind: 'DataProduct',
        producer: 'retail',
        database: 'sales',
        tables: { a1: { columns: { c1: null, c2: null, c3: null, c4: null } }, a2: null },
      },
    },
    subscriptions: { 'dom/p0/research': other, ...(given === undefined ? {} : { 'dom/p0/marketing': subscription }) },
  };
}

const versions = fc.array(
  fc.record({ given: fc.option(access, { freq: 6, nil: undefined }), isProven: fc.boolean() }),
  { minLength: 1, maxLength: 3 },
);

test('columns of one table go from any list to any other', async () => {
  await fc.assert(
    fc.asyncProperty(
      names,
      versions,
      fc.array(hand, { maxLength: 3 }),
      switches,
      fc.option(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()), { freq: 3 }),
      async (name, wanted, grants, turned, blow) => {
        const principal =
          (name === undefined
            ? accounts['marketing']?.id
            : (shared[name] ?? accounts['marketing']?.principals?.[name])) ?? '';
        // Lake Formation gives an account nothing without the grant option, and a role of another account nothing with it.
        const isForeign = name === 'analysts';
        const raw: LawLake = {
          holes: [],
          flags: [],
          partitioned: false,
          administrator: undefined,
          readOnly: false,
          creator: undefined,
          filters: [],
          hasTags: false,
          mayAlter: false,
          grants: grants.map(
            (one) =>
              ({
                ...one,
                principal,
                options: name === undefined || (one.options && !isForeign),
              }) as LawLake['grants'][number],
          ),
        };
        const meshes = wanted.map(({ given }) => meshWith(name, given));
        await onLake(meshes, raw, {
          options: { switches: turned },
          body: async (trial) => {
            for (const [index, mesh] of meshes.entries()) {
              const unproven = new Set(wanted[index]?.isProven === true ? [] : ['subscriptions/dom/p0/marketing.yaml']);
              const isFirst = index === 0 && blow !== null;
              if (isFirst)
                await watched(trial, { mesh, unproven }, async () => {
                  const doomed = mortal(...blow);
                  await reconcileOnce(runOf(mesh, unproven), doomed.in(trial.lake)).catch((thrown: unknown) => {
                    if (!(thrown instanceof Killed)) throw thrown;
                  });
                  await doomed.atRest();
                });
              const { came, verdicts } = await settled(trial, { mesh, unproven });
              const lost = [...verdicts.start].flatMap(([key, extent]) =>
                [...minus(extent, extentIn(verdicts.end, key))]
                  .filter((column) => verdicts.wanted.cells.get(key)?.all.has(column))
                  .map((column) => `${key} ${column}`),
              );
              const context = `${JSON.stringify(turned)} ${JSON.stringify(trial.emulator.journal().flatMap(({ operation, changes }) => (changes.length === 0 ? [] : [[operation, changes.map(({ verb, what }) => [verb, what])]])))}\n${told(trial, mesh, came)}`;
              expect(lost, context).toEqual([]);
              if (Object.keys(turned).length === 0)
                expect(dips(came.plan, verdicts, { catalog: trial.catalog }), context).toEqual([]);
            }
          },
        });
      },
    ),
    runs(25),
  );
}, 600_000);
