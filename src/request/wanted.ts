import type { Access, Import, Subscription } from '../declare/files.ts';

/** One request for access, as somebody asks it, whichever way it came in. */
export interface Wanted {
  /** `<domain>/<product>`. */
  readonly product: string;
  /** The consuming account's name. */
  readonly consumer: string;
  /** Tells several subscriptions of one account to one product apart. */
  readonly name?: string;
  readonly purpose: string;
  /** Names of principals; absent, the account itself. */
  readonly principals?: readonly string[];
  readonly access: readonly Access[];
  /** What is brought into the consuming account's own catalog. */
  readonly import?: Import;
  /** The last day, `YYYY-MM-DD`. */
  readonly expires?: string;
}

/** The key of the subscription that is wanted: `<domain>/<product>/<consumer>[.<name>]`. */
export function keyOf({ product, consumer, name }: Wanted): string {
  return `${product}/${consumer}${name === undefined ? '' : `.${name}`}`;
}

/** The path of a subscription's file inside the mesh directory. */
export function pathOf(key: string): string {
  return `subscriptions/${key}.yaml`;
}

/** The branch on which a subscription is asked for, changed or ended. */
export function branchOf(key: string): string {
  return `request/${key.replaceAll(/[/.]/g, '-')}`;
}

/** What the file of the wanted subscription says. */
export function subscriptionOf({ purpose, principals, access, import: brought, expires }: Wanted): Subscription {
  return {
    apiVersion: 'meshgate/v1',
    kind: 'Subscription',
    purpose,
    ...(principals === undefined || principals.length === 0 ? {} : { principals }),
    access,
    ...(expires === undefined ? {} : { expires }),
    ...(brought === undefined ? {} : { import: brought }),
  };
}
