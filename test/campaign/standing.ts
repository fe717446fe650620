import type { SeedFilter, SeedGrant } from '../../src/emulator/seed.ts';
import { type CellPlace, cellPlace, type Extent } from '../support/law-cells.ts';
import { type Wanted, wantedBy } from '../support/law-desired.ts';
import type { KnownCatalog } from '../support/law-lake.ts';
import type { LawMesh } from '../support/law-mesh.ts';
import { caller, central, today } from '../support/law-place.ts';

/** What stands in a lake. */
export interface Standing {
  readonly grants: readonly SeedGrant[];
  readonly filters: readonly SeedFilter[];
}

/** What stands after somebody else has carried a mesh out by hand: the checker's reading of the files, as grants. */
export function standingOf(mesh: LawMesh, catalog: KnownCatalog): Standing {
  const { cells, filters } = wantedBy(mesh, { catalog, today, unproven: new Set(), open: new Set() });
  return {
    grants: grantsFrom(cells, { lastUpdatedBy: caller }),
    filters: [...filters].flatMap(([name, { rows: text, columns, isAll, isProven }]): SeedFilter[] => {
      const [database = '', table = '', filter = ''] = name.split('.');
      return isProven
        ? [
            {
              database,
              table,
              name: filter,
              ...(text === undefined ? {} : { rows: text }),
              ...(isAll ? {} : { columns: [...columns] }),
            },
          ]
        : [];
    }),
  };
}

/** What proven files ask for, as grants of a seed; `owner` is the account of what is no cell's own catalog, where it is another. */
export function grantsFrom(
  cells: ReadonlyMap<string, Wanted>,
  { lastUpdatedBy, owner }: { readonly lastUpdatedBy: string; readonly owner?: string },
): readonly SeedGrant[] {
  const rows = new Map<
    string,
    { readonly place: CellPlace; readonly extent: Extent; permissions: string[]; options: string[] }
  >();
  for (const [key, { proven }] of cells) {
    if (proven.size === 0) continue;
    const place = cellPlace(key);
    const { permission, option, ...on } = place;
    const row = JSON.stringify([on, [...proven].sort()]);
    const known = rows.get(row) ?? { place, extent: proven, permissions: [], options: [] };
    known[option ? 'options' : 'permissions'].push(permission);
    rows.set(row, known);
  }
  return [...rows.values()].flatMap(({ place, extent, permissions, options }): SeedGrant[] =>
    permissions.length === 0
      ? []
      : [
          {
            principal: place.principal,
            resource: resourceOf(place, extent, place.catalog === undefined ? owner : undefined),
            permissions,
            ...(options.length === 0 ? {} : { withGrantOption: options.filter((one) => permissions.includes(one)) }),
            lastUpdatedBy,
          },
        ],
  );
}

function resourceOf(
  { kind, database, table, filter, arn }: CellPlace,
  extent: Extent,
  owner: string | undefined,
): Readonly<Record<string, unknown>> {
  const of = owner === undefined ? {} : { CatalogId: owner };
  switch (kind) {
    case 'catalog':
      return { Catalog: {} };
    case 'database':
      return { Database: { ...of, Name: database } };
    case 'all-tables':
      return { Table: { ...of, DatabaseName: database, TableWildcard: {} } };
    case 'data-location':
      return { DataLocation: { ...of, ResourceArn: arn } };
    case 'data-cells-filter':
      return { DataCellsFilter: { TableCatalogId: central, DatabaseName: database, TableName: table, Name: filter } };
    default: {
      const on = { ...of, DatabaseName: database, Name: table };
      return extent.has('*') || extent.has('.')
        ? { Table: on }
        : { TableWithColumns: { ...on, ColumnNames: [...extent] } };
    }
  }
}
