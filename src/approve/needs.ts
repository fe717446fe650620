import type { Desired } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Need } from './prove.ts';

/** How many approvals by owners a set of touched classes asks. */
export type Asked = (touched: readonly string[]) => number;

/**
 * Who must approve each file of a mesh. A file of proofs says nothing of what stood in a file before,
 * so mesh, account and product files need an administrator here: nobody makes themselves an owner.
 */
export function needsOf(declaration: Declaration, desired: Desired, asked: Asked): (path: string) => Need {
  const administrator: Need = {
    anyOf: declaration.mesh.value.administrators,
    role: 'an administrator of the mesh',
    authorCounts: false,
  };
  const needs = new Map<string, Need>();
  for (const [id, subscription] of declaration.subscriptions) {
    const product = declaration.products.get(subscription.product)?.value;
    const producer = declaration.accounts.get(product?.producer ?? '')?.value;
    const consumer = declaration.accounts.get(subscription.consumer)?.value;
    const people = product?.owners ?? producer?.owners ?? [];
    const count = asked(desired.touched.get(id) ?? []);
    needs.set(subscription.path, {
      anyOf: consumer?.owners ?? [],
      role: `an owner of the account ${subscription.consumer}`,
      authorCounts: true,
      ...(count === 0 ? {} : { owners: { people, count, of: subscription.product } }),
    });
  }
  return (path) => needs.get(path) ?? administrator;
}
