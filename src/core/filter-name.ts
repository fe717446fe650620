import type { Columns } from './columns.ts';
import { digest } from './digest.ts';

/** How the names of data cells filters begin whose name Meshgate chose; those are Meshgate's to delete, and no file may take one. */
export const derivedPrefix = 'meshgate_';

/** The name of a data cells filter without one of its own: the same rows and columns always give the same name. */
export function deriveFilterName(rows: string | null, columns: Columns): string {
  return `${derivedPrefix}${digest(JSON.stringify([rows, columns])).slice(0, 12)}`;
}
