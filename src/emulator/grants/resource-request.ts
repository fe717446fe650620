import { invalidInput } from '../failure.ts';
import type { resourceShape } from '../lakeformation/shapes.ts';
import { allColumns, type Columns, type Resource, type TagPair } from '../resource.ts';
import type { Decoded } from '../wire/shape.ts';

/** A resource as a request spells it. */
export type ResourceRequest = Decoded<typeof resourceShape>;

/** The resource a request means, with the columns where it names a table with columns. */
export interface Meant {
  readonly resource: Resource;
  readonly columns?: Columns;
}

/** The name under which all-tables permissions are listed; it cannot be granted on (https://github.com/aws/aws-cdk/issues/16477). */
export const allTablesName = 'ALL_TABLES';

/**
 * The resource in the emulator's own form, from a request that may leave the catalog out; throws for a request that
 * names none, or more than one.
 */
export function readResource(request: ResourceRequest, catalog: string): Meant {
  const [kind, ...others] = Object.keys(request) as (keyof ResourceRequest)[];
  if (kind === undefined)
    throw invalidInput('Resource must have either the catalog, table or database field populated.');
  // That exactly one member must be set is documented; the text for more than one is not.
  if (others.length > 0) throw invalidInput('Resource must have exactly one of its fields populated.');
  const meant = readCatalogObject(request, catalog) ?? readTable(request, catalog) ?? readTagResource(request, catalog);
  if (!meant) throw invalidInput('Resource must have either the catalog, table or database field populated.');
  checkCatalogId(meant.resource.catalog);
  return meant;
}

/** Refuses a catalog id that is not an account: only default catalogs are here (https://github.com/aws/aws-cli/issues/9618). */
export function checkCatalogId(catalog: string): void {
  if (!/^\d{12}$/.test(catalog)) throw invalidInput('Catalog id must be a valid AWS account id.');
}

function readCatalogObject(
  { Catalog, Database, DataLocation, DataCellsFilter: filter }: ResourceRequest,
  home: string,
): Meant | undefined {
  if (Catalog) return { resource: { kind: 'catalog', catalog: Catalog.Id ?? home } };
  if (Database)
    return { resource: { kind: 'database', catalog: Database.CatalogId ?? home, database: fold(Database.Name) } };
  if (DataLocation) {
    return {
      resource: {
        kind: 'data-location',
        catalog: DataLocation.CatalogId ?? home,
        arn: trimSlash(DataLocation.ResourceArn),
      },
    };
  }
  if (!filter) return undefined;
  const { DatabaseName, TableName, Name } = filter;
  if (DatabaseName === undefined || TableName === undefined || Name === undefined) {
    throw invalidInput('DataCellsFilter must have DatabaseName, TableName and Name populated.');
  }
  const catalog = filter.TableCatalogId ?? home;
  return {
    resource: { kind: 'data-cells-filter', catalog, database: fold(DatabaseName), table: fold(TableName), name: Name },
  };
}

function readTable({ Table, TableWithColumns }: ResourceRequest, home: string): Meant | undefined {
  if (Table) {
    const catalog = Table.CatalogId ?? home;
    const database = fold(Table.DatabaseName);
    const { Name, TableWildcard } = Table;
    // https://github.com/hashicorp/terraform-provider-aws/issues/41916
    if (Name === undefined && !TableWildcard) throw invalidInput('Table name and table wildcard cannot both be empty.');
    // A row read back carries both; whether AWS takes both is not documented.
    if (Name !== undefined && TableWildcard)
      throw invalidInput('Table name and table wildcard cannot both be populated.');
    if (Name === undefined) return { resource: { kind: 'all-tables', catalog, database } };
    return { resource: { kind: 'table', catalog, database, table: Name === allTablesName ? Name : fold(Name) } };
  }
  if (!TableWithColumns) return undefined;
  const { CatalogId, DatabaseName, Name } = TableWithColumns;
  const table = Name === allTablesName ? Name : fold(Name);
  return {
    resource: { kind: 'table', catalog: CatalogId ?? home, database: fold(DatabaseName), table },
    columns: readColumns(TableWithColumns),
  };
}

/** The columns meant by a list of names or a wildcard, of which a request must have exactly one. */
export function readColumns(request: {
  readonly ColumnNames?: readonly string[];
  readonly ColumnWildcard?: { readonly ExcludedColumnNames?: readonly string[] };
}): Columns {
  const { ColumnNames: names, ColumnWildcard: wildcard } = request;
  if ((names === undefined || names.length === 0) === (wildcard === undefined)) {
    throw invalidInput('Exactly one of column names and column wildcard must be populated.');
  }
  if (names && names.length > 0) return { kind: 'include', names: nameSet(names) };
  const excluded = wildcard?.ExcludedColumnNames ?? [];
  return excluded.length === 0 ? allColumns : { kind: 'exclude', names: nameSet(excluded) };
}

function readTagResource({ LFTag, LFTagPolicy, LFTagExpression }: ResourceRequest, home: string): Meant | undefined {
  if (LFTag)
    return {
      resource: {
        kind: 'lf-tag',
        catalog: LFTag.CatalogId ?? home,
        key: fold(LFTag.TagKey),
        values: nameSet(LFTag.TagValues),
      },
    };
  if (LFTagExpression)
    return {
      resource: { kind: 'lf-tag-expression', catalog: LFTagExpression.CatalogId ?? home, name: LFTagExpression.Name },
    };
  if (!LFTagPolicy) return undefined;
  const { CatalogId, ResourceType, Expression, ExpressionName } = LFTagPolicy;
  if ((Expression === undefined || Expression.length === 0) === (ExpressionName === undefined)) {
    throw invalidInput('LFTagPolicy must have exactly one of Expression and ExpressionName populated.');
  }
  const expression = (Expression ?? []).map(
    (tag): TagPair => ({ key: fold(tag.TagKey), values: nameSet(tag.TagValues) }),
  );
  expression.sort((a, b) => (a.key < b.key ? -1 : 1));
  const resource: Resource = {
    kind: 'lf-tag-policy',
    catalog: CatalogId ?? home,
    resourceType: ResourceType,
    expression,
  };
  return { resource: ExpressionName === undefined ? resource : { ...resource, expressionName: ExpressionName } };
}

/** Glue stores names in lower case (service model, DatabaseInput.Name and TableInput.Name); LF-Tags are folded too. */
export function fold(name: string): string {
  return name.toLowerCase();
}

/** A path without the slash at its end: AWS takes both spellings for one location. */
export function trimSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function nameSet(names: readonly string[]): readonly string[] {
  return [...new Set(names.map(fold))].sort();
}
