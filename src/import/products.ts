import type { CatalogTable } from '../core/lake.ts';
import { compareText } from '../core/problem.ts';
import { isFlaggedPii } from '../core/sensitivity.ts';
import type { CatalogEntry } from '../core/state.ts';
import type { DataProduct } from '../declare/files.ts';
import { apiVersion, type NewFile } from './file.ts';
import { slug } from './names.ts';
import { isWritable, type Right } from './rights.ts';

/** A part of a database that becomes a product. */
export interface Share {
  /** The product's name. */
  readonly name: string;
  /** The tables that it claims. */
  readonly tables: readonly string[];
}

/**
 * One product for a database; or one for each table-name prefix where the names and the grants both say
 * so: every table has a prefix that at least three share, nothing is granted on all tables at once, and
 * nobody holds tables of two prefixes.
 */
export function sharesOf(entry: CatalogEntry, rights: readonly Right[]): readonly Share[] {
  const tables = ownTables(entry);
  const name = slug(entry.database.name) || 'database';
  const groups = new Map<string, string[]>();
  for (const table of tables) {
    const prefix = table.slice(0, Math.max(0, table.indexOf('_')));
    groups.set(prefix, [...(groups.get(prefix) ?? []), table]);
  }
  const holders = new Map<string, Set<string>>();
  for (const { resource, principal } of rights) {
    if (!('table' in resource)) continue;
    const prefix = resource.table.slice(0, Math.max(0, resource.table.indexOf('_')));
    holders.set(principal.id, (holders.get(principal.id) ?? new Set<string>()).add(prefix));
  }
  const held = new Set([...holders.values()].flatMap((prefixes) => [...prefixes]));
  const isSplit =
    groups.size > 1 &&
    !groups.has('') &&
    [...groups.values()].every((one) => one.length >= 3) &&
    new Set([...groups.keys()].map(slug)).size === groups.size &&
    held.size === groups.size &&
    [...holders.values()].every((prefixes) => prefixes.size === 1) &&
    !rights.some(({ resource }) => resource.kind === 'all-tables');
  if (!isSplit) return [{ name, tables }];
  return [...groups].map(([prefix, own]) => ({ name: `${name}-${slug(prefix)}`.slice(0, 63), tables: own }));
}

/** The tables of a database that a product can name: resource links belong to what they point to. */
export function ownTables({ tables }: CatalogEntry): readonly string[] {
  return [...tables.values()]
    .filter(({ kind, name }) => kind !== 'link' && isWritable(name))
    .map(({ name }) => name)
    .sort(compareText);
}

/** What a product file is made of. */
export interface Making {
  readonly domain: string;
  readonly producer: string;
  readonly entry: CatalogEntry;
  readonly share: Share;
  readonly allowsFuture: boolean;
  readonly locations: readonly string[];
  readonly grants: DataProduct['grants'];
  /** What is to be noted of those who hold the grants, who have no file of their own. */
  readonly notes: readonly string[];
}

/** The file of a product that begins gently: it shows what it would revoke, and leaves it out. */
export function productFile(making: Making): NewFile {
  const { domain, producer, entry, share, allowsFuture, locations, grants = [], notes } = making;
  const isPii = isFlaggedPii(entry.database.parameters);
  const tables = tablesOf(entry, share);
  const value: DataProduct = {
    apiVersion,
    kind: 'DataProduct',
    producer,
    database: entry.database.name,
    enforce: 'additive',
    ...(isPii ? { pii: true } : {}),
    tables,
    ...(allowsFuture ? { allowFuture: true } : {}),
    ...(locations.length === 0 ? {} : { locations }),
    ...(grants.length === 0 ? {} : { grants }),
  };
  return {
    path: `products/${domain}/${share.name}.yaml`,
    value,
    head: [`The database ${entry.database.name}. To be decided: the domain, which is the folder, and the owners.`],
    comments: {
      enforce: ['Shows what it would revoke, and leaves it out, until this is full, the default.'],
      tables: [
        Object.values(tables).some((table) => table !== null) || isPii
          ? 'To be decided: which columns are personal. Those flagged pii_flag in the catalog are; look at the others.'
          : 'To be decided: which tables and columns are personal. The catalog flags none.',
      ],
      ...(notes.length === 0 ? {} : { grants: notes }),
      ...(allowsFuture
        ? {
            allowFuture: [
              'Somebody holds all tables, present and future; without this a product with pii refuses that.',
            ],
          }
        : {}),
    },
  };
}

/** How many columns a product file names at the most, beside those of tables with flagged ones. */
const mostColumns = 10_000;

/** Tables with what the catalog flags; where anything is flagged all columns are named, for the others would count as pii. */
function tablesOf(entry: CatalogEntry, { tables }: Share): DataProduct['tables'] {
  if (tables.length === 0) return { '*': null };
  const found = tables.flatMap((name) => entry.tables.get(name) ?? []);
  const isSensitive = found.some(
    ({ parameters, columns }) => isFlaggedPii(parameters) || columns.some((one) => isFlaggedPii(one.parameters)),
  );
  // Where all is personal, no column need be; and a file that nobody can read helps nobody.
  const isFew = found.reduce((count, { columns }) => count + columns.length, 0) <= mostColumns;
  const isNamed = isSensitive && !isFlaggedPii(entry.database.parameters);
  const isTold = ({ columns }: CatalogTable): boolean => isFew || columns.some((one) => isFlaggedPii(one.parameters));
  return Object.fromEntries(
    found.map((table) => {
      const { name, parameters, columns } = table;
      if (!isNamed || !(isFlaggedPii(parameters) || isTold(table))) return [name, null];
      if (isFlaggedPii(parameters)) return [name, 'pii'];
      // A dot would make a nested field of it.
      const writable = columns.filter((one) => isWritable(one.name) && !one.name.includes('.'));
      const named = writable.map((one) => [one.name, isFlaggedPii(one.parameters) ? 'pii' : null] as const);
      return [name, named.length === 0 ? null : { columns: Object.fromEntries(named) }];
    }),
  );
}
