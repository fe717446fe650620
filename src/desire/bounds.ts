import { fold, locationOf } from '../core/canonical.ts';
import { matchesAny } from '../core/pattern.ts';
import { toPrincipal } from '../core/principal.ts';
import type { Bounds, Enforcement, Imported, Imports, ScopeProduct } from '../core/scope.ts';
import type { Access, DataProduct, Mesh, Subscription } from '../declare/files.ts';
import { meshPrincipals, type Named, principalsFrom } from './principals.ts';

/** Mesh files as far as they say what is managed: of a declaration, or of an older state of it. */
export interface Bounding extends Named {
  readonly mesh: { readonly value: Pick<Mesh, 'central' | 'principals' | 'grants' | 'publicReader'> };
  readonly products: ReadonlyMap<
    string,
    {
      readonly value: Pick<
        DataProduct,
        'producer' | 'database' | 'tables' | 'allowFuture' | 'locations' | 'grants' | 'enforce' | 'iamAllowedPrincipals'
      >;
    }
  >;
  readonly subscriptions: ReadonlyMap<string, BoundingSubscription>;
}

interface BoundingSubscription {
  readonly product: string;
  readonly consumer: string;
  readonly value: Pick<Subscription, 'principals' | 'access' | 'import'>;
}

/** Bounds in the making: they only grow, file by file. */
export interface BoundsDraft {
  readonly principals: Set<string>;
  readonly catalogPrincipals: Set<string>;
  readonly products: Map<string, ProductDraft>;
  /** Names and globs of tables, by database and filter. */
  readonly filters: Map<string, Set<string>>;
  /** By account id, and by `<region> <name of the link>`. */
  readonly imports: Map<string, Map<string, ImportDraft>>;
}

type ImportDraft = Readonly<Record<'databases' | 'products' | 'principals' | 'limited', Set<string>>>;

interface ProductDraft {
  /** Names and globs of tables, by database. */
  readonly tables: Map<string, Set<string>>;
  readonly locations: Set<string>;
  readonly producers: Set<string>;
  readonly listed: Set<string>;
  enforce: Enforcement;
  isHybrid: boolean;
}

/** Bounds that hold nothing yet. */
export function noBounds(): BoundsDraft {
  return {
    principals: new Set(),
    catalogPrincipals: new Set(),
    products: new Map(),
    filters: new Map(),
    imports: new Map(),
  };
}

/** Adds all files of a state. */
export function addFiles(draft: BoundsDraft, files: Bounding): void {
  addMesh(draft, files);
  for (const account of files.accounts.keys()) addAccount(draft, files, account);
  for (const product of files.products.keys()) addProduct(draft, files, product);
  for (const subscription of files.subscriptions.keys()) addSubscription(draft, files, subscription);
}

/** Adds what mesh.yaml names. */
function addMesh(draft: BoundsDraft, files: Bounding): void {
  const { principals, grants } = files.mesh.value;
  for (const identifier of Object.values(principals ?? {})) draft.principals.add(toPrincipal(identifier).id);
  for (const grant of grants ?? [])
    for (const { id } of meshPrincipals(files, grant.principals)) draft.catalogPrincipals.add(id);
}

/** Adds what an account file names. */
export function addAccount(draft: BoundsDraft, { accounts }: Bounding, name: string): void {
  const account = accounts.get(name)?.value;
  for (const identifier of account === undefined ? [] : [account.id, ...Object.values(account.principals ?? {})])
    draft.principals.add(toPrincipal(identifier).id);
}

/** Adds what a product file claims and lists. */
export function addProduct(draft: BoundsDraft, files: Bounding, id: string): void {
  const value = files.products.get(id)?.value;
  if (value === undefined) return;
  const product = productIn(draft, id);
  product.enforce = value.enforce ?? 'full';
  if (value.iamAllowedPrincipals === 'hybrid') product.isHybrid = true;
  const producer = files.accounts.get(value.producer)?.value.id;
  if (producer !== undefined) product.producers.add(producer);
  const database = fold(value.database);
  const tables = entryIn(product.tables, database);
  for (const name of Object.keys(value.tables)) tables.add(name);
  if (value.allowFuture === true) tables.add('*');
  for (const path of value.locations ?? []) product.locations.add(locationOf(path));
  const { publicReader, principals } = files.mesh.value;
  const reader = publicReader === undefined ? undefined : principals?.[publicReader];
  if (reader !== undefined) product.listed.add(toPrincipal(reader).id);
  for (const grant of value.grants ?? []) {
    for (const principal of principalsFrom(files, value.producer, grant.principals)) product.listed.add(principal.id);
    addFilters(draft, database, grant.access);
  }
}

/** Adds what a subscription lists. */
export function addSubscription(draft: BoundsDraft, files: Bounding, id: string): void {
  const subscription = files.subscriptions.get(id);
  if (subscription === undefined) return;
  const { product, consumer, value } = subscription;
  const { listed } = productIn(draft, product);
  for (const principal of principalsFrom(files, consumer, value.principals)) listed.add(principal.id);
  const database = files.products.get(product)?.value.database;
  if (database !== undefined) addFilters(draft, fold(database), value.access);
  addImport(draft, files, subscription);
}

/** Adds the link that a subscription names in the consumer's own catalog, and who reads through it. */
function addImport(
  { imports }: BoundsDraft,
  files: Bounding,
  { product, consumer, value }: BoundingSubscription,
): void {
  const account = files.accounts.get(consumer)?.value.id;
  const database = files.products.get(product)?.value.database;
  if (value.import === undefined || account === undefined || database === undefined) return;
  const links = imports.get(account) ?? new Map<string, ImportDraft>();
  imports.set(account, links);
  const link = `${value.import.region ?? files.mesh.value.central.region} ${fold(value.import.database)}`;
  const known = links.get(link) ?? {
    databases: new Set(),
    products: new Set(),
    principals: new Set(),
    limited: new Set(),
  };
  links.set(link, known);
  known.databases.add(fold(database));
  known.products.add(product);
  for (const { rows, columns, tables = [] } of value.access)
    if (rows !== undefined || columns !== undefined) for (const table of tables) known.limited.add(table);
  const through = [value.principals, ...(value.import.grants ?? []).map(({ principals }) => principals)];
  for (const names of through)
    for (const { id } of names === undefined ? [] : principalsFrom(files, consumer, names)) known.principals.add(id);
}

function addFilters({ filters }: BoundsDraft, database: string, access: readonly Access[]): void {
  for (const { filter, tables } of access) {
    if (filter === undefined) continue;
    const known = entryIn(filters, `${database} ${filter}`);
    for (const table of tables ?? []) known.add(table);
  }
}

/** The draft of a product, which comes into being where it is not there yet. */
export function productIn({ products }: BoundsDraft, id: string): ProductDraft {
  const known = products.get(id);
  if (known !== undefined) return known;
  const fresh: ProductDraft = {
    tables: new Map(),
    locations: new Set(),
    producers: new Set(),
    listed: new Set(),
    enforce: 'full',
    isHybrid: false,
  };
  products.set(id, fresh);
  return fresh;
}

function entryIn(map: Map<string, Set<string>>, key: string): Set<string> {
  const known = map.get(key) ?? new Set();
  map.set(key, known);
  return known;
}

/** What has been added, in the terms in which facts are judged. */
export function boundsOf({ principals, catalogPrincipals, products, filters, imports }: BoundsDraft): Bounds {
  const byId = new Map<string, ScopeProduct>();
  const databases = new Map<string, ScopeProduct[]>();
  const locations: { location: string; product: ScopeProduct }[] = [];
  for (const [id, { tables, locations: paths, ...rest }] of products) {
    for (const [database, names] of tables) {
      const product = { id, claims: matchesAny(names), ...rest };
      byId.set(id, product);
      databases.set(database, [...(databases.get(database) ?? []), product]);
    }
    for (const location of paths) locations.push({ location, product: { id, claims: () => false, ...rest } });
  }
  const named = new Map([...filters].map(([key, tables]) => [key, matchesAny(tables)]));
  return {
    databases,
    locations,
    principals,
    catalogPrincipals,
    imports: new Map([...imports].map(([account, links]) => [account, importsOf(links, byId)])),
    namesFilter: ({ database, table, name }) => named.get(`${database} ${name}`)?.(table) === true,
  };
}

function importsOf(links: ReadonlyMap<string, ImportDraft>, byId: ReadonlyMap<string, ScopeProduct>): Imports {
  const byLink = new Map<string, Imported>();
  const byDatabase = new Map<string, Imported[]>();
  for (const [link, { databases, products, principals, limited }] of links) {
    const one = {
      databases,
      principals,
      products: [...products].flatMap((id) => byId.get(id) ?? []),
      ...(limited.size > 0 && { isLimited: matchesAny(limited) }),
    };
    byLink.set(link, one);
    for (const database of databases) {
      const known = byDatabase.get(database);
      if (known === undefined) byDatabase.set(database, [one]);
      else known.push(one);
    }
  }
  return { byLink, byDatabase };
}
