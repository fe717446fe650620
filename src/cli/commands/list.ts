import { lifecycleStates } from '../../core/lifecycle.ts';
import { isGlob } from '../../core/pattern.ts';
import { type SubscriptionList, type SubscriptionRow, whoGets } from '../../core/subscriptions.ts';
import { didYouMean, listed } from '../../declare/closest.ts';
import { type ListFilters, matching, over } from '../../lifecycle/filter.ts';
import { subscriptionsCsv, subscriptionsJson, subscriptionsText } from '../../report/subscriptions.ts';
import { type Console, hasColour } from '../console.ts';
import { type LookOptions, look } from '../look/look.ts';
import { rowsOf } from '../look/rows.ts';
import { SetupProblem } from '../options.ts';

/** Options of `list`. */
interface ListOptions extends Omit<LookOptions, 'format'>, Omit<ListFilters, 'status'> {
  readonly format: 'text' | 'json' | 'csv';
  readonly status?: readonly string[];
  /** Also what is over. */
  readonly all?: boolean;
}

/** Lists subscriptions with where they stand. Exit code 5: something that was asked did not answer. */
export async function listCommand(options: ListOptions, console: Console): Promise<number> {
  const filters = soundFilters(options);
  const closedSince = options.since === undefined ? undefined : `${options.since}T00:00:00Z`;
  const seen = await look({ ...options, format: 'text' }, console, closedSince);
  const rows = rowsOf(seen);
  checkNames(filters, rows);
  const { mesh } = seen.declaration;
  const found = rows.filter(matching(filters, seen.now.toISOString().slice(0, 10)));
  const showsAll = options.all === true || (filters.status ?? []).length > 0;
  const shown = showsAll ? found : found.filter(({ state }) => !over.has(state));
  const list: SubscriptionList = {
    format: 1,
    mesh: mesh.value.name,
    commit: seen.commit,
    asOf: seen.now.toISOString(),
    sources: seen.sources,
    subscriptions: shown,
    hidden: found.length - shown.length,
  };
  if (options.format === 'json') console.out(subscriptionsJson(list));
  else if (options.format === 'csv') console.out(subscriptionsCsv(list));
  else
    console.out(
      subscriptionsText(list, { colour: hasColour(console, 'out'), names: seen.names, verbose: options.verbose }),
    );
  return seen.isIncomplete ? 5 : 0;
}

/** The filters, with words that can only be misspelt ones refused. */
function soundFilters({ status = [], since, permissions, ...options }: ListOptions): ListFilters {
  const states = status.map((word) => {
    const state = lifecycleStates.find((one) => one === word.toLowerCase());
    if (state !== undefined) return state;
    throw new SetupProblem(
      'UNKNOWN_STATUS',
      `there is no state "${word}"`,
      didYouMean(word, lifecycleStates, `the states are ${lifecycleStates.join(', ')}`),
    );
  });
  if (since !== undefined && (!/^\d{4}-\d{2}-\d{2}$/.test(since) || Number.isNaN(Date.parse(since))))
    throw new SetupProblem('BAD_DATE', `--since ${since} is no date`, 'write it as YYYY-MM-DD');
  const { owner, principal, product, database, tables, pii, expiring } = options;
  return {
    status: states,
    ...(owner && { owner }),
    ...(principal && { principal }),
    ...(product && { product }),
    ...(database && { database }),
    ...(tables && { tables }),
    ...(permissions && { permissions }),
    ...(pii !== undefined && { pii }),
    ...(expiring !== undefined && { expiring }),
    ...(since !== undefined && { since }),
  };
}

/** Refuses a name that no subscription has: an empty list would look as if there were no access. */
function checkNames(
  { owner, principal, product, database, permissions }: ListFilters,
  rows: readonly SubscriptionRow[],
): void {
  const check = (
    option: string,
    asked: readonly string[] | undefined,
    known: (row: SubscriptionRow) => readonly string[],
  ): void => {
    const names = new Set(rows.flatMap(known));
    const folded = new Set([...names].map((name) => name.toLowerCase()));
    for (const word of (asked ?? []).map((one) => one.replace(/^@/, ''))) {
      const isOpen = isGlob(word) || word.includes(':') || /^\d{12}$/.test(word);
      if (isOpen || folded.has(word.toLowerCase())) continue;
      const otherwise = `there are ${listed([...names].sort(), 'none')}`;
      throw new SetupProblem(
        'UNKNOWN_NAME',
        `no subscription has the ${option} "${word}"`,
        didYouMean(word, names, otherwise),
      );
    }
  };
  check('owner', owner, (row) => [...row.owners, ...(row.producer === undefined ? [] : [row.producer])]);
  check('principal', principal, (row) => [row.consumer, ...whoGets(row).flatMap(({ name }) => name ?? [])]);
  check('product', product, (row) => [row.product]);
  check('database', database, (row) => (row.database === undefined ? [] : [row.database]));
  check('permission', permissions, (row) => row.permissions);
}
