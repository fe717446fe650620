import { type Fact, type FactKey, keyOf, type ResourceLink } from '../core/fact.ts';
import { iamAllowedPrincipals, isCaller, toPrincipal } from '../core/principal.ts';
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

/**
 * What was given on a link itself; administrators have it anyway, whoever made it, too, and by default everybody whom IAM
 * lets in, and that says nothing.
 */
export function grantsOn(
  { catalog, database }: ResourceLink,
  { facts, caller, settings }: Observed,
): readonly FactKey[] {
  const isAnyhow = (principal: string): boolean =>
    principal === iamAllowedPrincipals ||
    isCaller(caller.arn, principal) ||
    settings.administrators.some((one) => toPrincipal(one).id === principal);
  return [...facts.values()].flatMap(({ fact }) =>
    fact.kind === 'grant' &&
    fact.resource.kind === 'database' &&
    fact.resource.catalog === catalog &&
    fact.resource.database === database &&
    !isAnyhow(fact.principal)
      ? [keyOf(fact)]
      : [],
  );
}
