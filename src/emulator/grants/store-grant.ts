import type { Change } from '../journal.ts';
import { noPermissions } from '../permission.ts';
import { iamAllowedPrincipals } from '../principal.ts';
import { joinShare, leaveShare } from '../ram/sharing.ts';
import { allColumns, type Columns, placeOf } from '../resource.ts';
import type { Switches } from '../switches.ts';
import type { World } from '../world.ts';
import { isHybrid } from './cross-account.ts';
import type { Entry } from './entry.ts';
import type { Found } from './existence.ts';
import type { Part, StoredRow } from './grant-store.ts';
import { type EntryPart, expanded, partsOf } from './parts.ts';
import { atomsOf } from './rows.ts';

/** When and by whom a change is made, and where it is written down. */
export interface Author {
  readonly world: World;
  readonly at: number;
  readonly by: string;
  readonly switches: Switches;
  readonly record: (change: Change) => void;
  /** False while the seed is loaded: nobody can ask for what was before it. */
  readonly remembers: boolean;
  /** Why RAM cannot share what is granted to a principal; undefined where it can. */
  readonly whyUnshared: (principal: string) => string | undefined;
}

/** Adds what an entry grants to what is stored; repeating a grant changes nothing. */
export function storeGrant(entry: Entry, found: Found, author: Author): void {
  for (const part of partsOf(expanded(entry, found, author.switches)))
    storePart(entry, isHybrid(found) ? part : widened(entry, part, author), author);
}

/**
 * A column list on a table that IAM_ALLOWED_PRINCIPALS holds comes back as all columns, but where hybrid access is made
 * for the two to stand together.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lakeformation_permissions
 */
function widened(entry: Entry, part: EntryPart, { switches }: Author): EntryPart {
  if (part.part.kind !== 'columns' || part.part.columns.kind === 'all' || !switches.columnsWidenedByIamAllowed)
    return part;
  const isOpen = entry.home.grants.held(iamAllowedPrincipals, placeOf(entry.resource)).length > 0;
  return isOpen ? { ...part, part: { kind: 'columns', columns: allColumns } } : part;
}

function storePart(entry: Entry, { part, permissions, options }: EntryPart, author: Author): void {
  const { home, principal, resource, condition } = entry;
  const target = author.switches.columnListStorage === 'merged' ? mergeTarget(entry, part, options) : undefined;
  const finalPart: Part = target ? { kind: 'columns', columns: target.columns } : part;
  const key = {
    principal: principal.text,
    resource,
    part: finalPart,
    ...(condition === undefined ? {} : { condition }),
  };
  const known = home.grants.get(key);
  const shareArns = joinShare(author, home, { principal, resource, known });
  if (target && !known) removeRow(entry, target.row, author);
  const before = known ?? target?.row;
  const row: StoredRow = {
    ...key,
    permissions: (known?.permissions ?? noPermissions) | permissions,
    options: (known?.options ?? noPermissions) | options,
    lastUpdated: author.at,
    lastUpdatedBy: author.by,
    shareArns,
  };
  const isSame = known !== undefined && known.permissions === row.permissions && known.options === row.options;
  if (isSame && !author.switches.noopMovesLastUpdated) return;
  home.grants.put(row, author.remembers ? author.at : undefined);
  if (!isSame) recordGranted(row, target ? undefined : before, author);
}

/** The stored list that a new one is joined with, and the columns of both. */
function mergeTarget(
  entry: Entry,
  part: Part,
  options: number,
): { readonly row: StoredRow; readonly columns: Columns } | undefined {
  if (part.kind !== 'columns' || part.columns.kind === 'all') return undefined;
  for (const row of entry.home.grants.held(entry.principal.text, placeOf(entry.resource))) {
    if (row.condition !== entry.condition || row.part.kind !== 'columns' || row.options !== options) continue;
    const columns = joined(row.part.columns, part.columns);
    if (columns) return { row, columns };
  }
  return undefined;
}

function joined(a: Columns, b: Columns): Columns | undefined {
  if (a.kind === 'include' && b.kind === 'include')
    return { kind: 'include', names: [...new Set([...a.names, ...b.names])].sort() };
  if (a.kind !== 'exclude' || b.kind !== 'exclude') return undefined;
  const names = a.names.filter((name) => b.names.includes(name));
  return names.length === 0 ? allColumns : { kind: 'exclude', names };
}

/** Takes a whole row away, and with it its place on a RAM share. */
export function removeRow(entry: Entry, row: StoredRow, author: Author): void {
  entry.home.grants.put(
    { ...row, permissions: noPermissions, options: noPermissions },
    author.remembers ? author.at : undefined,
  );
  leaveShare(entry.home, row, author.at);
  for (const what of atomsOf(row)) author.record({ verb: 'revoke', what });
}

/** Writes down what a row holds beyond what it held before. */
export function recordGranted(row: StoredRow, before: StoredRow | undefined, author: Author): void {
  const permissions = row.permissions & ~(before?.permissions ?? noPermissions);
  const options = row.options & ~(before?.options ?? noPermissions);
  for (const what of atomsOf({ ...row, permissions: permissions | options, options: row.options }))
    author.record({ verb: 'grant', what });
}
