import type { Call } from '../call.ts';
import { followed, type Place, placeIn, targetOf } from '../glue/follow.ts';
import { shelfKey, type Table } from '../lake.ts';
import { seesDatabase, tableSight } from './sight.ts';

/** A table, by whatever names somebody reaches it, with what was passed on the way. */
export interface FoundTable {
  readonly place: Place;
  readonly table: Table;
  readonly steps: readonly string[];
}

/** Why a name leads to no table. */
export interface Astray {
  readonly reason: string;
  readonly steps: readonly string[];
}

/**
 * The table that names mean to the caller: resource links are followed once, and only by whom they are open to.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-about.html
 */
export function findTable(
  call: Call,
  names: { readonly catalog: string; readonly database: string; readonly table: string },
): FoundTable | Astray {
  const { catalog, database, table: name } = names;
  const steps: string[] = [];
  const astray = (reason: string): Astray => ({ reason, steps });
  const named = placeIn(call, catalog, database);
  if (!named) return astray(`there is no database ${database} in catalog ${catalog} in ${call.region}`);
  if (named.database.target) {
    if (!seesDatabase(call, named.sight, named.database))
      return astray(`it has no DESCRIBE on the resource link ${database}`);
    steps.push(`the resource link ${database} leads to ${spelled(named.database.target)}`);
  }
  const place = followed(call, named);
  if (!place) return astray(`the resource link ${database} leads nowhere`);
  if (place !== named && place.database.target) return astray(`the resource link ${database} leads to another link`);
  const table = place.sight.view.tables.get(shelfKey(place.database.name, name));
  if (!table) return astray(`there is no table ${name} in database ${place.database.name} of ${place.sight.catalog}`);
  if (!table.target) return { place, table, steps };
  if (place !== named)
    return astray(`the resource link ${name} lies in a database that is itself reached through a link`);
  if (!tableSight(call, place.sight, table)) return astray(`it has no DESCRIBE on the resource link ${name}`);
  steps.push(`the resource link ${name} leads to ${spelled(table.target)}`);
  const target = targetOf(call, table);
  if (!target) return astray(`the resource link ${name} leads nowhere`);
  if (target.table.target) return astray(`the resource link ${name} leads to another link`);
  return { ...target, steps };
}

function spelled(target: {
  readonly catalog: string;
  readonly database: string;
  readonly table?: string;
  readonly region?: string;
}): string {
  const { catalog, database, table, region } = target;
  const name = table === undefined ? database : `${database}.${table}`;
  return `${name} of ${catalog}${region === undefined ? '' : ` in ${region}`}`;
}
