/** How far a product goes in taking away: `additive` shows it and leaves it out, `exclusive` includes what nobody declared. */
export type Enforcement = 'full' | 'additive' | 'exclusive';

/** The resources and principals that mesh files name. */
export interface Bounds {
  /** The products in each database. */
  readonly databases: ReadonlyMap<string, readonly ScopeProduct[]>;
  /** Data locations, each with its product. */
  readonly locations: readonly { readonly location: string; readonly product: ScopeProduct }[];
  /** Every principal that is named: consumers, their named principals, those of mesh.yaml. */
  readonly principals: ReadonlySet<string>;
  /** Principals listed for the catalog itself. */
  readonly catalogPrincipals: ReadonlySet<string>;
  /** What is brought into consumers' own catalogs, by account id. */
  readonly imports: ReadonlyMap<string, Imports>;
  /** Whether a mesh file gives this name to a data cells filter on this table. */
  readonly namesFilter: (filter: {
    readonly database: string;
    readonly table: string;
    readonly name: string;
  }) => boolean;
}

/** What subscriptions bring into one consumer's own catalog. */
export interface Imports {
  /** By `<region> <name of the link>`. */
  readonly byLink: ReadonlyMap<string, Imported>;
  /** By the databases of the central catalog that the links stand for, or stood for. */
  readonly byDatabase: ReadonlyMap<string, readonly Imported[]>;
}

/** What subscriptions bring into a consumer's own catalog under one link's name. */
export interface Imported {
  /** The databases of the central catalog that the link stands for, or stood for. */
  readonly databases: ReadonlySet<string>;
  readonly products: readonly ScopeProduct[];
  /** Principals of the consumer that are listed to read through it. */
  readonly principals: ReadonlySet<string>;
  /** Whether rows or columns of a table are limited, or were, in what comes through it; absent where those of none are. */
  readonly isLimited?: (table: string) => boolean;
}

/** What the mesh files declare, in the terms in which facts are judged: is this ours to change? */
export interface Scope extends Bounds {
  /** All that is declared now or was on the first-parent history. */
  readonly ever: Bounds;
  /** Principals that are never touched, by mesh.yaml: as it is now, or as it was when they were last declared. */
  readonly protectedPrincipals: ReadonlySet<string>;
  /** Accounts whose principals are managed only where a product lists them, beside its producer's: the central one. */
  readonly centralAccount: string;
  /** The region of the central catalog. */
  readonly centralRegion: string;
  /** The catalog parameters that Meshgate keeps. */
  readonly parameters: ReadonlySet<string>;
  /** How the names of filters begin that Meshgate chose itself. */
  readonly derivedFilterPrefix: string;
}

/** A product as far as it decides what is managed. */
export interface ScopeProduct {
  readonly id: string;
  readonly claims: (table: string) => boolean;
  /** The accounts that produce it, or did. */
  readonly producers: ReadonlySet<string>;
  /** Principals of the producer's or the central account that the product or its subscriptions list, or listed. */
  readonly listed: ReadonlySet<string>;
  /** As the product says, or said last. */
  readonly enforce: Enforcement;
  /** Whether those who get permissions on it are opted in, or ever were. */
  readonly isHybrid: boolean;
}

/** The products that have data at a location, or above it. */
export function productsAt({ locations }: Pick<Bounds, 'locations'>, location: string): readonly ScopeProduct[] {
  const isAt = (path: string): boolean => location === path || location.startsWith(`${path}/`);
  return locations.filter((one) => isAt(one.location)).map(({ product }) => product);
}

const byGentleness: readonly Enforcement[] = ['additive', 'full', 'exclusive'];

/** Of several words on how far a product goes the one that puts least at stake; `full` where nothing is said. */
export function gentlest(...said: readonly Enforcement[]): Enforcement {
  return byGentleness.find((one) => said.includes(one)) ?? 'full';
}

/** What may be put at stake at most: each product goes no further, and these principals are protected, too. */
export interface Stake {
  /** By product; one that is absent goes as far as it says. */
  readonly enforce: ReadonlyMap<string, Enforcement>;
  readonly protectedPrincipals: readonly string[];
}

/** The scope in which no more is at stake. */
export function atStake(scope: Scope, { enforce, protectedPrincipals }: Stake): Scope {
  if (enforce.size === 0 && protectedPrincipals.length === 0) return scope;
  const lowered = (product: ScopeProduct): ScopeProduct => {
    const limit = enforce.get(product.id);
    return limit === undefined ? product : { ...product, enforce: gentlest(product.enforce, limit) };
  };
  const importLowered = (one: Imported): Imported => ({ ...one, products: one.products.map(lowered) });
  const importsLowered = ({ byLink, byDatabase }: Imports): Imports => ({
    byLink: new Map([...byLink].map(([name, one]) => [name, importLowered(one)])),
    byDatabase: new Map([...byDatabase].map(([name, all]) => [name, all.map(importLowered)])),
  });
  const within = <B extends Bounds>(bounds: B): B => ({
    ...bounds,
    databases: new Map([...bounds.databases].map(([name, products]) => [name, products.map(lowered)])),
    locations: bounds.locations.map(({ location, product }) => ({ location, product: lowered(product) })),
    imports: new Map([...bounds.imports].map(([account, all]) => [account, importsLowered(all)])),
  });
  return {
    ...within(scope),
    // Also what is gone goes as far as it said last, when that was proven.
    ever: within(scope.ever),
    protectedPrincipals: new Set([...scope.protectedPrincipals, ...protectedPrincipals]),
  };
}
