import type { AskedFact, Observed } from '../core/state.ts';
import type { Declaration, Declared, DeclaredSubscription } from '../declare/declaration.ts';
import type { Account } from '../declare/files.ts';
import { desire } from './desire.ts';
import { isEntered } from './imports.ts';

/** A subscription as it was. */
export interface FormerSubscription {
  /** `<domain>/<product>/<consumer>[.<name>]`. */
  readonly key: string;
  readonly subscription: DeclaredSubscription;
  /** Whether the commit that is checked out removed or changed it. */
  readonly isNewest: boolean;
  /** The account's file as it was, where it is gone, too. */
  readonly account?: Declared<Account>;
}

/**
 * What accounts that no run enters may still hold: what files ask for whose day is over or that are held, and what files asked
 * for that were removed or changed. Of a removed one as long as the central catalog holds a part of it, or its commit is the
 * newest; of what came of it afterwards nobody knows.
 */
export function formerIn(
  declaration: Declaration,
  former: readonly FormerSubscription[],
  { catalog, settings, facts: live }: Observed,
): readonly AskedFact[] {
  const isAway = ({ fact }: AskedFact): boolean => !isEntered(declaration, fact.lake.split('/')[0] ?? '');
  const circumstances = { catalog, administrators: settings.administrators, today: '0000-01-01' };
  const askedBy = (
    subscriptions: Declaration['subscriptions'],
    accounts = declaration.accounts,
  ): readonly AskedFact[] =>
    [...desire({ ...declaration, accounts, subscriptions }, circumstances).facts.values()].flatMap(({ key, wishes }) =>
      wishes.flatMap(({ fact, cause }) => (cause.refused === undefined ? [{ key, fact, cause }] : [])),
    );
  const importing = [...declaration.subscriptions].filter(
    ([, { consumer, value }]) =>
      value.import !== undefined && !isEntered(declaration, declaration.accounts.get(consumer)?.value.id ?? ''),
  );
  const standing = importing.length === 0 ? [] : askedBy(new Map(importing));
  const gone = former.flatMap(({ key, subscription, isNewest, account }) => {
    // Such a product takes nothing away because a file is gone.
    if (declaration.products.get(subscription.product)?.value.enforce === 'additive') return [];
    const accounts = account && new Map([...declaration.accounts, [subscription.consumer, account]]);
    const asked = askedBy(new Map([[key, subscription]]), accounts).filter(({ cause }) => cause.subscription === key);
    return isNewest || asked.some((one) => !isAway(one) && live.has(one.key)) ? asked : [];
  });
  return [...standing, ...gone].filter(isAway);
}
