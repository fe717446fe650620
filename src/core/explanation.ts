import type { Columns } from './columns.ts';
import type { LifecycleState, Unknown } from './lifecycle.ts';
import type { Place } from './problem.ts';
import type { Brought, NamedPrincipal, Sources } from './subscriptions.ts';

/** The pull request that brought a commit, with who asked and who approved. */
export interface PullOrigin {
  readonly pull: number;
  /** The login of whoever asked; undefined where that is nobody who is known. */
  readonly by?: string;
  readonly mergedAt?: string;
  readonly approvals: readonly { readonly login: string; readonly at?: string }[];
}

/** A place in the mesh files that asks for something, and how it came there. */
export interface Origin {
  readonly place: Place;
  readonly subscription?: string;
  readonly product?: string;
  /** The state of the subscription, and why. */
  readonly state?: LifecycleState;
  readonly why?: string;
  /** The commit of main that brought the line. */
  readonly brought?: Brought | Unknown;
  readonly pull?: PullOrigin | Unknown;
}

/** How somebody comes by what a principal holds. */
export type Through =
  | 'itself'
  /** The account holds it, and its administrators pass it on. */
  | 'its account'
  /** A principal of the account that was asked about holds it. */
  | 'a principal of it'
  | 'all principals of its account'
  | 'an organization'
  /** IAM alone decides: IAM_ALLOWED_PRINCIPALS holds it. */
  | 'IAM';

/** What a grant reaches. */
export interface Extent {
  /** The resource in words: `table sales.orders`. */
  readonly resource: string;
  /** The columns, where it does not reach all of them. */
  readonly columns?: Columns;
  /** The row predicate of a data cells filter; `all` for all rows. */
  readonly rows?: string;
}

/** What a live grant is to the mesh. */
export type Footing =
  | 'declared'
  /** The files asked for it once. */
  | 'left over'
  | 'unmanaged'
  | 'protected'
  | 'outside'
  /** It is no grant: administrators and creators have it by themselves. */
  | 'implied';

/** One thing on the way from the central catalog to whoever reads in a consumer's account. */
export interface Step {
  /** In words: `resource link town_orders`. */
  readonly what: string;
  readonly state: 'there' | 'missing' | 'unknown';
  /** Why nobody can tell, or what follows from its absence. */
  readonly why?: string;
  readonly origins: readonly Origin[];
}

/** One way in which somebody gets access: grants of one principal on one resource that stand alike. */
export interface Layer {
  readonly principal: NamedPrincipal;
  /** The account whose own lake holds it; absent for the central one. */
  readonly account?: NamedPrincipal;
  readonly through: Through;
  /** Whether it gives access for certain; else the note or the path says what that depends on. */
  readonly isCertain: boolean;
  /** Set where it gives nothing as it stands, since something that it depends on is not there. */
  readonly isIdle?: true;
  readonly permissions: readonly string[];
  readonly withGrantOption: readonly string[];
  readonly on: Extent;
  readonly footing: Footing;
  readonly notes: readonly string[];
  readonly classes: readonly string[];
  readonly origins: readonly Origin[];
  /** In a consumer's lake: what the grant depends on, from the central catalog on. */
  readonly path?: readonly Step[];
  readonly updatedAt?: string;
  readonly updatedBy?: string;
}

/** Something that the files ask for, or asked, and that is not there, or of which nobody knows whether it is. */
export interface Absence {
  /** None where it is no grant: a resource link, a share to be accepted. */
  readonly permissions: readonly string[];
  readonly on: Extent;
  /** The account in whose own lake it would be; absent for the central one. */
  readonly account?: NamedPrincipal;
  readonly isKnown: boolean;
  /** Why nobody knows. */
  readonly why?: string;
  readonly origins: readonly Origin[];
}

/** Why a principal has access to something, or what is missing. */
export interface Explanation {
  readonly format: 1;
  readonly mesh: string;
  readonly commit: string | null;
  readonly asOf: string;
  readonly principal: NamedPrincipal;
  readonly resource: string;
  /** The classes of the resource. */
  readonly classes: readonly string[];
  readonly layers: readonly Layer[];
  readonly absences: readonly Absence[];
  /** What would give access, where no file asks for it. */
  readonly advice: readonly string[];
  readonly sources: Sources;
}

/** Who can read a column, and by what. */
export interface Readers {
  readonly format: 1;
  readonly mesh: string;
  readonly commit: string | null;
  readonly asOf: string;
  readonly resource: string;
  readonly classes: readonly string[];
  readonly readers: readonly { readonly principal: NamedPrincipal; readonly layers: readonly Layer[] }[];
  /** Accounts that hold it and pass it on in lakes that were not looked at, with the reason. */
  readonly unread: readonly { readonly account: NamedPrincipal; readonly why: string }[];
  /** What the answer does not hold. */
  readonly limits: readonly string[];
  readonly sources: Sources;
}
