import pLimit, { type LimitFunction } from 'p-limit';
import { catalogParameters } from '../core/catalog-parameters.ts';
import type { DataCellsFilter } from '../core/fact.ts';
import { type Caller, LakeFailure, type LakeReader, type LakeSettings, type TableName } from '../core/lake.ts';
import { isCaller } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import type { Catalog, CatalogEntry, Gap, Observed } from '../core/state.ts';
import { addFact, addRow, type Facts, filterGrants, openedByIam } from './facts.ts';

/** What is read of a lake beside its permissions. */
export interface Reading {
  /** The databases that the mesh declares. */
  readonly databases: readonly string[];
  /** Told how much has been read, for a progress display. */
  readonly onProgress?: (rows: number, pages: number) => void;
}

/** How many reads are under way at once, beside the sweep. */
const concurrency = 8;

/**
 * Reads a lake: one sweep of all permissions, each declared database with its tables, the data cells
 * filters, and once more the tables that have one, whose grants a sweep may leave out. What cannot be
 * read is a gap. The caller's identity is the exception: without it nothing can be said, and it throws.
 */
export async function observe(reader: LakeReader, reading: Reading): Promise<Observed> {
  const caller = await reader.caller();
  const gaps: Gap[] = [];
  const gap = (found: Omit<Gap, 'lake'>): void => void gaps.push({ lake: reader.lake, ...found });
  const limit = pLimit(concurrency);
  const facts: Facts = new Map();
  const catalogRead = Promise.all(reading.databases.map((name) => limit(() => readDatabase(reader, name, gap))));
  const [settings, swept, databases, filters] = await Promise.all([
    readSettings(reader, caller, gap),
    sweep(reader, { facts, gap, onProgress: reading.onProgress }),
    catalogRead,
    readFilters(reader, { databases: catalogRead, limit, gap }),
  ]);
  const declared = new Set(reading.databases);
  const filtered = distinctTables(filters.filter(({ database }) => declared.has(database)));
  await Promise.all(filtered.map((table) => limit(() => readRelated(reader, { table, facts, gap }))));
  const seesAll = !gaps.some(({ code }) => code === 'NOT_ADMINISTRATOR' || code === 'NO_SETTINGS');
  const catalog = toCatalog(reading.databases, databases, seesAll);
  for (const filter of filters) addFact(facts, filter);
  for (const { database } of catalog.databases.values()) addParameters(reader, { facts, database });
  return {
    lake: reader.lake,
    endpoint: reader.endpoint,
    caller,
    settings,
    catalog,
    facts,
    gaps: gaps.sort((a, b) => compareText(a.message, b.message)),
    openedByIam: openedByIam(facts),
    filterGrants: filterGrants(facts),
    sweepPages: swept.pages,
    rows: swept.rows,
  };
}

type OnGap = (gap: Omit<Gap, 'lake'>) => void;

async function readSettings(reader: LakeReader, caller: Caller, gap: OnGap): Promise<LakeSettings> {
  try {
    const settings = await reader.settings();
    const administrators = [...settings.administrators, ...settings.readOnlyAdministrators];
    // For anyone but an administrator the service silently shortens the list of permissions.
    if (!administrators.some((one) => isCaller(caller.arn, one)))
      gap({
        code: 'NOT_ADMINISTRATOR',
        message: `${caller.arn} is no data lake administrator, so Lake Formation may show it only a part of the permissions and of the catalog`,
        hint: 'make the role a data lake administrator, or a read-only administrator for plan and drift',
        blocks: 'revokes',
      });
    return settings;
  } catch (thrown) {
    // Who administers the lake is unknown then, and a grant to an administrator could not be revoked again.
    const hint = 'allow the role lakeformation:GetDataLakeSettings';
    gap({ code: 'NO_SETTINGS', message: `data lake settings: ${textOf(thrown)}`, hint, blocks: 'all' });
    return { administrators: [], readOnlyAdministrators: [] };
  }
}

interface Sweep {
  readonly facts: Facts;
  readonly gap: OnGap;
  readonly onProgress: Reading['onProgress'];
}

async function sweep(reader: LakeReader, { facts, gap, onProgress }: Sweep): Promise<{ pages: number; rows: number }> {
  let pages = 0;
  let rows = 0;
  try {
    for await (const page of reader.permissions()) {
      pages += 1;
      rows += page.rows.length;
      for (const row of page.rows) addRow(facts, reader.lake, row);
      for (const { text, ...scope } of page.unreadable)
        gap({ code: 'UNKNOWN_ROW', message: `a permission in an unknown form: ${text}`, ...scope, blocks: 'revokes' });
      onProgress?.(rows, pages);
    }
  } catch (thrown) {
    const hint = 'allow the role lakeformation:ListPermissions, and run again';
    gap({ code: 'NO_PERMISSIONS_LIST', message: `permissions: ${textOf(thrown)}`, hint, blocks: 'all' });
  }
  return { pages, rows };
}

async function readRelated(reader: LakeReader, on: { table: TableName; facts: Facts; gap: OnGap }): Promise<void> {
  const { table, facts, gap } = on;
  const [catalog = ''] = reader.lake.split('/');
  try {
    const query = { resource: { kind: 'table' as const, catalog, ...table }, related: true };
    for await (const page of reader.permissions(query)) {
      for (const row of page.rows) addRow(facts, reader.lake, row);
      for (const { text } of page.unreadable)
        gap({ code: 'UNKNOWN_ROW', message: `a permission in an unknown form: ${text}`, ...table, blocks: 'revokes' });
    }
  } catch (thrown) {
    gap({
      code: 'NO_FILTER_GRANTS',
      message: `permissions on the data cells filters of ${table.database}.${table.table}: ${textOf(thrown)}`,
      ...table,
      blocks: 'all',
    });
  }
}

type DatabaseRead = CatalogEntry | 'absent' | 'unread';

async function readDatabase(reader: LakeReader, name: string, gap: OnGap): Promise<DatabaseRead> {
  try {
    const database = await reader.database(name);
    if (database === undefined) return 'absent';
    const tables = [];
    for await (const page of reader.tables(name)) tables.push(...page);
    return { database, tables: new Map(tables.map((table) => [table.name, table])) };
  } catch (thrown) {
    gap({
      code: 'NO_CATALOG',
      message: `database ${name} in the catalog: ${textOf(thrown)}`,
      database: name,
      blocks: 'all',
    });
    return 'unread';
  }
}

/** Every filter of the catalog in one listing; table by table where the service wants a table named. */
async function readFilters(
  reader: LakeReader,
  { databases, limit, gap }: FilterReading,
): Promise<readonly DataCellsFilter[]> {
  try {
    return await listFilters(reader);
  } catch (thrown) {
    // That ListDataCellsFilter answers without a table is read from its model, and stated nowhere.
    const isRefused = thrown instanceof LakeFailure && thrown.code === 'InvalidInputException';
    const lists = isRefused
      ? await Promise.all(
          (await databases).flatMap(tablesOf).map((table) => limit(() => readTableFilters(reader, table, gap))),
        )
      : [];
    const hint = 'allow the role lakeformation:ListDataCellsFilter, and run again';
    if (!isRefused) gap({ code: 'NO_FILTERS', message: `data cells filters: ${textOf(thrown)}`, hint, blocks: 'all' });
    return lists.flat();
  }
}

interface FilterReading {
  readonly databases: Promise<readonly DatabaseRead[]>;
  readonly limit: LimitFunction;
  readonly gap: OnGap;
}

async function readTableFilters(reader: LakeReader, table: TableName, gap: OnGap): Promise<readonly DataCellsFilter[]> {
  try {
    return await listFilters(reader, table);
  } catch (thrown) {
    const message = `data cells filters of ${table.database}.${table.table}: ${textOf(thrown)}`;
    gap({ code: 'NO_FILTERS', message, ...table, blocks: 'all' });
    return [];
  }
}

async function listFilters(reader: LakeReader, table?: TableName): Promise<readonly DataCellsFilter[]> {
  const filters: DataCellsFilter[] = [];
  for await (const page of reader.filters(table)) filters.push(...page);
  return filters;
}

/** The tables of a database that may have a filter. */
function tablesOf(read: DatabaseRead): readonly TableName[] {
  if (typeof read === 'string') return [];
  return [...read.tables.values()].flatMap(({ kind, name }) =>
    kind === 'table' ? [{ database: read.database.name, table: name }] : [],
  );
}

function toCatalog(names: readonly string[], read: readonly DatabaseRead[], seesAll: boolean): Catalog {
  const databases = new Map<string, CatalogEntry>();
  const unread = new Set<string>();
  names.forEach((name, index) => {
    const found = read[index];
    // To a caller who is no administrator the catalog hides what it may not see: absent is then unknown.
    if (found === 'unread' || (found === 'absent' && !seesAll)) unread.add(name);
    else if (found !== undefined && found !== 'absent') databases.set(name, found);
  });
  return { databases, unread };
}

function addParameters(reader: LakeReader, on: { facts: Facts; database: CatalogEntry['database'] }): void {
  const [catalog = ''] = reader.lake.split('/');
  for (const name of catalogParameters) {
    const value = on.database.parameters[name];
    if (value === undefined) continue;
    addFact(on.facts, {
      kind: 'catalog-parameter',
      lake: reader.lake,
      catalog,
      database: on.database.name,
      name,
      value,
    });
  }
}

function distinctTables(filters: readonly DataCellsFilter[]): readonly TableName[] {
  const tables = new Map(filters.map(({ database, table }) => [`${database} ${table}`, { database, table }]));
  return [...tables.values()];
}

function textOf(thrown: unknown): string {
  if (!(thrown instanceof LakeFailure)) throw thrown;
  return `${thrown.operation} answered ${thrown.code}: ${thrown.message}`;
}
