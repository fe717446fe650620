import type { DataCellsFilter } from '../core/fact.ts';
import { groupBy } from '../core/group.ts';
import type { Principal } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Access, ProducerAccess } from '../declare/files.ts';
import { consumerOf, type Directory } from './directory.ts';
import { toAccess } from './entries.ts';
import { apiVersion, type NewFile } from './file.ts';
import { type Nameless, nameAll } from './names.ts';
import type { Product } from './placing.ts';
import type { Right } from './rights.ts';

/** What principals hold in a product, as access entries; those who hold the same share it. */
export interface Ask {
  readonly product: Product;
  /** The id of the account that asks; undefined for the product's own grants. */
  readonly consumer: string | undefined;
  /** Sorted by identifier; the account itself stands alone. */
  readonly principals: readonly Principal[];
  readonly access: readonly Access[];
  readonly rights: readonly Right[];
  readonly notes: readonly string[];
}

/** How rights are worded. */
export interface Wordings {
  readonly central: string;
  /** Data cells filters by database, and by `<table> <name>` within. */
  readonly filters: ReadonlyMap<string, ReadonlyMap<string, DataCellsFilter>>;
  /** What is to be noted, by database and principal. */
  readonly notes: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
}

/** Folds what is held in one product into requests. */
export function asksOf(
  product: Product,
  rights: readonly Right[],
  { central, filters, notes }: Wordings,
): readonly Ask[] {
  const wording = { central, filters: filters.get(product.database) ?? new Map(), globbed: product.globbed };
  const single = [...groupBy(rights, ({ principal }) => principal.id)].map(([, held]): Ask => {
    const principal = (held[0] as Right).principal;
    const isOwn = isOwnOf(principal, product, central);
    return {
      product,
      consumer: isOwn ? undefined : consumerOf(principal),
      principals: [principal],
      access: toAccess(held, wording),
      rights: held,
      notes: notes.get(product.database)?.get(principal.id) ?? [],
    };
  });
  const same = ({ consumer, principals, access }: Ask): string =>
    JSON.stringify([consumer ?? null, principals[0]?.kind === 'account', access]);
  return [...groupBy(single, same).values()].map((asks) => {
    const principals = asks.flatMap((ask) => ask.principals).sort((a, b) => compareText(a.id, b.id));
    const [first] = asks as readonly [Ask, ...Ask[]];
    return {
      ...first,
      principals,
      rights: asks.flatMap((ask) => ask.rights),
      notes: asks.flatMap((ask) => ask.notes),
    };
  });
}

/** Whether what a principal holds is said in the product's file: the producer's own, and the central account's but for the account itself. */
function isOwnOf({ kind, account }: Principal, { producer }: Product, central: string): boolean {
  if (account === producer || kind.startsWith('identity-center')) return true;
  return account === central && kind !== 'account';
}

/** The product's own grants, as its file says them. */
export function ownGrants(asks: readonly Ask[], directory: Directory): readonly ProducerAccess[] {
  return asks.map(({ principals, access }) => ({ ...namesOf(principals, directory), access }));
}

function namesOf(principals: readonly Principal[], directory: Directory): { readonly principals?: readonly string[] } {
  const names = principals.flatMap(({ id }) => directory.principals.get(id) ?? []).sort(compareText);
  return names.length === 0 ? {} : { principals: names };
}

/** The files of a number of requests; names that are there already are left alone. */
export function subscriptionFiles(
  asks: readonly Ask[],
  directory: Directory,
  existing: Declaration | undefined,
): readonly NewFile[] {
  const names = nameAll(
    asks.map((ask) => nameless(ask, directory)),
    new Set(existing?.subscriptions.keys()),
  );
  return asks.map((ask) => {
    const { identity } = nameless(ask, directory);
    return {
      path: `subscriptions/${names.get(identity)}.yaml`,
      rights: ask.rights,
      value: {
        apiVersion,
        kind: 'Subscription',
        purpose: 'Granted before this mesh; what for is to be said.',
        ...namesOf(ask.principals, directory),
        access: ask.access,
        ...(ask.notes.length === 0 ? {} : { notes: ask.notes }),
      },
      head: [],
      comments: { purpose: ['To be decided.'] },
    };
  });
}

function nameless({ product, consumer, principals }: Ask, directory: Directory): Nameless {
  const account = directory.accounts.get(consumer ?? '') ?? '';
  const first = namesOf(principals, directory).principals?.[0];
  const wanted = `${product.id}/${account}${first === undefined ? '' : `.${first}`}`;
  return { identity: `${product.id} ${consumer} ${principals.map(({ id }) => id).join(' ')}`, wanted };
}
