import type { Approver, Quorum } from '../core/approvals.ts';
import type { Desired } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Need } from './prove.ts';

/** Whose word counts, and how much of it is asked. */
export interface Authority {
  /** The administrators that something trusted names; never those of a mesh.yaml that is itself to be approved. */
  readonly administrators: readonly Approver[];
  /** How many approvals by owners a set of touched classes asks. */
  readonly asked: (touched: readonly string[]) => number;
  /** Who else must approve it. */
  readonly also?: (touched: readonly string[]) => readonly Quorum[];
}

/**
 * Who must approve each file of a mesh. A file of proofs says nothing of what stood in a file before,
 * so mesh, account and product files need an administrator here, one that was so before: nobody makes
 * themselves an administrator or an owner. Where a file that names owners is not proven, nothing that
 * comes from it is given, whoever approved the subscription.
 */
export function needsOf(declaration: Declaration, desired: Desired, authority: Authority): (path: string) => Need {
  const { administrators, asked, also } = authority;
  const administrator: Need = {
    anyOf: administrators,
    role:
      administrators.length > 0
        ? 'an administrator of the mesh'
        : 'an administrator whom a trusted mesh.yaml or the file of proofs names',
    authorCounts: false,
  };
  const needs = new Map<string, Need>();
  for (const [id, subscription] of declaration.subscriptions) {
    const product = declaration.products.get(subscription.product)?.value;
    const producer = declaration.accounts.get(product?.producer ?? '')?.value;
    const consumer = declaration.accounts.get(subscription.consumer)?.value;
    const people = product?.owners ?? producer?.owners ?? [];
    const touched = desired.touched.get(id) ?? [];
    const count = asked(touched);
    needs.set(subscription.path, {
      anyOf: consumer?.owners ?? [],
      role: `an owner of the account ${subscription.consumer}`,
      authorCounts: true,
      ...(count === 0 ? {} : { owners: { people, count, of: subscription.product } }),
      ...(also && { also: also(touched) }),
    });
  }
  return (path) => needs.get(path) ?? administrator;
}
