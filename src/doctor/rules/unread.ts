import type { Check } from '../../core/diagnosis.ts';
import { unchecked } from '../check.ts';
import type { CheckCode } from '../codes.ts';
import type { LakeReading } from '../reading.ts';
import { counted, listed } from '../words.ts';

/** What cannot be said of declared databases that could not be read; nothing where all were. */
export function unreadDatabases({ observed }: LakeReading, code: CheckCode, what: string): readonly Check[] {
  const names = [...observed.catalog.unread].sort();
  if (names.length === 0) return [];
  const why = 'they could not be read, or are not there; to a role that is no administrator the catalog hides which';
  return [unchecked(code, `${what}, in ${counted(names.length, 'declared database')} (${listed(names)})`, { why })];
}
