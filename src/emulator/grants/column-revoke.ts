import { columnNames } from '../lake.ts';
import { noPermissions, type PermissionSet } from '../permission.ts';
import { type Columns, columnsKey, selectedColumns } from '../resource.ts';
import type { Switches } from '../switches.ts';
import type { Found } from './existence.ts';
import type { StoredRow } from './grant-store.ts';
import type { EntryPart } from './parts.ts';
import type { RowChange } from './row-change.ts';

/** A revoke of SELECT on columns, with what it is judged by. */
interface ColumnRevoke {
  readonly part: EntryPart;
  readonly columns: Columns;
  readonly switches: Switches;
  readonly found: Found;
}

/**
 * What revoking a column list does where lists are merged, or where a revoke takes its overlap with every list;
 * undefined where a revoke must name a stored list exactly. Which of these AWS does is not documented.
 */
export function planColumnRevoke(
  held: readonly StoredRow[],
  revoke: ColumnRevoke,
): { readonly changes: readonly RowChange[]; readonly missing: PermissionSet } | undefined {
  const { columns, switches, part } = revoke;
  const takesOverlap = switches.columnRevokeTakesOverlap;
  if (part.permissions === noPermissions || (!takesOverlap && switches.columnListStorage === 'rows')) return undefined;
  const isExact = held.some(
    (row) => row.part.kind === 'columns' && columnsKey(row.part.columns) === columnsKey(columns),
  );
  if (isExact && !takesOverlap) return undefined;
  const changes = held.flatMap((row): readonly RowChange[] => {
    if (row.part.kind !== 'columns' || (!takesOverlap && !isWithin(columns, row.part.columns, revoke))) return [];
    const left = without(row.part.columns, columns, revoke);
    return left === 'same'
      ? []
      : [{ before: row, after: left ? [{ ...row, part: { kind: 'columns', columns: left } }] : [] }];
  });
  return { changes, missing: changes.length === 0 ? part.permissions : noPermissions };
}

function isWithin(inner: Columns, outer: Columns, { found }: ColumnRevoke): boolean {
  if (inner.kind !== 'include' || outer.kind !== 'include') return false;
  return inner.names.every((name) => outer.names.includes(name)) && found.table !== undefined;
}

/** What is left of a list when another is taken out of it: 'same' when nothing was, undefined when nothing is. */
function without(from: Columns, taken: Columns, { found }: ColumnRevoke): Columns | 'same' | undefined {
  const existing = found.table ? columnNames(found.table) : [];
  if (taken.kind === 'all') return undefined;
  if (taken.kind === 'include' && from.kind !== 'include') {
    const excluded = from.kind === 'exclude' ? from.names : [];
    const names = [...new Set([...excluded, ...taken.names])].sort();
    if (names.length === excluded.length) return 'same';
    return existing.every((name) => names.includes(name)) ? undefined : { kind: 'exclude', names };
  }
  const before = from.kind === 'include' ? from.names : selectedColumns(from, existing);
  const gone = taken.kind === 'include' ? taken.names : selectedColumns(taken, existing);
  const names = before.filter((name) => !gone.includes(name));
  if (names.length === before.length) return 'same';
  return names.length === 0 ? undefined : { kind: 'include', names: [...names].sort() };
}
