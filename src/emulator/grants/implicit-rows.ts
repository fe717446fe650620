import type { Call } from '../call.ts';
import { reading } from '../call.ts';
import { setOf } from '../permission.ts';
import { allColumns, type Resource } from '../resource.ts';
import type { StoredRow } from './grant-store.ts';
import { creatorOf, fullSet } from './visibility.ts';

/**
 * Rows for what administrators and creators hold without a grant. Whether a listing shows them is unconfirmed: an
 * example of the AWS CLI has such rows, the API reference speaks of explicit permissions only.
 * https://github.com/aws/aws-cli/blob/develop/awscli/examples/lakeformation/list-permissions.rst
 */
export function implicitRows(call: Call): readonly StoredRow[] {
  const view = reading(call);
  const catalog = call.caller.account;
  const databases = view.databases.keys().map((database): Resource => ({ kind: 'database', catalog, database }));
  const tables = view.tables.keys().flatMap((key): readonly Resource[] => {
    const found = view.tables.get(key);
    return found ? [{ kind: 'table', catalog, database: found.database, table: found.name }] : [];
  });
  return [...databases, ...tables].flatMap((resource) => {
    const creator = creatorOf(view, resource);
    const holders = new Set([...view.settings.admins, ...(creator === undefined ? [] : [creator])]);
    return [...holders].flatMap((principal) => rowsFor(principal, resource, call));
  });
}

function rowsFor(principal: string, resource: Resource, call: Call): readonly StoredRow[] {
  const select = setOf(['SELECT']);
  const all = fullSet(resource);
  const stamp = { principal, resource, lastUpdated: call.at, lastUpdatedBy: principal, shareArns: [] };
  const own: StoredRow = { ...stamp, part: { kind: 'resource' }, permissions: all & ~select, options: all & ~select };
  if ((all & select) === 0) return [own];
  return [own, { ...stamp, part: { kind: 'columns', columns: allColumns }, permissions: select, options: select }];
}
