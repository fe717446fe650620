import type { Atom, AtomResource } from '../journal.ts';
import { namesOf } from '../permission.ts';
import type { Columns, Resource } from '../resource.ts';
import type { Switches } from '../switches.ts';
import type { StoredRow } from './grant-store.ts';
import { allTablesName } from './resource-request.ts';

/**
 * A stored row as ListPermissions shows it: SELECT on a table as TableWithColumns, all tables under the name
 * ALL_TABLES, the catalog always named. Captured rows: https://github.com/hashicorp/terraform-provider-aws/issues/46245;
 * the split of SELECT: https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html.
 */
export function renderRow(
  row: StoredRow,
  { sharesNamed }: Pick<Switches, 'sharesNamed'>,
): Readonly<Record<string, unknown>> {
  return {
    Principal: { DataLakePrincipalIdentifier: row.principal },
    Resource: renderResource(row.resource, row.part.kind === 'columns' ? row.part.columns : undefined),
    ...(row.condition === undefined ? {} : { Condition: { Expression: row.condition } }),
    Permissions: namesOf(row.permissions),
    PermissionsWithGrantOption: namesOf(row.options),
    ...(row.shareArns.length === 0 || !sharesNamed ? {} : { AdditionalDetails: { ResourceShare: row.shareArns } }),
    LastUpdated: row.lastUpdated / 1000,
    LastUpdatedBy: row.lastUpdatedBy,
  };
}

/** A resource in the form of the API. */
export function renderResource(resource: Resource, columns?: Columns): Readonly<Record<string, unknown>> {
  const CatalogId = resource.catalog;
  switch (resource.kind) {
    case 'catalog':
      return { Catalog: { Id: CatalogId } };
    case 'database':
      return { Database: { CatalogId, Name: resource.database } };
    case 'table':
    case 'all-tables': {
      const isWildcard = resource.kind === 'all-tables';
      const named = { CatalogId, DatabaseName: resource.database, Name: isWildcard ? allTablesName : resource.table };
      if (columns) return { TableWithColumns: { ...named, ...renderColumns(columns) } };
      return { Table: isWildcard ? { ...named, TableWildcard: {} } : named };
    }
    case 'data-location':
      return { DataLocation: { CatalogId, ResourceArn: resource.arn } };
    case 'data-cells-filter':
      return {
        DataCellsFilter: {
          TableCatalogId: CatalogId,
          DatabaseName: resource.database,
          TableName: resource.table,
          Name: resource.name,
        },
      };
    case 'lf-tag':
      return { LFTag: { CatalogId, TagKey: resource.key, TagValues: resource.values } };
    case 'lf-tag-policy': {
      const Expression = resource.expression.map(({ key, values }) => ({ TagKey: key, TagValues: values }));
      const selected =
        resource.expressionName === undefined ? { Expression } : { ExpressionName: resource.expressionName };
      return { LFTagPolicy: { CatalogId, ResourceType: resource.resourceType, ...selected } };
    }
    case 'lf-tag-expression':
      return { LFTagExpression: { CatalogId, Name: resource.name } };
    default:
      return resource satisfies never;
  }
}

/** Columns in the form of the API. */
export function renderColumns(columns: Columns): Readonly<Record<string, unknown>> {
  switch (columns.kind) {
    case 'all':
      return { ColumnWildcard: {} };
    case 'include':
      return { ColumnNames: columns.names };
    case 'exclude':
      return { ColumnWildcard: { ExcludedColumnNames: columns.names } };
    default:
      return columns satisfies never;
  }
}

/** The single permissions in a row, for journals and snapshots. */
export function atomsOf(row: StoredRow): readonly Atom[] {
  const resource = atomResource(row);
  return namesOf(row.permissions | row.options).map((permission) => ({
    principal: row.principal,
    resource,
    permission,
    grantable: namesOf(row.options).includes(permission),
    ...(row.condition === undefined ? {} : { condition: row.condition }),
  }));
}

/** The resource of a row spelled out; the columns are left out where SELECT covers all of them. */
function atomResource({ resource, part }: Pick<StoredRow, 'resource' | 'part'>): AtomResource {
  const columns = part.kind === 'columns' && part.columns.kind !== 'all' ? { columns: spelled(part.columns) } : {};
  const { catalog: catalogId } = resource;
  switch (resource.kind) {
    case 'catalog':
      return { kind: resource.kind, catalogId };
    case 'database':
    case 'all-tables':
      return { kind: resource.kind, catalogId, database: resource.database, ...columns };
    case 'table':
      return { kind: resource.kind, catalogId, database: resource.database, table: resource.table, ...columns };
    case 'data-location':
      return { kind: resource.kind, catalogId, arn: resource.arn };
    case 'data-cells-filter':
      return {
        kind: resource.kind,
        catalogId,
        database: resource.database,
        table: resource.table,
        filter: resource.name,
      };
    case 'lf-tag':
      return { kind: resource.kind, catalogId, tagKey: resource.key, tagValues: resource.values };
    case 'lf-tag-policy': {
      const name = resource.expressionName === undefined ? {} : { name: resource.expressionName };
      return {
        kind: resource.kind,
        catalogId,
        resourceType: resource.resourceType,
        expression: resource.expression,
        ...name,
      };
    }
    case 'lf-tag-expression':
      return { kind: resource.kind, catalogId, name: resource.name };
    default:
      return resource satisfies never;
  }
}

function spelled(
  columns: Exclude<Columns, { readonly kind: 'all' }>,
): { include: readonly string[] } | { exclude: readonly string[] } {
  return columns.kind === 'include' ? { include: columns.names } : { exclude: columns.names };
}
