import type { Source } from './source.ts';

/** What can be read from a shelf, now or as it was. */
export interface ShelfView<V> {
  get(key: string): V | undefined;
  /** All keys, sorted. */
  keys(): readonly string[];
}

interface Past<V> {
  readonly at: number;
  readonly key: string;
  readonly before: V | undefined;
}

const longestPast = 20_000;

/** Named values that are replaced, never changed, together with what they were before: reads may lag. */
export class Shelf<V> implements ShelfView<V> {
  readonly #values = new Map<string, V>();
  #past: Past<V>[] = [];
  #keys: readonly string[] | undefined;

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  keys(): readonly string[] {
    this.#keys ??= [...this.#values.keys()].sort();
    return this.#keys;
  }

  /** Stores a value under a key, at a time. */
  set(key: string, value: V, at: number): void {
    this.#remember(key, at);
    if (!this.#values.has(key)) this.#keys = undefined;
    this.#values.set(key, value);
  }

  /** Takes a key away, at a time. */
  delete(key: string, at: number): void {
    this.#remember(key, at);
    this.#values.delete(key);
    this.#keys = undefined;
  }

  /** The shelf as it was at a time. */
  asOf(time: number): ShelfView<V> {
    const before = new Map<string, V | undefined>();
    for (let index = this.#past.length - 1; index >= 0; index -= 1) {
      const past = this.#past[index];
      if (!past || past.at <= time) break;
      before.set(past.key, past.before);
    }
    if (before.size === 0) return this;
    const get = (key: string): V | undefined => (before.has(key) ? before.get(key) : this.get(key));
    const keys = (): readonly string[] =>
      [...new Set([...this.#values.keys(), ...before.keys()])].filter((key) => get(key) !== undefined).sort();
    return { get, keys };
  }

  #remember(key: string, at: number): void {
    if (this.#past.length >= longestPast) this.#past = this.#past.slice(longestPast / 2);
    this.#past.push({ at, key, before: this.#values.get(key) });
  }
}

/** The values of a shelf whose keys begin with a text, in the order of their keys, looked up as they are walked. */
export function rangeOf<V>(shelf: ShelfView<V>, prefix: string): Source<V> {
  const keys = shelf.keys();
  const first = lowerBound(keys, prefix);
  const end = prefix === '' ? keys.length : lowerBound(keys, after(prefix));
  return {
    length: end - first,
    at: (position) => {
      const key = keys[first + position];
      return key === undefined || first + position >= end ? undefined : shelf.get(key);
    },
  };
}

/** The same values as a list. */
export function valuesUnder<V>(shelf: ShelfView<V>, prefix: string): readonly V[] {
  const range = rangeOf(shelf, prefix);
  return Array.from({ length: range.length }, (_, position) => range.at(position)).filter(
    (value) => value !== undefined,
  );
}

/** The first text behind all that begin with a prefix. */
function after(prefix: string): string {
  const last = prefix.length - 1;
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1);
}

function lowerBound(keys: readonly string[], wanted: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
