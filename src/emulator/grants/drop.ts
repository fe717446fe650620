import type { Call } from '../call.ts';
import { noPermissions } from '../permission.ts';
import { leaveShare } from '../ram/sharing.ts';
import { rowsIn, type StoredRow } from './grant-store.ts';
import { atomsOf } from './rows.ts';

/**
 * Takes every permission in some places away, because what they were on is gone. Their RAM shares stay behind:
 * https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-notes.html advises to revoke first.
 */
export function dropPlaces(
  call: Call,
  places: readonly string[],
  isMeant: (row: StoredRow) => boolean = () => true,
): void {
  for (const place of places) {
    for (const row of rowsIn(call.lake.grants.under(place)).filter(isMeant)) {
      call.lake.grants.put({ ...row, permissions: noPermissions, options: noPermissions }, call.at);
      if (!call.switches.dropOrphansShares) leaveShare(call.lake, row, call.at);
      for (const what of atomsOf(row)) call.changes.push({ verb: 'revoke', what });
    }
  }
}
