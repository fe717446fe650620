import type { Call } from '../call.ts';
import { invalidInput } from '../failure.ts';
import { holds, noPermissions, type PermissionSet, setOf } from '../permission.ts';
import { placeOf } from '../resource.ts';
import type { Entry } from './entry.ts';
import type { StoredRow } from './grant-store.ts';

const modifying: PermissionSet = setOf(['ALL', 'ALTER', 'DROP', 'DELETE', 'INSERT']);
const clash = 'Permissions modification is invalid.';

/**
 * Refuses what does not go together with a column-limited SELECT.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html and
 * https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html disagree in places; there a
 * switch decides. The text is the one quoted by https://github.com/aws-samples/sample-apache-ranger-to-lake-formation-converter.
 */
export function checkColumnRules(call: Call, entry: Entry): void {
  const { resource, principal, home, columns } = entry;
  if (resource.kind !== 'table') return;
  const held = home.grants.held(principal.text, placeOf(resource));
  if (columns && columns.kind !== 'all') {
    checkOption(call, entry);
    if (home.settings.admins.includes(principal.text)) throw invalidInput(clash);
    checkNewList(call, held);
    return;
  }
  const limited = held.some(
    (row) => row.part.kind === 'columns' && row.part.columns.kind !== 'all' && row.permissions !== noPermissions,
  );
  if (!limited) return;
  // Both documents agree that who holds SELECT on some columns cannot be given a modifying permission.
  if ((entry.permissions & modifying) !== noPermissions) throw invalidInput(clash);
  const isFullSelect = holds(entry.permissions, 'SELECT');
  if (isFullSelect && call.switches.columnListsCoexistWithTable === 'refuse') throw invalidInput(clash);
}

function checkOption({ switches }: Call, { options, columns }: Entry): void {
  if (options === noPermissions) return;
  if (columns?.kind === 'exclude')
    throw invalidInput('The grant option cannot be granted with an exclude list of columns.');
  if (switches.grantOptionWithColumns === 'refuse')
    throw invalidInput('The grant option cannot be granted with a list of columns.');
}

function checkNewList({ switches }: Call, held: readonly StoredRow[]): void {
  const all = held.filter((row) => row.part.kind === 'columns' && row.part.columns.kind === 'all');
  if (all.length > 0 && switches.columnListsCoexistWithTable === 'refuse') throw invalidInput(clash);
  const modifies = held.some((row) => row.part.kind === 'resource' && (row.permissions & modifying) !== noPermissions);
  if (modifies && switches.columnGrantAgainstModify === 'refuse') throw invalidInput(clash);
}
