import type { Columns } from '../core/columns.ts';
import { digest } from '../core/digest.ts';

/** How the names of data cells filters begin whose name Meshgate chose; those are Meshgate's to delete. */
export const derivedPrefix = 'meshgate_';

/** The name of a data cells filter without one of its own: the same rows and columns always give the same name. */
export function deriveFilterName(rows: string, columns: Columns): string {
  return `${derivedPrefix}${digest(JSON.stringify([rows, columns])).slice(0, 12)}`;
}
