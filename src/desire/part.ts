import { fold, locationOf } from '../core/canonical.ts';
import type { LakeId } from '../core/fact.ts';
import type { DatabasePart, Part } from '../core/part.ts';
import { compilePattern } from '../core/pattern.ts';
import type { Bounds, Scope } from '../core/scope.ts';
import type { Catalog } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Access, DataProduct } from '../declare/files.ts';

/** All that the mesh files speak of. */
export function wholePart({ databases, locations }: Bounds): Part {
  return {
    databases: new Map(
      [...databases].map(([name, products]) => [
        name,
        { has: (table) => products.some(({ claims }) => claims(table)), allTables: true },
      ]),
    ),
    ...(locations.length > 0 && { locations: () => true }),
    catalog: true,
    hybrid: new Set(
      [...databases].flatMap(([name, products]) => (products.some(({ isHybrid }) => isHybrid) ? [name] : [])),
    ),
  };
}

/** The databases of the central catalog, with hybrid access now or ever, that are brought into an account's own lake. */
export function importedHybrid({ ever, centralRegion }: Scope, lake: LakeId): ReadonlySet<string> {
  const [account = '', region] = lake.split('/');
  if (region !== centralRegion) return new Set();
  return new Set(
    [...(ever.imports.get(account)?.byDatabase ?? [])].flatMap(([database, imported]) =>
      imported.some(({ products }) => products.some(({ isHybrid }) => isHybrid)) ? [database] : [],
    ),
  );
}

/**
 * Which tables of the central catalog come into an account's own lake with limits on rows or columns, now or ever, by
 * database: their data cells filters may be granted there.
 */
export function importedLimited(
  { ever, centralRegion }: Scope,
  lake: LakeId,
): ReadonlyMap<string, (table: string) => boolean> {
  const [account = '', region] = lake.split('/');
  if (region !== centralRegion) return new Map();
  return new Map(
    [...(ever.imports.get(account)?.byDatabase ?? [])].flatMap(([database, imported]) => {
      const limits = imported.flatMap(({ isLimited }) => isLimited ?? []);
      return limits.length === 0 ? [] : [[database, (table) => limits.some((isLimited) => isLimited(table))] as const];
    }),
  );
}

/** One version of the files that say what is given: products, and the subscriptions to them. */
export type Version = Pick<Declaration, 'products' | 'subscriptions'>;

/**
 * The part of a lake that product and subscription files can touch, in any of their versions: what a version
 * asked for must go when a later one does not. A product file touches its whole database; a subscription the
 * tables that its names and globs match, whatever the product makes of them. With a data location come the
 * databases of all products that may give it, for only with their catalog is it known what they ask.
 */
export function touchedPart(versions: readonly Version[], isChanged: (path: string) => boolean): Part {
  const touched = versions.flatMap((version) => touchedIn(version, isChanged));
  const locations = touched.flatMap((one) => one.locations);
  const sharing = versions
    .flatMap(({ products }) => [...products.values()])
    .filter(({ value }) => shares(value, locations));
  const databases = new Map<string, DatabasePart>(sharing.map(({ value }) => [value.database, noTable]));
  for (const { database, part } of touched) databases.set(database, both(databases.get(database) ?? noTable, part));
  return {
    databases,
    ...(locations.length > 0 && { locations: (one) => locations.some((around) => isInside(one, around)) }),
    catalog: false,
    hybrid: new Set(hybridIn(versions).filter((name) => databases.has(name))),
  };
}

function hybridIn(versions: readonly Version[]): readonly string[] {
  const products = versions.flatMap((version) => [...version.products.values()]);
  return products.flatMap(({ value }) => (value.iamAllowedPrincipals === 'hybrid' ? [fold(value.database)] : []));
}

interface Touched {
  readonly database: string;
  readonly part: DatabasePart;
  /** ARNs of S3 paths; what lies inside is touched, too. */
  readonly locations: readonly string[];
}

function touchedIn({ products, subscriptions }: Version, isChanged: (path: string) => boolean): readonly Touched[] {
  const own = [...products.values()]
    .filter(({ path }) => isChanged(path))
    .map(({ value }) => ({ database: value.database, part: everyTable, locations: locationsOf(value) }));
  const given = [...subscriptions.values()].flatMap(({ path, product, value }): readonly Touched[] => {
    const database = products.get(product)?.value.database;
    if (!isChanged(path) || database === undefined) return [];
    return value.access.map((access) => ({ database, part: tablesIn(access), locations: locationsOf(access) }));
  });
  return [...own, ...given];
}

function tablesIn({ tables = [] }: Access): DatabasePart {
  if (tables.includes('*')) return everyTable;
  const patterns = tables.map(compilePattern);
  return { has: (name) => patterns.some(({ matches }) => matches(name)), allTables: false };
}

const everyTable: DatabasePart = { has: () => true, allTables: true };
const noTable: DatabasePart = { has: () => false, allTables: false };

function both(a: DatabasePart, b: DatabasePart): DatabasePart {
  return { has: (table) => a.has(table) || b.has(table), allTables: a.allTables || b.allTables };
}

function locationsOf({ locations = [] }: Pick<DataProduct | Access, 'locations'>): readonly string[] {
  return locations.map(locationOf);
}

function shares(product: DataProduct, locations: readonly string[]): boolean {
  return locationsOf(product).some((own) => locations.some((other) => isInside(own, other) || isInside(other, own)));
}

function isInside(location: string, around: string): boolean {
  return location === around || location.startsWith(`${around}/`);
}

/** The catalog with every database that was left out as one that was not read, so that nobody takes it for absent. */
export function withoutOthers(declaration: Declaration, catalog: Catalog, part: Part): Catalog {
  const databases = [...declaration.products.values()].map(({ value }) => value.database);
  return { ...catalog, unread: new Set([...catalog.unread, ...databases.filter((name) => !part.databases.has(name))]) };
}
