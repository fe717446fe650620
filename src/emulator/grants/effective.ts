import type { Call } from '../call.ts';
import { reading } from '../call.ts';
import { noPermissions, type PermissionSet, setOf } from '../permission.ts';
import { accountOf, type Principal } from '../principal.ts';
import { allColumns, type Resource } from '../resource.ts';
import { heldOn } from './authority.ts';
import type { StoredRow } from './grant-store.ts';
import { ownerView } from './received.ts';
import { creatorOf, fullSet } from './visibility.ts';

/**
 * What a principal can do with a resource in the end, as ListPermissions answers when it is given both: explicit
 * grants, those on all tables, what administrators and creators hold implicitly, and the DESCRIBE that comes with
 * anything else. Nothing in the answer says which is which.
 * https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html,
 * https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html
 */
export function effectiveRows(call: Call, principal: Principal, resource: Resource): readonly StoredRow[] {
  const explicit = explicitRows(call, principal, resource);
  const implicit = implicitSet(call, principal, resource);
  const ofResource = explicit.filter((row) => row.part.kind !== 'columns');
  const ofColumns = explicit.filter((row) => row.part.kind === 'columns');
  const held = ofResource.reduce((set, row) => set | row.permissions, implicit);
  const options = ofResource.reduce((set, row) => set | row.options, implicit);
  const describe = held !== noPermissions || ofColumns.length > 0 ? impliedDescribe(resource) : noPermissions;
  const blank = {
    principal: principal.text,
    resource,
    lastUpdated: call.at,
    lastUpdatedBy: call.caller.arn,
    shareArns: [],
    ...explicit[0],
  };
  const base: StoredRow = {
    ...blank,
    resource,
    principal: principal.text,
    part: { kind: 'resource' },
    permissions: noPermissions,
    options,
  };
  const isTable = resource.kind === 'table' || resource.kind === 'all-tables';
  if (!isTable) return nonEmpty([{ ...base, permissions: held | describe }]);
  const select = setOf(['SELECT']);
  const own: StoredRow = { ...base, permissions: (held & ~select) | describe, options: options & ~select };
  const implicitSelect: StoredRow = {
    ...base,
    part: { kind: 'columns', columns: allColumns },
    permissions: implicit & select,
    options: implicit & select,
  };
  const listed = ofColumns.map((row) => ({ ...row, resource, principal: principal.text }));
  return nonEmpty([own, ...((implicit & select) === noPermissions ? listed : [implicitSelect])]);
}

function explicitRows(call: Call, principal: Principal, resource: Resource): readonly StoredRow[] {
  const texts = [principal.text];
  if (principal.kind === 'iam') texts.push(`${principal.account}:IAMPrincipals`);
  const views = [reading(call)];
  const owner = resource.catalog === call.caller.account ? undefined : ownerView(call, resource.catalog);
  if (owner && accountOf(principal) === call.caller.account) views.push(owner);
  return views.flatMap((view) => texts.flatMap((text) => heldOn(view, text, resource)));
}

function implicitSet(call: Call, principal: Principal, resource: Resource): PermissionSet {
  if (resource.catalog !== call.caller.account) return noPermissions;
  const view = reading(call);
  const isPowerful = view.settings.admins.includes(principal.text) || creatorOf(view, resource) === principal.text;
  return isPowerful ? fullSet(resource) : noPermissions;
}

function impliedDescribe(resource: Resource): PermissionSet {
  return ['database', 'table', 'all-tables', 'data-cells-filter'].includes(resource.kind)
    ? setOf(['DESCRIBE'])
    : noPermissions;
}

function nonEmpty(rows: readonly StoredRow[]): readonly StoredRow[] {
  return rows.filter((row) => (row.permissions | row.options) !== noPermissions);
}
