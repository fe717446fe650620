import { groupBy } from '../core/group.ts';
import { isGlob, matchesAny } from '../core/pattern.ts';
import type { CatalogEntry } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { DataProduct } from '../declare/files.ts';
import { nameAll } from './names.ts';
import { ownTables, type Share, sharesOf } from './products.ts';
import type { Right } from './rights.ts';

/** A product, there already or to be written. */
export interface Product {
  /** `<domain>/<product>`. */
  readonly id: string;
  readonly database: string;
  readonly entry: CatalogEntry;
  /** The id of the producer's account. */
  readonly producer: string;
  readonly claims: (table: string) => boolean;
  /** The tables that a glob may reach; none where it would reach what nobody approved. */
  readonly globbed: readonly string[];
  /** What is to be written, for a new one. */
  readonly share?: Share;
  readonly allowsFuture: boolean;
  /** The locations that a product which is there already lists. */
  readonly locations: readonly string[];
}

/** A database with what is to be declared on it. */
export interface Database {
  readonly entry: CatalogEntry;
  readonly rights: readonly Right[];
  /** The id of the account that owns its data. */
  readonly owner: string;
  /** What is to be noted of principals, by identifier. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
}

/** The products of databases: those that a mesh declares, else new ones in the folders of their producers. */
export function productsOf(
  databases: readonly Database[],
  accounts: ReadonlyMap<string, string>,
  existing: Declaration | undefined,
): readonly Product[] {
  const declared = [...(existing?.products ?? [])].map(([id, { value }]) => ({ id, value }));
  const taken = new Map<string, Set<string>>();
  for (const { id } of declared) {
    const [domain = '', name = ''] = id.split('/');
    taken.set(domain, (taken.get(domain) ?? new Set<string>()).add(name));
  }
  const products: Product[] = [];
  const fresh: { readonly database: Database; readonly share: Share; readonly allowsFuture: boolean }[] = [];
  for (const database of databases) {
    const own = declared.filter(({ value }) => value.database === database.entry.database.name);
    for (const { id, value } of own)
      products.push(known(id, value, { entry: database.entry, producer: idOf(value.producer, existing) }));
    if (own.length > 0) continue;
    const allowsFuture = database.rights.some(({ resource }) => resource.kind === 'all-tables');
    for (const share of sharesOf(database.entry, database.rights)) fresh.push({ database, share, allowsFuture });
  }
  for (const [owner, list] of groupBy(fresh, ({ database }) => database.owner)) {
    const domain = accounts.get(owner) ?? owner;
    const identity = ({ database, share }: (typeof list)[number]): string =>
      `${database.entry.database.name} ${share.name}`;
    const names = nameAll(
      list.map((one) => ({ identity: identity(one), wanted: one.share.name })),
      taken.get(domain) ?? new Set<string>(),
    );
    for (const one of list) {
      const { database, share, allowsFuture } = one;
      const name = names.get(identity(one)) ?? share.name;
      const tables = new Set(share.tables);
      products.push({
        id: `${domain}/${name}`,
        database: database.entry.database.name,
        entry: database.entry,
        producer: owner,
        claims: (table) => allowsFuture || tables.has(table),
        globbed: allowsFuture ? [] : share.tables,
        share: { ...share, name },
        allowsFuture,
        locations: [],
      });
    }
  }
  return products;
}

function idOf(account: string, existing: Declaration | undefined): string {
  return existing?.accounts.get(account)?.value.id ?? '';
}

function known(
  id: string,
  value: DataProduct,
  { entry, producer }: { readonly entry: CatalogEntry; readonly producer: string },
): Product {
  const isNamed = matchesAny(Object.keys(value.tables));
  const claims = (table: string): boolean => value.allowFuture === true || isNamed(table);
  // A glob of a claim may reach tables that come later, and so may an entry's.
  const isClosed = value.allowFuture !== true && !Object.keys(value.tables).some(isGlob);
  const allowsFuture = value.allowFuture === true;
  const globbed = isClosed ? ownTables(entry).filter(claims) : [];
  const { database, locations = [] } = value;
  return { id, database, entry, producer, claims, globbed, allowsFuture, locations };
}

/** The product that a right belongs to: the one with the table, or for a whole database the one whose tables its principal holds. */
export function placeOf(
  { resource, principal }: Right,
  products: readonly Product[],
  rights: readonly Right[],
): Product | undefined {
  const claiming = (table: string): Product | undefined => products.find((product) => product.claims(table));
  if ('table' in resource) return claiming(resource.table);
  const own = rights.find((one) => one.principal.id === principal.id && 'table' in one.resource);
  const near = own !== undefined && 'table' in own.resource ? claiming(own.resource.table) : undefined;
  return near ?? products[0];
}
