import { type Fact, type FactKey, type Grant, join } from '../core/fact.ts';
import { gripOf, type Hold, sightOf } from '../core/hold.ts';
import { modifying } from '../core/permission.ts';
import type { Catalog, Desired, DesiredFact, Wish } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';

/**
 * Takes what is held out of what the files ask. SELECT on a table keeps the columns that are not held,
 * unless somebody asks a permission for its holder that Lake Formation refuses beside a list of columns; all
 * else that is held goes as a whole.
 */
export function withoutHeld(
  desired: Omit<Desired, 'holds' | 'held'>,
  holds: readonly Hold[],
  { declaration, catalog }: { readonly declaration: Declaration; readonly catalog: Catalog },
): Desired {
  if (holds.length === 0) return { ...desired, holds, held: new Map() };
  const sight = sightOf(catalog, desired.facts.values());
  const consumerOf = (subscription: string | undefined): string | undefined =>
    declaration.subscriptions.get(subscription ?? '')?.consumer;
  const held = new Map<FactKey, readonly Hold[]>();
  const take = (one: DesiredFact): readonly Wish[] => {
    const by = new Set<Hold>();
    const left = one.wishes.flatMap((wish): readonly Wish[] => {
      const { product, subscription } = wish.cause;
      const asker = { products: product === undefined ? [] : [product], consumer: consumerOf(subscription) };
      return holds.reduce<readonly Wish[]>(
        (kept, hold) => {
          return kept.flatMap((each) => {
            if (each.fact.kind !== 'grant') return [each];
            const grip = gripOf(hold, each.fact, { asker, sight });
            if (grip !== 'none') by.add(hold);
            if (grip === 'none') return [each];
            return grip === 'whole' ? [] : [{ ...each, fact: { ...each.fact, columns: grip.left } }];
          });
        },
        [wish],
      );
    });
    if (by.size > 0) held.set(one.key, [...by]);
    return left;
  };
  const taken = [...desired.facts.values()].map((one) => ({ one, left: take(one) }));
  const modified = new Set(
    taken.flatMap(({ left }) => left.flatMap(({ fact }) => (modifies(fact) ? [placeOf(fact)] : []))),
  );
  const isBarred = (fact: Fact): boolean => fact.kind === 'grant' && isList(fact) && modified.has(placeOf(fact));
  const facts = taken.flatMap(({ one, left }): readonly [FactKey, DesiredFact][] => {
    if (!held.has(one.key)) return [[one.key, one]];
    const wishes = left.filter(({ fact }) => !isBarred(fact));
    const fact = wishes.map((wish) => wish.fact).reduce<Fact | undefined>(either, undefined);
    return fact === undefined ? [] : [[one.key, { ...one, fact, wishes }]];
  });
  return { ...desired, facts: new Map(facts), holds, held };
}

function either(a: Fact | undefined, b: Fact): Fact | undefined {
  return a === undefined ? b : (join(a, b) ?? a);
}

function modifies(fact: Fact): fact is Grant {
  return fact.kind === 'grant' && fact.resource.kind === 'table' && modifying.includes(fact.permission);
}

function isList({ columns }: Grant): boolean {
  return columns !== undefined && columns !== 'all';
}

function placeOf({ principal, resource }: Grant): string {
  return 'table' in resource ? JSON.stringify([principal, resource.database, resource.table]) : '';
}
