import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Extent } from '../support/law-cells.ts';
import { dips } from '../support/law-dips.ts';
import { turnedSwitches } from '../support/law-faults.ts';
import { lawLake } from '../support/law-lake.ts';
import { filesOf, type LawMesh, lawHistory, lawMesh } from '../support/law-mesh.ts';
import { Killed, mortal, reconcileOnce, runOf } from '../support/law-reconcile.ts';
import { runs } from '../support/law-runs.ts';
import { onLake, settled, told, watched } from '../support/law-trial.ts';

const none: ReadonlySet<string> = new Set();

test('one run makes the lake as the files say, without silent gaps, and the next plan is empty', async () => {
  await fc.assert(
    fc.asyncProperty(lawHistory, lawLake, async (history, raw) => {
      await onLake(history, raw, {
        body: async (trial) => {
          for (const mesh of history) {
            const { came, verdicts } = await settled(trial, { mesh, unproven: none });
            expect(dips(came.plan, verdicts, { catalog: trial.catalog }), told(trial, mesh, came)).toEqual([]);
          }
        },
      });
    }),
    runs(10),
  );
}, 600_000);

test('columns move from lists to filters and back without silent gaps', async () => {
  await fc.assert(
    fc.asyncProperty(lawMesh, lawLake, fc.boolean(), async (drawn, raw, isForth) => {
      const by = (columnsBy: 'list' | 'filter'): LawMesh => ({ ...drawn, mesh: { ...drawn.mesh, columnsBy } });
      const history = isForth ? [by('list'), by('filter'), by('list')] : [by('filter'), by('list')];
      await onLake(history, raw, {
        body: async (trial) => {
          const filters = new Map<string, Extent>();
          for (const mesh of history) {
            const { came, verdicts } = await settled(trial, { mesh, unproven: none });
            for (const [name, { rows, columns }] of verdicts.wanted.filters)
              if (rows === undefined) filters.set(name, columns);
            expect(dips(came.plan, verdicts, { catalog: trial.catalog, filters }), told(trial, mesh, came)).toEqual([]);
          }
        },
      });
    }),
    runs(6),
  );
}, 600_000);

test('what is not proven stays as it is, and the next plan is empty', async () => {
  await fc.assert(
    fc.asyncProperty(lawHistory, lawLake, fc.func(fc.integer({ min: 0, max: 3 })), async (history, raw, draw) => {
      await onLake(history, raw, {
        body: async (trial) => {
          for (const [index, mesh] of history.entries())
            await settled(trial, { mesh, unproven: some(mesh, (path) => draw(index, path) === 0) });
        },
      });
    }),
    runs(10),
  );
}, 600_000);

test('a run that is killed at any write leaves nothing that the next does not mend', async () => {
  const deaths = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.boolean()), { minLength: 1, maxLength: 2 });
  await fc.assert(
    fc.asyncProperty(lawHistory, lawLake, deaths, async (history, raw, blows) => {
      await onLake(history, raw, {
        body: async (trial) => {
          for (const mesh of history) {
            for (const [at, isAfter] of blows)
              await watched(trial, { mesh, unproven: none }, async () => {
                const doomed = mortal(at, isAfter);
                try {
                  await reconcileOnce(runOf(mesh), doomed.in(trial.lake));
                } catch (thrown) {
                  if (!(thrown instanceof Killed)) throw thrown;
                }
                await doomed.atRest();
              });
            await settled(trial, { mesh, unproven: none });
          }
        },
      });
    }),
    runs(8),
  );
}, 600_000);

test.each(turnedSwitches)(
  'one run converges with %j',
  async (switches) => {
    await fc.assert(
      fc.asyncProperty(lawMesh, lawLake, async (mesh, raw) => {
        // Accounts need the grant option: with lists and options refused together, they cannot be given columns at all.
        fc.pre(
          switches.grantOptionWithColumns !== 'refuse' ||
            JSON.stringify([mesh.products, mesh.subscriptions]).match(/"(in|ex)clude"/) === null,
        );
        await onLake([mesh], raw, {
          options: { switches },
          body: async (trial) => void (await settled(trial, { mesh, unproven: none })),
        });
      }),
      runs(1),
    );
  },
  600_000,
);

function some(mesh: LawMesh, isChosen: (path: string) => boolean): ReadonlySet<string> {
  return new Set(
    filesOf(mesh).files.flatMap(({ path }) =>
      path !== 'mesh.yaml' && !path.startsWith('accounts/') && isChosen(path) ? [path] : [],
    ),
  );
}
