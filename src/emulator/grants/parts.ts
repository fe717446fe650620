import { holds, namesOf, noPermissions, type Permission, type PermissionSet, setOf } from '../permission.ts';
import { allColumns } from '../resource.ts';
import type { Switches } from '../switches.ts';
import type { Entry } from './entry.ts';
import type { Found } from './existence.ts';
import type { Part } from './grant-store.ts';
import { membersOfAll } from './legality.ts';

/** Permissions of one entry that are kept in one row. */
export interface EntryPart {
  readonly part: Part;
  readonly permissions: PermissionSet;
  readonly options: PermissionSet;
}

const select: PermissionSet = setOf(['SELECT']);

/** The rows an entry is about: SELECT with its columns apart from the rest, each permission on an LF-Tag by itself. */
export function partsOf(entry: Entry): readonly EntryPart[] {
  const { resource, permissions, options } = entry;
  if (resource.kind === 'lf-tag') return namesOf(permissions | options).map((name) => tagPart(name, entry));
  if (resource.kind !== 'table' && resource.kind !== 'all-tables')
    return [{ part: { kind: 'resource' }, permissions, options }];
  const rest: EntryPart = {
    part: { kind: 'resource' },
    permissions: permissions & ~select,
    options: options & ~select,
  };
  const columns: EntryPart = {
    part: { kind: 'columns', columns: entry.columns ?? allColumns },
    permissions: permissions & select,
    options: options & select,
  };
  return [rest, columns].filter((one) => (one.permissions | one.options) !== noPermissions);
}

/**
 * The entry as it is stored: ALL with its members where the switches say so, never for IAM_ALLOWED_PRINCIPALS.
 * https://github.com/hashicorp/terraform-provider-aws/issues/49453
 */
export function expanded(entry: Entry, found: Found, switches: Switches): Entry {
  const { resource, principal } = entry;
  if (!holds(entry.permissions, 'ALL') || principal.kind === 'iam-allowed-principals') return entry;
  const isTable = resource.kind === 'table' || resource.kind === 'all-tables';
  const isExpanded = isTable ? switches.expandAllTable : resource.kind === 'database' && switches.expandAllDatabase;
  if (!isExpanded) return entry;
  const members = membersOfAll(entry, found);
  const options = holds(entry.options, 'ALL') ? members : noPermissions;
  return { ...entry, permissions: entry.permissions | members, options: entry.options | options };
}

function tagPart(name: Permission, { permissions, options }: Entry): EntryPart {
  const bit = setOf([name]);
  return { part: { kind: 'tag-permission', permission: name }, permissions: permissions & bit, options: options & bit };
}
