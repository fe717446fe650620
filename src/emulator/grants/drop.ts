import type { Call } from '../call.ts';
import { noPermissions } from '../permission.ts';
import { rowsIn, type StoredRow } from './grant-store.ts';
import { atomsOf } from './rows.ts';
import { leaveShare } from './shares.ts';

/** Takes every permission in some places away, because what they were on is gone. */
export function dropPlaces(
  call: Call,
  places: readonly string[],
  isMeant: (row: StoredRow) => boolean = () => true,
): void {
  for (const place of places) {
    for (const row of rowsIn(call.lake.grants.under(place)).filter(isMeant)) {
      call.lake.grants.put({ ...row, permissions: noPermissions, options: noPermissions }, call.at);
      leaveShare(call.lake, row.shareArns);
      for (const what of atomsOf(row)) call.changes.push({ verb: 'revoke', what });
    }
  }
}
