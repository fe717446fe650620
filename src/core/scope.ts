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
  /** Whether a mesh file gives this name to a data cells filter on this table. */
  readonly namesFilter: (filter: {
    readonly database: string;
    readonly table: string;
    readonly name: string;
  }) => boolean;
}

/** What the mesh files declare, in the terms in which facts are judged: is this ours to change? */
export interface Scope extends Bounds {
  /** All that is declared now or was on the first-parent history. */
  readonly ever: Bounds;
  /** Principals that are never touched, by mesh.yaml: as it is now, or as it was when they were last declared. */
  readonly protectedPrincipals: ReadonlySet<string>;
  /** Accounts whose principals are managed only where a product lists them, beside its producer's: the central one. */
  readonly centralAccount: string;
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
}

/** The products that have data at a location, or above it. */
export function productsAt({ locations }: Pick<Bounds, 'locations'>, location: string): readonly ScopeProduct[] {
  const isAt = (path: string): boolean => location === path || location.startsWith(`${path}/`);
  return locations.filter((one) => isAt(one.location)).map(({ product }) => product);
}

/**
 * The scope in which `exclusive` counts as `full` where nothing proves the file that says it: what strangers hold is
 * put at stake by a reviewed file only, as a guard is lifted by none other.
 */
export function asFarAsProven(scope: Scope, isProven: (product: string) => boolean): Scope {
  const lowered = (product: ScopeProduct): ScopeProduct =>
    product.enforce === 'exclusive' && !isProven(product.id) ? { ...product, enforce: 'full' } : product;
  return {
    ...scope,
    databases: new Map([...scope.databases].map(([name, products]) => [name, products.map(lowered)])),
    locations: scope.locations.map(({ location, product }) => ({ location, product: lowered(product) })),
  };
}
