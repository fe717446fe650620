import type { Columns } from '../core/columns.ts';
import { digest } from '../core/digest.ts';
import { derivedPrefix } from '../core/filter-name.ts';

/** The name of a data cells filter without one of its own: the same rows and columns always give the same name. */
export function deriveFilterName(rows: string | null, columns: Columns): string {
  return `${derivedPrefix}${digest(JSON.stringify([rows, columns])).slice(0, 12)}`;
}
