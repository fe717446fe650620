import type { Snapshot } from '../../src/emulator/snapshot.ts';
import { type CellPlace, type Cells, cellPlace, type Extent, extentIn, minus } from './law-cells.ts';
import { claims, type WantedState } from './law-desired.ts';
import { underHolds } from './law-holds.ts';
import type { KnownCatalog } from './law-lake.ts';
import type { LawMesh } from './law-mesh.ts';
import { today } from './law-place.ts';

/** What holds take of a live cell, whoever asked for it. */
export type HeldBack = (key: string) => {
  /** What no run may leave there. */
  readonly certainly: Extent;
  /** Whether a run may take of it for a hold: of a database that products share, one may be held. */
  readonly perhaps: boolean;
};

interface Known {
  readonly mesh: LawMesh;
  readonly catalog: KnownCatalog;
  readonly wanted: WantedState;
  readonly before: Snapshot;
}

/** Tells what holds take of the cells of a lake. */
export function heldBack({ mesh, catalog, wanted, before }: Known, cells: Cells): HeldBack {
  return (key) => {
    const place = cellPlace(key);
    const extent = extentIn(cells, key);
    const filterColumns = filterColumnsOf(place, { wanted, before });
    const products = Object.entries(mesh.products).flatMap(([id, one]) => (isOn(place, one) ? [id] : []));
    const taken = (products.length === 0 ? [undefined] : products).map((product) =>
      minus(extent, underHolds({ mesh, catalog, today }, { place, extent, filterColumns }, { product })),
    );
    const [first = new Set<string>()] = taken;
    return {
      certainly: new Set([...first].filter((column) => taken.every((one) => one.has(column)))),
      perhaps: taken.some(({ size }) => size > 0) || wanted.held.has(key),
    };
  };
}

function isOn({ kind, database, table, arn }: CellPlace, product: LawMesh['products'][string]): boolean {
  if (kind === 'data-location')
    return (product.locations ?? []).some((path) => `${arn}/`.startsWith(`arn:aws:s3:::${path.slice(5)}`));
  return product.database === database && (table === undefined || claims(product, table));
}

function filterColumnsOf(
  { kind, database, table, filter }: CellPlace,
  { wanted, before }: Pick<Known, 'wanted' | 'before'>,
): Extent | undefined {
  if (kind !== 'data-cells-filter') return undefined;
  const live = before.filters.find(
    (one) => one['DatabaseName'] === database && one['TableName'] === table && one['Name'] === filter,
  );
  const names = live?.['ColumnNames'] as readonly string[] | undefined;
  return names === undefined || names.length === 0
    ? wanted.filters.get(`${database}.${table}.${filter}`)?.columns
    : new Set(names);
}
