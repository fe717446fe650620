import type { Fact, FactKey } from '../core/fact.ts';
import type { Change, LeftAlone, PictureRow, Plan } from '../core/plan.ts';
import { compareText } from '../core/problem.ts';
import type { Bounds, Scope, ScopeProduct } from '../core/scope.ts';
import type { Desired, Observed } from '../core/state.ts';
import type { Seen } from './confined.ts';
import type { Verdict } from './verdict.ts';

/** What a picture is drawn from. */
interface Sitting {
  readonly scope: Scope;
  readonly desired: Desired;
  readonly observed: Observed;
  readonly leftOut: readonly Change[];
  readonly verdict: (fact: Fact) => Verdict;
}

/** What the lake holds: counted product by product, and one by one what is left alone. */
export function pictureOf(sitting: Sitting): Pick<Plan, 'unmanaged' | 'protected' | 'outside' | 'picture'> {
  const { scope, desired, observed, leftOut, verdict } = sitting;
  const unmanaged: [FactKey, LeftAlone][] = [];
  const kept: [FactKey, LeftAlone][] = [];
  // Every declared product has a row in the central lake; of another only what is there is counted.
  const declared = observed.lake.startsWith(`${scope.centralAccount}/`) ? productsIn(scope).keys() : [];
  const rows = new Map([...declared].map((id) => [id, { ...nothing }]));
  const rowOf = (product = ''): Counts => {
    const row = rows.get(product) ?? { ...nothing };
    rows.set(product, row);
    return row;
  };
  let outside = 0;
  for (const { key, fact, updatedAt, updatedBy } of observed.facts.values()) {
    const wanted = desired.facts.get(key);
    const judged = verdict(fact);
    if (judged.kind === 'managed' || (judged.kind !== 'protected' && wanted !== undefined)) {
      const isStrange = judged.kind === 'managed' && judged.isStrange === true;
      const product = wanted?.wishes[0]?.cause.product ?? (judged.kind === 'managed' ? judged.product : undefined);
      rowOf(product)[isStrange ? 'unmanaged' : 'managed'] += 1;
      continue;
    }
    // What others share is theirs, and counted there.
    if (judged.kind === 'outside' && fact.kind !== 'acceptance' && fact.kind !== 'association') outside += 1;
    if (judged.kind !== 'unmanaged' && judged.kind !== 'protected') continue;
    rowOf(judged.product)[judged.kind] += 1;
    if (wanted !== undefined) continue;
    const entry: LeftAlone = {
      fact,
      ...(judged.product === undefined ? {} : { product: judged.product }),
      note: judged.note,
      ...(updatedAt === undefined ? {} : { updatedAt }),
      ...(updatedBy === undefined ? {} : { updatedBy }),
    };
    (judged.kind === 'unmanaged' ? unmanaged : kept).push([key, entry]);
  }
  for (const { product } of leftOut) rowOf(product).leftOut += 1;
  const sorted = (list: [FactKey, LeftAlone][]): LeftAlone[] =>
    list.sort(([a], [b]) => compareText(a, b)).map(([, entry]) => entry);
  return { unmanaged: sorted(unmanaged), protected: sorted(kept), outside, picture: toRows(rows, scope) };
}

/** The pictures of several lakes as one. */
export function joinSeen(pictures: readonly Seen[]): Seen {
  const [first, ...rest] = pictures;
  if (first === undefined) return { unmanaged: [], protected: [], outside: 0, picture: [] };
  const counted = new Map(first.picture.map((row): [string | undefined, Counted] => [row.product, { ...row }]));
  for (const { picture } of rest)
    for (const { product, managed, unmanaged, protected: kept, leftOut } of picture) {
      const row = counted.get(product);
      if (row === undefined) continue;
      row.managed += managed;
      row.unmanaged += unmanaged;
      row.protected += kept;
      row.leftOut += leftOut;
    }
  return {
    unmanaged: pictures.flatMap((one) => one.unmanaged),
    protected: pictures.flatMap((one) => one.protected),
    outside: pictures.reduce<number | null>(
      (sum, { outside }) => (sum === null || outside === null ? null : sum + outside),
      0,
    ),
    picture: [...counted.values()],
  };
}

type Counted = Omit<PictureRow, keyof Counts> & Counts;

type Counts = { -readonly [K in 'managed' | 'unmanaged' | 'protected' | 'leftOut']: PictureRow[K] };

const nothing: Counts = { managed: 0, unmanaged: 0, protected: 0, leftOut: 0 };

/** A product that is gone has a row only where something of it is left. */
function toRows(counted: ReadonlyMap<string, Counts>, scope: Scope): readonly PictureRow[] {
  const declared = productsIn(scope);
  const ever = productsIn(scope.ever);
  return [...counted]
    .sort(([a], [b]) => compareText(a, b))
    .map(([id, counts]) => {
      const isGone = id !== '' && !declared.has(id);
      const { enforce = 'full' } = (isGone ? ever : declared).get(id) ?? {};
      return { ...(id === '' ? {} : { product: id }), enforce, isGone, ...counts };
    });
}

const known = new WeakMap<Bounds, ReadonlyMap<string, ScopeProduct>>();

/** The products in bounds, looked up once for all lakes. */
function productsIn(bounds: Bounds): ReadonlyMap<string, ScopeProduct> {
  const products =
    known.get(bounds) ?? new Map([...bounds.databases.values()].flat().map((product) => [product.id, product]));
  known.set(bounds, products);
  return products;
}
