/**
 * A Lake Formation resource in canonical form: names in lower case, the table wildcard a kind of its
 * own. `catalog` is the id of the catalog that owns it. Columns are no resource here: they are the
 * value of a SELECT grant on a table.
 */
export type Resource =
  | { readonly kind: 'catalog'; readonly catalog: string }
  | { readonly kind: 'database'; readonly catalog: string; readonly database: string }
  | { readonly kind: 'table'; readonly catalog: string; readonly database: string; readonly table: string }
  | { readonly kind: 'all-tables'; readonly catalog: string; readonly database: string }
  | { readonly kind: 'data-location'; readonly catalog: string; readonly location: string }
  | {
      readonly kind: 'data-cells-filter';
      readonly catalog: string;
      readonly database: string;
      readonly table: string;
      readonly filter: string;
    }
  | { readonly kind: 'lf-tag'; readonly catalog: string; readonly tag: string; readonly values: readonly string[] }
  | {
      readonly kind: 'lf-tag-policy';
      readonly catalog: string;
      readonly covers: 'DATABASE' | 'TABLE';
      /** `key=value|value` terms, sorted, all of which must hold; or the name of a saved expression. */
      readonly expression: readonly string[];
    }
  | { readonly kind: 'lf-tag-expression'; readonly catalog: string; readonly expression: string };

/** The parts that tell one resource of a kind from another. */
export function resourceParts(resource: Resource): readonly string[] {
  switch (resource.kind) {
    case 'catalog':
      return [];
    case 'database':
    case 'all-tables':
      return [resource.database];
    case 'table':
      return [resource.database, resource.table];
    case 'data-location':
      return [resource.location];
    case 'data-cells-filter':
      return [resource.database, resource.table, resource.filter];
    case 'lf-tag':
      return [resource.tag, resource.values.join('|')];
    case 'lf-tag-policy':
      return [resource.covers, ...resource.expression];
    case 'lf-tag-expression':
      return [resource.expression];
  }
}

/** The resource as people write it: `table sales.orders`, `all tables of sales`. */
export function resourceText(resource: Resource): string {
  switch (resource.kind) {
    case 'catalog':
      return 'catalog';
    case 'database':
      return `database ${resource.database}`;
    case 'table':
      return `table ${resource.database}.${resource.table}`;
    case 'all-tables':
      return `all tables of ${resource.database}`;
    case 'data-location':
      return `data location ${resource.location}`;
    case 'data-cells-filter':
      return `data cells filter ${resource.filter} on ${resource.database}.${resource.table}`;
    case 'lf-tag':
      return `LF-Tag ${resource.tag}=${resource.values.join('|')}`;
    case 'lf-tag-policy':
      return `LF-Tag policy on ${resource.covers.toLowerCase()}s with ${resource.expression.join(' and ')}`;
    case 'lf-tag-expression':
      return `LF-Tag expression ${resource.expression}`;
  }
}

/** Whether every table that `b` names is one that `a` names. */
export function coversResource(a: Resource, b: Resource): boolean {
  if (a.catalog !== b.catalog) return false;
  if (a.kind === 'all-tables' && (b.kind === 'table' || b.kind === 'data-cells-filter'))
    return a.database === b.database;
  if (a.kind === 'table' && b.kind === 'data-cells-filter') return a.database === b.database && a.table === b.table;
  return a.kind === b.kind && resourceParts(a).join('\n') === resourceParts(b).join('\n');
}
