import pLimit from 'p-limit';
import type { LakeId } from '../core/fact.ts';
import { LakeFailure, type LakeReader, type TableName } from '../core/lake.ts';
import type { Gap, Observed } from '../core/state.ts';
import { readFilters, tablesWith } from './filters.ts';
import type { FilteredTable } from './permissions.ts';

/** Tables of the central catalog that have data cells filters; undefined where that cannot be told. */
export type Limited = readonly FilteredTable[] | undefined;

const concurrency = 8;

/** The tables with filters in a lake that was observed; those of which it could not be read are among them. */
export function limitedIn({ lake, facts, gaps }: Pick<Observed, 'lake' | 'facts' | 'gaps'>): Limited {
  const filters = [...facts.values()].flatMap(({ fact }) => (fact.kind === 'data-cells-filter' ? [fact] : []));
  return toldBy(lake, {
    filters,
    gaps: gaps.filter(({ code }) => code === 'NO_FILTERS'),
  });
}

/** The tables with filters of a lake that is not observed; of these databases, where it does not list those of all. */
export async function readLimited(central: LakeReader, databases: readonly string[]): Promise<Limited> {
  const gaps: Omit<Gap, 'lake'>[] = [];
  const limit = pLimit(concurrency);
  const tables = async (): Promise<readonly TableName[]> =>
    (await Promise.all(databases.map((name) => limit(() => tablesOf(central, name))))).flat();
  try {
    const on = { tables, isPartOnly: false, limit, gap: (found: Omit<Gap, 'lake'>): void => void gaps.push(found) };
    return toldBy(central.lake, { filters: await readFilters(central, on), gaps });
  } catch (thrown) {
    if (thrown instanceof LakeFailure) return undefined;
    throw thrown;
  }
}

interface Told {
  readonly filters: readonly FilteredTable[];
  readonly gaps: readonly Pick<Gap, 'database' | 'table'>[];
}

function toldBy(lake: LakeId, { filters, gaps }: Told): Limited {
  const [catalog = ''] = lake.split('/');
  const unread = gaps.flatMap(({ database, table }) =>
    database === undefined || table === undefined ? [] : [{ catalog, database, table }],
  );
  return unread.length < gaps.length ? undefined : tablesWith([...filters, ...unread]);
}

async function tablesOf(central: LakeReader, database: string): Promise<readonly TableName[]> {
  if ((await central.database(database)) === undefined) return [];
  const names: TableName[] = [];
  for await (const page of central.tables(database))
    for (const { kind, name } of page) if (kind === 'table') names.push({ database, table: name });
  return names;
}
