import { type Call, reading } from '../call.ts';
import { callerTexts, heldOn, seesEverything } from '../grants/authority.ts';
import type { StoredRow } from '../grants/grant-store.ts';
import { ownerView, receivedRows } from '../grants/received.ts';
import { columnNames, type Database, type LakeView, shelfKey, type Table } from '../lake.ts';
import { noPermissions } from '../permission.ts';
import { iamAllowedPrincipals } from '../principal.ts';
import { filterPlace, placeOf, type Resource, selectedColumns } from '../resource.ts';
import { valuesUnder } from '../store/shelf.ts';
import type { TableSight } from './render.ts';

/** A catalog that the caller reads: its own, or another account's as far as it was shared. */
export interface Sight {
  readonly catalog: string;
  readonly view: LakeView;
}

/** The catalog that a request names, or undefined where it can hold nothing for the caller. */
export function sightOn(call: Call, catalog: string): Sight | undefined {
  if (catalog === call.caller.account) return { catalog, view: reading(call) };
  const view = ownerView(call, catalog);
  return view && { catalog, view };
}

/**
 * Says whether the caller sees a database: any permission on it shows it, and one on all its tables does.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
 */
export function seesDatabase(call: Call, sight: Sight, { name, createdBy }: Database): boolean {
  const { catalog } = sight;
  if (seesAll(call, sight) || createdBy === call.caller.arn) return true;
  const onDatabase: Resource = { kind: 'database', catalog, database: name };
  const onTables: Resource = { kind: 'all-tables', catalog, database: name };
  if ([onDatabase, onTables].some((resource) => rowsFor(call, sight, resource).length > 0)) return true;
  const tables = tablesIn(sight.view, name);
  // Who makes a table sees its database: https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html
  if (catalog === call.caller.account && tables.some((table) => table.createdBy === call.caller.arn)) return true;
  return call.switches.tableGrantShowsDatabase && tables.some((table) => tableSight(call, sight, table) !== undefined);
}

/**
 * What the caller sees of a table, or undefined where it sees nothing of it. Partition keys are always shown, since
 * they cannot be filtered out. Whether DESCRIBE shows columns beyond those of a column-limited SELECT is not
 * documented; here it does not.
 */
export function tableSight(call: Call, sight: Sight, table: Table): TableSight | undefined {
  const { catalog } = sight;
  if (seesAll(call, sight) || table.createdBy === call.caller.arn)
    return { columns: 'all', hidesSchemaParameters: false };
  const resource: Resource = { kind: 'table', catalog, database: table.database, table: table.name };
  const rows = rowsFor(call, sight, resource);
  if (rows.some((row) => row.principal === iamAllowedPrincipals))
    return { columns: 'all', hidesSchemaParameters: false };
  const selects = rows.flatMap((row) => (row.part.kind === 'columns' ? [row.part.columns] : []));
  if (selects.some((columns) => columns.kind === 'all')) return { columns: 'all', hidesSchemaParameters: false };
  const filtered = filteredColumns(call, sight, table);
  const shown = [...selects.flatMap((columns) => selectedColumns(columns, columnNames(table))), ...filtered];
  if (shown.length > 0) return { columns: shown, hidesSchemaParameters: true };
  return rows.length > 0 ? { columns: 'all', hidesSchemaParameters: true } : undefined;
}

/** The tables of a database. */
export function tablesIn(view: LakeView, database: string): readonly Table[] {
  return valuesUnder(view.tables, `${database}\u0000`);
}

function seesAll(call: Call, { catalog, view }: Sight): boolean {
  return catalog === call.caller.account && seesEverything(call, view);
}

/** The rows that show a resource to the caller: its own, those open to IAM, and what its account received. */
function rowsFor(call: Call, { catalog, view }: Sight, resource: Resource): readonly StoredRow[] {
  const home = reading(call);
  const own = callerTexts(call).flatMap((text) => heldOn(home, text, resource));
  if (catalog === call.caller.account)
    return [...own, ...heldOn(view, iamAllowedPrincipals, resource)].filter(isUseful);
  // What was shared with the account is there for its administrators; others need a grant of their own.
  const received = receivedRows(call, resource).filter(
    (row) => seesEverything(call) || callerTexts(call).includes(row.principal),
  );
  return [...own, ...received].filter(isUseful);
}

function isUseful(row: StoredRow): boolean {
  return row.permissions !== noPermissions;
}

function filteredColumns(call: Call, { catalog, view }: Sight, table: Table): readonly string[] {
  const place = filterPlace({ catalog, database: table.database, table: table.name });
  const rows = callerTexts(call).flatMap((text) => [
    ...reading(call).grants.held(text, place),
    ...view.grants.held(text, place),
  ]);
  return rows.flatMap((row) => {
    if (row.resource.kind !== 'data-cells-filter') return [];
    const filter = view.filters.get(shelfKey(table.database, table.name, row.resource.name));
    return filter ? selectedColumns(filter.columns, columnNames(table)) : [];
  });
}

/** The place of a table, for taking its permissions away. */
export function tablePlaces(catalog: string, database: string, table: string): readonly string[] {
  return [placeOf({ kind: 'table', catalog, database, table }), filterPlace({ catalog, database, table })];
}
