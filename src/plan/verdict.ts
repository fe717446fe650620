import type { Enforcement, ScopeProduct } from '../core/scope.ts';

/** Whether an observed fact is the mesh's to change. */
export type Verdict =
  | {
      readonly kind: 'managed';
      readonly product?: string;
      /** All products that it reaches, where there are several: a database may be shared. */
      readonly products?: readonly string[];
      readonly enforce: Enforcement;
      /** Set where only `exclusive` makes it the mesh's. */
      readonly isStrange?: true;
    }
  | { readonly kind: 'unmanaged'; readonly product?: string; readonly note: string }
  | { readonly kind: 'protected'; readonly product?: string; readonly note: string }
  | { readonly kind: 'outside' };

/** Whether what would be taken of a fact is shown and left out. */
export function isLeftOut(verdict: Verdict): boolean {
  return verdict.kind === 'managed' && verdict.enforce === 'additive';
}

/** How far the plan goes on what several products share: no further than the gentlest of them. */
export function enforcementOf(products: readonly ScopeProduct[]): Enforcement {
  if (products.some(({ enforce }) => enforce === 'additive')) return 'additive';
  return products.every(({ enforce }) => enforce === 'exclusive') ? 'exclusive' : 'full';
}
