import type { Call } from '../call.ts';
import type { LakeView } from '../lake.ts';
import { shelfKey } from '../lake.ts';
import { noPermissions, type PermissionSet, setOf } from '../permission.ts';
import { distinctionOf, placeOf, type Resource } from '../resource.ts';
import { callerTexts, heldOn, seesEverything } from './authority.ts';
import type { StoredRow } from './grant-store.ts';

const everything: PermissionSet = -1;

/**
 * A row as the caller may see it: administrators see all of it, others only permissions that they hold on the same
 * resource themselves, and nothing says that rows are missing.
 * https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html
 */
export function sightOf(call: Call, view: LakeView): (row: StoredRow) => StoredRow | undefined {
  if (seesEverything(call, view)) return (row) => row;
  const known = new Map<string, PermissionSet>();
  return (row) => {
    const key = `${placeOf(row.resource)}\u0000${distinctionOf(row.resource)}`;
    const mask = known.get(key) ?? heldSet(call, view, row.resource);
    known.set(key, mask);
    const permissions = row.permissions & mask;
    const options = row.options & mask;
    return (permissions | options) === noPermissions ? undefined : { ...row, permissions, options };
  };
}

/** The permissions that the caller holds on a resource, by grant or as its creator. */
export function heldSet(call: Call, view: LakeView, resource: Resource): PermissionSet {
  if (creatorOf(view, resource) === call.caller.arn) return everything;
  return callerTexts(call)
    .flatMap((text) => heldOn(view, text, resource))
    .reduce((set, row) => set | row.permissions, noPermissions);
}

/** Who created the object behind a resource, where that is known. */
export function creatorOf(view: LakeView, resource: Resource): string | undefined {
  if (resource.kind === 'database') return view.databases.get(resource.database)?.createdBy;
  if (resource.kind !== 'table') return undefined;
  return view.tables.get(shelfKey(resource.database, resource.table))?.createdBy;
}

/** All permissions there are on a kind of resource, as an administrator or creator is shown to hold them. */
export function fullSet(resource: Resource): PermissionSet {
  switch (resource.kind) {
    case 'database':
      return setOf(['ALL', 'ALTER', 'CREATE_TABLE', 'DESCRIBE', 'DROP']);
    case 'table':
    case 'all-tables':
      return setOf(['ALL', 'ALTER', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT', 'SELECT']);
    case 'catalog':
      return setOf(['CREATE_DATABASE', 'CREATE_LF_TAG']);
    case 'data-location':
      return setOf(['DATA_LOCATION_ACCESS']);
    case 'data-cells-filter':
      return setOf(['DESCRIBE', 'DROP', 'SELECT']);
    case 'lf-tag':
      return setOf(['ALTER', 'ASSOCIATE', 'DESCRIBE', 'DROP']);
    case 'lf-tag-policy':
    case 'lf-tag-expression':
      return noPermissions;
    default:
      return resource satisfies never;
  }
}
