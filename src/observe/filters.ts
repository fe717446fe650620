import type { LimitFunction } from 'p-limit';
import type { DataCellsFilter } from '../core/fact.ts';
import { LakeFailure, type LakeReader, type TableName } from '../core/lake.ts';
import { type OnGap, unread } from './gaps.ts';
import type { FilteredTable } from './permissions.ts';

interface FilterReading {
  /** The tables that may have a filter. */
  readonly tables: () => Promise<readonly TableName[]>;
  /** Whether filters on other tables are of no interest. */
  readonly isPartOnly: boolean;
  readonly limit: LimitFunction;
  readonly gap: OnGap;
}

/**
 * The filters of the catalog in one listing; table by table where the service wants a table named, or where only the
 * tables are of interest and the listing takes more calls than they would.
 */
export async function readFilters(reader: LakeReader, on: FilterReading): Promise<readonly DataCellsFilter[]> {
  try {
    const most = on.isPartOnly ? (await on.tables()).length : Number.POSITIVE_INFINITY;
    return (most > 0 ? await listFilters(reader, undefined, most) : []) ?? (await readEach(reader, on));
  } catch (thrown) {
    // That ListDataCellsFilter answers without a table is read from its model, and stated nowhere.
    if (thrown instanceof LakeFailure && thrown.code === 'InvalidInputException') return await readEach(reader, on);
    const hint = 'allow the role lakeformation:ListDataCellsFilter, and run again';
    on.gap({ code: 'NO_FILTERS', ...unread('data cells filters', thrown, hint), blocks: 'all' });
    return [];
  }
}

async function readEach(
  reader: LakeReader,
  { tables, limit, gap }: FilterReading,
): Promise<readonly DataCellsFilter[]> {
  const read = async (table: TableName): Promise<readonly DataCellsFilter[]> => {
    try {
      return (await listFilters(reader, table)) ?? [];
    } catch (thrown) {
      const what = `data cells filters of ${table.database}.${table.table}`;
      gap({ code: 'NO_FILTERS', ...unread(what, thrown), ...table, blocks: 'all' });
      return [];
    }
  };
  return (await Promise.all((await tables()).map((table) => limit(() => read(table))))).flat();
}

/** The filters of the catalog, or of one table; undefined where they take more pages than may be asked for. */
export async function listFilters(
  reader: LakeReader,
  table?: TableName,
  most = Number.POSITIVE_INFINITY,
): Promise<readonly DataCellsFilter[] | undefined> {
  const filters: DataCellsFilter[] = [];
  let pages = 0;
  for await (const page of reader.filters(table)) {
    if (pages >= most) return undefined;
    pages += 1;
    filters.push(...page);
  }
  return filters;
}

/** The tables that have these filters, each once. */
export function tablesWith(filters: readonly FilteredTable[]): readonly FilteredTable[] {
  const tables = new Map(
    filters.map(({ catalog, database, table }) => [`${catalog} ${database} ${table}`, { catalog, database, table }]),
  );
  return [...tables.values()];
}
