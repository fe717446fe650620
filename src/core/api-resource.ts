import type { RawResource } from './canonical.ts';

/**
 * A resource in the shape of Lake Formation's API, for its client and for its command line.
 * Source: https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_Resource.html.
 */
export function apiResource(resource: RawResource) {
  const CatalogId = resource.catalog;
  switch (resource.kind) {
    case 'catalog':
      return { Catalog: { Id: CatalogId } };
    case 'database':
      return { Database: { CatalogId, Name: resource.database } };
    case 'table':
      return { Table: { CatalogId, DatabaseName: resource.database, Name: resource.table } };
    case 'table-wildcard':
      return { Table: { CatalogId, DatabaseName: resource.database, TableWildcard: {} } };
    case 'table-with-columns': {
      const table = { CatalogId, DatabaseName: resource.database, Name: resource.table };
      return 'names' in resource.columns
        ? { TableWithColumns: { ...table, ColumnNames: [...resource.columns.names] } }
        : { TableWithColumns: { ...table, ColumnWildcard: { ExcludedColumnNames: [...resource.columns.excluded] } } };
    }
    case 'data-location':
      return { DataLocation: { CatalogId, ResourceArn: resource.arn } };
    case 'data-cells-filter':
      return {
        DataCellsFilter: {
          TableCatalogId: CatalogId,
          DatabaseName: resource.database,
          TableName: resource.table,
          Name: resource.filter,
        },
      };
    case 'lf-tag':
      return { LFTag: { CatalogId, TagKey: resource.key, TagValues: [...resource.values] } };
    case 'lf-tag-policy':
      return {
        LFTagPolicy: {
          CatalogId,
          ResourceType: resource.covers,
          ...(resource.saved === undefined
            ? { Expression: resource.terms.map((term) => ({ TagKey: term.key, TagValues: [...term.values] })) }
            : { ExpressionName: resource.saved }),
        },
      };
    case 'lf-tag-expression':
      return { LFTagExpression: { CatalogId, Name: resource.name } };
  }
}
