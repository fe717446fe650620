/** A map whose first values are made when they are first asked for. */
export class LazyMap<V> {
  readonly #values = new Map<string, V>();
  readonly #makers = new Map<string, () => V>();

  get(key: string): V | undefined {
    const make = this.#makers.get(key);
    if (make) {
      this.#makers.delete(key);
      this.#values.set(key, make());
    }
    return this.#values.get(key);
  }

  /** The value of a key, made now where there is none. */
  open(key: string, make: () => V): V {
    const known = this.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#values.set(key, made);
    return made;
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  /** Makes the value of a key when it is first asked for. */
  later(key: string, make: () => V): void {
    this.#makers.set(key, make);
  }
}
