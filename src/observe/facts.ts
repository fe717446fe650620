import { grantsOf } from '../core/canonical.ts';
import { type Columns, isSameColumns } from '../core/columns.ts';
import { type Fact, type FactKey, type Grant, join, keyOf, type LakeId } from '../core/fact.ts';
import type { ObservedRow } from '../core/lake.ts';
import { iamAllowedPrincipals } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import type { Observed, ObservedFact } from '../core/state.ts';

/** Observed facts in the making; reading a row twice changes nothing. */
export type Facts = Map<FactKey, ObservedFact>;

/** Adds what a listed row says; rows of one principal and resource merge, their column lists kept as they are stored. */
export function addRow(facts: Facts, lake: LakeId, row: ObservedRow): void {
  for (const grant of grantsOf(lake, row)) addGrant(facts, grant, row);
}

function addGrant(facts: Facts, grant: Grant, { updatedAt, updatedBy, shares }: ObservedRow): void {
  const key = keyOf(grant);
  const known = facts.get(key);
  const part = grant.columns ?? 'all';
  const change = {
    ...(updatedAt === undefined ? {} : { updatedAt }),
    ...(updatedBy === undefined ? {} : { updatedBy }),
  };
  if (known === undefined) {
    const parts = part === 'all' ? whole : [part];
    // Spelled out, because there are millions: an object made of optional parts takes nearly twice the room.
    if (updatedAt === undefined || updatedBy === undefined)
      facts.set(key, { key, fact: grant, parts, ...change, ...(shares && { shares }) });
    else if (shares === undefined) facts.set(key, { key, fact: grant, parts, updatedAt, updatedBy });
    else facts.set(key, { key, fact: grant, parts, updatedAt, updatedBy, shares });
    return;
  }
  const sharesOf = joinShares(known.shares, shares);
  const isKnownPart = known.parts.some((one) => isSameColumns(one, part));
  // Of two rows of one time the greater name counts: rows come in any order.
  const isNewer =
    known.updatedAt === undefined ||
    (updatedAt !== undefined &&
      (compareText(updatedAt, known.updatedAt) || compareText(updatedBy ?? '', known.updatedBy ?? '')) > 0);
  facts.set(key, {
    key,
    fact: join(known.fact, grant) ?? grant,
    parts: isKnownPart ? known.parts : [...known.parts, part].sort(compareParts),
    ...(sharesOf && { shares: sharesOf }),
    ...(isNewer ? change : { updatedAt: known.updatedAt, ...(known.updatedBy && { updatedBy: known.updatedBy }) }),
  });
}

/** The shares of two rows. */
function joinShares(a: ObservedRow['shares'], b: ObservedRow['shares']): ObservedRow['shares'] {
  return a === undefined || b === undefined || a === b ? (a ?? b) : [...new Set([...a, ...b])].sort(compareText);
}

/** The parts of most grants: one object for all. */
const whole: readonly Columns[] = ['all'];

function compareParts(a: Columns, b: Columns): number {
  return compareText(JSON.stringify(a), JSON.stringify(b));
}

/** Adds a fact that has one value and no parts: a filter, a parameter. */
export function addFact(facts: Facts, fact: Fact): void {
  const key = keyOf(fact);
  facts.set(key, { key, fact, parts: [] });
}

/** Tables that IAM_ALLOWED_PRINCIPALS opens, as `<database>.<table>`, `*` for all tables. */
export function openedByIam(facts: Facts): ReadonlySet<string> {
  const opened = new Set<string>();
  for (const { fact } of facts.values()) {
    if (fact.kind !== 'grant' || fact.principal !== iamAllowedPrincipals || fact.grantOption) continue;
    if (fact.permission !== 'ALL' && fact.permission !== 'SELECT') continue;
    if (fact.resource.kind === 'table') opened.add(`${fact.resource.database}.${fact.resource.table}`);
    if (fact.resource.kind === 'all-tables') opened.add(`${fact.resource.database}.*`);
  }
  return opened;
}

/** The keys of the grants on each data cells filter. */
export function filterGrants(facts: Facts): ReadonlyMap<string, readonly FactKey[]> {
  const grants = new Map<string, FactKey[]>();
  for (const { key, fact } of facts.values()) {
    if (fact.kind !== 'grant' || fact.resource.kind !== 'data-cells-filter') continue;
    const { database, table, filter } = fact.resource;
    const id = `${database} ${table} ${filter}`;
    grants.set(id, [...(grants.get(id) ?? []), key]);
  }
  return grants;
}

/** All that is observed, whatever the lake: a key names its lake. */
export function factsOf(lakes: readonly Observed[]): Observed['facts'] {
  const [only] = lakes;
  return lakes.length === 1 && only !== undefined ? only.facts : new Map(lakes.flatMap(({ facts }) => [...facts]));
}
