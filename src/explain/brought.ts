import type { Step } from '../core/explanation.ts';
import { type Acceptance, type Grant, keyOf } from '../core/fact.ts';
import { resourceText } from '../core/resource.ts';
import { associationOf } from '../core/sharing.ts';
import { catalogOf, type LocalGround } from './layers.ts';

/** What of that which an account holds RAM does not bring it, and why: only what is broken is observed. */
export function broughtBy(held: readonly Grant[], { account, central, nameOf }: LocalGround): readonly Step[] {
  const troubles = new Map(
    held.flatMap((grant): readonly (readonly [string, Step])[] => {
      const brings = associationOf(grant);
      const broken = brings && central.observed.facts.get(keyOf(brings))?.fact;
      if (broken?.kind !== 'association' || broken.trouble === undefined) return [];
      const what = `RAM brings ${nameOf(account) ?? account} ${resourceText(grant.resource)}`;
      return [[what, { what, state: 'missing', why: broken.trouble.says, origins: [] }]];
    }),
  );
  return [...troubles.values()];
}

/** Whether what RAM carries of what an account holds was taken. That something of it waits does not tell whether it is this. */
export function acceptancesOf(held: readonly Grant[], local: Grant, ground: LocalGround): readonly Step[] {
  const shares = [...new Set(held.map(sharesOf))];
  return shares.flatMap((one) => acceptanceOf(one, local, ground));
}

function acceptanceOf(
  shares: Acceptance['shares'] | undefined,
  { resource }: Grant,
  { observed, account, central, nameOf }: LocalGround,
): readonly Step[] {
  if (shares === undefined || !('database' in resource)) return [];
  const { database } = resource;
  const owner = catalogOf(central);
  const live = [...observed.facts.values()].find(
    ({ fact }) =>
      fact.kind === 'acceptance' && fact.catalog === owner && fact.database === database && fact.shares === shares,
  );
  const on = shares === 'tables' ? `tables of ${database}` : `database ${database}`;
  const what = `${nameOf(account) ?? account} has accepted what is shared of ${on}`;
  if (live !== undefined) return [{ what, state: 'there', origins: [] }];
  const gap = observed.gaps.find(({ code, blocks }) => code === 'NO_SHARES' || blocks !== 'nothing');
  const why = gap?.message ?? `an invitation to ${on} may wait there, which lapses after 12 hours`;
  return [{ what, state: gap === undefined ? 'missing' : 'unknown', why, origins: [] }];
}

/** How RAM carries what a grant gives: all tables go with their database. */
function sharesOf({ resource }: Grant): Acceptance['shares'] | undefined {
  if (resource.kind === 'table' || resource.kind === 'data-cells-filter') return 'tables';
  return resource.kind === 'database' || resource.kind === 'all-tables' ? 'database' : undefined;
}
