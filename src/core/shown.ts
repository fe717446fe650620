import type { Extent, Layer, PullOrigin } from './explanation.ts';
import type { LifecycleState, Unknown } from './lifecycle.ts';
import type { HandStep } from './plan.ts';
import type { Place } from './problem.ts';
import type { NamedPrincipal, Sources, SubscriptionRow } from './subscriptions.ts';

/** Facts of one principal on one resource that stand alike. */
export interface Given {
  readonly principal: NamedPrincipal;
  readonly permissions: readonly string[];
  readonly withGrantOption: readonly string[];
  readonly on: Extent;
  /** Whether the lake holds it; absent where nobody knows. */
  readonly isLive?: boolean;
}

/** One thing that happened to a file, or to what it asks for. */
export interface Happening {
  /** ISO time, or a day; absent where nobody knows. */
  readonly at?: string;
  readonly what: string;
  /** The state that it led to, where that is certain. */
  readonly state?: LifecycleState;
  readonly commit?: string;
  readonly author?: string;
  readonly pull?: PullOrigin | Unknown;
}

/** A hold that concerns what is shown. */
export interface ShownHold {
  readonly scope: string;
  readonly reason: string;
  readonly until: string;
  readonly isOver: boolean;
  readonly place: Place;
}

interface Shown {
  readonly format: 1;
  readonly mesh: string;
  readonly commit: string | null;
  readonly asOf: string;
  readonly sources: Sources;
  readonly holds: readonly ShownHold[];
  /** Oldest first. */
  readonly history: readonly Happening[];
}

/** Everything known about a subscription. */
export interface ShownSubscription extends Shown {
  readonly kind: 'subscription';
  readonly subscription: SubscriptionRow;
  readonly notes: readonly string[];
  readonly gives: readonly Given[];
  /** What the account's administrator does, where no run enters the account and the lake was read. */
  readonly byHand: readonly HandStep[];
}

/** Everything known about a product, with its subscriptions. */
export interface ShownProduct extends Shown {
  readonly kind: 'product';
  readonly product: string;
  readonly file: string;
  readonly description?: string;
  readonly producer: string;
  readonly owners: readonly string[];
  readonly database: string;
  readonly enforce: string;
  /** Tables as the file names them, with the classes of each and its columns. */
  readonly tables: readonly { readonly table: string; readonly classes: readonly string[] }[];
  /** What the product file gives by itself. */
  readonly gives: readonly Given[];
  readonly subscriptions: readonly SubscriptionRow[];
  /** What the lake holds of it, counted in facts; absent where it was not read. */
  readonly counts?: {
    readonly managed: number;
    readonly unmanaged: number;
    readonly protected: number;
    readonly leftOut: number;
  };
}

/** Everything known about an account, with what it produces and consumes. */
export interface ShownAccount extends Shown {
  readonly kind: 'account';
  readonly account: string;
  readonly id: string;
  readonly file: string;
  readonly roles: readonly string[];
  readonly owners: readonly string[];
  readonly principals: readonly NamedPrincipal[];
  readonly produces: readonly string[];
  readonly subscriptions: readonly SubscriptionRow[];
}

/** Everything known about a principal: what is asked for it, and what it holds. */
export interface ShownPrincipal extends Shown {
  readonly kind: 'principal';
  readonly principal: NamedPrincipal;
  /** The account that it belongs to, by the name of its file. */
  readonly account?: string;
  readonly subscriptions: readonly SubscriptionRow[];
  readonly layers: readonly Layer[];
}

/** What `show` tells. */
export type ShownThing = ShownSubscription | ShownProduct | ShownAccount | ShownPrincipal;
