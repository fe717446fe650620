import type { Fact } from '../core/fact.ts';
import { iamAllowedPrincipals, isCaller, isServiceLinked, toPrincipal } from '../core/principal.ts';
import type { Observed, ObservedFact } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import { type Left, type LeftCode, leave } from './left.ts';
import type { GrantSeen } from './rights.ts';

/** What is live, by where it can be declared. */
export interface Sifted {
  /** By database, those chosen alone. */
  readonly databases: ReadonlyMap<string, readonly GrantSeen[]>;
  readonly catalog: readonly GrantSeen[];
  readonly locations: readonly GrantSeen[];
  readonly left: readonly Left[];
  /** How many facts concern databases that were not chosen. */
  readonly elsewhere: number;
}

/** What is sifted by. */
export interface Sieve {
  readonly observed: Observed;
  readonly central: string;
  /** The databases to import. */
  readonly chosen: ReadonlySet<string>;
  /** Of those the ones of which something could not be read. */
  readonly unread: ReadonlySet<string>;
  readonly existing: Declaration | undefined;
}

/** Sets apart what never becomes a line of a mesh file because of whom or what it is about. */
export function sift(sieve: Sieve): Sifted {
  const databases = new Map<string, GrantSeen[]>();
  const catalog: GrantSeen[] = [];
  const locations: GrantSeen[] = [];
  const left: Left[] = [];
  let elsewhere = 0;
  const protectedNote = protectedBy(sieve);
  for (const seen of sieve.observed.facts.values()) {
    if (!isGrant(seen)) continue;
    const { resource } = seen.fact;
    const database = 'database' in resource ? resource.database : undefined;
    if (database !== undefined && resource.catalog === sieve.central && !sieve.chosen.has(database)) {
      elsewhere += 1;
      continue;
    }
    const code = wrongResource(seen.fact, sieve) ?? protectedNote(seen.fact);
    if (code !== undefined) left.push(...leave(code, [seen]));
    else if (database !== undefined) databases.set(database, [...(databases.get(database) ?? []), seen]);
    else if (resource.kind === 'catalog') catalog.push(seen);
    else locations.push(seen);
  }
  return { databases, catalog, locations, left, elsewhere };
}

function isGrant(seen: ObservedFact): seen is GrantSeen {
  return seen.fact.kind === 'grant';
}

function wrongResource({ resource }: GrantSeen['fact'], { central, unread }: Sieve): LeftCode | undefined {
  if (resource.kind === 'lf-tag' || resource.kind === 'lf-tag-policy' || resource.kind === 'lf-tag-expression')
    return 'LF_TAG';
  // A location belongs to whoever registered it; every other resource to its catalog.
  if (resource.catalog !== central) return 'OTHER_CATALOG';
  return 'database' in resource && unread.has(resource.database) ? 'UNREAD' : undefined;
}

/** Whom Meshgate never revokes anything, and who cannot be named at all. */
function protectedBy({ observed, existing }: Sieve): (fact: GrantSeen['fact']) => LeftCode | undefined {
  const { settings, caller, catalog } = observed;
  const administrators = new Set(
    [...settings.administrators, ...settings.readOnlyAdministrators].map((one) => toPrincipal(one).id),
  );
  const mesh = existing?.mesh.value;
  const kept = new Set((mesh?.protected ?? []).map((name) => toPrincipal(mesh?.principals?.[name] ?? name).id));
  return (fact: Fact & GrantSeen['fact']) => {
    const principal = toPrincipal(fact.principal);
    if (principal.id === iamAllowedPrincipals) return 'IAM_ALLOWED_PRINCIPALS';
    if (administrators.has(principal.id)) return 'ADMINISTRATOR';
    if (isServiceLinked(principal)) return 'SERVICE_LINKED';
    if (kept.has(principal.id)) return 'PROTECTED';
    if (principal.kind === 'other') return 'UNKNOWN_PRINCIPAL';
    if (isCaller(caller.arn, principal.id)) return 'OWN_ROLE';
    const { resource } = fact;
    if (resource.kind !== 'table') return undefined;
    const creator = catalog.databases.get(resource.database)?.tables.get(resource.table)?.createdBy;
    return creator !== undefined && isCaller(creator, principal.id) ? 'CREATOR' : undefined;
  };
}
