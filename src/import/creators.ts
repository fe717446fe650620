import { passesOn } from '../core/principal.ts';
import type { Declaration } from '../declare/declaration.ts';
import { type Left, type LeftCode, leave } from './left.ts';
import type { GrantSeen, Right, Sorted } from './rights.ts';

/**
 * Of the rights on the catalog those that a new mesh.yaml can say: CREATE_DATABASE with the usual grant
 * option, for who holds nothing else there, for whoever mesh.yaml lists would lose the rest.
 */
export function creatorsOf(
  rights: readonly Right[],
  live: readonly GrantSeen[],
  existing: Declaration | undefined,
): Sorted {
  const said = new Set(rights.flatMap(({ facts }) => facts.map(({ key }) => key)));
  const holdsMore = new Set(live.filter(({ key }) => !said.has(key)).map(({ fact }) => fact.principal));
  const wrong = ({ principal, hasOption }: Right): LeftCode | undefined => {
    if (hasOption !== passesOn(principal) || holdsMore.has(principal.id)) return 'CATALOG';
    return existing === undefined ? undefined : 'CATALOG_BESIDE';
  };
  const left = rights.flatMap((right): readonly Left[] => {
    const code = wrong(right);
    return code === undefined ? [] : leave(code, right.facts);
  });
  return { rights: rights.filter((right) => wrong(right) === undefined), left };
}
