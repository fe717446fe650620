import type { LimitFunction } from 'p-limit';
import { grantsOf, rawResource } from '../core/canonical.ts';
import {
  LakeFailure,
  type LakeReader,
  type ObservedRow,
  type PermissionPage,
  type PermissionQuery,
  type ResourceType,
  type TableName,
} from '../core/lake.ts';
import type { Part } from '../core/part.ts';
import { passesOn, toPrincipal } from '../core/principal.ts';
import { type Resource, resourceParts, resourceText } from '../core/resource.ts';
import type { CatalogEntry } from '../core/state.ts';
import { addRow, type Facts } from './facts.ts';
import { type OnGap, unread } from './gaps.ts';

/** One thing to ask for permissions: a resource, or all resources of a type. */
export type Asking = Resource | ResourceType;

/** What reading permissions shares. */
export interface Reader {
  readonly reader: LakeReader;
  readonly facts: Facts;
  readonly gap: OnGap;
  readonly limit: LimitFunction;
  /** Told how much has been read. */
  readonly onProgress: (rows: number, pages: number) => void;
}

const ofCatalog: readonly ResourceType[] = [
  'CATALOG',
  'LF_TAG',
  'LF_TAG_POLICY_DATABASE',
  'LF_TAG_POLICY_TABLE',
  'LF_NAMED_TAG_EXPRESSION',
];

/** All there is to ask for a part of a lake, as far as the catalog has it. */
export function askingsOf(part: Part, catalog: string, entries: readonly CatalogEntry[]): readonly Asking[] {
  return [
    ...(part.catalog ? ofCatalog : []),
    // All at once: who shares a location may have been given another inside it.
    ...(part.locations === undefined ? [] : (['DATA_LOCATION'] as const)),
    ...entries.flatMap(({ database: { name: database }, tables }): Resource[] => [
      { kind: 'database', catalog, database },
      { kind: 'all-tables', catalog, database },
      ...[...tables.keys()]
        .filter((table) => part.databases.get(database)?.has(table) === true)
        .map((table): Resource => ({ kind: 'table', catalog, database, table })),
    ]),
  ];
}

/** The resource under which permissions on this one are listed: the grants on a data cells filter come with its table's. */
export function listable(resource: Resource): Resource {
  if (resource.kind !== 'data-cells-filter') return resource;
  const { catalog, database, table } = resource;
  return { kind: 'table', catalog, database, table };
}

/** Names the resource under which permissions on this one are listed. */
export function listedUnder(resource: Resource): string {
  const listed = listable(resource);
  return [listed.kind, listed.catalog, ...resourceParts(listed)].join('\n');
}

/**
 * The rows on one resource, or on all of a type. The rows on all tables, which the service may show
 * with those of a table, are not among them: they are asked for by themselves. Nor are those that the account which
 * owns the resource gave to this one: they are in its lake.
 */
export async function* listOn(reader: LakeReader, asking: Asking): AsyncGenerator<PermissionPage> {
  if (typeof asking === 'string') {
    yield* reader.permissions({ type: asking });
    return;
  }
  const raw = rawResource(asking);
  const query: PermissionQuery = asking.kind === 'table' ? { resource: raw, related: true } : { resource: raw };
  const own = listedUnder(asking);
  const isOwn = (row: ObservedRow): boolean =>
    grantsOf(reader.lake, row).every(({ resource }) => listedUnder(resource) === own);
  const [account = ''] = reader.lake.split('/');
  const isGivenHere = (row: ObservedRow): boolean => asking.catalog === account || !isReceived(row, asking.catalog);
  for await (const { rows, unreadable } of reader.permissions(query))
    yield { rows: rows.filter((row) => isOwn(row) && isGivenHere(row)), unreadable };
}

/** Whether a row on what another account owns is what that account gave, which a listing by resource shows its receiver, too. */
function isReceived({ principal, shares, updatedBy = '' }: ObservedRow, owner: string): boolean {
  if ((shares !== undefined && shares.length > 0) || passesOn(toPrincipal(principal))) return true;
  // What it gave to everybody here looks like a grant of this account's own, but for whose people changed it last.
  return updatedBy.split(':')[4] === owner;
}

/**
 * Sweeps all permissions of a lake, and answers how many pages that took; undefined, with nothing kept, as soon as
 * it has taken more calls than asking for each thing by itself would, also where that is known only when it has ended:
 * which of the two is kept hangs on the lake, not on what was quicker. Where the askings are undefined, since it is
 * unknown what there is to ask for, it goes to the end.
 */
export async function sweep(on: Reader, askings: Promise<readonly Asking[] | undefined>): Promise<number | undefined> {
  const { reader, gap, onProgress } = on;
  const facts: Facts = new Map();
  const unreadable: PermissionPage['unreadable'][number][] = [];
  let most = Number.POSITIVE_INFINITY;
  void askings.then(
    (all) => (most = all?.length ?? most),
    () => undefined,
  );
  let [pages, rows] = [0, 0];
  try {
    for await (const page of reader.permissions()) {
      if (pages >= most) return undefined;
      pages += 1;
      rows += page.rows.length;
      for (const row of page.rows) addRow(facts, reader.lake, row);
      unreadable.push(...page.unreadable);
      onProgress(rows, pages);
    }
    const all = await askings;
    if (all !== undefined && pages > all.length) return undefined;
  } catch (thrown) {
    const hint = 'allow the role lakeformation:ListPermissions, and run again';
    gap({ code: 'NO_PERMISSIONS_LIST', ...unread('permissions', thrown, hint), blocks: 'all' });
  }
  for (const [key, fact] of facts) on.facts.set(key, fact);
  for (const { text, ...scope } of unreadable) gap({ ...unknownRow(text), ...scope });
  return pages;
}

/** Asks for each thing by itself. */
export async function askEach(on: Reader, askings: readonly Asking[]): Promise<void> {
  let [pages, rows] = [0, 0];
  const count = (page: PermissionPage): void => {
    pages += 1;
    rows += page.rows.length;
    on.onProgress(rows, pages);
  };
  await Promise.all(
    askings.map((asking) =>
      on.limit(() => {
        const what = typeof asking === 'string' ? `resources of type ${asking}` : resourceText(asking);
        return readInto(on, asking, { count, code: 'NO_PERMISSIONS_LIST', what: `permissions on ${what}` });
      }),
    ),
  );
}

/** A table of some catalog. */
export interface FilteredTable extends TableName {
  readonly catalog: string;
}

/** The tables that have data cells filters once more: a sweep may leave out the grants on those. */
export async function askFiltered(
  on: Reader,
  tables: readonly FilteredTable[],
  isUnseen?: (refused: LakeFailure) => boolean,
): Promise<void> {
  await Promise.all(
    tables.map((table) =>
      on.limit(() => {
        const what = `permissions on the data cells filters of ${table.database}.${table.table}`;
        const asking: Resource = { kind: 'table', ...table };
        return readInto(on, asking, { count: () => undefined, code: 'NO_FILTER_GRANTS', what, isUnseen });
      }),
    ),
  );
}

interface Reading {
  readonly count: (page: PermissionPage) => void;
  readonly code: string;
  readonly what: string;
  /** Whether a failure says no more than that the caller sees nothing there. */
  readonly isUnseen?: ((refused: LakeFailure) => boolean) | undefined;
}

async function readInto({ reader, facts, gap }: Reader, asking: Asking, how: Reading): Promise<void> {
  const { count, code, what, isUnseen } = how;
  const scope = scopeOf(asking);
  try {
    for await (const page of listOn(reader, asking)) {
      count(page);
      for (const row of page.rows) addRow(facts, reader.lake, row);
      for (const { text, ...named } of page.unreadable) gap({ ...unknownRow(text), ...named, ...scope });
    }
  } catch (thrown) {
    if (thrown instanceof LakeFailure && isUnseen?.(thrown) === true) return;
    gap({ code, ...unread(what, thrown), ...scope, blocks: 'all' });
  }
}

/** What a gap in reading it is confined to. */
function scopeOf(asking: Asking): { readonly database?: string; readonly table?: string } {
  if (typeof asking === 'string' || !('database' in asking)) return {};
  return 'table' in asking ? { database: asking.database, table: asking.table } : { database: asking.database };
}

function unknownRow(text: string) {
  return { code: 'UNKNOWN_ROW', message: `a permission in an unknown form: ${text}`, blocks: 'revokes' as const };
}
