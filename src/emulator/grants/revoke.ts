import type { Call } from '../call.ts';
import { invalidInput, type ServiceFailure } from '../failure.ts';
import { holds, noPermissions, type PermissionSet, setOf } from '../permission.ts';
import { distinctionOf, placeOf } from '../resource.ts';
import { checkAuthority, javaList } from './authority.ts';
import { planColumnRevoke } from './column-revoke.ts';
import type { Entry } from './entry.ts';
import { checkColumns, findResource } from './existence.ts';
import { authorOf, findQuietly } from './grant.ts';
import type { StoredRow } from './grant-store.ts';
import { checkLegal } from './legality.ts';
import { type EntryPart, partsOf } from './parts.ts';
import { type RowChange, writeRowChange } from './row-change.ts';

const heldNothing = 'No permissions revoked. Grantee has no permissions and no grantable permissions on resource.';

/**
 * Carries out one revoke of a request: all of it or nothing. The principal need not exist any more. Texts as seen in
 * https://github.com/data-dot-all/dataall/issues/588, https://github.com/data-dot-all/dataall/issues/1029 and
 * https://github.com/hashicorp/terraform-provider-aws/issues/35160.
 */
export function revokeEntry(call: Call, entry: Entry): void {
  checkAuthority(call, entry, findQuietly(call, entry));
  const found = findResource(call.world, call.region, entry.resource);
  checkLegal(entry, found);
  const { switches } = call;
  if (
    entry.permissions === noPermissions &&
    (entry.options === noPermissions || switches.optionOnlyRevoke === 'refuse')
  ) {
    throw invalidInput('Permissions cannot be empty.');
  }
  const held = heldRows(entry);
  if (entry.columns && found.table)
    checkColumns(entry.columns, found.table, switches.revokeChecksColumns ? [] : listedColumns(held));
  if (held.length === 0) throw nothingHeld(entry);
  const plans = partsOf(entry).map((part) => planPart({ call, entry, held, part }));
  const missing = plans.reduce((set, plan) => set | plan.missing, noPermissions);
  const isNothing = plans.every((plan) => plan.changes.length === 0);
  if (missing !== noPermissions && (isNothing || switches.revokePartlyHeld === 'refuse')) throw notHeld(entry, missing);
  const author = authorOf(call);
  for (const change of plans.flatMap((plan) => plan.changes)) writeRowChange(entry, change, author);
  if (switches.allDroppedWithMember) dropAll(call, entry);
}

interface PartPlan {
  readonly changes: readonly RowChange[];
  readonly missing: PermissionSet;
}

interface PartContext {
  readonly call: Call;
  readonly entry: Entry;
  readonly held: readonly StoredRow[];
  readonly part: EntryPart;
}

function planPart({ call, entry, held, part }: PartContext): PartPlan {
  if (part.part.kind === 'columns') {
    const plan = planColumnRevoke(held, {
      part,
      columns: part.part.columns,
      switches: call.switches,
      found: findResource(call.world, call.region, entry.resource),
    });
    if (plan) return plan;
  }
  const row = held.find((one) => isSamePart(one, part));
  const { permissions, options } = part;
  const missing = (permissions & ~(row?.permissions ?? noPermissions)) | (options & ~(row?.options ?? noPermissions));
  if (!row) return { changes: [], missing };
  const withOption = call.switches.revokeTakesOption ? options | permissions : options;
  const after: StoredRow = { ...row, permissions: row.permissions & ~permissions, options: row.options & ~withOption };
  const isChanged = after.permissions !== row.permissions || after.options !== row.options;
  return { changes: isChanged ? [{ before: row, after: [after] }] : [], missing };
}

function isSamePart(row: StoredRow, { part }: EntryPart): boolean {
  if (row.part.kind === 'resource' || part.kind === 'resource') return row.part.kind === part.kind;
  if (row.part.kind === 'tag-permission')
    return part.kind === 'tag-permission' && row.part.permission === part.permission;
  return part.kind === 'columns' && JSON.stringify(row.part.columns) === JSON.stringify(part.columns);
}

/** The rows of the principal on this very resource, under the same condition. */
function heldRows({ home, principal, resource, condition }: Entry): readonly StoredRow[] {
  return home.grants
    .held(principal.text, placeOf(resource))
    .filter((row) => distinctionOf(row.resource) === distinctionOf(resource) && row.condition === condition);
}

function listedColumns(rows: readonly StoredRow[]): readonly string[] {
  return rows.flatMap((row) =>
    row.part.kind === 'columns' && row.part.columns.kind !== 'all' ? row.part.columns.names : [],
  );
}

function dropAll(call: Call, entry: Entry): void {
  const all = setOf(['ALL']);
  if ((entry.permissions & ~all) === noPermissions) return;
  for (const row of heldRows(entry)) {
    if (!holds(row.permissions, 'ALL')) continue;
    const after: StoredRow = { ...row, permissions: row.permissions & ~all, options: row.options & ~all };
    writeRowChange(entry, { before: row, after: [after] }, authorOf(call));
  }
}

function nothingHeld(entry: Entry): ServiceFailure {
  return entry.resource.kind === 'lf-tag' ? tagNotHeld() : invalidInput(heldNothing);
}

function notHeld(entry: Entry, missing: PermissionSet): ServiceFailure {
  // The doubled words are AWS's own.
  return entry.resource.kind === 'lf-tag'
    ? tagNotHeld()
    : invalidInput(`No permissions revoked. Grantee does not does not have:${javaList(missing)}`);
}

function tagNotHeld(): ServiceFailure {
  return invalidInput(
    'No permissions revoked. Revoking Tag permissions on Tags that grantee does not have permissions on.',
  );
}
