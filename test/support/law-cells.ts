import type { Atom } from '../../src/emulator/journal.ts';
import type { Snapshot } from '../../src/emulator/snapshot.ts';
import type { KnownCatalog } from './law-lake.ts';
import { central } from './law-place.ts';

/** Where a permission is held, in the words of the emulator's journal. */
export interface CellPlace {
  readonly principal: string;
  readonly kind: string;
  readonly database?: string | undefined;
  readonly table?: string | undefined;
  readonly filter?: string | undefined;
  readonly arn?: string | undefined;
  readonly permission: string;
  readonly option: boolean;
  readonly condition?: string | undefined;
  /** The account whose catalog has the resource, where that is not the central one. */
  readonly catalog?: string | undefined;
}

/** A permission's columns, spelled out: `*` stands for those to come, `.` for a permission that has none. */
export type Extent = ReadonlySet<string>;

/** What is held, cell by cell. */
export type Cells = ReadonlyMap<string, Extent>;

/** What is held, list by list of each cell. */
export type Lists = ReadonlyMap<string, readonly Extent[]>;

const nothing: Extent = new Set();

/** The name of a cell. */
export function cellKey(place: CellPlace): string {
  const { principal, kind, database, table, filter, arn, permission, option, condition, catalog } = place;
  return JSON.stringify([
    principal,
    kind,
    database ?? '',
    table ?? '',
    filter ?? '',
    arn ?? '',
    permission,
    option,
    condition ?? '',
    catalog ?? '',
  ]);
}

/** The cell of a name. */
export function cellPlace(key: string): CellPlace {
  const [principal, kind, database, table, filter, arn, permission, option, condition, catalog] = JSON.parse(key) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    boolean,
    string,
    string,
  ];
  const text = (value: string): string | undefined => (value === '' ? undefined : value);
  return {
    principal,
    kind,
    database: text(database),
    table: text(table),
    filter: text(filter),
    arn: text(arn),
    permission,
    option,
    condition: text(condition),
    catalog: text(catalog),
  };
}

/** What is in `a` and not in `b`. */
export function minus(a: Extent, b: Extent): Extent {
  return new Set([...a].filter((one) => !b.has(one)));
}

/** Both together. */
export function plus(a: Extent, b: Extent): Extent {
  return new Set([...a, ...b]);
}

/** What is held in a cell. */
export function extentIn(cells: Cells, key: string): Extent {
  return cells.get(key) ?? nothing;
}

/** All columns of a table, or what a permission without columns has. */
export function wholeOf(
  catalog: KnownCatalog,
  on: { readonly database?: string | undefined; readonly table?: string | undefined },
): Extent {
  const table = catalog.tables.find(({ database, name }) => database === on.database && name === on.table);
  return new Set([...(table?.columns ?? []), ...(table?.keys ?? []), '*']);
}

/** The permissions of a lake, kept up to date with the changes of a journal. */
export class CellBook {
  readonly #lists = new Map<string, Map<string, Extent>>();
  readonly #catalog: KnownCatalog;

  constructor(catalog: KnownCatalog, snapshot: Snapshot) {
    this.#catalog = catalog;
    for (const atom of snapshot.atoms) this.grant(atom);
  }

  /** What is held now. */
  cells(): Cells {
    const found = [...this.lists()].map(([key, lists]) => [key, lists.reduce(plus, nothing)] as const);
    return new Map(found.filter(([, extent]) => extent.size > 0));
  }

  /** The same as it is stored: each list of columns by itself. */
  lists(): Lists {
    return new Map([...this.#lists].map(([key, lists]) => [key, [...lists.values()]]));
  }

  grant(atom: Atom): void {
    for (const option of atom.grantable ? [false, true] : [false]) this.#put(atom, option);
  }

  revoke(atom: Atom): void {
    if (atom.optionOnly !== true) this.#drop(atom, false);
    if (atom.grantable) this.#drop(atom, true);
  }

  #put(atom: Atom, option: boolean): void {
    const key = keyOfAtom(atom, option);
    const lists = this.#lists.get(key) ?? new Map<string, Extent>();
    lists.set(JSON.stringify(atom.resource.columns ?? null), this.#extentOf(atom));
    this.#lists.set(key, lists);
  }

  #drop(atom: Atom, option: boolean): void {
    this.#lists.get(keyOfAtom(atom, option))?.delete(JSON.stringify(atom.resource.columns ?? null));
  }

  #extentOf({ resource, permission }: Atom): Extent {
    if (permission !== 'SELECT' || resource.kind !== 'table') return new Set(['.']);
    const whole = wholeOf(this.#catalog, resource);
    const { columns } = resource;
    if (columns === undefined) return whole;
    return 'include' in columns ? new Set(columns.include) : minus(whole, new Set(columns.exclude));
  }
}

function keyOfAtom({ principal, resource, permission, condition }: Atom, option: boolean): string {
  const { kind, database, table, filter, arn, catalogId } = resource;
  // What is held through LF-Tags is told apart by all that the journal says of it.
  const tagged = kind.startsWith('lf-') ? JSON.stringify(resource) : arn;
  const catalog = catalogId === central ? undefined : catalogId;
  return cellKey({ principal, kind, database, table, filter, arn: tagged, permission, option, condition, catalog });
}
