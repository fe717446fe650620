import { locationOf } from '../core/canonical.ts';
import { compilePattern, type Pattern } from '../core/pattern.ts';
import { toPrincipal } from '../core/principal.ts';
import type { Scope, ScopeProduct } from '../core/scope.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Access } from '../declare/files.ts';
import { derivedPrefix } from './filter-name.ts';
import { meshPrincipals, principalsFrom } from './principals.ts';
import { claimsOf } from './sensitivity.ts';

/** The scope of what is declared now. */
export function scopeOf(declaration: Declaration): Scope {
  const mesh = declaration.mesh.value;
  const products = scopeProducts(declaration);
  const databases = new Map<string, ScopeProduct[]>();
  const locations: { location: string; product: ScopeProduct }[] = [];
  for (const { product, database, paths } of products) {
    databases.set(database, [...(databases.get(database) ?? []), product]);
    locations.push(...paths.map((path) => ({ location: locationOf(path), product })));
  }
  return {
    databases,
    locations,
    principals: declaredPrincipals(declaration),
    catalogPrincipals: new Set(
      (mesh.grants ?? []).flatMap((grant) => meshPrincipals(declaration, grant.principals).map(({ id }) => id)),
    ),
    protectedPrincipals: new Set((mesh.protected ?? []).map((name) => toPrincipal(mesh.principals?.[name] ?? name).id)),
    centralAccount: mesh.central.account,
    parameters: new Set(mesh.catalogParameters ?? []),
    namesFilter: namedFilters(declaration),
    derivedFilterPrefix: derivedPrefix,
  };
}

function scopeProducts(
  declaration: Declaration,
): { product: ScopeProduct; database: string; paths: readonly string[] }[] {
  const listed = new Map<string, string[]>();
  for (const { product, consumer, value } of declaration.subscriptions.values()) {
    const principals = principalsFrom(declaration, consumer, value.principals).map(({ id }) => id);
    listed.set(product, [...(listed.get(product) ?? []), ...principals]);
  }
  const { publicReader, principals: shared } = declaration.mesh.value;
  const reader = publicReader === undefined ? undefined : shared?.[publicReader];
  return [...declaration.products].map(([id, { value }]) => ({
    database: value.database,
    paths: value.locations ?? [],
    product: {
      id,
      claims: claimsOf(value),
      producerAccount: declaration.accounts.get(value.producer)?.value.id ?? '',
      listed: new Set([
        ...(listed.get(id) ?? []),
        ...(reader === undefined ? [] : [toPrincipal(reader).id]),
        ...(value.grants ?? []).flatMap((grant) =>
          principalsFrom(declaration, value.producer, grant.principals).map((principal) => principal.id),
        ),
      ]),
    },
  }));
}

function declaredPrincipals(declaration: Declaration): ReadonlySet<string> {
  const identifiers = [
    ...Object.values(declaration.mesh.value.principals ?? {}),
    ...[...declaration.accounts.values()].flatMap(({ value }) => [value.id, ...Object.values(value.principals ?? {})]),
  ];
  return new Set(identifiers.map((identifier) => toPrincipal(identifier).id));
}

function namedFilters(declaration: Declaration): Scope['namesFilter'] {
  const named = new Map<string, Pattern[]>();
  const collect = (database: string | undefined, access: readonly Access[]): void => {
    for (const { filter, tables } of access) {
      if (filter === undefined || database === undefined) continue;
      const key = `${database} ${filter}`;
      named.set(key, [...(named.get(key) ?? []), ...(tables ?? []).map(compilePattern)]);
    }
  };
  for (const { product, value } of declaration.subscriptions.values())
    collect(declaration.products.get(product)?.value.database, value.access);
  for (const { value } of declaration.products.values())
    for (const grant of value.grants ?? []) collect(value.database, grant.access);
  return ({ database, table, name }) =>
    named.get(`${database} ${name}`)?.some((pattern) => pattern.matches(table)) === true;
}
