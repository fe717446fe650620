import { modifying } from '../core/permission.ts';
import { leave } from './left.ts';
import type { Ground, Right, Sorted } from './rights.ts';

/**
 * Keeps, of what one principal holds in one database, what can stand side by side in mesh files: each
 * permission is said in one place, and SELECT is limited in one way.
 */
export function standing(rights: readonly Right[], filters: Ground['filters']): Sorted {
  const kept: Right[] = [];
  const left: Sorted['left'][number][] = [];
  const held = holdings(rights);
  const alike = new Set<string>();
  for (const right of rights) {
    const content = contentOf(right, filters);
    const code = clash(right, held) ?? (alike.has(content) ? 'FILTER_TWICE' : undefined);
    if (content !== '') alike.add(content);
    if (code === undefined) kept.push(right);
    else left.push(...leave(code, right.facts));
  }
  return { rights: kept, left };
}

/** What a right gives through a data cells filter: the same for filters of other names with the same content. */
function contentOf({ resource }: Right, filters: Ground['filters']): string {
  if (resource.kind !== 'data-cells-filter') return '';
  const { table, filter } = resource;
  const { rows, columns } = filters.get(`${table} ${filter}`) ?? {};
  return JSON.stringify([table, rows, columns]);
}

interface Held {
  /** Permissions on all tables. */
  readonly wide: ReadonlySet<string>;
  /** Permissions on each table itself. */
  readonly tables: ReadonlyMap<string, ReadonlySet<string>>;
}

function holdings(rights: readonly Right[]): Held {
  const wide = new Set<string>();
  const tables = new Map<string, Set<string>>();
  for (const { resource, permission } of rights) {
    if (resource.kind === 'all-tables') wide.add(permission);
    if (resource.kind === 'table')
      tables.set(resource.table, (tables.get(resource.table) ?? new Set<string>()).add(permission));
  }
  return { wide, tables };
}

function clash({ resource, permission, columns }: Right, { wide, tables }: Held) {
  if (!('table' in resource)) return undefined;
  if (columns !== 'all' && modifying.some((one) => wide.has(one) || tables.get(resource.table)?.has(one)))
    return 'COLUMNS_WITH_MODIFYING';
  if (resource.kind === 'table') {
    if (!wide.has(permission)) return undefined;
    return columns === 'all' ? 'TWICE' : 'SELECT_TWICE';
  }
  return wide.has('SELECT') || tables.get(resource.table)?.has('SELECT') ? 'SELECT_TWICE' : undefined;
}
