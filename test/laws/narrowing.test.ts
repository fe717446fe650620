import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Columns, coversColumns, joinColumns } from '../../src/core/columns.ts';
import { covers, type Fact, type Grant, isSameFact, keyOf } from '../../src/core/fact.ts';
import type { CatalogTable } from '../../src/core/lake.ts';
import type { Catalog, CatalogEntry, Desired } from '../../src/core/state.ts';
import type { Declaration } from '../../src/declare/declaration.ts';
import { declare } from '../../src/declare/declare.ts';
import { approvalsAsked, classesOf } from '../../src/desire/classes.ts';
import { desire } from '../../src/desire/desire.ts';
import { narrows } from '../../src/desire/narrows.ts';
import { catalogOf, type LawLake, lawLake } from '../support/law-lake.ts';
import { filesOf, type LawMesh, lawMesh } from '../support/law-mesh.ts';
import { runs } from '../support/law-runs.ts';

/** One edit of a value somewhere in a file: what is at the place goes, or another value of the same name takes it. */
interface Edit {
  readonly place: number;
  readonly other: number;
  readonly isRemoval: boolean;
}

const edit: fc.Arbitrary<Edit> = fc.record({ place: fc.nat(1000), other: fc.nat(1000), isRemoval: fc.boolean() });

test('whatever the catalog holds, a version that narrows asks nothing that the one before did not, and no fewer approvals', () => {
  let narrowed = 0;
  fc.assert(
    fc.property(
      lawMesh,
      lawLake,
      fc.nat(100),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      (mesh, lake, file, edits) => {
        const turned = edited(mesh, file, edits);
        if (turned === undefined) return;
        const [before, after] = [declared(mesh), declared(turned.mesh)];
        if (before === undefined || after === undefined || !narrows(before, after, turned.path)) return;
        narrowed += 1;
        const catalog = toCatalog(mesh, lake);
        const [was, is] = [before, after].map((one) =>
          desire(one, { catalog, today: '2026-06-15', administrators: [] }),
        ) as [Desired, Desired];
        for (const { fact, classes } of is.facts.values()) {
          expect(isAsked(fact, was, is), JSON.stringify({ path: turned.path, fact, was: [...was.facts.keys()] })).toBe(
            true,
          );
          const same = was.facts.get(keyOf(fact));
          if (same === undefined || !isSameFact(same.fact, fact)) continue;
          const [old, now] = [before, after].map((one) => classesOf(one.mesh.value));
          expect(approvalsAsked(now ?? [], classes), JSON.stringify(fact)).toBeGreaterThanOrEqual(
            approvalsAsked(old ?? [], same.classes),
          );
        }
      },
    ),
    runs(200),
  );
  // A law that is never tried holds.
  expect(narrowed).toBeGreaterThan((runs(200).numRuns ?? 0) / 20);
});

/** Whether all that a fact allows was asked before: by one fact, or for columns by several together. */
function isAsked(fact: Fact, was: Desired, is: Desired): boolean {
  const all = [...was.facts.values()].map((one) => one.fact);
  if (all.some((one) => covers(one, fact))) return true;
  // A filter gives nothing by itself, and one of fewer columns has another name.
  if (fact.kind === 'data-cells-filter') return true;
  const mine = fact.kind === 'grant' ? extentOf(fact, is) : undefined;
  if (fact.kind !== 'grant' || mine === undefined) return false;
  const columns = all.flatMap((one): readonly Columns[] => {
    if (one.kind !== 'grant' || one.principal !== fact.principal) return [];
    if (one.permission !== fact.permission || one.grantOption !== fact.grantOption) return [];
    const theirs = extentOf(one, was);
    const includes = theirs?.table === mine.table && (theirs.rows === null || theirs.rows === mine.rows);
    return includes ? [theirs.columns] : [];
  });
  return columns.length > 0 && coversColumns(columns.reduce(joinColumns), mine.columns);
}

interface Extent {
  readonly table: string;
  readonly rows: string | null;
  readonly columns: Columns;
}

/** What a grant on a table, or on a filter of one, lets read. */
function extentOf({ resource, columns = 'all' }: Grant, { facts }: Desired): Extent | undefined {
  if (resource.kind === 'table') return { table: `${resource.database}.${resource.table}`, rows: null, columns };
  if (resource.kind !== 'data-cells-filter') return undefined;
  for (const { fact } of facts.values())
    if (
      fact.kind === 'data-cells-filter' &&
      fact.database === resource.database &&
      fact.table === resource.table &&
      fact.name === resource.filter
    )
      return { table: `${fact.database}.${fact.table}`, rows: fact.rows, columns: fact.columns };
  return undefined;
}

function declared(mesh: LawMesh): Declaration | undefined {
  const result = declare(filesOf(mesh));
  return result.ok ? result.declaration : undefined;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The mesh with one of its files edited. */
function edited(
  mesh: LawMesh,
  file: number,
  edits: readonly Edit[],
): { readonly mesh: LawMesh; readonly path: string } | undefined {
  const folders = ['products', 'subscriptions', 'accounts'] as const;
  const paths = [
    ...folders.flatMap((folder) => Object.keys(mesh[folder]).map((name) => ({ folder, name }))),
    // Twice, for it has as many rules as all the others.
    { folder: 'mesh' as const, name: '' },
    { folder: 'mesh' as const, name: '' },
  ];
  const chosen = paths[file % paths.length];
  if (chosen === undefined) return undefined;
  const pool = valuesIn(mesh as unknown as Json);
  const turn = (value: unknown): unknown => edits.reduce((one, each) => withEdit(one, each, pool), value as Json);
  if (chosen.folder === 'mesh')
    return { mesh: { ...mesh, mesh: turn(mesh.mesh) as LawMesh['mesh'] }, path: 'mesh.yaml' };
  const { folder, name } = chosen;
  return {
    mesh: { ...mesh, [folder]: { ...mesh[folder], [name]: turn(mesh[folder][name]) } },
    path: `${folder}/${name}.yaml`,
  };
}

/** Every value in a value, by the name under which it stands. */
function valuesIn(value: Json, name = '', found = new Map<string, Json[]>()): ReadonlyMap<string, Json[]> {
  found.set(name, [...(found.get(name) ?? []), value]);
  if (Array.isArray(value)) for (const one of value) valuesIn(one, name, found);
  else if (value !== null && typeof value === 'object')
    for (const [key, one] of Object.entries(value)) valuesIn(one, key, found);
  return found;
}

function withEdit(value: Json, { place, other, isRemoval }: Edit, pool: ReadonlyMap<string, Json[]>): Json {
  const places = placesIn(value);
  const path = places[place % Math.max(1, places.length)];
  if (path === undefined || path.length === 0) return value;
  const name = path.filter((step) => typeof step === 'string').at(-1) ?? '';
  const values = pool.get(name) ?? [];
  return put(value, path, isRemoval ? undefined : values[other % Math.max(1, values.length)]);
}

type Path = readonly (string | number)[];

function placesIn(value: Json, path: Path = []): readonly Path[] {
  if (value === null || typeof value !== 'object') return [path];
  const entries = Array.isArray(value) ? value.map((one, index) => [index, one] as const) : Object.entries(value);
  return [path, ...entries.flatMap(([key, one]) => placesIn(one as Json, [...path, key]))];
}

function put(value: Json, [step, ...rest]: Path, to: Json | undefined): Json {
  if (step === undefined) return to ?? null;
  const isGone = rest.length === 0 && to === undefined;
  if (Array.isArray(value)) {
    const index = Number(step);
    return value.flatMap((one: Json, at) => (at !== index ? [one] : isGone ? [] : [put(one, rest, to)]));
  }
  const fields = value as { readonly [key: string]: Json };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, one]) =>
      key !== step ? [[key, one]] : isGone ? [] : [[key, put(one, rest, to)]],
    ),
  );
}

function toCatalog(mesh: LawMesh, lake: LawLake): Catalog {
  const { tables, flaggedDatabases } = catalogOf([mesh], lake);
  const flag = (isFlagged: boolean): Readonly<Record<string, string>> => (isFlagged ? { pii_flag: 'true' } : {});
  const databases = new Map<string, CatalogEntry>();
  for (const { database, name, columns, keys, isFlagged, flagged } of tables) {
    const known = databases.get(database)?.tables ?? new Map<string, CatalogTable>();
    const column = (isPartitionKey: boolean) => (one: string) => ({
      name: one,
      isPartitionKey,
      parameters: flag(flagged.has(one)),
    });
    const table: CatalogTable = {
      name,
      kind: 'table',
      parameters: flag(isFlagged),
      columns: [...columns.map(column(false)), ...keys.map(column(true))],
    };
    databases.set(database, {
      database: { name: database, parameters: flag(flaggedDatabases.has(database)) },
      tables: new Map([...known, [name, table]]),
    });
  }
  return { databases, unread: new Set() };
}
