import { isAccountId, toPrincipal } from '../../core/principal.ts';
import { compareText } from '../../core/problem.ts';
import type { SubscriptionRow } from '../../core/subscriptions.ts';
import { didYouMean } from '../../declare/closest.ts';
import { SetupProblem } from '../options.ts';
import type { Look } from './look.ts';

/** What a name given to `show` means. */
export type Thing =
  | { readonly kind: 'subscription'; readonly row: SubscriptionRow }
  | { readonly kind: 'product' | 'account'; readonly name: string }
  | { readonly kind: 'principal'; readonly id: string };

/** The subscription, product, account or principal that a text names: by its name, its file, or its identifier. */
export function thingIn({ declaration, names }: Look, rows: readonly SubscriptionRow[], text: string): Thing {
  const name = text.replace(/^.*?(?:subscriptions|products|accounts)\/(.+)\.yaml$/, '$1');
  const row = rows.find(({ subscription }) => subscription === name);
  if (row !== undefined) return { kind: 'subscription', row };
  const principal = [...names].find(([, known]) => known === name)?.[0];
  if (declaration.products.has(name)) {
    if (principal === undefined) return { kind: 'product', name };
    throw new SetupProblem(
      'AMBIGUOUS_NAME',
      `${name} is a product and a principal`,
      `give products/${name}.yaml, or ${principal}`,
    );
  }
  if (declaration.accounts.has(name)) return { kind: 'account', name };
  const account = [...declaration.accounts].find(([, { value }]) => value.id === name)?.[0];
  if (account !== undefined) return { kind: 'account', name: account };
  if (principal !== undefined) return { kind: 'principal', id: principal };
  const identifier = toPrincipal(name);
  if (identifier.kind !== 'other' || isAccountId(name)) return { kind: 'principal', id: identifier.id };
  const known = [
    ...rows.map(({ subscription }) => subscription),
    ...declaration.products.keys(),
    ...declaration.accounts.keys(),
    ...names.values(),
  ];
  throw new SetupProblem(
    'UNKNOWN_NAME',
    `there is no subscription, product, account or principal "${text}"`,
    didYouMean(
      name,
      [...new Set(known)].sort(compareText),
      'meshgate list --all names the subscriptions; give a product as <domain>/<product>',
    ),
  );
}
