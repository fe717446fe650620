import { invalidInput } from '../failure.ts';
import type { Table } from '../lake.ts';
import { namesOf, type Permission, type PermissionSet, setOf } from '../permission.ts';
import type { Entry } from './entry.ts';
import type { Found } from './existence.ts';

/**
 * What a resource is to the matrix of legal permissions: views and resource links take fewer than tables, a list of
 * columns takes SELECT only.
 */
type LegalKind =
  | Exclude<Entry['resource']['kind'], 'lf-tag-policy'>
  | 'view'
  | 'link'
  | 'columns'
  | 'lf-tag-policy-database'
  | 'lf-tag-policy-table';

/** https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html */
const legalPermissions: Readonly<Record<LegalKind, readonly Permission[]>> = {
  catalog: ['CREATE_DATABASE', 'CREATE_LF_TAG', 'CREATE_LF_TAG_EXPRESSION', 'CREATE_CATALOG'],
  database: ['ALL', 'ALTER', 'CREATE_TABLE', 'DESCRIBE', 'DROP'],
  table: ['ALL', 'ALTER', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT', 'SELECT'],
  'all-tables': ['ALL', 'ALTER', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT', 'SELECT'],
  view: ['ALL', 'SELECT', 'DESCRIBE', 'DROP'],
  link: ['DESCRIBE', 'DROP'],
  columns: ['SELECT'],
  'data-location': ['DATA_LOCATION_ACCESS'],
  'data-cells-filter': ['DESCRIBE', 'DROP', 'SELECT'],
  // DROP and ALTER are legal on a key, the others on values; a request names both, so the union is taken here.
  'lf-tag': ['DROP', 'ALTER', 'ASSOCIATE', 'DESCRIBE', 'GRANT_WITH_LF_TAG_EXPRESSION'],
  'lf-tag-policy-database': ['ALL', 'ALTER', 'CREATE_TABLE', 'DESCRIBE', 'DROP'],
  'lf-tag-policy-table': ['ALL', 'ALTER', 'DESCRIBE', 'DELETE', 'DROP', 'INSERT', 'SELECT'],
  // The exact set is not documented.
  'lf-tag-expression': ['DESCRIBE', 'ALTER', 'DROP', 'GRANT_WITH_LF_TAG_EXPRESSION'],
};

/** Refuses permissions that do not exist on the resource. The text AWS uses for this is not known. */
export function checkLegal(entry: Entry, found: Found): void {
  const kind = legalKind(entry, found);
  const illegal = (entry.permissions | entry.options) & ~setOf(legalPermissions[kind]);
  if (illegal !== 0)
    throw invalidInput(`Permissions [${namesOf(illegal).join(', ')}] are not valid on this resource (${kind}).`);
}

/** The permissions that ALL stands for on a resource of this entry. */
export function membersOfAll(entry: Entry, found: Found): PermissionSet {
  return setOf(legalPermissions[legalKind(entry, found)].filter((name) => name !== 'ALL'));
}

/** Says whether a table is a view. */
export function isView(table: Table): boolean {
  return table.tableType === 'VIRTUAL_VIEW';
}

function legalKind({ resource, columns }: Entry, { table, database }: Found): LegalKind {
  if (resource.kind === 'database') return database?.target ? 'link' : 'database';
  if (resource.kind === 'lf-tag-policy') {
    return resource.resourceType === 'DATABASE' ? 'lf-tag-policy-database' : 'lf-tag-policy-table';
  }
  if (resource.kind !== 'table') return resource.kind;
  if (columns && columns.kind !== 'all') return 'columns';
  if (table?.target) return 'link';
  return table && isView(table) ? 'view' : 'table';
}
