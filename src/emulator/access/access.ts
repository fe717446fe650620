import type { Call } from '../call.ts';
import { callerOf } from '../credentials.ts';
import { isAdmin } from '../grants/authority.ts';
import { locationOf } from '../grants/existence.ts';
import { fold } from '../grants/resource-request.ts';
import { columnNames, type Table } from '../lake.ts';
import { noPermissions } from '../permission.ts';
import { parsePrincipal } from '../principal.ts';
import type { World } from '../world.ts';
import { type FoundTable, findTable } from './find-table.ts';
import type { Cells } from './holding.ts';
import { notHere } from './not-here.ts';
import { isLeftToIam, isOptedIn } from './opted-in.ts';
import { givenToAccount, holdingOn } from './sight.ts';

/** Can this principal read these columns of this table, by these names? */
export interface AccessQuestion {
  /** The ARN of an IAM user or role; its account is the one it asks from. */
  readonly principal: string;
  readonly region: string;
  /** The catalog that the names are in, by default the principal's own. */
  readonly catalogId?: string;
  readonly database: string;
  readonly table: string;
  /** By default every column of the table. */
  readonly columns?: readonly string[];
}

/** Whether it can, and why. */
export interface AccessAnswer {
  readonly allowed: boolean;
  /** What decided, in a sentence. */
  readonly reason: string;
  /** Every column that can be read, with the predicate that its rows are limited to; `all` for all rows. */
  readonly columns: Readonly<Record<string, string>>;
  /** The rows in which all the columns asked for can be read, where any can. */
  readonly rows?: string;
  /** What was looked at on the way. */
  readonly steps: readonly string[];
}

const allRows = 'all';

/**
 * Answers by evaluating everything the emulator holds: links, grants by name, filters and LF-Tags, what was shared,
 * accepted and passed on, administrators and creators, IAM_ALLOWED_PRINCIPALS, registered and hybrid locations with
 * opt-ins, and what IAM lets the principal read without Lake Formation. Throws for a question that is none.
 */
export function accessOf(world: World, question: AccessQuestion): AccessAnswer {
  const call = callAs(world, question);
  if (typeof call === 'string') return refused(call, []);
  const { catalogId: catalog = call.caller.account, columns } = question;
  const found = findTable(call, { catalog, database: fold(question.database), table: fold(question.table) });
  if ('reason' in found) return refused(found.reason, found.steps);
  const { cells, steps } = readable(call, found);
  return answer(call, found.table, { cells, steps: [...found.steps, ...steps], asked: columns?.map(fold) });
}

function callAs(world: World, { principal: arn, region }: AccessQuestion): Call | string {
  const parsed = parsePrincipal(arn);
  if (parsed?.kind !== 'iam') throw new Error('principal: must be the ARN of an IAM user or role');
  const principal = world.accounts.get(parsed.account)?.principals.get(arn);
  if (!principal) return `there is no principal ${arn}`;
  const at = world.clock.now();
  return {
    world,
    service: 'glue',
    operation: 'GetTable',
    caller: callerOf({ id: '', secret: '', principal }),
    region,
    lake: world.lake(parsed.account, region),
    at,
    readAt: at,
    switches: world.switches,
    conflicts: new Set(),
    changes: [],
    log: {},
  };
}

/**
 * The cells that the caller can read, and what opened or closed them. Who decides about a hybrid location:
 * https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-workflow.html.
 */
function readable(
  call: Call,
  found: FoundTable,
): { readonly cells: readonly Cells[]; readonly steps: readonly string[] } {
  const { principal } = call.caller;
  const { table, place } = found;
  const columns = columnNames(table);
  const path = table.location?.replace(/\/$/, '');
  const location = path === undefined ? undefined : locationOf(place.owner, path);
  const direct = principal.s3.find((prefix) => path !== undefined && `${path}/`.startsWith(`${prefix}/`));
  const around: readonly Cells[] =
    direct === undefined ? [] : [{ columns, because: `IAM lets it read ${direct} without Lake Formation` }];
  const closed = (why: string) => ({ cells: around, steps: [why, ...around.map(({ because }) => because)] });
  if (!principal.glue) return closed('IAM does not let it call Glue');
  if (!principal.lakeFormation) return closed('IAM does not let it call lakeformation:GetDataAccess');
  if (path !== undefined && !location)
    return closed(`the location ${path} is not registered: Lake Formation opens nothing there`);
  const on = { ...place.sight, table };
  if (location?.hybridAccessEnabled && isLeftToIam(place.sight.view, on) && !isOptedIn(call, on))
    return closed(`the location ${path} is hybrid, and it is not opted in: Lake Formation opens nothing to it`);
  const { cells, permissions } = holdingOn(call, place.sight, table);
  const open = [...implicit(call, found), ...cells, ...around];
  const missing =
    cells.length > 0
      ? []
      : [
          ...notHere(call, found),
          ...(permissions === noPermissions ? [] : ['it holds permissions on the table, but no SELECT']),
        ];
  return { cells: open, steps: [...open.map(({ because }) => because), ...missing] };
}

/** What creators hold without a grant, and administrators where the switch says so. */
function implicit(call: Call, { place, table }: FoundTable): readonly Cells[] {
  const { sight } = place;
  const columns = columnNames(table);
  const isOwn = sight.catalog === call.caller.account;
  if (isOwn && table.createdBy === call.caller.arn) return [{ columns, because: 'it created the table' }];
  if (!call.switches.adminsReadData || !isAdmin(call, sight.home)) return [];
  if (isOwn) return [{ columns, because: 'it is a data lake administrator' }];
  return givenToAccount(call, sight, table).cells.map((one) => ({
    ...one,
    because: `${one.because}; it is a data lake administrator there`,
  }));
}

function answer(
  { switches }: Call,
  table: Table,
  {
    cells,
    steps,
    asked,
  }: {
    readonly cells: readonly Cells[];
    readonly steps: readonly string[];
    readonly asked: readonly string[] | undefined;
  },
): AccessAnswer {
  const wanted = asked ?? columnNames(table);
  const unknown = wanted.filter((name) => !columnNames(table).includes(name));
  if (unknown.length > 0) return refused(`the table has no column ${unknown.join(', ')}`, steps);
  const join = switches.severalFilters === 'union' ? ' OR ' : ' AND ';
  const open = Object.fromEntries(
    columnNames(table).flatMap((name) => {
      const rows = cells.filter((one) => one.columns.includes(name)).map((one) => one.rows ?? allRows);
      return rows.length === 0 ? [] : [[name, rows.includes(allRows) ? allRows : joined(rows, join)]];
    }),
  );
  const closed = wanted.filter((name) => open[name] === undefined);
  if (closed.length > 0) {
    const why = cells.length === 0 ? (steps.at(-1) ?? 'nothing was granted to it') : 'no grant of SELECT covers them';
    return { ...refused(`it cannot read ${few(closed)}: ${why}`, steps), columns: open };
  }
  const limits = wanted.map((name) => open[name] ?? allRows).filter((rows) => rows !== allRows);
  const opening = cells.filter((one) => one.columns.some((name) => wanted.includes(name)));
  return {
    allowed: true,
    reason: [...new Set(opening.map(({ because }) => because))].join('; also '),
    columns: open,
    rows: limits.length === 0 ? allRows : joined(limits, ' AND '),
    steps,
  };
}

/** Names for people, of many the first. */
function few(names: readonly string[], most = 5): string {
  const left = names.length - most;
  return left > 0 ? `${names.slice(0, most).join(', ')} and ${left} more` : names.join(', ');
}

function joined(predicates: readonly string[], join: string): string {
  const [only = '', ...more] = [...new Set(predicates)];
  return more.length === 0 ? only : [only, ...more].map((text) => `(${text})`).join(join);
}

function refused(reason: string, steps: readonly string[]): AccessAnswer {
  return { allowed: false, reason, columns: {}, steps };
}
