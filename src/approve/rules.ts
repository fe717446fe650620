import type { Approver, Quorum } from '../core/approvals.ts';
import type { Account, DataProduct, Mesh, Subscription } from '../declare/files.ts';
import type { Layout } from '../declare/layout.ts';
import type { Need } from './prove.ts';

/** A version of a mesh file that could be read. */
export interface Reading {
  readonly layout: Layout;
  readonly value: Mesh | Account | DataProduct | Subscription;
}

/** The newest proven versions before a pull request. What is not there gives nobody any authority. */
export interface Footing {
  readonly mesh: () => Promise<Mesh | undefined>;
  readonly account: (name: string) => Promise<Account | undefined>;
  readonly product: (id: string) => Promise<DataProduct | undefined>;
}

/** The files that a subscription is judged among, as they were proven before its pull request. */
export interface Among {
  readonly mesh: Mesh | undefined;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly product: DataProduct | undefined;
}

/** How many owners must approve, and who else. */
export interface Weight {
  readonly owners: number;
  readonly also: readonly Quorum[];
  /** How many days access may last from when it is asked for, where a class limits that. */
  readonly longest?: number;
}

/** What the classes ask that are touched. */
export interface Weights {
  /** What a version of a subscription asks, among the files before and among those of now, whichever is stricter. */
  readonly ofSubscription: (key: string, value: Subscription, among: Among) => Weight;
  /** What the strictest class of a product asks, at least one. */
  readonly ofProduct: (product: DataProduct, mesh: Mesh | undefined) => Weight;
}

/** Who must have approved a version, and whose objection voids it. */
export interface Asked {
  readonly need: Need;
  readonly mayObject: readonly Approver[];
  /** How many days it may last. */
  readonly longest?: number;
}

/** Who must approve a version of a file, by the files that were proven before its pull request. */
export async function askedFor({ layout, value }: Reading, footing: Footing, weights: Weights): Promise<Asked> {
  if (layout.kind === 'Subscription') {
    // The reading's layout and the kind of its value are one.
    return ofSubscription(layout, value as Subscription, { footing, weights });
  }
  if (layout.kind === 'DataProduct') {
    const before = await footing.product(layout.product);
    const after = value as DataProduct;
    if (before !== undefined && before.producer === after.producer && before.database === after.database) {
      const people = await ownersOf(before, footing);
      const { owners: count, also } = weights.ofProduct(before, await footing.mesh());
      const role = `an owner of ${layout.product}`;
      const owners = { people, count, of: layout.product };
      const mayObject = [...people, ...also.flatMap((one) => one.people)];
      return { need: { anyOf: people, role, authorCounts: false, owners, also }, mayObject };
    }
  }
  const people = (await footing.mesh())?.administrators ?? [];
  return { need: { anyOf: people, role: 'an administrator of the mesh', authorCounts: false }, mayObject: people };
}

async function ofSubscription(
  { product: id, consumer, key }: Extract<Layout, { kind: 'Subscription' }>,
  value: Subscription,
  { footing, weights }: { readonly footing: Footing; readonly weights: Weights },
): Promise<Asked> {
  const [mesh, account, product] = await Promise.all([footing.mesh(), footing.account(consumer), footing.product(id)]);
  const producer = product === undefined ? undefined : await footing.account(product.producer);
  const accounts = new Map<string, Account>();
  if (account !== undefined) accounts.set(consumer, account);
  if (product !== undefined && producer !== undefined) accounts.set(product.producer, producer);
  const people = product?.owners ?? producer?.owners ?? [];
  const { owners: count, also, longest } = weights.ofSubscription(key, value, { mesh, accounts, product });
  const need: Need = {
    anyOf: account?.owners ?? [],
    role: `an owner of the account ${consumer}`,
    authorCounts: true,
    also,
    ...(count === 0 ? {} : { owners: { people, count, of: id } }),
  };
  const mayObject = [...need.anyOf, ...people, ...also.flatMap((one) => one.people)];
  return { need, mayObject, ...(longest === undefined ? {} : { longest }) };
}

async function ownersOf(product: DataProduct, footing: Footing): Promise<readonly Approver[]> {
  return product.owners ?? (await footing.account(product.producer))?.owners ?? [];
}
