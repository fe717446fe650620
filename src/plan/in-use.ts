import { type Fact, type FactKey, keyOf, type ResourceLink } from '../core/fact.ts';
import { iamAllowedPrincipals } from '../core/principal.ts';
import type { Observed } from '../core/state.ts';
import { filterId } from './target.ts';

/** Whether somebody keeps what was given on a data cells filter, or on a resource link, so that it cannot go. */
export function isInUse(fact: Fact, observed: Observed, leaving: ReadonlySet<FactKey>): boolean {
  return holdersOf(fact, observed).some((key) => !leaving.has(key));
}

function holdersOf(fact: Fact, observed: Observed): readonly FactKey[] {
  if (fact.kind === 'data-cells-filter') return observed.filterGrants.get(filterId(fact)) ?? [];
  return fact.kind === 'resource-link' ? grantsOn(fact, observed) : [];
}

/** What was given on a link itself; by default everybody whom IAM lets in has it, and that says nothing. */
export function grantsOn({ catalog, database }: ResourceLink, { facts }: Observed): readonly FactKey[] {
  return [...facts.values()].flatMap(({ fact }) =>
    fact.kind === 'grant' &&
    fact.resource.kind === 'database' &&
    fact.resource.catalog === catalog &&
    fact.resource.database === database &&
    fact.principal !== iamAllowedPrincipals
      ? [keyOf(fact)]
      : [],
  );
}
