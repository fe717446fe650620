import type { Place } from '../core/problem.ts';
import type { Account, DataProduct, Mesh, Subscription } from './files.ts';

/** A mesh file that was read: its content, and where each part of it stands. */
export interface Declared<T> {
  /** The file as the caller names it: the mesh directory joined with the path inside it, with `/`. */
  readonly file: string;
  /** The path inside the mesh directory. */
  readonly path: string;
  /** The git blob id of the file's bytes, so that a proof can name exactly this content. */
  readonly blob: string;
  readonly value: T;
  /** Where the value at a path of keys and indexes stands; of the nearest ancestor where it is absent. */
  readonly at: (path: readonly (string | number)[]) => Place;
}

/** What all mesh files together say; it has no problems left that files alone can show. */
export interface Declaration {
  readonly mesh: Declared<Mesh>;
  /** By account name. */
  readonly accounts: ReadonlyMap<string, Declared<Account>>;
  /** By `<domain>/<product>`. */
  readonly products: ReadonlyMap<string, Declared<DataProduct>>;
  /** By `<domain>/<product>/<consumer>[.<name>]`. */
  readonly subscriptions: ReadonlyMap<string, DeclaredSubscription>;
}

/** A subscription with the product and consumer that its path names. */
export interface DeclaredSubscription extends Declared<Subscription> {
  readonly product: string;
  readonly consumer: string;
}
