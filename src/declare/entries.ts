import { type AccessKind, resolvePermissions } from '../core/access.ts';
import type { Permission } from '../core/permission.ts';
import { type Principal, toPrincipal } from '../core/principal.ts';
import type { Place } from '../core/problem.ts';
import type { Draft, Sound } from './draft.ts';
import type { Access, DataProduct, Subscription } from './files.ts';
import type { Path } from './positions.ts';
import { lookUpPrincipal } from './principal-names.ts';

/** One access entry of a subscription or of a product's own grants, with what it names looked up. */
export interface Entry {
  readonly productName: string;
  /** Undefined where the product is unknown or not sound. */
  readonly product: Sound<DataProduct> | undefined;
  readonly access: Access;
  /** The subscription that it is of; undefined among a product's own grants. */
  readonly subscription?: Sound<Subscription>;
  /** Undefined unless the entry names exactly one. */
  readonly kind: AccessKind | undefined;
  /** Undefined where they are missing or unknown. */
  readonly permissions: readonly Permission[] | undefined;
  /** Those that are known. */
  readonly principals: readonly Principal[];
  /** Where a part of the entry stands; without a path, the entry. */
  readonly at: (...path: Path) => Place;
}

/** A draft together with its access entries, in the order of their files. */
export interface Joined extends Draft {
  readonly entries: readonly Entry[];
}

/** Looks up what each access entry names. */
export function join(draft: Draft): Joined {
  const entries: Entry[] = [];
  for (const [productName, product] of draft.products) {
    const { producer, grants = [] } = product.value;
    grants.forEach(({ principals, access }, grant) => {
      const known = knownPrincipals(draft, producer, principals);
      access.forEach((one, index) => {
        const at: Entry['at'] = (...path) => product.at(['grants', grant, 'access', index, ...path]);
        entries.push({ productName, product, access: one, principals: known, at, ...resolved(draft, one) });
      });
    });
  }
  for (const subscription of draft.subscriptions.values()) {
    const { product: productName, consumer, value } = subscription;
    const product = draft.products.get(productName);
    const known = knownPrincipals(draft, consumer, value.principals);
    value.access.forEach((one, index) => {
      const at: Entry['at'] = (...path) => subscription.at(['access', index, ...path]);
      const names = { productName, product, subscription };
      entries.push({ ...names, access: one, principals: known, at, ...resolved(draft, one) });
    });
  }
  return { ...draft, entries };
}

function knownPrincipals(draft: Draft, account: string, names: readonly string[] | undefined): readonly Principal[] {
  if (names === undefined) {
    const id = draft.accounts.get(account)?.value.id;
    return id === undefined ? [] : [toPrincipal(id)];
  }
  return names.flatMap((name) => {
    const found = lookUpPrincipal(draft, account, name);
    return typeof found === 'string' ? [] : [found.principal];
  });
}

/** The permissions that an access entry names, presets spelled out; undefined where they are missing or unknown. */
export function resolvedPermissions(draft: Draft, access: Access): readonly Permission[] | undefined {
  return resolved(draft, access).permissions;
}

function resolved(draft: Draft, access: Access): Pick<Entry, 'kind' | 'permissions'> {
  const kinds = (['tables', 'database', 'locations'] as const).filter((name) => access[name] !== undefined);
  const kind = kinds.length === 1 ? kinds[0] : undefined;
  if (kind === undefined) return { kind, permissions: undefined };
  const presets = draft.mesh?.value.presets ?? {};
  return { kind, permissions: resolvePermissions({ kind, permissions: access.permissions }, presets) };
}
