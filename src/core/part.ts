import type { Fact } from './fact.ts';

/** A part of a lake, in the words of mesh files: the databases, which of their tables, and what else. */
export interface Part {
  readonly databases: ReadonlyMap<string, DatabasePart>;
  /** Whether a data location belongs to it, by its ARN; absent where none does. */
  readonly locations?: (location: string) => boolean;
  /** Whether the catalog itself and LF-Tags belong to it. */
  readonly catalog: boolean;
  /** The databases on which somebody may be opted in. */
  readonly hybrid: ReadonlySet<string>;
}

/** What of a database belongs to a part, beside the database itself. */
export interface DatabasePart {
  /** Whether a table belongs to it, with the data cells filters on it. */
  readonly has: (table: string) => boolean;
  /** Whether permissions on all tables at once belong to it; then so does every table, which such a permission may replace. */
  readonly allTables: boolean;
}

/** Whether a fact is in a part of a lake. */
export function isIn(part: Part, fact: Fact): boolean {
  return placeOf(part, fact) === 'in';
}

/**
 * Whether a fact is read with a part of a lake: what is in it, and permissions on all tables beside each
 * of its tables, which tell what they open and what replaces what.
 */
export function isReadWith(part: Part, fact: Fact): boolean {
  return placeOf(part, fact) !== 'outside';
}

function placeOf(part: Part, fact: Fact): 'in' | 'beside' | 'outside' {
  if (fact.kind !== 'grant' && fact.kind !== 'opt-in') {
    const database = part.databases.get(fact.database);
    const isPart =
      fact.kind === 'catalog-parameter'
        ? database !== undefined
        : 'table' in fact && database?.has(fact.table) === true;
    return isPart ? 'in' : 'outside';
  }
  const { resource } = fact;
  if (resource.kind === 'data-location') return part.locations?.(resource.location) === true ? 'in' : 'outside';
  if (!('database' in resource)) return part.catalog ? 'in' : 'outside';
  const database = part.databases.get(resource.database);
  if (database === undefined) return 'outside';
  if (resource.kind === 'all-tables') return database.allTables ? 'in' : 'beside';
  return !('table' in resource) || database.has(resource.table) ? 'in' : 'outside';
}
