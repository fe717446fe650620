import type {
  Permission as ApiPermission,
  Resource as ApiResource,
  BatchPermissionsRequestEntry,
  PrincipalResourcePermissions,
} from '@aws-sdk/client-lakeformation';
import { apiResource } from '../core/api-resource.ts';
import type { RawResource } from '../core/canonical.ts';
import type { Entry, ObservedRow, UnreadableRow } from '../core/lake.ts';
import { type Permission, permissions } from '../core/permission.ts';

const known: ReadonlySet<string> = new Set(permissions);

/** One object for equal texts, or lists of texts: the rows of a large lake name the same few principals and shares again and again. */
export interface Interning {
  readonly text: (text: string) => string;
  readonly list: (texts: readonly string[]) => readonly string[];
}

/** Keeps each text and each list once. */
export function interning(): Interning {
  const once = <T>(nameOf: (value: T) => string): ((value: T) => T) => {
    const known = new Map<string, T>();
    return (value) => {
      const name = nameOf(value);
      const found = known.get(name);
      if (found === undefined) known.set(name, value);
      return found ?? value;
    };
  };
  return { text: once((text) => text), list: once((texts) => texts.join(' ')) };
}

/** A listed row in the port's shape, or what is known of one in a form that this program does not know. */
export function toRow(
  listed: PrincipalResourcePermissions,
  ownCatalog: string,
  { text, list } = interning(),
): ObservedRow | UnreadableRow {
  const principal = listed.Principal?.DataLakePrincipalIdentifier;
  const resource = listed.Resource === undefined ? undefined : toRawResource(listed.Resource, ownCatalog);
  const names = listed.Permissions ?? [];
  const options = listed.PermissionsWithGrantOption ?? [];
  const shares = listed.AdditionalDetails?.ResourceShare;
  const strange = [...names, ...options].find((name) => !known.has(name));
  if (principal === undefined || resource === undefined || strange !== undefined) return unreadable(listed);
  const onColumns =
    resource.kind === 'table-with-columns' &&
    !('excluded' in resource.columns && resource.columns.excluded.length === 0);
  if (onColumns && [...names, ...options].some((name) => name !== 'SELECT')) return unreadable(listed);
  return {
    principal: text(principal),
    resource,
    permissions: names as readonly Permission[],
    withGrantOption: options as readonly Permission[],
    ...(listed.Condition?.Expression === undefined ? {} : { condition: listed.Condition.Expression }),
    ...(listed.LastUpdated === undefined ? {} : { updatedAt: text(listed.LastUpdated.toISOString()) }),
    ...(listed.LastUpdatedBy === undefined ? {} : { updatedBy: text(listed.LastUpdatedBy) }),
    ...(shares === undefined || shares.length === 0 ? {} : { shares: list(shares) }),
  };
}

function unreadable(listed: PrincipalResourcePermissions): UnreadableRow {
  const { Principal, Resource, Permissions } = listed;
  const database =
    Resource?.Database?.Name ??
    Resource?.Table?.DatabaseName ??
    Resource?.TableWithColumns?.DatabaseName ??
    Resource?.DataCellsFilter?.DatabaseName;
  return {
    text: JSON.stringify({ Principal, Resource, Permissions }),
    ...(database === undefined ? {} : { database: database.toLowerCase() }),
  };
}

/** A row to grant or revoke in the API's shape. */
export function toEntry(entry: Entry, id: string): BatchPermissionsRequestEntry {
  return {
    Id: id,
    Principal: { DataLakePrincipalIdentifier: entry.principal },
    Resource: apiResource(entry.resource),
    Permissions: entry.permissions as ApiPermission[],
    PermissionsWithGrantOption: entry.withGrantOption as ApiPermission[],
    ...(entry.condition === undefined ? {} : { Condition: { Expression: entry.condition } }),
  };
}

/** A resource of the API in the port's shape; undefined for a form this program does not know. */
export function toRawResource(api: ApiResource, ownCatalog: string): RawResource | undefined {
  if (api.Catalog !== undefined) return { kind: 'catalog', catalog: api.Catalog.Id ?? ownCatalog };
  if (api.Database !== undefined) {
    const { CatalogId, Name } = api.Database;
    return CatalogId === undefined || Name === undefined
      ? undefined
      : { kind: 'database', catalog: CatalogId, database: Name };
  }
  if (api.Table !== undefined) return toRawTable(api.Table);
  if (api.TableWithColumns !== undefined) return toRawColumns(api.TableWithColumns);
  if (api.DataLocation?.CatalogId !== undefined && api.DataLocation.ResourceArn !== undefined)
    return { kind: 'data-location', catalog: api.DataLocation.CatalogId, arn: api.DataLocation.ResourceArn };
  if (api.DataCellsFilter !== undefined) {
    const { TableCatalogId, DatabaseName, TableName, Name } = api.DataCellsFilter;
    if (TableCatalogId === undefined || DatabaseName === undefined || TableName === undefined || Name === undefined)
      return undefined;
    return {
      kind: 'data-cells-filter',
      catalog: TableCatalogId,
      database: DatabaseName,
      table: TableName,
      filter: Name,
    };
  }
  return toRawTag(api);
}

function toRawTable(api: NonNullable<ApiResource['Table']>): RawResource | undefined {
  const { CatalogId, DatabaseName, Name, TableWildcard } = api;
  if (CatalogId === undefined || DatabaseName === undefined) return undefined;
  const base = { catalog: CatalogId, database: DatabaseName };
  if (TableWildcard !== undefined) return { kind: 'table-wildcard', ...base };
  return Name === undefined ? undefined : { kind: 'table', ...base, table: Name };
}

function toRawColumns(api: NonNullable<ApiResource['TableWithColumns']>): RawResource | undefined {
  const { CatalogId, DatabaseName, Name, ColumnNames, ColumnWildcard } = api;
  if (CatalogId === undefined || DatabaseName === undefined || Name === undefined) return undefined;
  const base = { kind: 'table-with-columns' as const, catalog: CatalogId, database: DatabaseName, table: Name };
  if (ColumnWildcard !== undefined) return { ...base, columns: { excluded: ColumnWildcard.ExcludedColumnNames ?? [] } };
  return ColumnNames === undefined || ColumnNames.length === 0
    ? undefined
    : { ...base, columns: { names: ColumnNames } };
}

function toRawTag(api: ApiResource): RawResource | undefined {
  if (api.LFTag?.CatalogId !== undefined && api.LFTag.TagKey !== undefined)
    return { kind: 'lf-tag', catalog: api.LFTag.CatalogId, key: api.LFTag.TagKey, values: api.LFTag.TagValues ?? [] };
  if (api.LFTagPolicy?.CatalogId !== undefined) {
    const { CatalogId, ResourceType, Expression, ExpressionName } = api.LFTagPolicy;
    if (ResourceType !== 'DATABASE' && ResourceType !== 'TABLE') return undefined;
    const terms = (Expression ?? []).map((term) => ({ key: term.TagKey ?? '', values: term.TagValues ?? [] }));
    return {
      kind: 'lf-tag-policy',
      catalog: CatalogId,
      covers: ResourceType,
      terms,
      ...(ExpressionName === undefined ? {} : { saved: ExpressionName }),
    };
  }
  if (api.LFTagExpression?.CatalogId !== undefined && api.LFTagExpression.Name !== undefined)
    return { kind: 'lf-tag-expression', catalog: api.LFTagExpression.CatalogId, name: api.LFTagExpression.Name };
  return undefined;
}
