import type { Fact, Grant, OptIn } from './fact.ts';
import { groupBy } from './group.ts';
import { matchesAny } from './pattern.ts';
import { iamAllowedPrincipals } from './principal.ts';
import type { Resource } from './resource.ts';
import type { Catalog, IamAccess } from './state.ts';

/** A grant to those who come in through IAM alone. */
export function isIamGrant(fact: Fact): fact is Grant {
  return fact.kind === 'grant' && fact.principal === iamAllowedPrincipals;
}

/** What is said of IAM_ALLOWED_PRINCIPALS on what has hybrid access, where it is meant to be. */
export const hybridNote = 'IAM_ALLOWED_PRINCIPALS: with hybrid access everyone who is not opted in goes on through IAM';

/** Tells of a live fact which words of product files take it away; none where it is not for them to decide. */
export type Parting = (fact: Fact) => readonly IamAccess[];

/**
 * What product files take away by what they say of IAM. A grant to IAM_ALLOWED_PRINCIPALS goes where everything that it
 * opens is a product's that says `revoke`: a table its own product's, the database all its products', all tables at once
 * only where no table is nobody's. An opt-in goes where no product on its resource says `hybrid`.
 */
export function partingBy(words: readonly IamAccess[], catalog: Catalog): Parting {
  const on = wordsOn(words);
  const anyRevokes = words.some(({ says }) => says === 'revoke');
  return (fact) => {
    if (fact.kind === 'opt-in') return unless('hybrid', on(fact.resource));
    if (!anyRevokes || !isIamGrant(fact) || !isIn(fact.lake, fact.resource.catalog)) return [];
    const { resource } = fact;
    const said = on(resource);
    if (said.some(({ says }) => says !== 'revoke')) return [];
    if (resource.kind !== 'all-tables') return said;
    const tables = [...(catalog.databases.get(resource.database)?.tables.keys() ?? [])];
    const isClaimed = (table: string): boolean => on({ ...resource, kind: 'table', table }).length > 0;
    return catalog.databases.has(resource.database) && tables.every(isClaimed) ? said : [];
  };
}

function unless(word: IamAccess['says'], said: readonly IamAccess[]): readonly IamAccess[] {
  return said.some(({ says }) => says === word) ? [] : said;
}

function isIn(lake: string, catalog: string): boolean {
  return lake.startsWith(`${catalog}/`);
}

/** What is said of a resource: of a table by those who claim it, of a database or all its tables by all who are in it. */
export function wordsOn(words: readonly IamAccess[]): (resource: Resource) => readonly IamAccess[] {
  const byDatabase = groupBy(words, ({ catalog, database }) => `${catalog} ${database}`);
  const claims = new Map<IamAccess, (table: string) => boolean>();
  const isClaimed = (word: IamAccess, table: string): boolean => {
    const known = claims.get(word) ?? matchesAny(word.tables);
    claims.set(word, known);
    return known(table);
  };
  return (resource) => {
    if (!('database' in resource)) return [];
    const there = byDatabase.get(`${resource.catalog} ${resource.database}`) ?? [];
    return 'table' in resource ? there.filter((word) => isClaimed(word, resource.table)) : there;
  };
}

/** The resource to which somebody is opted in who gets a permission on this one; undefined where there is none to opt in to. */
export function optInResource(resource: Resource): OptIn['resource'] | undefined {
  switch (resource.kind) {
    case 'database':
    case 'all-tables':
    case 'table':
      return resource;
    case 'data-cells-filter': {
      const { catalog, database, table } = resource;
      return { kind: 'table', catalog, database, table };
    }
    case 'catalog':
    case 'data-location':
    case 'lf-tag':
    case 'lf-tag-policy':
    case 'lf-tag-expression':
      return undefined;
  }
}
