import type { Dated, Hold } from '../core/hold.ts';
import { compilePattern, isGlob } from '../core/pattern.ts';
import { isAccountId, toPrincipal } from '../core/principal.ts';
import type { Place } from '../core/problem.ts';
import { defaultLimits, type Limits, type Override, type Safety } from '../core/safety.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Hold as DeclaredHold, Override as DeclaredOverride, HoldScope, RevokeLimits } from '../declare/files.ts';
import { meshPrincipals } from './principals.ts';

/** A hold as a file says it, and where. */
export interface PlacedHold {
  readonly value: DeclaredHold;
  readonly place: Place;
}

/** Holds, overrides and limits of a mesh, with their names looked up; holds from elsewhere count like its own. */
export function safetyOf(
  declaration: Declaration,
  { today, more = [] }: { readonly today: string; readonly more?: readonly PlacedHold[] },
): Safety {
  const { mesh } = declaration;
  const own = (mesh.value.holds ?? []).map((value, index) => ({ value, place: mesh.at(['holds', index]) }));
  return {
    holds: [...own, ...more].map((hold) => toHold(declaration, hold, today)),
    overrides: (mesh.value.overrides ?? []).map((value, index) =>
      toOverride(declaration, { value, place: mesh.at(['overrides', index]) }, today),
    ),
    limits: {
      product: limitsOf(mesh.value.guards?.product, defaultLimits.product),
      mesh: limitsOf(mesh.value.guards?.mesh, defaultLimits.mesh),
    },
  };
}

function toHold(declaration: Declaration, { value, place }: PlacedHold, today: string): Hold {
  const { principal, account, product, table, column } = value.scope;
  return {
    ...dated(value, place, today),
    ...(principal === undefined ? {} : { principal: principalOf(declaration, principal) }),
    ...(account === undefined ? {} : { account: accountOf(declaration, account) }),
    ...(product === undefined ? {} : { product }),
    ...(table === undefined ? {} : { table: compilePattern(table) }),
    // A field is nested in a column, which is the smallest thing that Lake Formation can take away.
    ...(column === undefined ? {} : { column: compilePattern(isGlob(column) ? column : (column.split('.')[0] ?? '')) }),
  };
}

function toOverride(
  declaration: Declaration,
  { value, place }: { readonly value: DeclaredOverride; readonly place: Place },
  today: string,
): Override {
  const { principal, account, product } = value.scope;
  return {
    ...dated(value, place, today),
    guard: value.guard,
    ...(principal === undefined ? {} : { principal: principalOf(declaration, principal) }),
    ...(account === undefined ? {} : { account: accountOf(declaration, account).id }),
    ...(product === undefined ? {} : { product }),
  };
}

function dated(value: DeclaredHold | DeclaredOverride, place: Place, today: string): Dated {
  const { reason, until } = value;
  return { place, scope: scopeText(value.scope), reason, until, isOver: today > until };
}

/** A scope in words, in the order in which the schema lists its parts. */
export function scopeText(scope: HoldScope | DeclaredOverride['scope']): string {
  const order = ['mesh', 'principal', 'account', 'product', 'table', 'column'];
  return Object.entries(scope)
    .toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([part, value]) => (part === 'mesh' ? 'the mesh' : `${part} ${value}`))
    .join(', ');
}

function principalOf(declaration: Declaration, name: string): string {
  return (meshPrincipals(declaration, [name])[0] ?? toPrincipal(name)).id;
}

/** An account by its name, or by its id, which no file needs to declare any more. */
function accountOf({ accounts }: Declaration, text: string): { readonly name: string; readonly id: string } {
  const named = accounts.get(text);
  if (named !== undefined) return { name: text, id: named.value.id };
  const [name = text] = [...accounts].find(([, { value }]) => value.id === text) ?? [];
  return { name, id: isAccountId(text) ? text : '' };
}

function limitsOf(own: RevokeLimits | undefined, otherwise: Limits): Limits {
  return { ...otherwise, ...own };
}
