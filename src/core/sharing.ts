import type { Association } from './association.ts';
import type { Fact, Grant, LakeId } from './fact.ts';
import type { Sharing } from './lake.ts';
import { type Principal, toPrincipal } from './principal.ts';
import type { Resource } from './resource.ts';

/** An invitation lapses after twelve hours; near to that it counts as lapsed, for nobody would accept it in time. */
export const invitationHours = 11;

/** How much RAM takes of one account in a region: https://docs.aws.amazon.com/general/latest/gr/ram.html. */
export const ramLimits = {
  shares: 25_000,
  principals: 25_000,
  resources: 25_000,
  resourcesOnOne: 5_000,
  /** Invitations outside the organization that nobody has answered. */
  invitations: 250,
} as const;

/** From this part of a limit on it is told. */
export const nearLimit = 0.8;

/** How many invitations of an account wait to be accepted. */
export function waitingIn({ shares }: Sharing): number {
  return [...shares.values()].filter(({ status, isExternal }) => isExternal && status === 'ASSOCIATING').length;
}

/** What RAM has to bring a principal so that a grant reaches it; undefined for what is not shared by name. */
export function associationOf({ lake, principal, resource }: Grant): Association | undefined {
  switch (resource.kind) {
    case 'database':
    case 'all-tables': {
      const { kind: on, catalog, database } = resource;
      return { kind: 'association', lake, principal, catalog, database, on };
    }
    // A data cells filter is shared as its table.
    case 'table':
    case 'data-cells-filter': {
      const { catalog, database, table } = resource;
      return { kind: 'association', lake, principal, catalog, database, table, on: 'table' };
    }
    // What LF-Tags select is shared as the catalog, and the others not through RAM.
    case 'catalog':
    case 'data-location':
    case 'lf-tag':
    case 'lf-tag-expression':
    case 'lf-tag-policy':
      return undefined;
  }
}

/** The resource of Lake Formation that an association is about. */
export function resourceOf({ catalog, database, table, on }: Association): Resource {
  return on === 'table' && table !== undefined
    ? { kind: 'table', catalog, database, table }
    : { kind: on === 'database' ? 'database' : 'all-tables', catalog, database };
}

/** Who a RAM share for a principal is with: its account, or the organization or OU itself; undefined where it needs none. */
function receiverOf({ id, kind, account }: Principal, owner: string): string | undefined {
  if (account !== undefined) return account === owner ? undefined : account;
  return kind === 'organization' || kind === 'organizational-unit' ? id : undefined;
}

/** Who RAM shares with for each principal, each worked out once. */
export function receivers(owner: string): (principal: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (id) => {
    if (!known.has(id)) known.set(id, receiverOf(toPrincipal(id), owner));
    return known.get(id);
  };
}

/** A database or table that RAM names as an ARN, or every table of a database, `*`; undefined for anything else. */
export function namedIn(arn: string): { readonly database: string; readonly table?: string } | undefined {
  const form = /^arn:aws[a-z-]*:glue:[a-z0-9-]+:[0-9]{12}:(?:database|table)\/([^/]+)(?:\/(.+))?$/;
  const [, database, table] = form.exec(arn.toLowerCase()) ?? [];
  return database === undefined ? undefined : { database, ...(table === undefined ? {} : { table }) };
}

/** Whether any of these principals gets what it is granted through RAM alone. */
export function areBeyond(owner: string, principals: Iterable<string>): boolean {
  const receiverOf = receivers(owner);
  for (const principal of principals) if (receiverOf(principal) !== undefined) return true;
  return false;
}

/** Tells of facts of a lake which share carries them, as far as that is known beforehand: one for each receiver and kind. */
export function carriers(lake: LakeId): (fact: Fact) => Carried | undefined {
  const [owner = ''] = lake.split('/');
  const receiverOf = receivers(owner);
  return (fact) => {
    if (fact.kind !== 'grant' || fact.resource.catalog !== owner || !('database' in fact.resource)) return undefined;
    const receiver = receiverOf(fact.principal);
    const association = receiver === undefined ? undefined : associationOf(fact);
    return association && receiver !== undefined
      ? { share: `${receiver} ${association.on}`, receiver, association }
      : undefined;
  };
}

/** What RAM brings whom, and on which share. */
export interface Carried {
  readonly share: string;
  readonly receiver: string;
  readonly association: Association;
}

/** Whether a resource that RAM names is what an association is about; a pattern stands for every table. */
export function isAbout(arn: string, { database, table }: Association): boolean {
  const named = namedIn(arn);
  return named?.database === database && (named.table === table || named.table === '*');
}
