import fc from 'fast-check';
import { expect, test } from 'vitest';
import { imports } from '../support/law-imported.ts';
import { lawLake } from '../support/law-lake.ts';
import { lawMesh } from '../support/law-mesh.ts';
import { reconcileOnce, runOf } from '../support/law-reconcile.ts';
import { runs } from '../support/law-runs.ts';
import { onLake } from '../support/law-trial.ts';

test('what is imported plans to nothing, and a second import writes nothing', async () => {
  let declaredGrants = 0;
  await fc.assert(
    fc.asyncProperty(lawMesh, lawLake, fc.boolean(), async (mesh, raw, isApplied) => {
      await onLake([mesh], raw, {
        body: async ({ lake }) => {
          // Half of the lakes hold what a mesh was given, too, and not only what people granted by hand.
          if (isApplied) await reconcileOnce(runOf(mesh), lake);
          const { wrongs, declared } = await imports(lake);
          expect(wrongs, JSON.stringify(raw, null, 1)).toEqual([]);
          declaredGrants += declared;
        },
      });
    }),
    runs(15),
  );
  // Not by leaving everything out.
  expect(declaredGrants).toBeGreaterThan(100);
}, 600_000);
