import type { PermissionSet } from '../permission.ts';
import { type Columns, columnsKey, distinctionOf, placeOf, type Resource } from '../resource.ts';
import { LazyMap } from '../store/lazy-map.ts';
import { SlotList } from '../store/slot-list.ts';
import type { Source } from '../store/source.ts';
import type { Group } from './group.ts';

/**
 * Permissions that one principal holds on one part of a resource. SELECT on a table is always kept with the columns
 * it covers, apart from the other permissions, because that is how Lake Formation lists it. Each bit of `permissions`
 * with the bit of `options` is one atom; AWS shows one LastUpdated for a row, so one is kept.
 */
export interface StoredRow {
  readonly principal: string;
  readonly resource: Resource;
  readonly part: Part;
  readonly condition?: string;
  readonly permissions: PermissionSet;
  readonly options: PermissionSet;
  readonly lastUpdated: number;
  readonly lastUpdatedBy: string;
  readonly shareArns: readonly string[];
}

/** The part of a resource: itself, the columns that a SELECT covers, or one permission of an LF-Tag. */
export type Part =
  | { readonly kind: 'resource' }
  | { readonly kind: 'columns'; readonly columns: Columns }
  | { readonly kind: 'tag-permission'; readonly permission: string };

/** The names by which a stored row is found. */
export type RowKey = Pick<StoredRow, 'principal' | 'resource' | 'part' | 'condition'>;

/** Rows at fixed positions, as ListPermissions walks through them. */
export type RowSource = Source<StoredRow>;

/** What can be read of the stored permissions, now or as they were. */
export interface GrantView {
  readonly all: RowSource;
  under(place: string): RowSource;
  /** The rows of a principal in a place. */
  held(principal: string, place: string): readonly StoredRow[];
  of(principal: string): Iterable<StoredRow>;
}

interface Place {
  readonly positions: SlotList<number>;
  readonly rows: Map<string, { readonly position: number; readonly slot: number }>;
}

interface Holder {
  readonly text: string;
  readonly positions: Set<number>;
}

interface Past {
  readonly at: number;
  readonly position: number;
  readonly before: StoredRow | undefined;
}

const longestPast = 100_000;
const noRows: RowSource = { length: 0, at: () => undefined };

/** All stored permissions of one catalog, found by place, by principal, or one after another. */
export class GrantStore implements GrantView {
  #rows = new SlotList<StoredRow>();
  readonly #places = new LazyMap<Place>();
  readonly #principals = new LazyMap<Holder>();
  readonly #resources = new Map<string, Resource>();
  #past: Past[] = [];

  /** Begins with the rows of a group; the store must be empty. */
  startWith(group: Group): void {
    this.#rows = new SlotList(group);
    for (const name of group.places) this.#places.later(name, () => placeWith(group, name));
    for (const text of group.principals)
      this.#principals.later(text, () => ({ text, positions: new Set(group.positionsOf(text)) }));
  }

  /** Every row, in the order of its position. */
  get all(): RowSource {
    return this.#rows;
  }

  /** The row under a key. */
  get(key: RowKey): StoredRow | undefined {
    const found = this.#places.get(placeOf(key.resource))?.rows.get(innerKey(key));
    return found && this.#rows.at(found.position);
  }

  /** Stores a row in place of the one with the same key; a row without permissions goes away. */
  put(row: StoredRow, at: number | undefined): void {
    const placeName = placeOf(row.resource);
    const key = innerKey(row);
    const place = this.#places.get(placeName);
    const found = place?.rows.get(key);
    const isEmpty = (row.permissions | row.options) === 0;
    if (!found && isEmpty) return;
    this.#remember(found?.position ?? this.#rows.next, at);
    if (found && place) {
      if (isEmpty) this.#drop(row, { placeName, place, key, found });
      else this.#rows.put(found.position, row);
      return;
    }
    const { principal } = row;
    const holder = this.#principals.open(principal, () => ({ text: principal, positions: new Set() }));
    const position = this.#rows.add({
      ...row,
      principal: holder.text,
      resource: this.#shared(row.resource, placeName),
    });
    const home = this.#places.open(placeName, emptyPlace);
    home.rows.set(key, { position, slot: home.positions.add(position) });
    holder.positions.add(position);
  }

  under(placeName: string): RowSource {
    const place = this.#places.get(placeName);
    if (!place) return noRows;
    const { positions } = place;
    return {
      get length() {
        return positions.length;
      },
      at: (slot) => this.#rowAt(positions.at(slot)),
    };
  }

  *of(principal: string): Iterable<StoredRow> {
    for (const position of this.#principals.get(principal)?.positions ?? []) {
      const row = this.#rows.at(position);
      if (row) yield row;
    }
  }

  held(principal: string, placeName: string): readonly StoredRow[] {
    const place = this.#places.get(placeName);
    const holder = this.#principals.get(principal);
    if (!place || !holder) return [];
    // Either side may be long: a table granted to thousands, or a principal with thousands of grants.
    if (place.positions.length <= holder.positions.size)
      return rowsIn(this.under(placeName)).filter((row) => row.principal === holder.text);
    return [...this.of(principal)].filter((row) => placeOf(row.resource) === placeName);
  }

  /** The permissions as they were at a time. */
  asOf(time: number): GrantView {
    const before = new Map<number, StoredRow | undefined>();
    for (let index = this.#past.length - 1; index >= 0; index -= 1) {
      const past = this.#past[index];
      if (!past || past.at <= time) break;
      before.set(past.position, past.before);
    }
    if (before.size === 0) return this;
    const at = (position: number): StoredRow | undefined =>
      before.has(position) ? before.get(position) : this.#rows.at(position);
    const gone = [...before.values()].filter((row) => row !== undefined);
    const wanted = (source: RowSource, matches: (row: StoredRow) => boolean): RowSource => {
      const unchanged = rowsIn(source).filter((row) => this.#isUnchanged(row, before));
      const rows = [...unchanged, ...gone.filter(matches)];
      return { length: rows.length, at: (position) => rows[position] };
    };
    const under = (place: string): RowSource => wanted(this.under(place), (row) => placeOf(row.resource) === place);
    return {
      all: { length: this.#rows.length, at },
      under,
      held: (principal, place) => rowsIn(under(place)).filter((row) => row.principal === principal),
      of: (principal) => {
        const present = [...this.of(principal)];
        return rowsIn(wanted({ length: present.length, at: (i) => present[i] }, (row) => row.principal === principal));
      },
    };
  }

  #isUnchanged(row: StoredRow, before: ReadonlyMap<number, StoredRow | undefined>): boolean {
    const found = this.#places.get(placeOf(row.resource))?.rows.get(innerKey(row));
    return found !== undefined && !before.has(found.position);
  }

  #rowAt(position: number | undefined): StoredRow | undefined {
    return position === undefined ? undefined : this.#rows.at(position);
  }

  /** One object for equal resources: a million rows name far fewer. */
  #shared(resource: Resource, placeName: string): Resource {
    const key = `${placeName}\u0000${distinctionOf(resource)}`;
    const known = this.#resources.get(key);
    if (known) return known;
    this.#resources.set(key, resource);
    return resource;
  }

  #drop(
    row: StoredRow,
    where: { placeName: string; place: Place; key: string; found: { position: number; slot: number } },
  ): void {
    const { place, found } = where;
    place.rows.delete(where.key);
    place.positions.remove(found.slot);
    if (place.rows.size === 0) this.#places.delete(where.placeName);
    this.#rows.remove(found.position);
    const holder = this.#principals.get(row.principal);
    holder?.positions.delete(found.position);
    if (holder?.positions.size === 0) this.#principals.delete(row.principal);
  }

  #remember(position: number, at: number | undefined): void {
    if (at === undefined) return;
    if (this.#past.length >= longestPast) this.#past = this.#past.slice(longestPast / 2);
    this.#past.push({ at, position, before: this.#rows.at(position) });
  }
}

/** The rows of a source that are not holes. */
export function rowsIn(source: RowSource): readonly StoredRow[] {
  const rows: StoredRow[] = [];
  for (let position = 0; position < source.length; position += 1) {
    const row = source.at(position);
    if (row) rows.push(row);
  }
  return rows;
}

function emptyPlace(): Place {
  return { positions: new SlotList(), rows: new Map() };
}

function placeWith(group: Group, name: string): Place {
  const place = emptyPlace();
  for (const position of group.positionsIn(name)) {
    const row = group.at(position);
    if (row) place.rows.set(innerKey(row), { position, slot: place.positions.add(position) });
  }
  return place;
}

function innerKey(key: RowKey): string {
  const { part } = key;
  const partKey = part.kind === 'resource' ? '' : part.kind === 'columns' ? columnsKey(part.columns) : part.permission;
  return [key.principal, partKey, distinctionOf(key.resource), key.condition ?? ''].join('\u0000');
}
