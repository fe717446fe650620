import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { LakeFailure } from '../../src/core/lake.ts';
import { plan } from '../../src/reconcile.ts';
import { cellPlace, extentIn, minus } from '../support/law-cells.ts';
import { elsewhere } from '../support/law-elsewhere.ts';
import { mildFaults } from '../support/law-faults.ts';
import { lawLake } from '../support/law-lake.ts';
import { filesOf, type LawMesh, lawHistory, lawMesh } from '../support/law-mesh.ts';
import { type Reconciled, reconcileOnce, runOf, story } from '../support/law-reconcile.ts';
import { runs } from '../support/law-runs.ts';
import { cellOf, onLake, settled, type Trial, told, type Version, watched } from '../support/law-trial.ts';

const none: ReadonlySet<string> = new Set();

test('in any weather only what is proven is given and only what is managed is taken', async () => {
  await fc.assert(
    fc.asyncProperty(
      lawHistory,
      lawLake,
      mildFaults,
      fc.func(fc.integer({ min: 0, max: 4 })),
      async (history, raw, faults, draw) => {
        await onLake(history, raw, {
          body: async (trial) => {
            for (const [index, mesh] of history.entries()) {
              const unproven = new Set(
                filesOf(mesh).files.flatMap(({ path }) =>
                  path.startsWith('sub') && draw(index, path) === 0 ? [path] : [],
                ),
              );
              trial.emulator.setFaults(faults);
              const { came, verdicts } = await watched(
                trial,
                { mesh, unproven },
                async () => await inWeather(trial, { mesh, unproven }),
              );
              trial.emulator.setFaults([]);
              const { verdicts: after } = await settled(trial, { mesh, unproven });
              const lost = [...verdicts.start].flatMap(([key, extent]) => {
                const asked = verdicts.wanted.cells.get(key)?.all ?? none;
                const gone = [...minus(extent, extentIn(after.end, key))].filter((column) => asked.has(column));
                return gone.length === 0 ? [] : [`${JSON.stringify(cellPlace(key))} lost ${gone.join(', ')}`];
              });
              expect(lost, `${JSON.stringify(faults)}\n${told(trial, mesh, came)}`).toEqual([]);
            }
          },
        });
      },
    ),
    runs(8),
  );
}, 600_000);

test('two meshes on one catalog leave each other alone', async () => {
  await fc.assert(
    fc.asyncProperty(lawMesh, lawMesh.map(elsewhere), lawLake, async (one, other, raw) => {
      await onLake([one, other], raw, {
        body: async (trial) => {
          for (const mesh of [one, other]) await settled(trial, { mesh, unproven: none });
          const again = await plan(runOf(one), trial.lake);
          expect(
            again.plan.changes.map(({ verb, key }) => `${verb} ${key}`),
            story(one, other),
          ).toEqual([]);
        },
      });
    }),
    runs(6),
  );
}, 600_000);

test('another subscription takes nothing away, and one less takes nothing that another needs', async () => {
  const bare = lawLake.map((raw) => ({ ...raw, grants: [], filters: [], holes: [] }));
  await fc.assert(
    fc.asyncProperty(lawMesh, bare, fc.func(fc.boolean()), async (more, raw, draw) => {
      const kept = Object.entries(more.subscriptions).filter(([id]) => draw(id));
      const less: LawMesh = { ...more, subscriptions: Object.fromEntries(kept) };
      await onLake([more], raw, {
        body: async (trial) => {
          const { verdicts } = await settled(trial, { mesh: less, unproven: none });
          const { came } = await settled(trial, { mesh: more, unproven: none });
          const taking = came.plan.changes.filter(({ steps }) =>
            steps.some(({ action }) => action === 'revoke' || action === 'delete'),
          );
          expect(
            taking.map(({ verb, key }) => `${verb} ${key}`),
            story(less, more),
          ).toEqual([]);
          const { came: away, verdicts: back } = await settled(trial, { mesh: less, unproven: none });
          const needed = [...verdicts.wanted.cells].filter(([key]) => extentIn(verdicts.end, key).size > 0);
          // An option cannot go alone: its permission goes with it and comes back, which the plan says.
          const told = new Set(
            away.plan.changes.flatMap(({ interrupts, before }) =>
              interrupts === undefined || before === undefined ? [] : pairOf(before),
            ),
          );
          const missed = back.moments.flatMap((cells) =>
            needed
              .filter(([key]) => !told.has(key) && minus(extentIn(verdicts.end, key), extentIn(cells, key)).size > 0)
              .map(([key]) => key),
          );
          expect(missed, story(less, more)).toEqual([]);
        },
      });
    }),
    runs(6),
  );
}, 600_000);

/** The cells of a grant's permission and of the grant option on it. */
function pairOf(fact: Fact): readonly string[] {
  return fact.kind === 'grant' ? [false, true].map((grantOption) => cellOf({ ...fact, grantOption })) : [];
}

/** A run that may be defeated before it has read anything. */
async function inWeather({ lake }: Trial, { mesh, unproven }: Version): Promise<Reconciled | undefined> {
  try {
    return await reconcileOnce(runOf(mesh, unproven), lake, [20, 20, 20, 20, 20]);
  } catch (thrown) {
    if (thrown instanceof LakeFailure) return undefined;
    throw thrown;
  }
}
