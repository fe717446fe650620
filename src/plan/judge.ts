import type { Fact, Grant } from '../core/fact.ts';
import { iamAllowedPrincipals, isCaller, isServiceLinked, type Principal, toPrincipal } from '../core/principal.ts';
import type { Scope, ScopeProduct } from '../core/scope.ts';
import type { Observed } from '../core/state.ts';

/** Whether an observed fact is the mesh's to change. */
export type Verdict =
  | { readonly kind: 'managed'; readonly product?: string }
  | { readonly kind: 'unmanaged'; readonly product?: string; readonly note: string }
  | { readonly kind: 'protected'; readonly product?: string; readonly note: string }
  | { readonly kind: 'outside' };

/**
 * Judges observed facts before anything is compared: a fact is managed when its resource and its
 * principal are both declared. What is protected is never managed, whoever declares it.
 */
export function judge(scope: Scope, observed: Observed): (fact: Fact) => Verdict {
  const administrators = new Set(
    [...observed.settings.administrators, ...observed.settings.readOnlyAdministrators].map(
      (one) => toPrincipal(one).id,
    ),
  );
  return (fact) => {
    switch (fact.kind) {
      case 'catalog-parameter': {
        const isOurs = scope.databases.has(fact.database) && scope.parameters.has(fact.name);
        return isOurs ? { kind: 'managed' } : { kind: 'outside' };
      }
      case 'data-cells-filter': {
        const product = productOf(scope, fact.database, fact.table);
        if (product === undefined) return { kind: 'outside' };
        const isOurs = fact.name.startsWith(scope.derivedFilterPrefix) || scope.namesFilter(fact);
        return isOurs
          ? { kind: 'managed', product: product.id }
          : { kind: 'unmanaged', product: product.id, note: 'a data cells filter that no mesh file names' };
      }
      case 'grant':
        return judgeGrant(scope, fact, { observed, administrators });
    }
  };
}

interface Known {
  readonly observed: Observed;
  readonly administrators: ReadonlySet<string>;
}

function judgeGrant(scope: Scope, grant: Grant, known: Known): Verdict {
  const { resource } = grant;
  if (resource.kind === 'lf-tag' || resource.kind === 'lf-tag-policy' || resource.kind === 'lf-tag-expression') {
    const note = 'a permission on or through LF-Tags; it is reported and not compared';
    return { kind: 'unmanaged', note };
  }
  const principal = toPrincipal(grant.principal);
  if (resource.kind === 'catalog') {
    if (!scope.catalogPrincipals.has(principal.id)) return { kind: 'outside' };
    const note = protectedNote(scope, { grant, principal }, known);
    return note === undefined ? { kind: 'managed' } : { kind: 'protected', note };
  }
  const products = productsOf(scope, grant);
  const product = products[0];
  if (product === undefined) return { kind: 'outside' };
  const note = protectedNote(scope, { grant, principal }, known);
  if (note !== undefined) return { kind: 'protected', product: product.id, note };
  const isOwn = (one: ScopeProduct): boolean =>
    principal.account === one.producerAccount || principal.account === scope.centralAccount;
  const managing = products.find((one) => (isOwn(one) ? one.listed : scope.principals).has(principal.id));
  if (managing !== undefined) return { kind: 'managed', product: managing.id };
  return { kind: 'unmanaged', product: product.id, note: unmanagedNote(scope, principal) };
}

function unmanagedNote(scope: Scope, principal: Principal): string {
  if (scope.principals.has(principal.id))
    return "the producer's or the central account's own principal, which the product does not list";
  return 'no mesh file declares this principal';
}

function protectedNote(scope: Scope, on: { grant: Grant; principal: Principal }, known: Known): string | undefined {
  const { grant, principal } = on;
  if (principal.id === iamAllowedPrincipals)
    return 'IAM_ALLOWED_PRINCIPALS: everyone whom IAM lets read can read this, whatever the mesh files say';
  if (known.administrators.has(principal.id)) return 'a data lake administrator';
  if (isServiceLinked(principal)) return 'a service-linked role';
  if (scope.protectedPrincipals.has(principal.id)) return 'protected in mesh.yaml';
  if (isCaller(known.observed.caller.arn, principal.id) && !scope.principals.has(principal.id))
    return "Meshgate's own role";
  const { resource } = grant;
  if (resource.kind !== 'table') return undefined;
  const creator = known.observed.catalog.databases.get(resource.database)?.tables.get(resource.table)?.createdBy;
  return creator !== undefined && isCaller(creator, principal.id) ? "the table's creator" : undefined;
}

/** The products that a grant's resource belongs to; a database may hold several. */
function productsOf(scope: Scope, { resource }: Grant): readonly ScopeProduct[] {
  if (resource.kind === 'data-location') {
    const inside = (location: string): boolean =>
      resource.location === location || resource.location.startsWith(`${location}/`);
    return scope.locations.filter(({ location }) => inside(location)).map(({ product }) => product);
  }
  if (resource.catalog !== scope.centralAccount || !('database' in resource)) return [];
  const products = scope.databases.get(resource.database) ?? [];
  return 'table' in resource ? products.filter((product) => product.claims(resource.table)) : products;
}

function productOf(scope: Scope, database: string, table: string): ScopeProduct | undefined {
  return scope.databases.get(database)?.find((product) => product.claims(table));
}
