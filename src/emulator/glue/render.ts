import { locationOf } from '../grants/existence.ts';
import { fold } from '../grants/resource-request.ts';
import { type Column, type Database, type Lake, shelfKey, type Table } from '../lake.ts';
import { readDefaults, renderDefaults } from '../lakeformation/settings.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import type { databaseInputShape, tableInputShape } from './shapes.ts';

/** A database as it is stored, from its input. */
export function readDatabase(
  input: Decoded<typeof databaseInputShape>,
  base: Pick<Database, 'createTime' | 'tableDefaults'> & { readonly createdBy?: string },
): Database {
  const { LocationUri: locationUri, TargetDatabase: target } = input;
  const defaults = input.CreateTableDefaultPermissions;
  return {
    ...base,
    name: fold(input.Name),
    input: { ...input },
    parameters: input.Parameters ?? {},
    tableDefaults: defaults ? readDefaults(defaults) : base.tableDefaults,
    ...(locationUri === undefined ? {} : { locationUri }),
    ...(target?.CatalogId === undefined || target.DatabaseName === undefined
      ? {}
      : {
          target: {
            catalog: target.CatalogId,
            database: fold(target.DatabaseName),
            ...(target.Region === undefined ? {} : { region: target.Region }),
          },
        }),
  };
}

/** A database in the form of the API. */
export function renderDatabase(database: Database, catalog: string): Output {
  const { CreateTableDefaultPermissions: _defaults, ...input } = database.input;
  return {
    ...input,
    Name: database.name,
    CreateTime: database.createTime / 1000,
    CreateTableDefaultPermissions: database.tableDefaults.map(renderDefaults),
    CatalogId: catalog,
  };
}

/** A table as it is stored, from its input; the names of columns are folded like those of tables. */
export function readTable(
  input: Decoded<typeof tableInputShape>,
  base: Pick<Table, 'database' | 'version' | 'createTime' | 'updateTime'> & { readonly createdBy?: string },
): Table {
  const { TableType: tableType, TargetTable: target } = input;
  const location = input.StorageDescriptor?.Location;
  return {
    ...base,
    name: fold(input.Name),
    input: { ...input },
    columns: foldColumns(input.StorageDescriptor?.Columns),
    partitionKeys: foldColumns(input.PartitionKeys),
    ...(tableType === undefined ? {} : { tableType }),
    ...(location === undefined || location === '' ? {} : { location }),
    ...(target?.CatalogId === undefined || target.DatabaseName === undefined || target.Name === undefined
      ? {}
      : {
          target: {
            catalog: target.CatalogId,
            database: fold(target.DatabaseName),
            table: fold(target.Name),
            ...(target.Region === undefined ? {} : { region: target.Region }),
          },
        }),
  };
}

/** What of a table the caller is shown. */
export interface TableSight {
  readonly columns: readonly string[] | 'all';
  /** Spark's copies of the schema are left out unless the caller has SELECT on all columns. */
  readonly hidesSchemaParameters: boolean;
}

/** A table in the form of the API, as far as the caller sees it. */
export function renderTable(table: Table, owner: Lake, sight: TableSight): Output {
  const { StorageDescriptor: storage, Parameters: parameters, ...input } = table.input;
  const isShown = (column: Column): boolean => sight.columns === 'all' || sight.columns.includes(column.Name);
  const shownParameters = Object.entries((parameters ?? {}) as Readonly<Record<string, string>>).filter(
    ([name]) => !sight.hidesSchemaParameters || !name.startsWith('spark.sql.sources.schema'),
  );
  return {
    ...input,
    Name: table.name,
    DatabaseName: table.database,
    CreateTime: table.createTime / 1000,
    UpdateTime: table.updateTime / 1000,
    ...(storage === undefined ? {} : { StorageDescriptor: { ...storage, Columns: table.columns.filter(isShown) } }),
    ...(table.input.PartitionKeys === undefined ? {} : { PartitionKeys: table.partitionKeys }),
    ...(parameters === undefined ? {} : { Parameters: Object.fromEntries(shownParameters) }),
    ...(table.createdBy === undefined ? {} : { CreatedBy: table.createdBy }),
    IsRegisteredWithLakeFormation: table.location !== undefined && locationOf(owner, table.location) !== undefined,
    CatalogId: owner.account,
    VersionId: String(table.version),
  };
}

/** The key of a table on its shelf, from names as a request spells them. */
export function tableKey(database: string, name: string): string {
  return shelfKey(fold(database), fold(name));
}

function foldColumns(columns: readonly Column[] = []): readonly Column[] {
  return columns.map((column) => ({ ...column, Name: fold(column.Name) }));
}
