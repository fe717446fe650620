import type { Association, SharingTrouble } from '../core/association.ts';
import { type Fact, type FactKey, keyOf } from '../core/fact.ts';
import { compareText } from '../core/problem.ts';
import { resourceText } from '../core/resource.ts';
import { associationOf } from '../core/sharing.ts';
import type { Cause, Desired, DesiredFact, ObservedFact, Refused } from '../core/state.ts';

/**
 * What is desired, with the mending of each broken association that brings something desired. It carries all that a
 * principal holds on a database or table, so the files of all of it must be proven.
 */
export function withAssociations(desired: Desired, live: ReadonlyMap<FactKey, ObservedFact> = new Map()): Desired {
  const broken = new Map<FactKey, Association>();
  for (const { key, fact } of live.values()) if (fact.kind === 'association') broken.set(key, fact);
  if (broken.size === 0) return desired;
  const wanted = carriedBy(broken, desired.facts.values());
  const held = carriedBy(broken, live.values());
  const mended = [...broken].flatMap(([key, { trouble, ...fact }]): readonly [FactKey, DesiredFact][] => {
    const grants = wanted.get(key);
    if (grants === undefined) return [];
    const others = (held.get(key) ?? []).filter((one) => !desired.facts.has(one.key));
    const cause = causeOf(grants);
    const refused = trouble?.kind === 'gone' ? ungiven(trouble, others) : undefined;
    const classes = [...new Set(grants.flatMap((one) => one.classes))].sort(compareText);
    if (cause === undefined) return [];
    const why = cause.refused ?? (refused && { ...refused, place: cause.place });
    return [[key, { key, fact, wishes: [{ fact, cause: { ...cause, ...(why && { refused: why }) } }], classes }]];
  });
  return { ...desired, facts: new Map([...mended, ...desired.facts].sort(([a], [b]) => compareText(a, b))) };
}

/** The grants that each of these associations carries. */
function carriedBy<T extends { readonly fact: Fact }>(
  associations: ReadonlyMap<FactKey, Association>,
  facts: Iterable<T>,
): ReadonlyMap<FactKey, readonly T[]> {
  const carried = new Map<FactKey, T[]>();
  for (const one of facts) {
    const association = one.fact.kind === 'grant' ? associationOf(one.fact) : undefined;
    const key = association && keyOf(association);
    if (key !== undefined && associations.has(key)) carried.set(key, [...(carried.get(key) ?? []), one]);
  }
  return carried;
}

/** One reason that is as proven as the least proven of all. */
function causeOf(grants: readonly DesiredFact[]): Cause | undefined {
  const causes = grants.flatMap(({ wishes }) => wishes.map(({ cause }) => cause));
  const [first] = causes;
  if (first === undefined) return undefined;
  const files = [...new Set(causes.flatMap((cause) => cause.files))].sort(compareText);
  const refused = causes.find((cause) => cause.refused !== undefined)?.refused;
  return { ...first, files, ...(refused && { refused }) };
}

/** Why what a share carried that is gone cannot all be revoked and granted again, where it cannot. */
function ungiven(
  { shares, says }: SharingTrouble,
  others: readonly ObservedFact[],
): Omit<Refused, 'place'> | undefined {
  const code = 'SHARE_GONE';
  if (shares.length === 0)
    return {
      code,
      message: `${says}, and Lake Formation names none: it is not certain enough to revoke anything for it`,
      hint: 'look at it in RAM; revoking and granting by hand what the account holds has Lake Formation share it anew',
    };
  const [other] = others.flatMap(({ fact }) => (fact.kind === 'grant' ? [fact] : []));
  if (other === undefined) return undefined;
  return {
    code,
    message: `${says}; RAM shares it anew only once all that ${other.principal} holds there was revoked and is granted again, and no file asks for ${other.permission} on ${resourceText(other.resource)}`,
    hint: 'revoke that permission, or let a file ask for it; the next run does the rest',
  };
}
