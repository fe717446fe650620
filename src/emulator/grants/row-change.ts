import { holds, noPermissions } from '../permission.ts';
import type { Entry } from './entry.ts';
import type { StoredRow } from './grant-store.ts';
import { atomsOf } from './rows.ts';
import { joinShare } from './shares.ts';
import { type Author, removeRow } from './store-grant.ts';

/** A stored row and what is left of it: nothing, itself with less, or rows with fewer columns. */
export interface RowChange {
  readonly before: StoredRow;
  readonly after: readonly StoredRow[];
}

/** Puts what is left of a row in its place, and writes the change down. */
export function writeRowChange(entry: Entry, { before, after }: RowChange, author: Author): void {
  const kept = after.filter((row) => (row.permissions | row.options) !== noPermissions);
  const [only] = kept;
  if (kept.length === 1 && only && only.part === before.part) {
    shrinkRow(entry, { before, after: only }, author);
    return;
  }
  removeRow(entry, before, author);
  for (const row of kept) {
    const stamped = {
      ...row,
      lastUpdated: author.at,
      lastUpdatedBy: author.by,
      shareArns: joinShare(entry.home, entry.principal, entry.resource),
    };
    entry.home.grants.put(stamped, author.at);
    for (const what of atomsOf(stamped)) author.record({ verb: 'grant', what });
  }
}

function shrinkRow(
  { home }: Entry,
  { before, after }: { readonly before: StoredRow; readonly after: StoredRow },
  author: Author,
): void {
  home.grants.put({ ...after, lastUpdated: author.at, lastUpdatedBy: author.by }, author.at);
  const gone = {
    ...before,
    permissions: before.permissions & ~after.permissions,
    options: before.options & ~after.options,
  };
  for (const what of atomsOf(gone)) {
    const keepsPermission = holds(after.permissions, what.permission);
    author.record({ verb: 'revoke', what: keepsPermission ? { ...what, optionOnly: true } : what });
  }
}
