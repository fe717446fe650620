import type { Plan } from '../../src/core/plan.ts';
import { type Cells, cellPlace, type Extent, wholeOf } from './law-cells.ts';
import type { Verdicts } from './law-check.ts';
import type { KnownCatalog } from './law-lake.ts';
import { central } from './law-place.ts';

const everything = ['ALTER', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT', 'SELECT'];

/** Access that is there before and after a run, but not all the time between, where the plan is silent about it. */
export function dips(plan: Plan, verdicts: Verdicts, known: Known): readonly string[] {
  const { start, end, moments } = verdicts;
  const told = new Set(
    plan.changes.flatMap(({ interrupts, before }) =>
      interrupts !== undefined && before?.kind === 'grant' ? [before.principal] : [],
    ),
  );
  const last = coverage(end, known);
  const lasting = [...coverage(start, known)].filter((one) => last.has(one));
  return [
    ...moments.flatMap((cells, index) => {
      const now = coverage(cells, known);
      return lasting
        .filter((one) => !now.has(one) && !told.has(one.split(' ')[0] ?? ''))
        .map((one) => `after ${index + 1} changes: ${one}`);
    }),
    ...lostShares(plan, verdicts),
  ];
}

/** Accounts that hold something of a kind before and after a run, but not all the time between: RAM's share of it goes meanwhile. */
function lostShares(plan: Plan, { start, end, moments }: Verdicts): readonly string[] {
  const told = new Set(
    plan.changes.flatMap(({ note = '', before }) =>
      note.includes('its RAM share goes') && before?.kind === 'grant' ? [accountOf(before.principal)] : [],
    ),
  );
  const last = shared(end);
  const lasting = [...shared(start)].filter((one) => last.has(one) && !told.has(one.split(' ')[0] ?? ''));
  return moments.flatMap((cells, index) => {
    const now = shared(cells);
    return lasting.filter((one) => !now.has(one)).map((one) => `after ${index + 1} changes: the share of ${one}`);
  });
}

/** What RAM has shares for: https://github.com/aws/aws-lakeformation-best-practices, one for each account and kind. */
function shared(cells: Cells): ReadonlySet<string> {
  const found = new Set<string>();
  for (const key of cells.keys()) {
    const { principal, kind } = cellPlace(key);
    const account = accountOf(principal);
    // RAM shares with accounts and what they are in, and not with people.
    if (
      account === central ||
      !/^\d{12}$|:organizations:/.test(account) ||
      !['database', 'table', 'all-tables', 'data-cells-filter'].includes(kind)
    )
      continue;
    found.add(`${account} ${kind === 'data-cells-filter' ? 'table' : kind}`);
  }
  return found;
}

function accountOf(principal: string): string {
  return /^\d{12}|(?<=:iam::)\d{12}/.exec(principal)?.[0] ?? principal;
}

/** What tells which columns somebody may read. */
export interface Known {
  readonly catalog: KnownCatalog;
  /** The columns of data cells filters on all rows, by `<database>.<table>.<name>`. */
  readonly filters?: ReadonlyMap<string, Extent>;
}

/** Who may do what with which column, wherever that is said. */
function coverage(cells: Cells, { catalog, filters }: Known): ReadonlySet<string> {
  const found = new Set<string>();
  for (const key of cells.keys()) {
    const { principal, kind, database, table, filter, permission, option, condition } = cellPlace(key);
    if (kind !== 'data-cells-filter' || permission !== 'SELECT' || condition !== undefined) continue;
    for (const column of filters?.get(`${database}.${table}.${filter}`) ?? [])
      found.add(`${principal} ${database} ${table} ${column} SELECT ${option}`);
  }
  for (const [key, extent] of cells) {
    const { principal, kind, database, table, permission, option, condition } = cellPlace(key);
    if (condition !== undefined || (kind !== 'table' && kind !== 'all-tables' && kind !== 'database')) continue;
    const permissions = permission === 'ALL' ? everything : [permission];
    const tables =
      kind === 'all-tables'
        ? catalog.tables.filter((one) => one.database === database).map(({ name }) => name)
        : [table ?? ''];
    for (const name of tables)
      for (const one of permissions) {
        const isWhole = kind === 'all-tables' || permission === 'ALL';
        const columns =
          one !== 'SELECT' || kind === 'database'
            ? ['.']
            : isWhole
              ? wholeOf(catalog, { database, table: name })
              : extent;
        for (const column of columns) found.add(`${principal} ${database} ${name} ${column} ${one} ${option}`);
      }
  }
  return found;
}
