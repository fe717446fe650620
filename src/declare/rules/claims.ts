import { foldText, isGlob } from '../../core/pattern.ts';
import type { Place, Problem } from '../../core/problem.ts';
import type { Sound } from '../draft.ts';
import type { Joined } from '../entries.ts';
import type { DataProduct } from '../files.ts';
import { literalPrefix, meet } from '../patterns.ts';
import { placeText } from '../wording.ts';

interface Claim {
  readonly text: string;
  readonly product: string;
  /** The rank of the product in path order: of two claims the later is refused. */
  readonly rank: number;
  readonly place: () => Place;
}

/** A table of the central catalog belongs to one product. */
export function checkClaims(mesh: Joined): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [database, products] of byDatabase(mesh)) {
    if (products.length > 1)
      problems.push(...twiceClaimed(database, products.flatMap(claimsOf)), ...sharedWildcards(mesh, products));
  }
  return problems;
}

interface Ranked {
  readonly name: string;
  readonly rank: number;
  readonly product: Sound<DataProduct>;
}

function byDatabase({ products }: Joined): ReadonlyMap<string, readonly Ranked[]> {
  const found = new Map<string, Ranked[]>();
  let rank = 0;
  for (const [name, product] of products) {
    const ranked = { name, rank: rank++, product };
    const known = found.get(product.value.database);
    if (known === undefined) found.set(product.value.database, [ranked]);
    else known.push(ranked);
  }
  return found;
}

function claimsOf({ name, rank, product }: Ranked): readonly Claim[] {
  const { tables, allowFuture } = product.value;
  const claims: Claim[] = Object.keys(tables).map((text) => ({
    text: foldText(text),
    product: name,
    rank,
    place: () => product.keyAt(['tables', text]),
  }));
  if (allowFuture === true) claims.push({ text: '*', product: name, rank, place: () => product.at(['allowFuture']) });
  return claims;
}

// 2,000 products may share a database. A glob is compared with what has its literal prefix, or a part of it.
function twiceClaimed(database: string, claims: readonly Claim[]): readonly Problem[] {
  const first = new Map<Claim, Claim>();
  const note = (a: Claim, b: Claim): void => {
    if (a.rank === b.rank) return;
    const [earlier, later] = a.rank < b.rank ? [a, b] : [b, a];
    const known = first.get(later);
    if (known === undefined || earlier.rank < known.rank) first.set(later, earlier);
  };
  const names = new Map<string, Claim>();
  const globs = new Map<string, Claim[]>();
  for (const claim of claims) {
    if (isGlob(claim.text)) {
      const prefix = literalPrefix(claim.text);
      globs.set(prefix, [...(globs.get(prefix) ?? []), claim]);
    } else {
      const earlier = names.get(claim.text);
      if (earlier === undefined) names.set(claim.text, claim);
      else note(earlier, claim);
    }
  }
  for (const claim of claims) {
    const start = literalPrefix(claim.text);
    for (let length = 0; length <= start.length; length++) {
      for (const glob of globs.get(start.slice(0, length)) ?? []) {
        // Two globs with one prefix find each other twice.
        const isCounterpart = isGlob(claim.text) && length === start.length && glob.rank > claim.rank;
        if (glob.rank !== claim.rank && !isCounterpart && meet(glob.text, claim.text)) note(glob, claim);
      }
    }
  }
  return [...first].map(([later, earlier]) => claimedTwice(database, later, earlier));
}

function claimedTwice(database: string, later: Claim, earlier: Claim): Problem {
  const what = (claim: Claim): string => (claim.text === '*' ? 'every table' : `"${claim.text}"`);
  return {
    code: 'TABLE_CLAIMED_TWICE',
    message: `${what(later)} of ${database} is claimed already: ${what(earlier)} by "${earlier.product}" at ${placeText(earlier.place())}`,
    hint: 'a table belongs to one product: narrow one of them',
    place: later.place(),
  };
}

function sharedWildcards({ entries }: Joined, products: readonly Ranked[]): readonly Problem[] {
  const sharers = new Set(products.map(({ product }) => product));
  return entries.flatMap(({ product, access, at }) => {
    const index = access.tables?.indexOf('*') ?? -1;
    if (product === undefined || !sharers.has(product) || index < 0) return [];
    const other = products.find((one) => one.product !== product);
    const message = `"*" would reach the tables of "${other?.name}", which uses the same database ${product.value.database}`;
    return [
      {
        code: 'WILDCARD_ON_SHARED_DATABASE',
        message,
        hint: 'name the tables, or write a glob',
        place: at('tables', index),
      },
    ];
  });
}
