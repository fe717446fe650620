import type { Fact, Grant, OptIn } from '../core/fact.ts';
import { hybridNote } from '../core/iam-access.ts';
import { iamAllowedPrincipals, isCaller, isServiceLinked, type Principal, toPrincipal } from '../core/principal.ts';
import { resourceParts } from '../core/resource.ts';
import { type Bounds, productsAt, type Scope, type ScopeProduct } from '../core/scope.ts';
import type { Observed } from '../core/state.ts';
import { judgeImported, judgeLink } from './judge-imports.ts';
import { enforcementOf, type Verdict } from './verdict.ts';

/**
 * Judges observed facts before anything is compared: a fact is managed when its resource and its
 * principal are both declared, or once were. What is declared now comes first: it says how far the
 * plan goes, and whose own principals are only managed where they are listed. What is protected is
 * never managed, whoever declares it.
 */
export function judge(scope: Scope, observed: Observed): (fact: Fact) => Verdict {
  const administrators = new Set(
    [...observed.settings.administrators, ...observed.settings.readOnlyAdministrators].map(
      (one) => toPrincipal(one).id,
    ),
  );
  const principals = new Map<string, Principal>();
  const principalOf = (identifier: string): Principal => {
    const principal = principals.get(identifier) ?? toPrincipal(identifier);
    principals.set(identifier, principal);
    return principal;
  };
  const known: Known = { observed, administrators, principalOf, verdicts: new Map() };
  return (fact) => {
    switch (fact.kind) {
      case 'catalog-parameter': {
        const isOurs = scope.databases.has(fact.database) && scope.parameters.has(fact.name);
        return isOurs ? { kind: 'managed', enforce: 'full' } : { kind: 'outside' };
      }
      case 'data-cells-filter': {
        const claims = claimsOn(scope, (bounds) => claiming(bounds, fact.database, fact.table));
        const isOurs = fact.name.startsWith(scope.derivedFilterPrefix) || scope.ever.namesFilter(fact);
        return verdict(claims, isOurs ? claims.products[0] : undefined, 'a data cells filter that no mesh file names');
      }
      case 'resource-link':
        return judgeLink(scope, fact);
      // What was accepted ends with its share, and what is broken is mended for who asks for it alone.
      case 'acceptance':
      case 'association':
        return { kind: 'outside' };
      case 'opt-in':
        return judgeOptIn(scope, fact, known);
      case 'grant':
        return judgeGrant(scope, fact, known);
    }
  };
}

/** The products that a fact is on. */
interface Claims {
  /** Those that are declared; where there are none, those that were. */
  readonly products: readonly ScopeProduct[];
  /** All that are or were. */
  readonly ever: readonly ScopeProduct[];
  readonly isGone: boolean;
}

function claimsOn(scope: Scope, find: (bounds: Bounds) => readonly ScopeProduct[]): Claims {
  const [products, ever] = [find(scope), find(scope.ever)];
  return products.length > 0 ? { products, ever, isGone: false } : { products: ever, ever, isGone: true };
}

/** What follows for a fact that is on some products and managed by one of them, or by none. */
function verdict({ products, isGone }: Claims, managing: ScopeProduct | undefined, note: string): Verdict {
  const [first] = products;
  if (first === undefined) return { kind: 'outside' };
  const enforce = enforcementOf(products);
  const { id } = products.find((one) => one.id === managing?.id) ?? first;
  const shared = products.length > 1 ? { products: products.map((one) => one.id) } : {};
  if (managing !== undefined) return { kind: 'managed', product: id, ...shared, enforce };
  // Strangers on a product that is gone are as much the next owner's as anybody's.
  if (isGone) return { kind: 'outside' };
  if (enforce === 'exclusive') return { kind: 'managed', product: id, ...shared, enforce, isStrange: true };
  return { kind: 'unmanaged', product: id, note };
}

interface Known {
  readonly observed: Observed;
  readonly administrators: ReadonlySet<string>;
  readonly principalOf: (identifier: string) => Principal;
  /** What was judged before, by resource and principal: it is the same for all permissions. */
  readonly verdicts: Map<string, Map<string, Verdict>>;
}

/** The verdict on a grant, asked once for all permissions of a principal on a resource. */
function judgeGrant(scope: Scope, grant: Grant, known: Known): Verdict {
  const { resource, principal } = grant;
  const id = [resource.kind, resource.catalog, ...resourceParts(resource)].join('\n');
  const verdicts = known.verdicts.get(id) ?? new Map<string, Verdict>();
  known.verdicts.set(id, verdicts);
  const verdict = verdicts.get(principal) ?? judgeOnce(scope, grant, known);
  verdicts.set(principal, verdict);
  return verdict;
}

/**
 * Judges an opt-in as it would a permission of the same principal, on what has hybrid access or ever had. One that nobody
 * declared stays even where a product is exclusive: without it its principal would get more.
 */
function judgeOptIn(scope: Scope, optIn: OptIn, known: Known): Verdict {
  const { lake, principal, resource, condition } = optIn;
  const grant: Grant = { kind: 'grant', lake, principal, resource, permission: 'DESCRIBE', grantOption: false };
  const products = [scope, scope.ever].flatMap((bounds) => productsOf(bounds, grant, scope.centralAccount));
  if (!products.some(({ isHybrid }) => isHybrid)) return { kind: 'outside' };
  const judged = judgeGrant(scope, grant, known);
  if (judged.kind !== 'managed' || (judged.isStrange !== true && condition === undefined)) return judged;
  const note =
    condition === undefined ? 'an opt-in of a principal that no mesh file declares' : 'an opt-in under a condition';
  return { kind: 'unmanaged', ...(judged.product === undefined ? {} : { product: judged.product }), note };
}

function judgeOnce(scope: Scope, grant: Grant, known: Known): Verdict {
  const { resource } = grant;
  if (!grant.lake.startsWith(`${scope.centralAccount}/`)) {
    const imported = judgeImported(scope, grant, known.observed);
    if (imported.kind === 'outside') return imported;
    const kept = protectedNote(scope, { grant, principal: known.principalOf(grant.principal) }, known);
    return kept === undefined ? imported : { kind: 'protected', note: kept };
  }
  if (resource.kind === 'lf-tag' || resource.kind === 'lf-tag-policy' || resource.kind === 'lf-tag-expression') {
    const note = 'a permission on or through LF-Tags; it is reported and not compared';
    return { kind: 'unmanaged', note };
  }
  const principal = known.principalOf(grant.principal);
  if (resource.kind === 'catalog') {
    if (!scope.ever.catalogPrincipals.has(principal.id)) return { kind: 'outside' };
    const note = protectedNote(scope, { grant, principal }, known);
    return note === undefined ? { kind: 'managed', enforce: 'full' } : { kind: 'protected', note };
  }
  const claims = claimsOn(scope, (bounds) => productsOf(bounds, grant, scope.centralAccount));
  const judged = verdict(claims, managingOf(scope, claims, principal), unmanagedNote(scope, principal));
  if (judged.kind === 'outside') return judged;
  const note = protectedNote(scope, { grant, principal }, known);
  if (note === undefined) return judged;
  const product = claims.products[0];
  return { kind: 'protected', ...(product === undefined ? {} : { product: product.id }), note };
}

/** The product that makes a principal's permissions the mesh's: as it is declared, else as it was. */
function managingOf(scope: Scope, { products, ever, isGone }: Claims, principal: Principal): ScopeProduct | undefined {
  const { centralAccount } = scope;
  const isOwn = ({ producers }: ScopeProduct): boolean =>
    principal.account === centralAccount || (principal.account !== undefined && producers.has(principal.account));
  const now = isGone
    ? undefined
    : products.find((one) => (isOwn(one) ? one.listed : scope.principals).has(principal.id));
  if (now !== undefined) return now;
  // Whoever produces it, or ever did, owns what it holds there unless it was listed.
  const isOwner = ever.some(isOwn);
  return ever.find(({ listed }) => (isOwner ? listed : scope.ever.principals).has(principal.id));
}

function unmanagedNote(scope: Scope, principal: Principal): string {
  if (scope.principals.has(principal.id))
    return "the producer's or the central account's own principal, which the product does not list";
  return 'no mesh file declares this principal';
}

function protectedNote(scope: Scope, on: { grant: Grant; principal: Principal }, known: Known): string | undefined {
  const { grant, principal } = on;
  if (principal.id === iamAllowedPrincipals && isHybrid(scope, grant)) return hybridNote;
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

/** Whether everything on a resource has hybrid access. */
function isHybrid(scope: Scope, grant: Grant): boolean {
  const products = productsOf(scope, grant, scope.centralAccount);
  return products.length > 0 && products.every((one) => one.isHybrid);
}

/** The products that a grant's resource belongs to; a database may hold several. */
function productsOf(bounds: Bounds, { resource }: Grant, centralAccount: string): readonly ScopeProduct[] {
  if (resource.kind === 'data-location') return productsAt(bounds, resource.location);
  if (resource.catalog !== centralAccount || !('database' in resource)) return [];
  if ('table' in resource) return claiming(bounds, resource.database, resource.table);
  return bounds.databases.get(resource.database) ?? [];
}

function claiming(bounds: Bounds, database: string, table: string): readonly ScopeProduct[] {
  return (bounds.databases.get(database) ?? []).filter((product) => product.claims(table));
}
