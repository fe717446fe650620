import type { Change, Refusal } from '../../core/plan.ts';
import { productsAt, type Scope } from '../../core/scope.ts';
import type { Gap } from '../../core/state.ts';
import { type Guard, givesMore, takesAway } from './guard.ts';

/** What waits for a gap, and how that is said. */
const waiting: Readonly<Record<Exclude<Gap['blocks'], 'nothing'>, readonly [(change: Change) => boolean, string]>> = {
  all: [() => true, 'nothing is changed'],
  revokes: [takesAway, 'nothing is revoked'],
  grants: [givesMore, 'nothing is granted'],
};

/** Refuses what depends on something that could not be read: unknown is not absent. */
export const incompleteRead: Guard = (changes, { lakes, scope }) =>
  lakes
    .flatMap(({ gaps }) => gaps)
    .flatMap((gap): readonly Refusal[] => {
      if (gap.blocks === 'nothing') return [];
      const [waits, said] = waiting[gap.blocks];
      const inScope = changes.filter((change) => isInScope(gap, change, scope) && waits(change));
      if (inScope.length === 0) return [];
      return [
        {
          code: 'INCOMPLETE_READ',
          message: `${said} while this is unknown: ${gap.message}`,
          hint: gap.hint ?? 'mend the cause, then run again',
          changes: inScope,
        },
      ];
    });

function isInScope(gap: Gap, change: Change, scope: Scope): boolean {
  const fact = change.after ?? change.before;
  const named = fact?.kind === 'grant' || fact?.kind === 'opt-in' ? fact.resource : fact;
  // What consumers have of a database is asked of them as long as it can be read, as in its own lake.
  const isOfCatalog = named !== undefined && gap.lake.startsWith(`${named.catalog}/`) && change.account !== undefined;
  if (gap.lake !== change.lake && (gap.database === undefined || !isOfCatalog)) return false;
  if (gap.database === undefined) return true;
  // Nothing is asked of a product whose database is unknown, so what it has elsewhere is not known to be unwanted either.
  if (named !== undefined && 'location' in named)
    return gap.table === undefined && isOfDatabase(gap.database, named.location, scope);
  if (named === undefined || !('database' in named) || named.database !== gap.database) return false;
  return gap.table === undefined || !('table' in named) || named.table === gap.table;
}

/** Whether a product with its tables in a database has its data at a location, or had. */
function isOfDatabase(database: string, location: string, scope: Scope): boolean {
  return [scope, scope.ever].some((bounds) => {
    const there = new Set((bounds.databases.get(database) ?? []).map(({ id }) => id));
    return productsAt(bounds, location).some(({ id }) => there.has(id));
  });
}
