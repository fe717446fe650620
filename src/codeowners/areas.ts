import { compareText } from '../core/problem.ts';
import { isSensitive } from '../core/sensitivity.ts';
import { undecidedPerson } from '../core/undecided.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { DataProduct, Person } from '../declare/files.ts';
import { foldersOf } from './folders.ts';

/** A file or folder of the repository with the people one of whom must approve what changes it. */
export interface Area {
  /** The path from the top of the repository; a folder's ends in `/`. */
  readonly path: string;
  /** Logins: owners of the product first, then administrators, each in order; nobody where no review is asked. */
  readonly owners: readonly string[];
}

/** Who must approve what: everything belongs to the administrators, save the areas. */
export interface Areas {
  readonly administrators: readonly string[];
  /** Products, then folders of subscriptions, each sorted by path. */
  readonly products: readonly Area[];
  readonly subscriptions: readonly Area[];
}

/**
 * Who must approve what in a repository that holds the mesh in the folder `prefix` (empty for its top, else ending
 * in `/`). Only subscriptions to products without anything sensitive need nobody; whose account it is that asks, no
 * code owner can say, for one line cannot demand two groups: that is judged when access is given.
 */
export function areasOf(declaration: Declaration, prefix: string): Areas {
  const administrators = loginsOf(declaration.mesh.value.administrators);
  const products = [...declaration.products].sort(([a], [b]) => compareText(a, b));
  const ownersOf = (product: DataProduct): readonly string[] => {
    const people = product.owners ?? declaration.accounts.get(product.producer)?.value.owners ?? [];
    return distinct([...loginsOf(people), ...administrators]);
  };
  return {
    administrators,
    products: products.map(([, { path, value }]) => ({ path: `${prefix}${path}`, owners: ownersOf(value) })),
    subscriptions: products.map(([key, { value }]) => ({
      path: `${prefix}subscriptions/${key}/`,
      owners: isSensitive(value) ? ownersOf(value) : [],
    })),
  };
}

/** The owners that a path should have. */
export function ownersFor({ administrators, products, subscriptions }: Areas): (path: string) => readonly string[] {
  const areas = new Map([...products, ...subscriptions].map(({ path, owners }) => [path, owners]));
  return (path) => {
    const [around] = foldersOf(path).flatMap((folder) => {
      const owners = areas.get(`${folder}/`);
      return owners === undefined ? [] : [owners];
    });
    return areas.get(path) ?? around ?? administrators;
  };
}

// Where nobody is decided yet GitHub would find no such user, drop it, and ask for no review at all.
function loginsOf(people: readonly Person[]): readonly string[] {
  const logins = people.filter(({ id }) => id !== undecidedPerson.id).map(({ login }) => login);
  return distinct(logins.sort((a, b) => compareText(a.toLowerCase(), b.toLowerCase()) || compareText(a, b)));
}

/** Logins once each; GitHub's are the same in any case. */
function distinct(logins: readonly string[]): readonly string[] {
  const first = new Map<string, string>();
  for (const login of logins) if (!first.has(login.toLowerCase())) first.set(login.toLowerCase(), login);
  return [...first.values()];
}
