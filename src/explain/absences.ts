import type { Absence, Extent, Origin } from '../core/explanation.ts';
import type { Fact, Grant, ResourceLink } from '../core/fact.ts';
import { toPrincipal } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import { resourceText } from '../core/resource.ts';
import type { AskedFact } from '../core/state.ts';
import type { Ground, ThroughOf } from './layers.ts';
import { extentOf, named } from './layers.ts';
import { gives, type Target } from './target.ts';

/** Facts that one file asks for, or asked. */
export interface Asking {
  readonly facts: readonly AskedFact[];
  /** Where a fact was asked, and how that stands. */
  readonly originOf: (fact: AskedFact) => Origin;
  /** Whether a fact is there; undefined where nobody knows. */
  readonly isLive: (fact: AskedFact) => boolean | undefined;
}

/** What absences are told from. */
export interface AbsenceGround extends Pick<Ground, 'sight' | 'nameOf' | 'unread'> {
  readonly askings: readonly Asking[];
  readonly observed?: Ground['observed'];
}

/** What was asked on a target for somebody and is not there, or of which nobody knows whether it is. */
export function absencesOn(target: Target, throughOf: ThroughOf, ground: AbsenceGround): readonly Absence[] {
  const groups = new Map<string, { readonly absence: Absence; readonly rank: number }>();
  for (const { facts, originOf, isLive } of ground.askings) {
    const concerns = concerning(target, throughOf, { facts, ground });
    for (const one of facts) {
      const asked = concerns(one.fact);
      if (asked === undefined) continue;
      const live = isLive(one);
      if (live === true) continue;
      const isKnown = live === false;
      const why = isKnown || asked.account === undefined ? undefined : ground.unread(asked.account);
      const absence = {
        permissions: asked.permissions,
        on: asked.on,
        ...(asked.account !== undefined && { account: named(asked.account, ground) }),
        isKnown,
        ...(why !== undefined && { why }),
        origins: [originOf(one)],
      };
      const key = JSON.stringify([asked.principal, absence.account, absence.on, isKnown, absence.origins]);
      const known = groups.get(key);
      const permissions = [...(known?.absence.permissions ?? []), ...asked.permissions].sort(compareText);
      groups.set(key, { absence: { ...absence, permissions }, rank: asked.rank });
    }
  }
  return [...groups.values()].sort((a, b) => a.rank - b.rank).map(({ absence }) => absence);
}

interface Concern {
  readonly permissions: readonly string[];
  readonly on: Extent;
  readonly principal?: string;
  /** Set where it belongs into an account's own lake. */
  readonly account?: string;
  /** What has to be there before comes first. */
  readonly rank: number;
}

/** What a fact of one file has to do with whoever is asked about; undefined for nothing. */
function concerning(
  target: Target,
  throughOf: ThroughOf,
  { facts, ground }: { readonly facts: readonly AskedFact[]; readonly ground: AbsenceGround },
): (fact: Fact) => Concern | undefined {
  const links = facts.flatMap(({ fact }) => (fact.kind === 'resource-link' ? [fact] : []));
  const isOn = (database: string): boolean => 'database' in target && target.database === database;
  const linkOf = (grant: Grant): ResourceLink | undefined => linkUnder(links, grant);
  const reaches = (grant: Grant): boolean =>
    linkOf(grant) === undefined &&
    gives(grant, target, ground.sight) !== 'no' &&
    throughOf(toPrincipal(grant.principal)) !== undefined;
  // A link, and what is to be accepted, concern those alone to whom the file gives something there.
  const entered = new Set(
    facts.flatMap(({ fact }) => (fact.kind === 'grant' && isAway(fact) && reaches(fact) ? [accountOf(fact)] : [])),
  );
  return (fact) => {
    const account = accountOf(fact);
    switch (fact.kind) {
      case 'grant': {
        if (fact.grantOption) return undefined;
        const { principal, permission } = fact;
        const link = linkOf(fact);
        const asked = { permissions: [permission], principal };
        if (link === undefined)
          return reaches(fact)
            ? { ...asked, on: extentOf(fact, ground), ...(isAway(fact) ? { account, rank: 4 } : { rank: 0 }) }
            : undefined;
        const isTheirs = isOn(link.target.database) && throughOf(toPrincipal(principal)) !== undefined;
        return isTheirs
          ? { ...asked, on: { resource: `resource link ${link.database}` }, account, rank: 3 }
          : undefined;
      }
      case 'resource-link': {
        if (!entered.has(account) || !isOn(fact.target.database)) return undefined;
        const resource = `resource link ${fact.database} to database ${fact.target.database}`;
        return { permissions: [], on: { resource }, account, rank: 2 };
      }
      case 'acceptance': {
        if (!entered.has(account) || !isOn(fact.database)) return undefined;
        const what = fact.shares === 'tables' ? `tables of ${fact.database}` : `database ${fact.database}`;
        return {
          permissions: [],
          on: { resource: `what account ${fact.catalog} shares of ${what}, accepted` },
          account,
          rank: 1,
        };
      }
      case 'opt-in': {
        const { lake, principal, resource } = fact;
        const grant: Grant = { kind: 'grant', lake, principal, resource, permission: 'DESCRIBE', grantOption: false };
        if (!reaches(grant)) return undefined;
        const on = { resource: `an opt-in to ${resourceText(resource)}` };
        return { permissions: [], principal, on, ...(isAway(grant) ? { account, rank: 5 } : { rank: 1 }) };
      }
      // No file asks for an association: it comes with the grants.
      case 'association':
      case 'catalog-parameter':
      case 'data-cells-filter':
        return undefined;
    }
  };
}

/** The link that a grant is on; undefined where it is on something else. */
function linkUnder(links: readonly ResourceLink[], { lake, resource }: Grant): ResourceLink | undefined {
  if (resource.kind !== 'database') return undefined;
  return links.find(
    (one) => one.lake === lake && one.catalog === resource.catalog && one.database === resource.database,
  );
}

/** Whether a grant stands in another lake than that of the catalog that it is about. */
function isAway(grant: Grant): boolean {
  return grant.resource.catalog !== accountOf(grant);
}

function accountOf({ lake }: Fact): string {
  return lake.split('/')[0] ?? '';
}
