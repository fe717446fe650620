import type { Problem } from '../../core/problem.ts';
import type { Sound } from '../draft.ts';
import type { Joined } from '../entries.ts';
import { quoted } from '../wording.ts';

/** What a file says of itself is what its path says. */
export function checkPaths({ accounts, products, subscriptions }: Joined): readonly Problem[] {
  const problems: Problem[] = [];
  const compare = (file: Sound<unknown>, field: string, said: string | undefined, path: string): void => {
    if (said === undefined || said === path) return;
    problems.push({
      code: 'PATH_MISMATCH',
      message: `${field} is ${quoted(said)}, but the path says ${quoted(path)}`,
      hint: `leave ${field} out, or move the file`,
      place: file.at([field]),
    });
  };
  for (const [name, account] of accounts) compare(account, 'name', account.value.name, name);
  for (const [key, product] of products) {
    const [domain = '', name = ''] = key.split('/');
    compare(product, 'domain', product.value.domain, domain);
    compare(product, 'name', product.value.name, name);
  }
  for (const subscription of subscriptions.values()) {
    compare(subscription, 'product', subscription.value.product, subscription.product);
    compare(subscription, 'consumer', subscription.value.consumer, subscription.consumer);
  }
  return problems;
}
