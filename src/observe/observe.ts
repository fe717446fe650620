import pLimit from 'p-limit';
import { catalogParameters } from '../core/catalog-parameters.ts';
import type { Caller, LakeReader, LakeSettings, Sharing, TableName } from '../core/lake.ts';
import type { Part } from '../core/part.ts';
import { isCaller } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import type { Catalog, CatalogEntry, Gap, Observed } from '../core/state.ts';
import { addFact, type Facts, filterGrants, openedByIam } from './facts.ts';
import { readFilters, tablesWith } from './filters.ts';
import { type OnGap, unread } from './gaps.ts';
import { readOptIns } from './opt-ins.ts';
import { askEach, askFiltered, askingsOf, sweep } from './permissions.ts';
import { addBroken, readSharing } from './sharing.ts';

/** What is read of a lake. */
export interface Reading {
  /** The databases that are read in the catalog, and what else is asked for where the lake is not swept. */
  readonly part: Part;
  /** Whether nothing but the part is of interest; else the whole lake is swept, unless that takes too many calls. */
  readonly isPartOnly: boolean;
  /** Whether it is also looked whether RAM brings other accounts what they hold on these databases. */
  readonly isShared?: boolean;
  /** Told how much has been read, for a progress display. */
  readonly onProgress?: (rows: number, pages: number) => void;
}

/** How many reads are under way at once, beside the sweep. */
const concurrency = 8;

/** As many things are asked for one by one without trying first whether a sweep takes fewer calls. */
const handful = 20;

/**
 * Reads a lake: each database with its tables, the data cells filters, and all permissions in one sweep,
 * with those once more that a sweep may leave out; once the sweep has taken more calls than asking for each
 * resource by itself would, that is done instead, unless a database could not be read: of that it is unknown what
 * to ask for. What cannot be read is a gap. The caller's identity is the
 * exception: without it nothing can be said, and it throws.
 */
export async function observe(
  reader: LakeReader,
  { part, isPartOnly, isShared, onProgress }: Reading,
): Promise<Observed> {
  const caller = await reader.caller();
  const gaps: Gap[] = [];
  const gap = (found: Omit<Gap, 'lake'>): void => void gaps.push({ lake: reader.lake, ...found });
  const limit = pLimit(concurrency);
  const facts: Facts = new Map();
  let rows = 0;
  const on = {
    reader,
    facts,
    gap,
    limit,
    onProgress: (all: number, pages: number): void => {
      rows = all;
      onProgress?.(all, pages);
    },
  };
  const names = [...part.databases.keys()].sort(compareText);
  const catalogRead = Promise.all(names.map((name) => limit(() => readDatabase(reader, name, gap))));
  const entries = catalogRead.then((read) => read.filter((one) => typeof one !== 'string'));
  const [account = ''] = reader.lake.split('/');
  const askings = entries.then((read) => askingsOf(part, account, read));
  const isSmall = isPartOnly && (await askings).length <= handful;
  const tables = entries.then((read) => read.flatMap((entry) => filterable(part, entry)));
  const readShares = (): Promise<Sharing | undefined> => readSharing(reader, gap);
  const [settings, pages, databases, filters, sharing] = await Promise.all([
    readSettings(reader, caller, gap),
    isSmall
      ? undefined
      : sweep(
          on,
          catalogRead.then((read) => (read.includes('unread') ? undefined : askings)),
        ),
    catalogRead,
    readFilters(reader, { tables: () => tables, isPartOnly, limit, gap }),
    isShared === true ? readShares() : undefined,
    readOptIns(reader, part.hybrid, { facts, gap }),
  ]);
  if (pages === undefined) await askEach(on, await askings);
  else await askFiltered(on, tablesWith(filters.filter(({ database }) => part.databases.has(database))));
  const seesAll = !gaps.some(({ code }) => code === 'NOT_ADMINISTRATOR' || code === 'NO_SETTINGS');
  const catalog = toCatalog(names, databases, seesAll);
  for (const filter of filters) addFact(facts, filter);
  for (const { database } of catalog.databases.values()) addParameters(reader, { facts, database });
  if (sharing !== undefined)
    await addBroken(facts, { lake: reader.lake, databases: catalog.databases }, { sharing, again: readShares });
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
    sweepPages: pages,
    rows,
    ...(sharing && { sharing }),
  };
}

/** Who administers a lake; for anyone else Lake Formation shortens what it lists. */
export async function readSettings(reader: LakeReader, caller: Caller, gap: OnGap): Promise<LakeSettings> {
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
    gap({ code: 'NO_SETTINGS', ...unread('data lake settings', thrown, hint), blocks: 'all' });
    return { administrators: [], readOnlyAdministrators: [] };
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
      ...unread(`database ${name} in the catalog`, thrown),
      database: name,
      blocks: 'all',
    });
    return 'unread';
  }
}

/** The tables of a part that may have a filter. */
function filterable(part: Part, { database: { name: database }, tables }: CatalogEntry): readonly TableName[] {
  return [...tables.values()].flatMap(({ kind, name }) =>
    kind === 'table' && part.databases.get(database)?.has(name) === true ? [{ database, table: name }] : [],
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
