import { matchesAny } from '../core/pattern.ts';
import { type Principal, toPrincipal } from '../core/principal.ts';
import type { Declaration } from '../declare/declaration.ts';
import { homeOf } from './directory.ts';
import type { Ask } from './subscriptions.ts';

/** Whether a request cannot be written without touching a file that is there. */
export function blockedBy(existing: Declaration | undefined, central: string): (ask: Ask) => boolean {
  if (existing === undefined) return () => false;
  const byId = new Map([...existing.accounts.values()].map((account) => [account.value.id, account.value]));
  const named = new Set(
    [existing.mesh, ...existing.accounts.values()]
      .flatMap(({ value }) => Object.values(value.principals ?? {}))
      .map((id) => toPrincipal(id).id),
  );
  const isUnnamed = (principal: Principal): boolean => {
    if (principal.kind === 'account' || named.has(principal.id)) return false;
    const home = homeOf(principal, central);
    return home === 'mesh' || byId.has(home);
  };
  return ({ product, consumer, principals }) => {
    if (product.share === undefined && consumer === undefined) return true;
    if (product.share !== undefined && blocksProducer(existing, product.producer, product.database)) return true;
    const account = consumer === undefined ? undefined : byId.get(consumer);
    return (account !== undefined && !account.roles.includes('consumer')) || principals.some(isUnnamed);
  };
}

/** Whether an account that is declared may not offer a product on a database. */
export function blocksProducer(existing: Declaration | undefined, id: string, database: string): boolean {
  const account = [...(existing?.accounts.values() ?? [])].find(({ value }) => value.id === id)?.value;
  if (account === undefined) return false;
  const isListed = matchesAny(account.databases ?? [])(database);
  return !account.roles.includes('producer') || !isListed;
}
