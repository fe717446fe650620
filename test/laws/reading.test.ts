import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lake, LakeReader } from '../../src/core/lake.ts';
import type { Changes } from '../../src/observing.ts';
import { plan } from '../../src/reconcile.ts';
import { since, strayed } from '../support/law-changed.ts';
import { lawLake } from '../support/law-lake.ts';
import { declared, filesOf, type LawMesh, lawHistory, lawMesh } from '../support/law-mesh.ts';
import { reconcileOnce, runOf, story } from '../support/law-reconcile.ts';
import { runs } from '../support/law-runs.ts';
import { onLake, type Trial } from '../support/law-trial.ts';

test('what is planned for changed subscriptions is what the whole plan has on what they can touch', async () => {
  await fc.assert(
    fc.asyncProperty(lawHistory, lawLake, fc.func(fc.nat(3)), async ([before, after], raw, draw) => {
      await onLake([before, after], raw, {
        body: async (trial) => {
          // What of the older version was ever applied is anybody's guess.
          if (draw('applied') > 0) await reconcileOnce(runOf(before), trial.lake);
          await compare(trial, { before, after, unproven: unprovenOf(after, draw) });
        },
      });
    }),
    runs(20),
  );
}, 600_000);

test('what is planned for changed products and subscriptions is what the whole plan has on their databases', async () => {
  await fc.assert(
    fc.asyncProperty(lawMesh, lawMesh, lawLake, fc.func(fc.nat(3)), async (before, drawn, raw, draw) => {
      const after = { ...drawn, mesh: { ...drawn.mesh, ...central(before) } };
      await onLake([before, after], raw, {
        body: async (trial) => {
          await reconcileOnce(runOf(before), trial.lake);
          await compare(trial, { before, after, unproven: unprovenOf(after, draw) });
        },
      });
    }),
    runs(15),
  );
}, 600_000);

test('read resource by resource, a lake gives the plan that a sweep gives', async () => {
  await fc.assert(
    fc.asyncProperty(lawHistory, lawLake, async ([before, after], raw) => {
      await onLake([before, after], raw, {
        body: async ({ lake }) => {
          await reconcileOnce(runOf(before), lake);
          const { plan: swept } = await plan(runOf(after), lake);
          const { plan: asked } = await plan(runOf(after), endless(lake));
          const { observed } = swept.basis;
          expect({ ...asked, basis: { ...asked.basis, observed }, outside: swept.outside }, story(after)).toEqual(
            swept,
          );
          expect(asked.outside).toBeNull();
        },
      });
    }),
    runs(10),
  );
}, 600_000);

/** A lake so full of what is foreign that no sweep of it ends. */
function endless(lake: Lake): LakeReader {
  return {
    ...lake,
    permissions: async function* (query) {
      if (query !== undefined) yield* lake.permissions(query);
      else for (;;) yield await sleep(1, { rows: [], unreadable: [] });
    },
  };
}

/** What mesh.yaml says of both versions: a change of it would be planned whole. */
function central({ mesh }: LawMesh): Partial<LawMesh['mesh']> {
  return { grants: mesh.grants, catalogParameters: mesh.catalogParameters } as Partial<LawMesh['mesh']>;
}

interface Comparison {
  readonly before: LawMesh;
  readonly after: LawMesh;
  readonly unproven: ReadonlySet<string>;
}

async function compare({ lake }: Trial, { before, after, unproven }: Comparison): Promise<void> {
  const run = runOf(after, unproven);
  const files = changedBetween(before, after);
  const changes: Changes = { since, files, before: declared(before) };
  const { plan: whole } = await plan(run, lake);
  const { plan: part } = await plan({ ...run, changes }, lake);
  expect(strayed({ part, whole }, [before, after]), `${files.join(', ')}\n${story(before, after)}`).toEqual([]);
}

function unprovenOf(mesh: LawMesh, draw: (...on: unknown[]) => number): ReadonlySet<string> {
  return new Set(filesOf(mesh).files.flatMap(({ path }) => (path.startsWith('sub') && draw(path) === 0 ? [path] : [])));
}

function changedBetween(before: LawMesh, after: LawMesh): readonly string[] {
  const [old, now] = [before, after].map((mesh) => new Map(filesOf(mesh).files.map(({ path, blob }) => [path, blob])));
  const paths = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  return [...paths].filter((path) => old?.get(path) !== now?.get(path)).toSorted();
}
