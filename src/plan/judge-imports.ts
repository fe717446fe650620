import { type Fact, type Grant, keyOf, type LakeId, type ResourceLink } from '../core/fact.ts';
import { type Bounds, type Imported, productsAt, type Scope, type ScopeProduct } from '../core/scope.ts';
import type { Observed } from '../core/state.ts';
import { enforcementOf, type Verdict } from './verdict.ts';

/**
 * Judges a resource link: it is the mesh's where a file gives it, or once gave it, both its name and what it stands
 * for. A name alone makes nothing the mesh's, for somebody else may have taken it.
 */
export function judgeLink(scope: Scope, link: ResourceLink): Verdict {
  const { catalog, region, database } = link.target;
  const isOurs = (one: Imported): boolean =>
    catalog === scope.centralAccount && region === scope.centralRegion && one.databases.has(database);
  const [now, ever] = [scope, scope.ever].map((bounds) => importedAs(bounds, link.lake, link.database));
  if (ever !== undefined && isOurs(ever)) return managed([now ?? ever]);
  if (now === undefined) return { kind: 'outside' };
  return {
    kind: 'protected',
    note: 'a resource link that somebody else made, under the name that a subscription gives to its own',
  };
}

function importedAs({ imports }: Bounds, lake: LakeId, link: string): Imported | undefined {
  const [account = '', region = ''] = lake.split('/');
  return imports.get(account)?.byLink.get(`${region} ${link}`);
}

/**
 * Judges a grant in a consumer's own lake: the mesh's is what its subscriptions list for a principal there, on their
 * links and on what those stand for. All else is the consumer's business.
 */
export function judgeImported(scope: Scope, grant: Grant, observed: Observed): Verdict {
  const [now, ever] = [scope, scope.ever].map((bounds) => importsOn(bounds, { grant, observed, scope }));
  const found = now !== undefined && now.length > 0 ? now : (ever ?? []);
  return found.length === 0 ? { kind: 'outside' } : managed(found);
}

interface On {
  readonly grant: Grant;
  readonly observed: Observed;
  readonly scope: Scope;
}

function importsOn(bounds: Bounds, { grant, observed, scope }: On): readonly Imported[] {
  const { lake, resource, principal } = grant;
  const [account = '', region] = lake.split('/');
  const listing = (all: Iterable<Imported>): readonly Imported[] =>
    [...all].filter(({ principals }) => principals.has(principal));
  if (resource.catalog === account && resource.kind === 'database') {
    const linked = importedAs(bounds, lake, resource.database);
    return linked !== undefined && isOurLink(observed, { grant, scope }) ? listing([linked]) : [];
  }
  const own = bounds.imports.get(account);
  // Of the central account the mesh knows the catalog of one region, which the account's lake there has to do with.
  if (own === undefined || region !== scope.centralRegion) return [];
  if (resource.kind === 'data-location') {
    const there = new Set(productsAt(bounds, resource.location).map(({ id }) => id));
    return listing(own.byLink.values()).filter(({ products }) => products.some(({ id }) => there.has(id)));
  }
  if (resource.catalog !== scope.centralAccount || !('database' in resource)) return [];
  return listing(own.byDatabase.get(resource.database) ?? []).filter(
    ({ products }) => !('table' in resource) || products.some(({ claims }) => claims(resource.table)),
  );
}

/** Whether the database of this name in the consumer's catalog is the mesh's own link. */
function isOurLink({ facts }: Observed, { grant, scope }: Pick<On, 'grant' | 'scope'>): boolean {
  const { resource, lake } = grant;
  if (resource.kind !== 'database') return false;
  const target = { catalog: '', database: '', region: '' };
  const key = keyOf({ kind: 'resource-link', lake, catalog: resource.catalog, database: resource.database, target });
  const live: Fact | undefined = facts.get(key)?.fact;
  return live?.kind === 'resource-link' && judgeLink(scope, live).kind === 'managed';
}

function managed(imports: readonly Imported[]): Verdict {
  const products = new Map<string, ScopeProduct>(
    imports.flatMap((one) => one.products.map((product) => [product.id, product])),
  );
  const [first] = products.keys();
  const enforce = enforcementOf([...products.values()]);
  return { kind: 'managed', ...(first === undefined ? {} : { product: first }), enforce };
}
