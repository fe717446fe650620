import { holds, noPermissions } from '../permission.ts';
import { joinShare } from '../ram/sharing.ts';
import type { Entry } from './entry.ts';
import type { StoredRow } from './grant-store.ts';
import { atomsOf } from './rows.ts';
import { type Author, recordGranted, removeRow } from './store-grant.ts';

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
  // What is left of one list may be a list that is stored already, with more rights or fewer. It joins its share before
  // the old list leaves it: a share without rows is deleted.
  const { home, principal, resource } = entry;
  const staying = kept.map((row) => {
    const known = home.grants.get(row);
    return { row, known, shareArns: joinShare(author, home, { principal, resource, known }) };
  });
  removeRow(entry, before, author);
  for (const { row, known, shareArns } of staying) {
    const joined = {
      ...row,
      permissions: row.permissions | (known?.permissions ?? noPermissions),
      options: row.options | (known?.options ?? noPermissions),
      lastUpdated: author.at,
      lastUpdatedBy: author.by,
      shareArns,
    };
    home.grants.put(joined, author.at);
    recordGranted(joined, known, author);
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
