import type { Fact } from '../core/fact.ts';
import { compilePattern } from '../core/pattern.ts';
import type { Undecided } from '../core/state.ts';

/**
 * Whether a live grant or opt-in may be what a file asks for, where the catalog lacks what the file names: then it
 * stays. No further than that: a file that names a table in vain must keep nothing else alive.
 */
export function undecidedIn(undecided: readonly Undecided[]): (fact: Fact) => boolean {
  const entries = undecided.map(({ lake, principals, database, tables, permissions }) => ({
    lake,
    principals: new Set(principals),
    database,
    patterns: tables.map(compilePattern),
    permissions: new Set(permissions),
  }));
  return (fact) => {
    if ((fact.kind !== 'grant' && fact.kind !== 'opt-in') || !('table' in fact.resource)) return false;
    const { principal, resource } = fact;
    // An opt-in goes with any permission.
    const permission = fact.kind === 'grant' ? fact.permission : undefined;
    return entries.some(
      (entry) =>
        entry.lake === fact.lake &&
        entry.database === resource.database &&
        entry.principals.has(principal) &&
        (permission === undefined || entry.permissions.has(permission)) &&
        entry.patterns.some((pattern) => pattern.matches(resource.table)),
    );
  };
}
