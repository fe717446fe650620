import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Declaration } from '../../src/declare/declaration.ts';
import { declare } from '../../src/declare/declare.ts';
import { plan } from '../../src/reconcile.ts';
import { lawLake } from '../support/law-lake.ts';
import { filesOf, type LawMesh, lawHistory } from '../support/law-mesh.ts';
import { reconcileOnce, runOf, story } from '../support/law-reconcile.ts';
import { recorded } from '../support/law-recorded.ts';
import { runs } from '../support/law-runs.ts';
import { onLake } from '../support/law-trial.ts';

test('the order of files, keys, rows and pages changes no byte of a plan', async () => {
  await fc.assert(
    fc.asyncProperty(lawHistory, lawLake, fc.func(fc.nat(1000)), async ([before, mesh], raw, draw) => {
      await onLake([before, mesh], raw, {
        body: async ({ lake }) => {
          await reconcileOnce(runOf(before), lake);
          const { reader, shuffled } = recorded(lake);
          const first = await plan(
            runOf(
              mesh,
              new Set(
                Object.keys(mesh.subscriptions)
                  .slice(0, 1)
                  .map((id) => `subscriptions/${id}.yaml`),
              ),
            ),
            reader,
          );
          const run = runOf(
            mesh,
            new Set(
              Object.keys(mesh.subscriptions)
                .slice(0, 1)
                .map((id) => `subscriptions/${id}.yaml`),
            ),
          );
          const second = await plan(
            { ...run, declaration: mixed(mesh, draw) },
            shuffled((index) => draw('row', index)),
          );
          expect(text(second.plan), story(mesh)).toBe(text(first.plan));
        },
      });
    }),
    runs(10),
  );
}, 600_000);

function mixed(mesh: LawMesh, draw: (...on: unknown[]) => number): Declaration {
  const { files, ...rest } = filesOf(mesh, (value) => JSON.stringify(mixKeys(value, draw), null, 1));
  const shuffled = files.map((file) => [draw('file', file.path), file] as const).sort(([a], [b]) => a - b);
  const result = declare({ ...rest, files: shuffled.map(([, file]) => file) });
  if (!result.ok) throw new Error('a mesh was refused for its order');
  return result.declaration;
}

function mixKeys(value: unknown, draw: (...on: unknown[]) => number): unknown {
  if (Array.isArray(value)) return value.map((one) => mixKeys(one, draw));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [draw('key', key), [key, mixKeys(one, draw)]] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a - b).map(([, entry]) => entry));
}

/** The plan's bytes, less the lines and columns that keys move to. */
function text(value: unknown): string {
  return JSON.stringify(value, (key, one: unknown) => (key === 'line' || key === 'column' ? 0 : one));
}
