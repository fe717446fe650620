import type { Call } from '../call.ts';
import { entityNotFound, invalidInput } from '../failure.ts';
import { fold } from '../grants/resource-request.ts';
import { type Database, type Lake, shelfKey, type Table } from '../lake.ts';
import { pageOf } from '../paging.ts';
import { rangeOf } from '../store/shelf.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import { renderTable } from './render.ts';
import { hidden } from './rights.ts';
import type { getTableShape, getTablesShape } from './shapes.ts';
import { type Sight, seesDatabase, sightOn, tableSight, tablesIn } from './sight.ts';

/** GetTable: with the columns that the caller may see. */
export function getTable(call: Call, request: Decoded<typeof getTableShape>): Output {
  const place = follow(call, request);
  const table = place?.sight.view.tables.get(shelfKey(place.database.name, fold(request.Name)));
  const seen = place && table && tableSight(call, place.sight, table);
  if (!seen) throw hidden(call, request.Name);
  return { Table: renderTable(table, place.owner, seen) };
}

/** GetTables: those that the caller may see; it never says that a location is registered. */
export function getTables(call: Call, request: Decoded<typeof getTablesShape>): Output {
  const { NextToken: _token, MaxResults: _size, ...question } = request;
  const place = follow(call, request);
  if (!place || !isKnown(call, place)) throw entityNotFound(`Database ${fold(request.DatabaseName)} not found.`);
  const { sight, database, owner } = place;
  const isNamed = nameFilter(request.Expression);
  const keep = (table: Table): Output | undefined => {
    const seen = isNamed(table.name) ? tableSight(call, sight, table) : undefined;
    const whole = seen && { ...renderTable(table, owner, seen), IsRegisteredWithLakeFormation: false };
    return whole && listed(whole, request.AttributesToGet);
  };
  const paging = { ...request, question: JSON.stringify(question) };
  const tables = rangeOf(sight.view.tables, `${database.name}\u0000`);
  const { items, token } = pageOf(call, [tables], { request: paging, keep });
  return { TableList: items, ...token };
}

interface Place {
  readonly sight: Sight;
  readonly owner: Lake;
  readonly database: Database;
}

/**
 * The database that a request means: for a resource link the target, one step and no further. A link whose target is
 * gone, or was never shared, leads nowhere. Targets in another region are not followed.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-about.html
 */
function follow(
  call: Call,
  request: { readonly CatalogId?: string; readonly DatabaseName: string },
): Place | undefined {
  const named = placeOf(call, request.CatalogId ?? call.caller.account, fold(request.DatabaseName));
  const target = named?.database.target;
  if (!named || !target) return named;
  return seesDatabase(call, named.sight, named.database) ? placeOf(call, target.catalog, target.database) : undefined;
}

function placeOf(call: Call, catalog: string, name: string): Place | undefined {
  const sight = sightOn(call, catalog);
  const database = sight?.view.databases.get(name);
  return sight && database && { sight, database, owner: call.world.lake(catalog, call.region) };
}

/** A database is known to whom sees it, and to whom sees one of its tables. */
function isKnown(call: Call, { sight, database }: Place): boolean {
  if (seesDatabase(call, sight, database)) return true;
  return tablesIn(sight.view, database.name).some((table) => tableSight(call, sight, table) !== undefined);
}

function listed(table: Output, attributes: readonly string[] | undefined): Output {
  if (!attributes || attributes.length === 0) return table;
  const { Name, DatabaseName, CatalogId, TableType } = table;
  return {
    Name,
    DatabaseName,
    CatalogId,
    ...(attributes.includes('TABLE_TYPE') && TableType !== undefined ? { TableType } : {}),
  };
}

/**
 * The names that an expression matches. AWS calls it a regular expression; `*` stands for anything, as in Hive. Names
 * are compared as a whole.
 */
function nameFilter(expression: string | undefined): (name: string) => boolean {
  if (expression === undefined || expression === '') return () => true;
  try {
    const pattern = new RegExp(`^(?:${expression.replaceAll(/(?<!\.)\*/g, '.*')})$`, 'i');
    return (name) => pattern.test(name);
  } catch {
    throw invalidInput('The expression is not valid.');
  }
}
