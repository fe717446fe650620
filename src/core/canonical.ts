import { Bug } from './bug.ts';
import { type Columns, except, only } from './columns.ts';
import type { Grant, LakeId } from './fact.ts';
import type { Permission } from './permission.ts';
import { toPrincipal } from './principal.ts';
import { compareText } from './problem.ts';
import type { Resource } from './resource.ts';

/**
 * Canonical form: the one place where the many spellings of a permission become one.
 *
 * Lake Formation stores less than it is told and says more than it was asked: SELECT on a table comes
 * back as a second row on all its columns, an all-tables grant comes back under the table name
 * `ALL_TABLES`, one principal's permissions on one table are spread over several rows. What a mesh
 * file asks and what the service answers both pass through here, so the comparison that follows is
 * between equals. Source: https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
 * and the read-back rows in https://github.com/hashicorp/terraform-provider-aws/issues/46245.
 */

/** A resource in the shape of Lake Formation's API, before canonical form. */
export type RawResource =
  | { readonly kind: 'catalog'; readonly catalog: string }
  | { readonly kind: 'database'; readonly catalog: string; readonly database: string }
  | { readonly kind: 'table'; readonly catalog: string; readonly database: string; readonly table: string }
  | { readonly kind: 'table-wildcard'; readonly catalog: string; readonly database: string }
  | {
      readonly kind: 'table-with-columns';
      readonly catalog: string;
      readonly database: string;
      readonly table: string;
      readonly columns: { readonly names: readonly string[] } | { readonly excluded: readonly string[] };
    }
  | { readonly kind: 'data-location'; readonly catalog: string; readonly arn: string }
  | {
      readonly kind: 'data-cells-filter';
      readonly catalog: string;
      readonly database: string;
      readonly table: string;
      readonly filter: string;
    }
  | { readonly kind: 'lf-tag'; readonly catalog: string; readonly key: string; readonly values: readonly string[] }
  | {
      readonly kind: 'lf-tag-policy';
      readonly catalog: string;
      readonly covers: 'DATABASE' | 'TABLE';
      readonly terms: readonly { readonly key: string; readonly values: readonly string[] }[];
      readonly saved?: string;
    }
  | { readonly kind: 'lf-tag-expression'; readonly catalog: string; readonly name: string };

/** One row of permissions as the API lists or takes it. */
export interface PermissionRow {
  readonly principal: string;
  readonly resource: RawResource;
  readonly permissions: readonly Permission[];
  readonly withGrantOption: readonly Permission[];
  readonly condition?: string;
}

/** The literal under which an all-tables grant is read back; a real table's name is in lower case. */
const allTablesName = 'ALL_TABLES';

/** The grants that a row of permissions stands for, one for each cell of its two lists. */
export function grantsOf(lake: LakeId, row: PermissionRow): Grant[] {
  const { resource, columns } = canonicalResource(row.resource);
  const principal = toPrincipal(row.principal).id;
  const { condition } = row;
  // Spelled out, because there are millions: an object made of optional parts takes nearly twice the room.
  const cell = (permission: Permission, grantOption: boolean): Grant => {
    const isOnColumns = hasColumns(resource, permission);
    if (condition === undefined)
      return isOnColumns
        ? { kind: 'grant', lake, principal, resource, permission, grantOption, columns }
        : { kind: 'grant', lake, principal, resource, permission, grantOption };
    const plain: Grant = { kind: 'grant', lake, principal, resource, permission, grantOption, condition };
    return isOnColumns ? { ...plain, columns } : plain;
  };
  return [
    ...row.permissions.map((permission) => cell(permission, false)),
    ...row.withGrantOption.map((permission) => cell(permission, true)),
  ];
}

/** Whether a permission on a resource has a set of columns as its value. */
function hasColumns(resource: Resource, permission: Permission): boolean {
  return permission === 'SELECT' && resource.kind === 'table';
}

/** The resource in canonical form, with the columns that the spelling held. */
export function canonicalResource(raw: RawResource): { readonly resource: Resource; readonly columns: Columns } {
  const catalog = raw.catalog;
  switch (raw.kind) {
    case 'catalog':
      return { resource: { kind: 'catalog', catalog }, columns: 'all' };
    case 'database':
      return { resource: { kind: 'database', catalog, database: fold(raw.database) }, columns: 'all' };
    case 'table-wildcard':
      return { resource: allTables(raw), columns: 'all' };
    case 'table':
      return { resource: raw.table === allTablesName ? allTables(raw) : table(raw), columns: 'all' };
    case 'table-with-columns':
      return { resource: raw.table === allTablesName ? allTables(raw) : table(raw), columns: columnsOf(raw.columns) };
    case 'data-location':
      return { resource: { kind: 'data-location', catalog, location: locationOf(raw.arn) }, columns: 'all' };
    case 'data-cells-filter':
      return {
        resource: { kind: 'data-cells-filter', catalog, ...tableNames(raw), filter: raw.filter },
        columns: 'all',
      };
    case 'lf-tag':
      return {
        resource: { kind: 'lf-tag', catalog, tag: fold(raw.key), values: sortedFold(raw.values) },
        columns: 'all',
      };
    case 'lf-tag-policy': {
      const terms = raw.terms.map((term) => `${fold(term.key)}=${sortedFold(term.values).join('|')}`).sort(compareText);
      const expression = raw.saved === undefined ? terms : [`saved ${raw.saved}`];
      return { resource: { kind: 'lf-tag-policy', catalog, covers: raw.covers, expression }, columns: 'all' };
    }
    case 'lf-tag-expression':
      return { resource: { kind: 'lf-tag-expression', catalog, expression: raw.name }, columns: 'all' };
  }
}

/** The spelling in which a resource, with SELECT on these columns of it, is sent: the inverse of the above. */
export function rawResource(resource: Resource, columns: Columns = 'all'): RawResource {
  switch (resource.kind) {
    case 'table': {
      if (columns === 'all') return resource;
      const listed = 'only' in columns ? { names: columns.only } : { excluded: columns.except };
      return { ...resource, kind: 'table-with-columns', columns: listed };
    }
    case 'all-tables':
      return { ...resource, kind: 'table-wildcard' };
    case 'data-location':
      return { kind: 'data-location', catalog: resource.catalog, arn: resource.location };
    case 'catalog':
    case 'database':
    case 'data-cells-filter':
      return resource;
    case 'lf-tag':
    case 'lf-tag-policy':
    case 'lf-tag-expression':
      throw new Bug(`permissions on ${resource.kind} are only ever read`);
  }
}

/** A column set from the API's spelling; a list of no names is neither sent nor answered. */
export function columnsOf(
  raw: { readonly names: readonly string[] } | { readonly excluded: readonly string[] },
): Columns {
  if ('excluded' in raw) return except(raw.excluded.map(fold));
  const named = only(raw.names.map(fold));
  if (named === undefined) throw new Bug('a list of columns without columns');
  return named;
}

/** An S3 path as an ARN without a trailing slash, from `s3://…` or `arn:aws:s3:::…`. */
export function locationOf(path: string): string {
  return path.replace(/^s3:\/\//, 'arn:aws:s3:::').replace(/\/+$/, '');
}

/** A name as the Data Catalog stores it. */
export function fold(name: string): string {
  return name.toLowerCase();
}

function sortedFold(values: readonly string[]): string[] {
  return [...new Set(values.map(fold))].sort(compareText);
}

function tableNames(raw: { readonly database: string; readonly table: string }): { database: string; table: string } {
  return { database: fold(raw.database), table: fold(raw.table) };
}

function table(raw: { readonly catalog: string; readonly database: string; readonly table: string }): Resource {
  return { kind: 'table', catalog: raw.catalog, ...tableNames(raw) };
}

function allTables(raw: { readonly catalog: string; readonly database: string }): Resource {
  return { kind: 'all-tables', catalog: raw.catalog, database: fold(raw.database) };
}
