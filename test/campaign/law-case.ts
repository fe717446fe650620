import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import type { MeshFiles } from '../../src/declare/mesh-files.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import type { Seed, SeedColumn, SeedRegion } from '../../src/emulator/seed.ts';
import type { Switches } from '../../src/emulator/switches.ts';
import type { KnownCatalog, KnownTable } from '../support/law-lake.ts';
import type { LawMesh } from '../support/law-mesh.ts';
import { central, region } from '../support/law-place.ts';

/** One trial of the laws as plain data: a lake, and the runs made on it. */
export interface LawCase {
  readonly title: string;
  /** What the emulator starts with. */
  readonly seed: Seed;
  readonly switches?: Partial<Switches>;
  /** The seed of the emulator's random numbers: where pages are cut, and which calls a fault with a probability strikes. */
  readonly random?: number;
  /** Whether somebody has granted on and through LF-Tags. */
  readonly tagged?: boolean;
  /** Whether each run stands in a real git repository, with the commit of this run (from 0) as trust root. */
  readonly trustRoot?: number;
  /** Whether nothing is held that the files do not ask for, so that more files must take nothing away. */
  readonly bare?: boolean;
  /** Whether the lake is imported, too, as it is after the last run. */
  readonly imported?: boolean;
  readonly runs: readonly LawRun[];
}

/** One run of Meshgate. */
export interface LawRun {
  /** The mesh files by path, laid over those of the run before; null takes a file away, a text is a file as it stands. */
  readonly mesh?: Readonly<Record<string, unknown>>;
  /** The versions of the mesh before, oldest first: each what is to be laid over this run's files. */
  readonly past?: readonly Readonly<Record<string, unknown>>[];
  /** The files that nothing proves. */
  readonly unproven?: readonly string[];
  readonly faults?: readonly Fault[];
  /** The accounts that let nobody in, as if they were gone. */
  readonly vanished?: readonly string[];
  /** The tables that somebody drops after the plan was made. */
  readonly dropped?: readonly { readonly database: string; readonly table: string; readonly by: string }[];
  /** Killed at its n-th write: before it is sent, or after it was made. */
  readonly kill?: { readonly write: number; readonly when: 'before' | 'after' };
}

/** The mesh files of each run, whole. */
export function filesOfRuns(runs: readonly LawRun[]): readonly Readonly<Record<string, unknown>>[] {
  const found: Readonly<Record<string, unknown>>[] = [];
  for (const { mesh = {} } of runs) found.push(laidOver(found.at(-1) ?? {}, mesh));
  return found;
}

/** The mesh files of the versions before a run's. */
export function pastOf(
  { past = [] }: LawRun,
  files: Readonly<Record<string, unknown>>,
): readonly Readonly<Record<string, unknown>>[] {
  return past.map((version) => laidOver(files, version));
}

/** The products and subscriptions that are not the same in two versions. */
export function changedPaths(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths]
    .filter((path) => /^(products|subscriptions)\//.test(path))
    .filter((path) => JSON.stringify(before[path]) !== JSON.stringify(after[path]))
    .toSorted();
}

function laidOver(
  files: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries({ ...files, ...more }).filter(([, value]) => value !== null));
}

/** The run's mesh as plain values, for the checker. */
export function lawMeshOf(
  files: Readonly<Record<string, unknown>>,
  past: readonly Readonly<Record<string, unknown>>[] = [],
): LawMesh {
  const under = (folder: string): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(files).flatMap(([path, value]) =>
        path.startsWith(`${folder}/`)
          ? [[path.slice(folder.length + 1, -'.yaml'.length), typeof value === 'string' ? parse(value) : value]]
          : [],
      ),
    );
  return {
    mesh: files['mesh.yaml'],
    accounts: under('accounts'),
    products: under('products'),
    subscriptions: under('subscriptions'),
    ...(past.length === 0 ? {} : { past: past.map((version) => lawMeshOf(version)) }),
  } as LawMesh;
}

/** The files of a run with their texts. */
export function meshFilesOf(
  files: Readonly<Record<string, unknown>>,
  render = (value: unknown): string => JSON.stringify(value, null, 1),
): MeshFiles {
  const paths = Object.keys(files).toSorted();
  return {
    directory: 'mesh',
    problems: [],
    files: paths.map((path) => {
      const value = files[path];
      const text = typeof value === 'string' ? value : render(value);
      return { file: `mesh/${path}`, path, text, blob: createHash('sha1').update(text).digest('hex') };
    }),
  };
}

/** The files of a mesh by path. */
export function pathsOf({ mesh, accounts, products, subscriptions }: LawMesh): Readonly<Record<string, unknown>> {
  const under = (folder: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`${folder}/${name}.yaml`, value]));
  return {
    'mesh.yaml': mesh,
    ...under('accounts', accounts),
    ...under('products', products),
    ...under('subscriptions', subscriptions),
  };
}

/** What has to be laid over `before` for `after`. */
export function overlay(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const gone = Object.keys(before).flatMap((path) => (path in after ? [] : [[path, null] as const]));
  const other = Object.entries(after).filter(([path, value]) => JSON.stringify(before[path]) !== JSON.stringify(value));
  return Object.fromEntries([...other, ...gone]);
}

/** The central lake of a seed. */
export function regionOf({ accounts }: Seed): SeedRegion {
  return accounts[central]?.regions?.[region] ?? {};
}

/** Whether a database, table or column is flagged as personal in the catalog. */
export function isFlag(parameters: Readonly<Record<string, string>> | undefined): boolean {
  return parameters?.['pii_flag']?.trim().toLowerCase() === 'true';
}

/** What the checker knows of the seeded catalog. */
export function catalogIn(seed: Seed): KnownCatalog {
  const { databases = {}, settings = {}, locations = [] } = regionOf(seed);
  const isFlaggedColumn = (column: SeedColumn | undefined): boolean =>
    typeof column === 'object' && isFlag(column.parameters);
  return {
    tables: Object.entries(databases).flatMap(([database, { tables = {} }]) =>
      Object.entries(tables).map(([name, table]): KnownTable => {
        const columns = { ...table.columns, ...table.partitionKeys };
        return {
          database,
          name,
          columns: Object.keys(table.columns ?? {}),
          keys: Object.keys(table.partitionKeys ?? {}),
          isFlagged: isFlag(table.parameters),
          flagged: new Set(Object.keys(columns).filter((column) => isFlaggedColumn(columns[column]))),
          creator: table.createdBy,
        };
      }),
    ),
    flaggedDatabases: new Set(
      Object.entries(databases).flatMap(([name, { parameters }]) => (isFlag(parameters) ? [name] : [])),
    ),
    administrators: settings.DataLakeAdmins ?? [],
    readOnlyAdministrators: settings.ReadOnlyAdmins ?? [],
    isPlain: locations.some(({ hybrid }) => hybrid !== true),
  };
}

/** The seed with another central lake. */
export function withRegion(seed: Seed, lake: SeedRegion): Seed {
  const account = seed.accounts[central] ?? {};
  return {
    ...seed,
    accounts: { ...seed.accounts, [central]: { ...account, regions: { ...account.regions, [region]: lake } } },
  };
}
