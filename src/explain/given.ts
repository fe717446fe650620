import { toPrincipal } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import type { Given } from '../core/shown.ts';
import type { AskedFact } from '../core/state.ts';
import { extentOf, type Ground } from './layers.ts';

/** What is asked, by principal and resource, with what is live of it apart from what is not. */
export function givenBy(
  facts: readonly AskedFact[],
  isLive: (fact: AskedFact) => boolean | undefined,
  { nameOf, ...about }: Pick<Ground, 'sight' | 'nameOf'> & { readonly observed?: Ground['observed'] },
): readonly Given[] {
  const groups = new Map<string, Given>();
  for (const one of facts) {
    const { fact } = one;
    if (fact.kind !== 'grant') continue;
    const { id } = toPrincipal(fact.principal);
    const name = nameOf(id);
    const live = isLive(one);
    const on = extentOf(fact, about);
    const key = JSON.stringify([name ?? id, live ?? null, on]);
    const known = groups.get(key) ?? {
      principal: { id, ...(name !== undefined && { name }) },
      permissions: [],
      withGrantOption: [],
      on,
      ...(live !== undefined && { isLive: live }),
    };
    const list = fact.grantOption ? 'withGrantOption' : 'permissions';
    groups.set(key, { ...known, [list]: [...new Set([...known[list], fact.permission])].sort(compareText) });
  }
  return [...groups].sort(([a], [b]) => compareText(a, b)).map(([, given]) => given);
}
