import type { Change, Refusal } from '../../core/plan.ts';
import type { Gap } from '../../core/state.ts';
import { type Guard, takesAway } from './guard.ts';

/** Refuses what depends on something that could not be read: unknown is not absent. */
export const incompleteRead: Guard = (changes, { observed }) =>
  observed.gaps.flatMap((gap): readonly Refusal[] => {
    if (gap.blocks === 'nothing') return [];
    const inScope = changes.filter((change) => isInScope(gap, change) && (gap.blocks === 'all' || takesAway(change)));
    if (inScope.length === 0) return [];
    return [
      {
        code: 'INCOMPLETE_READ',
        message: `${gap.blocks === 'all' ? 'nothing is changed' : 'nothing is revoked'} while this is unknown: ${gap.message}`,
        hint: gap.hint ?? 'mend the cause, then run again',
        changes: inScope,
      },
    ];
  });

function isInScope(gap: Gap, change: Change): boolean {
  if (gap.lake !== change.lake) return false;
  if (gap.database === undefined) return true;
  const fact = change.after ?? change.before;
  const named = fact?.kind === 'grant' ? fact.resource : fact;
  if (named === undefined || !('database' in named) || named.database !== gap.database) return false;
  return gap.table === undefined || !('table' in named) || named.table === gap.table;
}
