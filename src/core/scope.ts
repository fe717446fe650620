/** What the mesh files declare, in the terms in which facts are judged: is this ours to change? */
export interface Scope {
  /** The products in each declared database. */
  readonly databases: ReadonlyMap<string, readonly ScopeProduct[]>;
  /** Declared data locations, each with its product. */
  readonly locations: readonly { readonly location: string; readonly product: ScopeProduct }[];
  /** Every principal that the mesh names: consumers, their named principals, those of mesh.yaml. */
  readonly principals: ReadonlySet<string>;
  /** Principals listed for the catalog itself. */
  readonly catalogPrincipals: ReadonlySet<string>;
  /** Principals that are never touched, by mesh.yaml. */
  readonly protectedPrincipals: ReadonlySet<string>;
  /** Accounts whose principals are managed only where a product lists them, beside its producer's: the central one. */
  readonly centralAccount: string;
  /** The catalog parameters that Meshgate keeps. */
  readonly parameters: ReadonlySet<string>;
  /** Whether a mesh file gives this name to a data cells filter on this table. */
  readonly namesFilter: (filter: {
    readonly database: string;
    readonly table: string;
    readonly name: string;
  }) => boolean;
  /** How the names of filters begin that Meshgate chose itself. */
  readonly derivedFilterPrefix: string;
}

/** A product as far as it decides what is managed. */
export interface ScopeProduct {
  readonly id: string;
  readonly claims: (table: string) => boolean;
  readonly producerAccount: string;
  /** Principals of the producer's or the central account that the product or its subscriptions list. */
  readonly listed: ReadonlySet<string>;
}
