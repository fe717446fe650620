import { seesDatabase, tableSight, tablesIn } from '../access/sight.ts';
import type { Call } from '../call.ts';
import { entityNotFound, invalidInput } from '../failure.ts';
import { fold } from '../grants/resource-request.ts';
import { shelfKey, type Table } from '../lake.ts';
import { pageOf } from '../paging.ts';
import { rangeOf } from '../store/shelf.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import { followed, type Place, placeIn, showLink } from './follow.ts';
import { renderTable } from './render.ts';
import { hidden } from './rights.ts';
import type { getTableShape, getTablesShape } from './shapes.ts';

/**
 * GetTable: with the columns that the caller may see, a link with those of its target. A link in a database that was
 * itself reached through a link is not followed.
 */
export function getTable(call: Call, request: Decoded<typeof getTableShape>): Output {
  const named = placeIn(call, request.CatalogId ?? call.caller.account, fold(request.DatabaseName));
  const place = followed(call, named);
  const table = place?.sight.view.tables.get(shelfKey(place.database.name, fold(request.Name)));
  const seen = place && table && tableSight(call, place.sight, table);
  if (!seen) throw hidden(call, request.Name);
  const asItIs = { Table: renderTable(table, place.owner, seen) };
  if (!table.target || place !== named) return asItIs;
  const target = showLink(call, table, place.owner);
  if (!target && call.switches.unreachableLink === 'refuse') throw hidden(call, table.target.table);
  return target && call.switches.linksShowTarget ? { Table: target } : asItIs;
}

/** GetTables: those that the caller may see; it never says that a location is registered. */
export function getTables(call: Call, request: Decoded<typeof getTablesShape>): Output {
  const { NextToken: _token, MaxResults: _size, ...question } = request;
  const named = placeIn(call, request.CatalogId ?? call.caller.account, fold(request.DatabaseName));
  const place = followed(call, named);
  if (!place || !isKnown(call, place)) throw entityNotFound(`Database ${fold(request.DatabaseName)} not found.`);
  const { sight, database, owner } = place;
  const followsLinks = place === named && sight.catalog === call.caller.account && call.switches.linksShowTarget;
  const isNamed = nameFilter(request.Expression);
  const keep = (table: Table): Output | undefined => {
    const seen = isNamed(table.name) ? tableSight(call, sight, table) : undefined;
    if (!seen) return undefined;
    const shown = table.target && followsLinks ? showLink(call, table, owner) : undefined;
    const whole = { ...(shown ?? renderTable(table, owner, seen)), IsRegisteredWithLakeFormation: false };
    return listed(whole, request.AttributesToGet);
  };
  const paging = { ...request, question: JSON.stringify(question) };
  const tables = rangeOf(sight.view.tables, `${database.name}\u0000`);
  const { items, token } = pageOf(call, [tables], { request: paging, keep });
  return { TableList: items, ...token };
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
