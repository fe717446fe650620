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
  const rows = new Map([...productsIn(scope)].map(([id]) => [id, { ...nothing }]));
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
    if (judged.kind === 'outside' && fact.kind !== 'acceptance') outside += 1;
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
  return rest.reduce(
    (sum, one) => ({
      unmanaged: [...sum.unmanaged, ...one.unmanaged],
      protected: [...sum.protected, ...one.protected],
      outside: sum.outside === null || one.outside === null ? null : sum.outside + one.outside,
      picture: sum.picture.map((row) => addRow(row, one.picture)),
    }),
    first,
  );
}

function addRow(row: PictureRow, others: readonly PictureRow[]): PictureRow {
  const other = others.find(({ product }) => product === row.product);
  if (other === undefined) return row;
  return {
    ...row,
    managed: row.managed + other.managed,
    unmanaged: row.unmanaged + other.unmanaged,
    protected: row.protected + other.protected,
    leftOut: row.leftOut + other.leftOut,
  };
}

type Counts = { -readonly [K in 'managed' | 'unmanaged' | 'protected' | 'leftOut']: PictureRow[K] };

const nothing: Counts = { managed: 0, unmanaged: 0, protected: 0, leftOut: 0 };

/** Every declared product has a row; one that is gone only where something of it is left. */
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

function productsIn({ databases }: Bounds): ReadonlyMap<string, ScopeProduct> {
  return new Map([...databases.values()].flat().map((product) => [product.id, product]));
}
