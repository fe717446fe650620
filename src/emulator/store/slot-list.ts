/**
 * Values at fixed positions. A value keeps its position for as long as it is stored and positions of removed values
 * are used again, so a listing can go on from a position however much changed in between: what was there all along
 * is seen exactly once.
 */
export class SlotList<V> {
  readonly #values: (V | undefined)[] = [];
  readonly #free: number[] = [];

  /** One more than the highest position ever used. */
  get length(): number {
    return this.#values.length;
  }

  /** The value at a position, or undefined for a hole. */
  at(position: number): V | undefined {
    return this.#values[position];
  }

  /** The position that the next added value will have. */
  get next(): number {
    return this.#free.at(-1) ?? this.#values.length;
  }

  /** Stores a value and answers its position. */
  add(value: V): number {
    const position = this.#free.pop() ?? this.#values.length;
    this.#values[position] = value;
    return position;
  }

  /** Replaces the value at a position. */
  put(position: number, value: V): void {
    this.#values[position] = value;
  }

  /** Makes a hole at a position. */
  remove(position: number): void {
    this.#values[position] = undefined;
    this.#free.push(position);
  }
}
