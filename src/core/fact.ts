import type { Association } from './association.ts';
import { type Columns, isSameColumns, joinColumns, meetColumns } from './columns.ts';
import type { Permission } from './permission.ts';
import { coversResource, type Resource, resourceParts } from './resource.ts';

/** The catalog that holds a fact: `<account>/<region>`. */
export type LakeId = string;

/** One permission on one resource for one principal, with or without the grant option: one cell of Lake Formation's two lists. */
export interface Grant {
  readonly kind: 'grant';
  readonly lake: LakeId;
  readonly principal: string;
  readonly resource: Resource;
  readonly permission: Permission;
  /** Whether this is the permission itself (false) or the grant option on it (true). */
  readonly grantOption: boolean;
  /** A Cedar condition: part of the grant's identity. */
  readonly condition?: string;
  /** For SELECT on a table: which columns. */
  readonly columns?: Columns;
}

/** A named row and column filter on a table. */
export interface DataCellsFilter {
  readonly kind: 'data-cells-filter';
  readonly lake: LakeId;
  readonly catalog: string;
  readonly database: string;
  readonly table: string;
  readonly name: string;
  /** The row predicate; null for all rows. */
  readonly rows: string | null;
  readonly columns: Columns;
}

/** A parameter of a database in the catalog. */
export interface CatalogParameter {
  readonly kind: 'catalog-parameter';
  readonly lake: LakeId;
  readonly catalog: string;
  readonly database: string;
  readonly name: string;
  readonly value: string;
}

/** A database of one account's catalog that stands for a database of another's. */
export interface ResourceLink {
  readonly kind: 'resource-link';
  readonly lake: LakeId;
  /** The account whose catalog holds the link. */
  readonly catalog: string;
  /** The link's own name. */
  readonly database: string;
  readonly target: LinkTarget;
}

/** The database that a resource link stands for. */
export interface LinkTarget {
  readonly catalog: string;
  readonly database: string;
  readonly region: string;
}

/** That an account takes what another account shares with it through RAM: a database itself, or tables of it. */
export interface Acceptance {
  readonly kind: 'acceptance';
  readonly lake: LakeId;
  /** The account that shares. */
  readonly catalog: string;
  readonly database: string;
  readonly shares: 'database' | 'tables';
}

/** That Lake Formation's permissions hold for a principal on a resource on which all others go on through IAM: hybrid access. */
export interface OptIn {
  readonly kind: 'opt-in';
  readonly lake: LakeId;
  readonly principal: string;
  readonly resource: Resource;
  /** A Cedar condition: part of the opt-in's identity. */
  readonly condition?: string;
}

/** One thing that is, or should be, so in a lake. Adding a kind means one more member here, and one row in `kinds`. */
export type Fact = Grant | DataCellsFilter | CatalogParameter | ResourceLink | Acceptance | Association | OptIn;

/** What a fact is about, without its value; two facts with one key never stand side by side. */
export type FactKey = string;

/** What the planner knows of a kind. */
interface Kind<F extends Fact> {
  /** Facts are given in ascending order of this number and taken away in descending order. */
  readonly order: number;
  readonly parts: (fact: F) => readonly string[];
  readonly isSame: (a: F, b: F) => boolean;
  /** What both allow, in the shape of `b`; undefined where that is nothing. */
  readonly meet: (a: F, b: F) => F | undefined;
  /** What either allows, for two facts with one key; undefined where the kind cannot say it as one. */
  readonly join: (a: F, b: F) => F | undefined;
}

const grants: Kind<Grant> = {
  order: 30,
  parts: (fact) => [
    fact.principal,
    fact.resource.catalog,
    fact.resource.kind,
    ...resourceParts(fact.resource),
    fact.permission,
    fact.grantOption ? 'option' : 'plain',
    ...(fact.condition === undefined ? [] : [fact.condition]),
  ],
  isSame: (a, b) => isSameColumns(a.columns ?? 'all', b.columns ?? 'all'),
  meet: (a, b) => {
    if (a.principal !== b.principal || a.condition !== b.condition || a.grantOption !== b.grantOption) return undefined;
    if (a.permission !== b.permission && a.permission !== 'ALL') return undefined;
    if (!coversResource(a.resource, b.resource)) return undefined;
    // A filter narrows to its own columns and rows, so only the whole table is known to include it.
    if (b.resource.kind === 'data-cells-filter' && a.resource.kind === 'table' && (a.columns ?? 'all') !== 'all')
      return undefined;
    if (b.columns === undefined) return b;
    const columns = meetColumns(a.columns ?? 'all', b.columns);
    return columns === undefined ? undefined : { ...b, columns };
  },
  join: (a, b) =>
    a.columns === undefined || b.columns === undefined ? a : { ...a, columns: joinColumns(a.columns, b.columns) },
};

const filters: Kind<DataCellsFilter> = {
  order: 20,
  parts: (fact) => [fact.catalog, fact.database, fact.table, fact.name],
  isSame: (a, b) => a.rows === b.rows && isSameColumns(a.columns, b.columns),
  meet: (a, b) => {
    if (a.rows !== b.rows && a.rows !== null) return undefined;
    const columns = meetColumns(a.columns, b.columns);
    return columns === undefined ? undefined : { ...b, columns };
  },
  join: (a, b) => (filters.isSame(a, b) ? a : undefined),
};

const parameters: Kind<CatalogParameter> = {
  order: 10,
  parts: (fact) => [fact.catalog, fact.database, fact.name],
  isSame: (a, b) => a.value === b.value,
  meet: (a, b) => (a.value === b.value ? b : undefined),
  join: (a, b) => (a.value === b.value ? a : undefined),
};

const links: Kind<ResourceLink> = {
  order: 25,
  parts: (fact) => [fact.catalog, fact.database],
  isSame: ({ target: a }, { target: b }) =>
    a.catalog === b.catalog && a.database === b.database && a.region === b.region,
  meet: (a, b) => (links.isSame(a, b) ? b : undefined),
  join: (a, b) => (links.isSame(a, b) ? a : undefined),
};

const acceptances: Kind<Acceptance> = {
  order: 5,
  parts: (fact) => [fact.catalog, fact.database, fact.shares],
  isSame: () => true,
  meet: (a, b) => (a.catalog === b.catalog && a.database === b.database && a.shares === b.shares ? b : undefined),
  join: (a) => a,
};

const associations: Kind<Association> = {
  order: 35,
  parts: (fact) => [fact.principal, fact.catalog, fact.on, fact.database, fact.table ?? ''],
  isSame: (a, b) => JSON.stringify(a.trouble ?? null) === JSON.stringify(b.trouble ?? null),
  meet: (a, b) => (a.trouble === undefined || associations.isSame(a, b) ? b : undefined),
  join: (a, b) => (a.trouble === undefined ? a : b),
};

const optIns: Kind<OptIn> = {
  order: 37,
  parts: ({ principal, resource, condition }) => [
    principal,
    resource.catalog,
    resource.kind,
    ...resourceParts(resource),
    ...(condition === undefined ? [] : [condition]),
  ],
  isSame: () => true,
  meet: (a, b) => (keyOf(a) === keyOf(b) ? b : undefined),
  join: (a) => a,
};

const kinds: { readonly [K in Fact['kind']]: Kind<Extract<Fact, { kind: K }>> } = {
  grant: grants,
  'data-cells-filter': filters,
  'catalog-parameter': parameters,
  'resource-link': links,
  acceptance: acceptances,
  association: associations,
  'opt-in': optIns,
};

function kindOf(fact: Fact): Kind<Fact> {
  return kinds[fact.kind] as unknown as Kind<Fact>;
}

/** The fact's canonical key: readable, unambiguous, and free of file names. */
export function keyOf(fact: Fact): FactKey {
  const parts = [fact.kind, fact.lake, ...kindOf(fact).parts(fact)];
  // Hardly any part needs escaping, and one look at all of them tells.
  return (special.test(parts.join('')) ? parts.map(escapePart) : parts).join(' ');
}

/** The place of the fact's kind in the order of a run. */
export function orderOf(fact: Fact): number {
  return kindOf(fact).order;
}

/** Whether two facts with one key also have one value. */
export function isSameFact(a: Fact, b: Fact): boolean {
  return a.kind === b.kind && kindOf(a).isSame(a, b);
}

/** What both facts allow, in the shape of `b`. */
export function meet(a: Fact, b: Fact): Fact | undefined {
  return a.kind === b.kind && a.lake === b.lake ? kindOf(a).meet(a, b) : undefined;
}

/** Whether what `a` allows includes all that `b` allows. */
export function covers(a: Fact, b: Fact): boolean {
  const met = meet(a, b);
  return met !== undefined && isSameFact(met, b);
}

/** What either of two facts with one key allows, as one fact; undefined where they contradict each other. */
export function join(a: Fact, b: Fact): Fact | undefined {
  return a.kind === b.kind ? kindOf(a).join(a, b) : undefined;
}

const special = /[%\s]/;

function escapePart(part: string): string {
  return part.replace(/[%\s]/g, encodeURIComponent);
}
