import { expect } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import type { Lake } from '../../src/core/lake.ts';
import type { Emulator, EmulatorOptions } from '../../src/emulator/emulator.ts';
import { plan } from '../../src/reconcile.ts';
import { cellKey } from './law-cells.ts';
import { debts, follow, isBarred, type Verdicts } from './law-check.ts';
import { catalogOf, type KnownCatalog, type LawLake, startLake } from './law-lake.ts';
import type { LawMesh } from './law-mesh.ts';
import { central, region } from './law-place.ts';
import { lakeAt, type Reconciled, reconcileOnce, runOf, story } from './law-reconcile.ts';

/** A lake under trial, with all that a checker needs. */
export interface Trial {
  readonly emulator: Emulator;
  readonly lake: Lake;
  readonly catalog: KnownCatalog;
  readonly raw: LawLake;
}

/** One version of a mesh, and which of its files are not proven. */
export interface Version {
  readonly mesh: LawMesh;
  readonly unproven: ReadonlySet<string>;
}

/** Tries something on an emulator that holds a lake. */
export async function onLake(
  meshes: readonly LawMesh[],
  raw: LawLake,
  { options = {}, body }: { readonly options?: EmulatorOptions; readonly body: (trial: Trial) => Promise<void> },
): Promise<void> {
  const emulator = await startLake(meshes, raw, options);
  try {
    await body({ emulator, raw, catalog: catalogOf(meshes, raw), lake: await lakeAt(emulator) });
  } finally {
    await emulator.close();
  }
}

/** Does something to the lake, and says what the journal tells of it; no wrong is forgiven. */
export async function watched<T>(
  trial: Trial,
  { mesh, unproven }: Version,
  act: () => Promise<T>,
): Promise<{ readonly came: T; readonly verdicts: Verdicts }> {
  const { emulator, catalog } = trial;
  const before = emulator.snapshot(central, region);
  const from = emulator.journal().length;
  const came = await act();
  const verdicts = follow({ mesh, catalog, unproven, before, journal: emulator.journal().slice(from) });
  expect(verdicts.wrongs, told(trial, mesh, came)).toEqual([]);
  return { came, verdicts };
}

/** One run in good weather: it leaves nothing to plan, and owes nothing. */
export async function settled(
  trial: Trial,
  version: Version,
): Promise<{ readonly came: Reconciled; readonly verdicts: Verdicts }> {
  const run = runOf(version.mesh, version.unproven);
  const { came, verdicts } = await watched(trial, version, async () => await reconcileOnce(run, trial.lake));
  const { mesh } = version;
  expect(came.plan.gaps, told(trial, mesh, came)).toEqual([]);
  const next = await plan(run, trial.lake);
  const open = next.plan.changes.filter(
    ({ after }) => after === undefined || !isBarred(mesh, trial.catalog, { verdicts, key: cellOf(after) }),
  );
  expect(
    open.map(({ verb, key }) => `${verb} ${key}`),
    told(trial, mesh, came),
  ).toEqual([]);
  expect(debts(mesh, trial.catalog, verdicts), told(trial, mesh, came)).toEqual([]);
  return { came, verdicts };
}

/** The name of a fact's cell. */
export function cellOf(fact: Fact): string {
  if (fact.kind !== 'grant') return cellKey({ principal: '', kind: fact.kind, permission: '', option: false });
  const { principal, permission, grantOption, resource } = fact;
  const [database, table] = [
    'database' in resource ? resource.database : undefined,
    'table' in resource ? resource.table : undefined,
  ];
  return cellKey({ principal, kind: resource.kind, database, table, permission, option: grantOption });
}

/** What a failing law prints: the mesh files, the lake and the outcomes. */
export function told(trial: Trial, mesh: LawMesh, came: unknown): string {
  const outcomes = typeof came === 'object' && came !== null && 'outcomes' in came ? (came as Reconciled).outcomes : [];
  const lines = outcomes.map(({ change, status, reason }) => `${change.verb} ${change.key}: ${status} ${reason ?? ''}`);
  return [story(mesh), JSON.stringify(trial.raw), ...lines].join('\n');
}
