/** A resource in the one form the emulator stores: names folded to lower case, the catalog always named. */
export type Resource =
  | { readonly kind: 'catalog'; readonly catalog: string }
  | { readonly kind: 'database'; readonly catalog: string; readonly database: string }
  | { readonly kind: 'table'; readonly catalog: string; readonly database: string; readonly table: string }
  | { readonly kind: 'all-tables'; readonly catalog: string; readonly database: string }
  | { readonly kind: 'data-location'; readonly catalog: string; readonly arn: string }
  | DataCellsFilterResource
  | { readonly kind: 'lf-tag'; readonly catalog: string; readonly key: string; readonly values: readonly string[] }
  | LFTagPolicyResource
  | { readonly kind: 'lf-tag-expression'; readonly catalog: string; readonly name: string };

/** A data cells filter, named by its table. */
interface DataCellsFilterResource {
  readonly kind: 'data-cells-filter';
  readonly catalog: string;
  readonly database: string;
  readonly table: string;
  readonly name: string;
}

/** Databases or tables selected by LF-Tags. */
interface LFTagPolicyResource {
  readonly kind: 'lf-tag-policy';
  readonly catalog: string;
  readonly resourceType: 'DATABASE' | 'TABLE';
  readonly expression: readonly TagPair[];
  readonly expressionName?: string;
}

/** One LF-Tag key with values. */
export interface TagPair {
  readonly key: string;
  readonly values: readonly string[];
}

/** Which columns of a table a SELECT covers. */
export type Columns =
  | { readonly kind: 'all' }
  | { readonly kind: 'include'; readonly names: readonly string[] }
  | { readonly kind: 'exclude'; readonly names: readonly string[] };

/** Every column, present and future. */
export const allColumns: Columns = { kind: 'all' };

/**
 * The name of the place where permissions on a resource are kept together. Rows of one table and of its columns
 * share a place, and so do all data cells filters of one table, because ListPermissions answers them together.
 */
export function placeOf(resource: Resource): string {
  const { catalog } = resource;
  switch (resource.kind) {
    case 'catalog':
      return place('catalog', catalog);
    case 'database':
      return place('database', catalog, resource.database);
    case 'table':
      return place('table', catalog, resource.database, resource.table);
    case 'all-tables':
      return place('all-tables', catalog, resource.database);
    case 'data-location':
      return place('data-location', catalog, resource.arn);
    case 'data-cells-filter':
      return filterPlace(resource);
    case 'lf-tag':
      return place('lf-tag', catalog, resource.key);
    case 'lf-tag-policy':
      return place('lf-tag-policy', catalog, resource.resourceType);
    case 'lf-tag-expression':
      return place('lf-tag-expression', catalog, resource.name);
    default:
      return resource satisfies never;
  }
}

/** The place that holds the permissions on every data cells filter of a table. */
export function filterPlace(table: {
  readonly catalog: string;
  readonly database: string;
  readonly table: string;
}): string {
  return place('data-cells-filter', table.catalog, table.database, table.table);
}

/** What tells two resources of one place apart: the filter's name, the tag values, the policy's expression. */
export function distinctionOf(resource: Resource): string {
  if (resource.kind === 'data-cells-filter') return resource.name;
  if (resource.kind === 'lf-tag') return JSON.stringify(resource.values);
  if (resource.kind !== 'lf-tag-policy') return '';
  return JSON.stringify([resource.expression, resource.expressionName ?? null]);
}

/** A text equal for equal column specifications and different for different ones. */
export function columnsKey(columns: Columns): string {
  return columns.kind === 'all' ? '*' : `${columns.kind}\u0001${columns.names.join('\u0001')}`;
}

/** The concrete columns that a specification selects from those of a table. */
export function selectedColumns(columns: Columns, existing: readonly string[]): readonly string[] {
  switch (columns.kind) {
    case 'all':
      return existing;
    case 'include':
      return existing.filter((name) => columns.names.includes(name));
    case 'exclude':
      return existing.filter((name) => !columns.names.includes(name));
    default:
      return columns satisfies never;
  }
}

/** The text under which permissions are kept, from its parts; the separator cannot occur in an API string. */
function place(...parts: readonly string[]): string {
  return parts.join('\u0000');
}
