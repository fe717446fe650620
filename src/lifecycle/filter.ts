import type { LifecycleState } from '../core/lifecycle.ts';
import { compilePattern, foldText, isGlob } from '../core/pattern.ts';
import { type SubscriptionRow, whoGets } from '../core/subscriptions.ts';

/** What a list is narrowed to: of one filter any value, of several filters all. What is absent, or names nothing, fits everything. */
export interface ListFilters {
  /** Logins of product owners, or names of producing accounts. */
  readonly owner?: readonly string[];
  /** Names or identifiers of principals, or names of consuming accounts. */
  readonly principal?: readonly string[];
  /** `<domain>/<product>`, or a pattern. */
  readonly product?: readonly string[];
  readonly database?: readonly string[];
  /** Names or patterns of tables; what is given on all tables fits each. */
  readonly tables?: readonly string[];
  readonly permissions?: readonly string[];
  readonly status?: readonly LifecycleState[];
  /** Whether anything sensitive is covered. */
  readonly pii?: boolean;
  /** Ends within so many days, today included. */
  readonly expiring?: number;
  /** Stands as it does since this day or later, `YYYY-MM-DD`. */
  readonly since?: string;
}

/** States that are over: a list shows them only where it is asked to. */
export const over: ReadonlySet<LifecycleState> = new Set(['revoked', 'archived', 'denied', 'withdrawn']);

/** Whether a subscription fits all filters on a day. */
export function matching(filters: ListFilters, today: string): (row: SubscriptionRow) => boolean {
  const owner = anyOf(filters.owner?.map((one) => one.replace(/^@/, '')));
  const principal = anyOf(filters.principal);
  const product = patterned(filters.product);
  const database = patterned(filters.database);
  const permission = anyOf(filters.permissions);
  const tables = tabled(filters.tables);
  const { status = [], pii, expiring, since } = filters;
  const last = expiring === undefined ? undefined : dayAfter(today, expiring);
  return (row) =>
    owner([...row.owners, row.producer ?? '']) &&
    principal([row.consumer, ...whoGets(row).flatMap(({ id, name = '' }) => [id, name])]) &&
    product([row.product]) &&
    database(row.database === undefined ? [] : [row.database]) &&
    tables(row.tables) &&
    permission(row.permissions) &&
    (status.length === 0 || status.includes(row.state)) &&
    (pii === undefined || pii === row.classes.length > 0) &&
    (last === undefined || (row.expires !== undefined && row.expires >= today && row.expires <= last)) &&
    (since === undefined || (row.since !== undefined && row.since.slice(0, 10) >= since));
}

type Fits = (found: readonly string[]) => boolean;

/** Names in any case. */
function anyOf(asked: readonly string[] | undefined): Fits {
  if (asked === undefined || asked.length === 0) return () => true;
  const names = new Set(asked.map((one) => one.toLowerCase()));
  return (found) => found.some((one) => names.has(one.toLowerCase()));
}

function patterned(asked: readonly string[] | undefined): Fits {
  if (asked === undefined || asked.length === 0) return () => true;
  const patterns = asked.map(compilePattern);
  return (found) => found.some((one) => patterns.some((pattern) => pattern.matches(one)));
}

/** A table that stands as a pattern fits what it would match, for no catalog has resolved it. */
function tabled(asked: readonly string[] | undefined): Fits {
  const fits = patterned(asked);
  const names = asked?.filter((one) => !isGlob(one)) ?? [];
  const reaches = (table: string): boolean =>
    isGlob(table) &&
    (names.some(compilePattern(table).matches) || (asked ?? []).some((one) => foldText(one) === table));
  return (found) => fits(found) || found.some((table) => table === '*' || reaches(table));
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * 3600 * 1000).toISOString().slice(0, 10);
}
