import { coversColumns } from '../core/columns.ts';
import type { Grant } from '../core/fact.ts';
import type { Sight } from '../core/hold.ts';

/** What is asked about. */
export type Target =
  /** All there is. */
  | { readonly kind: 'everything' }
  | { readonly kind: 'catalog' }
  | { readonly kind: 'database'; readonly database: string }
  | { readonly kind: 'table'; readonly database: string; readonly table: string; readonly column?: string }
  | { readonly kind: 'location'; readonly location: string };

/** The target as people write it. */
export function targetText(target: Target): string {
  switch (target.kind) {
    case 'everything':
      return 'everything';
    case 'catalog':
      return 'the catalog';
    case 'database':
      return `database ${target.database}`;
    case 'table':
      return `table ${target.database}.${target.table}${target.column === undefined ? '' : `, column ${target.column}`}`;
    case 'location':
      return `data location ${target.location}`;
  }
}

/**
 * Whether a grant gives something on the target: `maybe` where that hangs on LF-Tags, or on a data cells filter whose
 * columns nobody knows. A table is within its database's all-tables wildcard; a partition key cannot be hidden
 * (https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html).
 */
export function gives({ resource, columns = 'all' }: Grant, target: Target, sight: Sight): 'yes' | 'maybe' | 'no' {
  if (target.kind === 'everything') return resource.kind === 'lf-tag-policy' ? 'maybe' : 'yes';
  switch (resource.kind) {
    case 'catalog':
      return target.kind === 'catalog' ? 'yes' : 'no';
    case 'database':
      return target.kind === 'database' && target.database === resource.database ? 'yes' : 'no';
    case 'all-tables':
      return target.kind === 'table' && target.database === resource.database ? 'yes' : 'no';
    case 'data-location':
      return target.kind === 'location' && isWithin(target.location, resource.location) ? 'yes' : 'no';
    case 'lf-tag-policy':
      return (resource.covers === 'TABLE') === (target.kind === 'table') && target.kind !== 'location' ? 'maybe' : 'no';
    case 'lf-tag':
    case 'lf-tag-expression':
      return 'no';
    case 'table':
    case 'data-cells-filter': {
      if (target.kind !== 'table' || target.database !== resource.database || target.table !== resource.table)
        return 'no';
      if (target.column === undefined || isPartitionKey(target, sight)) return 'yes';
      const read = resource.kind === 'table' ? columns : sight.filterColumns(resource);
      if (read === undefined) return 'maybe';
      return coversColumns(read, { only: [target.column] }) ? 'yes' : 'no';
    }
  }
}

function isWithin(location: string, granted: string): boolean {
  return location === granted || location.startsWith(`${granted}/`);
}

function isPartitionKey({ database, table, column }: Extract<Target, { kind: 'table' }>, { catalog }: Sight): boolean {
  const found = catalog.databases
    .get(database)
    ?.tables.get(table)
    ?.columns.find(({ name }) => name === column);
  return found?.isPartitionKey === true;
}
