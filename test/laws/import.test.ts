import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adopt } from '../../src/cli/adopt.ts';
import { keyOf } from '../../src/core/fact.ts';
import { declare } from '../../src/declare/declare.ts';
import type { MeshFiles } from '../../src/declare/mesh-files.ts';
import { desire } from '../../src/desire/desire.ts';
import { lawLake } from '../support/law-lake.ts';
import { lawMesh } from '../support/law-mesh.ts';
import { today } from '../support/law-place.ts';
import { reconcileOnce, runOf } from '../support/law-reconcile.ts';
import { runs } from '../support/law-runs.ts';
import { onLake } from '../support/law-trial.ts';

const now = new Date(`${today}T12:00:00Z`);
const fresh = {
  globs: [],
  existing: undefined,
  directory: 'mesh',
  name: 'law',
  administrators: undefined,
  subscriptions: [],
  writesMissing: false,
  now,
};

test('what is imported plans to nothing, and a second import writes nothing', async () => {
  let declaredGrants = 0;
  await fc.assert(
    fc.asyncProperty(lawMesh, lawLake, fc.boolean(), async (mesh, raw, isApplied) => {
      await onLake([mesh], raw, {
        body: async ({ lake }) => {
          // Half of the lakes hold what a mesh was given, too, and not only what people granted by hand.
          if (isApplied) await reconcileOnce(runOf(mesh), lake);
          const { imported, files, observed, plan: first } = await adopt(lake, fresh);
          const tell = JSON.stringify({ files, left: imported.left, raw }, null, 1);
          expect(
            first.changes.map(({ verb, key }) => `${verb} ${key}`),
            tell,
          ).toEqual([]);
          expect(first.problems, tell).toEqual([]);
          expect(first.withheld, tell).toEqual([]);
          expect(observed.gaps).toEqual([]);
          const told = new Set(imported.left.map(({ fact }) => keyOf(fact)));
          const meshFiles: MeshFiles = {
            directory: 'mesh',
            files: files.map(({ path, text }) => ({ path, text, file: `mesh/${path}`, blob: path })),
            problems: [],
          };
          const result = declare(meshFiles);
          if (!result.ok) throw new Error('adopt lets no invalid mesh through');
          const existing = { files: meshFiles, declaration: result.declaration };
          const again = await adopt(lake, { ...fresh, existing });
          expect(again.files, tell).toEqual([]);
          expect(again.imported.edits, tell).toEqual([]);
          const { facts } = desire(result.declaration, {
            catalog: observed.catalog,
            today,
            administrators: observed.settings.administrators,
          });
          declaredGrants += [...facts.keys()].filter((key) => observed.facts.has(key)).length;
          const lost = [...observed.facts.values()].filter(
            ({ key, fact }) => fact.kind !== 'catalog-parameter' && !facts.has(key) && !told.has(key),
          );
          expect(lost, tell).toEqual([]);
          // What is told is told of what stays out, and of that alone.
          expect(
            [...told].filter((key) => facts.has(key)),
            tell,
          ).toEqual([]);
        },
      });
    }),
    runs(15),
  );
  // Not by leaving everything out.
  expect(declaredGrants).toBeGreaterThan(100);
}, 600_000);
