import type { LifecycleStanding, Unknown } from './lifecycle.ts';

/** A principal by its identifier, and by the name that the mesh files give it. */
export interface NamedPrincipal {
  readonly id: string;
  readonly name?: string;
}

/** A version of a file, by the commit that brought it. */
export interface Brought {
  readonly commit: string;
  /** ISO time. */
  readonly at: string;
  /** Whom the commit names as its author: git takes any name. */
  readonly author: string;
}

/** A subscription as `list` shows it: what it asks, and where it stands. */
export interface SubscriptionRow extends LifecycleStanding {
  /** `<domain>/<product>/<consumer>[.<name>]`. */
  readonly subscription: string;
  readonly file: string;
  readonly product: string;
  /** The producing account; undefined where the product is gone. */
  readonly producer?: string;
  /** The logins of the product's owners. */
  readonly owners: readonly string[];
  readonly consumer: string;
  readonly principals: readonly NamedPrincipal[];
  /** Who gets it in the consumer's own catalog; absent where it brings nothing there, or nobody reads it. */
  readonly readers?: readonly NamedPrincipal[];
  readonly database?: string;
  /** Table names, sorted; `*` stands for all tables. Patterns stay as they are written where no catalog resolves them. */
  readonly tables: readonly string[];
  readonly permissions: readonly string[];
  /** The classes of what it covers, sorted; at least these, where no catalog was read. */
  readonly classes: readonly string[];
  readonly expires?: string;
  readonly purpose: string;
  /** The newest version on main. */
  readonly brought?: Brought;
  /** The open pull request that adds, changes or removes it. */
  readonly request?: { readonly pull: number; readonly does: 'add' | 'change' | 'remove' };
}

/** Whoever gets access by a subscription, also in the consumer's own catalog alone. */
export function whoGets({ principals, readers = [] }: SubscriptionRow): readonly NamedPrincipal[] {
  return [...principals, ...readers];
}

/** The subscriptions of a mesh, and what was asked to tell where they stand. */
export interface SubscriptionList {
  readonly format: 1;
  readonly mesh: string;
  readonly commit: string | null;
  /** ISO time. */
  readonly asOf: string;
  readonly sources: Sources;
  readonly subscriptions: readonly SubscriptionRow[];
  /** How many that are over match, and are not among them. */
  readonly hidden: number;
}

/** What a report on the mesh was made from; what was not asked, or did not answer, with the reason. */
export interface Sources {
  /** The lake's account, region and endpoint. */
  readonly lake: { readonly account: string; readonly region: string; readonly endpoint: string } | Unknown;
  /** Why nobody can tell what is approved; undefined where somebody can. */
  readonly approvals?: Unknown;
  /** The repository whose pull requests were looked at, `<owner>/<name>`. */
  readonly requests: { readonly repository: string } | Unknown;
  /** Things that could not be read. */
  readonly gaps: readonly string[];
  /** What a reader should know besides. */
  readonly notes: readonly string[];
}
