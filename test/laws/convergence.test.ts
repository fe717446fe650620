import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plan } from '../../src/reconcile.ts';
import { debts, follow } from '../support/law-check.ts';
import { catalogOf, lawLake, startLake } from '../support/law-lake.ts';
import { central, lawHistory, region } from '../support/law-mesh.ts';
import { lakeAt, reconcileOnce, runOf, story } from '../support/law-reconcile.ts';
import { runs } from '../support/law-runs.ts';

test('one clean run makes the lake as the files say, and the next plan is empty', async () => {
  await fc.assert(
    fc.asyncProperty(lawHistory, lawLake, async (history, raw) => {
      const emulator = await startLake(history, raw);
      try {
        const catalog = catalogOf(history, raw);
        const lake = await lakeAt(emulator);
        for (const mesh of history) {
          const before = emulator.snapshot(central, region);
          const from = emulator.journal().length;
          const { outcomes, plan: planned } = await reconcileOnce(runOf(mesh), lake);
          const told = `${story(mesh)}\n${JSON.stringify(raw)}\n${JSON.stringify(planned.refusals.map(({ code, changes }) => [code, changes.length]))}\n${JSON.stringify(outcomes.map(({ status, reason, change }) => [change.verb, change.key, status, reason]), null, 1)}`;
          const verdicts = follow({ mesh, catalog, unproven: new Set(), before, journal: emulator.journal().slice(from) });
          expect(verdicts.wrongs, told).toEqual([]);
          expect(planned.gaps, told).toEqual([]);
          const next = await plan(runOf(mesh), lake);
          expect(next.plan.changes.map(({ verb, key }) => `${verb} ${key}`), told).toEqual([]);
          expect(debts(mesh, catalog, verdicts), told).toEqual([]);
        }
      } finally {
        await emulator.close();
      }
    }),
    runs(20),
  );
}, 600_000);
