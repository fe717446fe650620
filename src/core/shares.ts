import type { Acceptance, Grant } from './fact.ts';
import { toPrincipal } from './principal.ts';

/** The name of what an account takes of another through RAM. */
export function shareOf({ lake, catalog, database, shares }: Acceptance): string {
  return `${lake.split('/')[0]} ${catalog} ${database} ${shares}`;
}

/** The name of what RAM shares for a grant with the account that its principal is, or is of; undefined where that is nothing. */
export function shareFor({ resource, principal }: Grant): string | undefined {
  const { account } = toPrincipal(principal);
  if (account === undefined || !('database' in resource)) return undefined;
  const shares = resource.kind === 'table' || resource.kind === 'data-cells-filter' ? 'tables' : 'database';
  return `${account} ${resource.catalog} ${resource.database} ${shares}`;
}
