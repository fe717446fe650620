import { type Source, sourceOf } from './source.ts';

/**
 * Values at fixed positions. A value keeps its position for as long as it is stored and positions of removed values
 * are used again, so a listing can go on from a position however much changed in between: what was there all along
 * is seen exactly once.
 */
export class SlotList<V> {
  /** What was there from the start, by position, but for what has been changed since. */
  readonly #base: Source<V>;
  readonly #changed = new Map<number, V | undefined>();
  readonly #values: (V | undefined)[] = [];
  readonly #free: number[] = [];

  constructor(base: Source<V> = sourceOf([])) {
    this.#base = base;
  }

  /** One more than the highest position ever used. */
  get length(): number {
    return this.#base.length + this.#values.length;
  }

  /** The value at a position, or undefined for a hole. */
  at(position: number): V | undefined {
    if (position >= this.#base.length) return this.#values[position - this.#base.length];
    return this.#changed.has(position) ? this.#changed.get(position) : this.#base.at(position);
  }

  /** The position that the next added value will have. */
  get next(): number {
    return this.#free.at(-1) ?? this.length;
  }

  /** Stores a value and answers its position. */
  add(value: V): number {
    const position = this.#free.pop() ?? this.length;
    this.put(position, value);
    return position;
  }

  /** Replaces the value at a position. */
  put(position: number, value: V | undefined): void {
    if (position < this.#base.length) this.#changed.set(position, value);
    else this.#values[position - this.#base.length] = value;
  }

  /** Makes a hole at a position. */
  remove(position: number): void {
    this.put(position, undefined);
    this.#free.push(position);
  }
}
