import fc from 'fast-check';
import type { Hold } from '../../src/declare/files.ts';
import { matcher } from './law-access.ts';
import { type CellPlace, type Extent, minus } from './law-cells.ts';
import type { KnownCatalog, KnownTable } from './law-lake.ts';
import type { LawMesh } from './law-mesh.ts';

const columnPatterns = ['c1*', 'c?', 'k*', 'x*', '/^c[13]$/', '*'];

/** Any hold. */
export const rawHold = fc.record({
  who: fc.constantFrom(
    {},
    {},
    { account: 'marketing' },
    { account: 'retail' },
    { principal: 'marketing/analysts' },
    { principal: 'research' },
    { principal: 'organization' },
    { principal: 'arn:aws:iam::111122223333:role/reporting' },
  ),
  product: fc.option(fc.nat(2), { nil: undefined }),
  table: fc.constantFrom(undefined, '*', '?1', '/^.*1$/'),
  column: fc.option(fc.constantFrom(...columnPatterns), { nil: undefined }),
  until: fc.constantFrom('2026-06-14', '2026-06-15', '2027-01-31'),
});

/** A hold before it is fitted to a mesh. */
export type RawHold = typeof rawHold extends fc.Arbitrary<infer T> ? T : never;

/** The hold as a mesh takes it; undefined where it would name what the mesh lacks. */
export function toHold(raw: RawHold, { mesh, accounts, products }: LawMesh): Hold | undefined {
  const { who, product, table, column, until } = raw;
  const ids = Object.keys(products);
  const name: string = Object.values(who)[0] ?? '';
  const isThere = name.includes(':')
    ? Object.values(mesh.principals ?? {}).includes(name)
    : (name.split('/')[0] ?? '') in accounts || name in (mesh.principals ?? {});
  if (ids.length === 0 || (name !== '' && !isThere)) return undefined;
  const scope = {
    ...who,
    ...(product === undefined ? {} : { product: ids[product % ids.length] ?? '' }),
    ...(table === undefined ? {} : { table }),
    ...(column === undefined ? {} : { column }),
  };
  const isEmpty = Object.keys(scope).length === 0;
  return { scope: isEmpty ? { product: ids[0] ?? '' } : scope, reason: 'A law.', until };
}

/** Who asks for a permission: the product, and the consumer where a subscription asks. */
interface Asking {
  readonly product: string | undefined;
  readonly consumer?: string | undefined;
}

/** What is left of what somebody asks, or holds, under the holds of a day; nothing where no part of it is. */
export function underHolds(
  { mesh, catalog, today }: { readonly mesh: LawMesh; readonly catalog: KnownCatalog; readonly today: string },
  asked: { readonly place: CellPlace; readonly extent: Extent; readonly filterColumns?: Extent | undefined },
  asking: Asking,
): Extent {
  const none: Extent = new Set();
  let left = asked.extent;
  for (const hold of mesh.mesh.holds ?? []) {
    if (hold.until < today || !isAbout(mesh, hold, { place: asked.place, asking })) continue;
    const { table, column } = hold.scope;
    if (table === undefined && column === undefined) return none;
    const { kind, permission } = asked.place;
    if (!['table', 'all-tables', 'data-cells-filter'].includes(kind)) continue;
    if (column !== undefined && !['SELECT', 'INSERT', 'DELETE', 'ALL'].includes(permission)) continue;
    const meant = catalog.tables.filter(
      ({ database, name }) =>
        database === asked.place.database &&
        (kind === 'all-tables' || name === asked.place.table) &&
        (table === undefined || pattern(table)(name)),
    );
    if (column === undefined) {
      const isNamed = asked.place.table !== undefined && (table === undefined || pattern(table)(asked.place.table));
      if (meant.length > 0 || isNamed) return none;
      continue;
    }
    const held = (one: KnownTable): readonly string[] => [...one.columns, ...one.keys].filter(pattern(column));
    if (kind === 'all-tables') {
      if (meant.some((one) => held(one).length > 0)) return none;
      continue;
    }
    const [found] = meant;
    if (found === undefined) {
      const isThere = catalog.tables.some(
        (one) => one.database === asked.place.database && one.name === asked.place.table,
      );
      const isMeant = table === undefined || pattern(table)(asked.place.table ?? '');
      if (!isThere && isMeant) return none;
      continue;
    }
    const given =
      kind === 'table' && permission === 'SELECT'
        ? left
        : (asked.filterColumns ?? new Set([...found.columns, ...found.keys]));
    const cut = held(found).filter((name) => given.has(name) || found.keys.includes(name));
    if (cut.length === 0) continue;
    if (kind !== 'table' || permission !== 'SELECT' || cut.some((name) => found.keys.includes(name))) return none;
    left = minus(left, new Set([...cut, '*']));
    if ([...left].every((name) => found.keys.includes(name))) return none;
  }
  return left;
}

function isAbout(
  { mesh, accounts }: LawMesh,
  { scope }: Hold,
  { place, asking }: { readonly place: CellPlace; readonly asking: Asking },
): boolean {
  if (scope.product !== undefined && scope.product !== asking.product) return false;
  if (scope.account !== undefined && scope.account !== asking.consumer) {
    const id = accounts[scope.account]?.id ?? '';
    if (
      place.principal !== id &&
      !place.principal.startsWith(`arn:aws:iam::${id}:`) &&
      place.principal !== `${id}:IAMPrincipals`
    )
      return false;
  }
  if (scope.principal === undefined) return true;
  const [account = '', own] = scope.principal.split('/');
  const meant = [
    scope.principal,
    mesh.principals?.[scope.principal],
    own === undefined ? accounts[account]?.id : accounts[account]?.principals?.[own],
  ];
  return meant.includes(place.principal);
}

function pattern(text: string): (name: string) => boolean {
  if (!text.startsWith('/')) return matcher(text);
  const compiled = new RegExp(text.slice(1, -1));
  return (name) => compiled.test(name);
}
