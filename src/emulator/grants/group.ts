import type { Lake } from '../lake.ts';
import type { Principal } from '../principal.ts';
import { sharesOf } from '../ram/group-shares.ts';
import { placeOf } from '../resource.ts';
import type { RowSource, StoredRow } from './grant-store.ts';
import type { Author } from './store-grant.ts';

/**
 * Rows that many principals hold alike, worked out when they are looked at: a lake of a million permissions is there
 * at once. Positions count the rows of the first principal, then those of the next.
 */
export class Group implements RowSource {
  readonly principals: readonly string[];
  readonly length: number;
  readonly #rows: readonly StoredRow[];
  readonly #places = new Map<string, number[]>();
  readonly #sharesOf: (holder: number, row: number) => readonly string[];

  /** Gives every principal the rows, on RAM shares of its own. */
  constructor(
    author: Author,
    lake: Lake,
    { principals, rows }: { readonly principals: readonly Principal[]; readonly rows: readonly StoredRow[] },
  ) {
    this.principals = principals.map(({ text }) => text);
    this.length = principals.length * rows.length;
    this.#rows = rows;
    for (const [index, { resource }] of rows.entries()) {
      const indexes = this.#places.get(placeOf(resource));
      if (indexes) indexes.push(index);
      else this.#places.set(placeOf(resource), [index]);
    }
    this.#sharesOf = sharesOf(author, lake, { principals, rows });
  }

  at(position: number): StoredRow | undefined {
    const holder = Math.floor(position / this.#rows.length);
    const principal = this.principals[holder];
    const row = this.#rows[position % this.#rows.length];
    if (principal === undefined || row === undefined) return undefined;
    return { ...row, principal, shareArns: this.#sharesOf(holder, position % this.#rows.length) };
  }

  /** The names of the places that it has rows in. */
  get places(): Iterable<string> {
    return this.#places.keys();
  }

  /** The positions of the rows in a place. */
  positionsIn(place: string): readonly number[] {
    const indexes = this.#places.get(place) ?? [];
    return this.principals.flatMap((_, holder) => indexes.map((index) => holder * this.#rows.length + index));
  }

  /** The positions of a principal's rows. */
  positionsOf(principal: string): readonly number[] {
    const first = this.principals.indexOf(principal) * this.#rows.length;
    return first < 0 ? [] : this.#rows.map((_, index) => first + index);
  }
}
