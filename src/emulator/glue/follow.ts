import { type Sight, seesDatabase, sightOn, tableSight } from '../access/sight.ts';
import type { Call } from '../call.ts';
import { type Database, type Lake, shelfKey, type Table } from '../lake.ts';
import type { Output } from '../wire/operation.ts';
import { renderDatabase, renderTable } from './render.ts';

/** A database with the catalog that it is in. */
export interface Place {
  readonly sight: Sight;
  readonly owner: Lake;
  readonly database: Database;
}

/** A database of a catalog, whether or not the caller sees it. */
export function placeIn(call: Call, catalog: string, name: string, region?: string): Place | undefined {
  const sight = sightOn(call, catalog, region);
  const database = sight?.view.databases.get(name);
  return sight && database && { sight, database, owner: call.world.lake(catalog, sight.region) };
}

/**
 * The database that a name means: for a resource link its target, in whatever account and region, one step and no
 * further. A link whose target is gone leads nowhere, and so does one that the caller does not see.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-about.html
 */
export function followed(call: Call, named: Place | undefined): Place | undefined {
  const target = named?.database.target;
  if (!named || !target) return named;
  if (!seesDatabase(call, named.sight, named.database)) return undefined;
  return placeIn(call, target.catalog, target.database, target.region);
}

/** The table that a resource link leads to, with the database it is in; undefined where that is gone. */
export function targetOf(call: Call, { target }: Table): { readonly place: Place; readonly table: Table } | undefined {
  const place = target && placeIn(call, target.catalog, target.database, target.region);
  const table = place?.sight.view.tables.get(shelfKey(place.database.name, target?.table ?? ''));
  return place && table && { place, table };
}

/**
 * A database in the form of the API, a link with the properties of its target where the caller sees that.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-glue-apis.html
 */
export function showDatabase(call: Call, { database, sight }: Pick<Place, 'database' | 'sight'>): Output {
  const link = renderDatabase(database, sight.catalog);
  const { target } = database;
  const place =
    target && call.switches.linksShowTarget ? placeIn(call, target.catalog, target.database, target.region) : undefined;
  if (!place || !seesDatabase(call, place.sight, place.database)) return link;
  const { Name, CatalogId, CreateTime, TargetDatabase } = link;
  return { ...renderDatabase(place.database, place.sight.catalog), Name, CatalogId, CreateTime, TargetDatabase };
}

/** A table link in the form of the API with the properties of its target; undefined where the caller does not see that. */
export function showLink(call: Call, link: Table, owner: Lake): Output | undefined {
  const target = targetOf(call, link);
  const seen = target && tableSight(call, target.place.sight, target.table);
  if (!seen) return undefined;
  const { Name, DatabaseName, CatalogId, CreateTime, TargetTable } = renderTable(link, owner, seen);
  const shown = renderTable(target.table, target.place.owner, seen);
  return { ...shown, Name, DatabaseName, CatalogId, CreateTime, TargetTable };
}
