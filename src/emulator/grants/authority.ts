import type { Call } from '../call.ts';
import { accessDenied } from '../failure.ts';
import { columnNames, type Lake, type LakeView } from '../lake.ts';
import { holds, namesOf, noPermissions, type PermissionSet, setOf } from '../permission.ts';
import { type Columns, distinctionOf, placeOf, type Resource, selectedColumns } from '../resource.ts';
import type { Entry } from './entry.ts';
import type { Found } from './existence.ts';
import type { StoredRow } from './grant-store.ts';
import { isOnItsWay, receivedRows } from './received.ts';

/** Says whether the caller is a data lake administrator of the lake. */
export function isAdmin(call: Call, lake: LakeView = call.lake): boolean {
  return lake.settings.admins.includes(call.caller.arn);
}

/** Says whether the caller sees everything in the lake: an administrator, also a read-only one. */
export function seesEverything(call: Call, lake: LakeView = call.lake): boolean {
  return isAdmin(call, lake) || lake.settings.readOnlyAdmins.includes(call.caller.arn);
}

/** The texts under which the caller can hold permissions in its own account. */
export function callerTexts(call: Call): readonly string[] {
  return [call.caller.arn, `${call.caller.account}:IAMPrincipals`];
}

/**
 * Refuses a grant or revoke by someone who may not pass the permissions on: who is neither administrator nor creator
 * nor holder of the grant option. What is another account's can be passed on only as far as it was shared with the
 * grant option. https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html and
 * https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-notes.html
 */
export function checkAuthority(call: Call, entry: Entry, found: Found | undefined): void {
  const wanted = entry.permissions | entry.options;
  if (entry.resource.catalog !== call.caller.account) {
    checkReshare(call, entry, wanted);
    return;
  }
  if (isAdmin(call)) return;
  if (!found) throw accessDenied();
  if (isCreator(call, entry, found)) return;
  if ((wanted & ~passable(call, call.lake, entry, found)) !== 0) throw accessDenied();
}

function checkReshare(call: Call, entry: Entry, wanted: PermissionSet): void {
  const { resource, principal } = entry;
  if (!('account' in principal) || principal.account !== call.caller.account || principal.kind === 'account')
    throw accessDenied();
  if (!isAdmin(call)) {
    const held = optionsOf(callerTexts(call).flatMap((text) => heldOn(call.lake, text, resource)));
    if ((wanted & ~held) !== 0) throw accessDenied();
    return;
  }
  const received = receivedRows(call, resource).filter((row) => row.principal !== call.caller.arn);
  // https://github.com/data-dot-all/dataall/issues/526
  if ('database' in resource && isOnItsWay(call, resource))
    throw accessDenied(`Insufficient Glue permissions to access ${nameIn(resource)}`);
  const shared = optionsOf(received);
  if ((wanted & ~withMembers(shared)) !== 0) throw accessDenied();
}

function nameIn(resource: Extract<Resource, { readonly database: string }>): string {
  return 'table' in resource ? `table ${resource.table}` : `database ${resource.database}`;
}

function isCreator(call: Call, { resource }: Entry, { database, table }: Found): boolean {
  if (resource.kind === 'database') return database?.createdBy === call.caller.arn;
  return (resource.kind === 'table' || resource.kind === 'data-cells-filter') && table?.createdBy === call.caller.arn;
}

/** What the caller may pass on: what it holds with the grant option, on columns that cover those asked for. */
function passable(call: Call, lake: Lake, entry: Entry, found: Found): PermissionSet {
  const rows = callerTexts(call).flatMap((text) => heldOn(lake, text, entry.resource));
  const existing = found.table ? columnNames(found.table) : [];
  return withMembers(optionsOf(rows.filter((row) => coversColumns(row, entry.columns, existing))));
}

function coversColumns(row: StoredRow, columns: Columns | undefined, existing: readonly string[]): boolean {
  if (row.part.kind !== 'columns' || row.part.columns.kind === 'all') return true;
  if (columns === undefined || columns.kind === 'all') return false;
  const covered = selectedColumns(row.part.columns, existing);
  return selectedColumns(columns, existing).every((name) => covered.includes(name));
}

/** The rows of a principal on a resource: its own, and for a table those on all tables. */
export function heldOn(lake: LakeView, principal: string, resource: Resource): readonly StoredRow[] {
  const rows = lake.grants.held(principal, placeOf(resource)).filter((row) => namesAll(row.resource, resource));
  if (resource.kind !== 'table') return rows;
  const { catalog, database } = resource;
  return [...rows, ...lake.grants.held(principal, placeOf({ kind: 'all-tables', catalog, database }))];
}

/** Says whether a resource is, or includes, one of the same place: LF-Tag values may be held in a longer list. */
function namesAll(held: Resource, wanted: Resource): boolean {
  if (held.kind === 'lf-tag' && wanted.kind === 'lf-tag') {
    return held.values.includes('*') || wanted.values.every((value) => held.values.includes(value));
  }
  return distinctionOf(held) === distinctionOf(wanted);
}

function optionsOf(rows: readonly StoredRow[]): PermissionSet {
  return rows.reduce((set, row) => set | row.options, noPermissions);
}

/** ALL with the grant option passes on everything but itself is passed on only where it is held. */
function withMembers(set: PermissionSet): PermissionSet {
  if (!holds(set, 'ALL')) return set;
  return set | setOf(['ALTER', 'CREATE_TABLE', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT', 'SELECT']);
}

/** The names of a set in the form of a Java list, as they stand in AWS texts. */
export function javaList(set: PermissionSet): string {
  return `[${namesOf(set).join(', ')}]`;
}
