/** The emulator's time: whatever the given clock says, plus what it was moved on by. */
export class Clock {
  readonly #source: () => number;
  #moved = 0;

  constructor(source: () => number) {
    this.#source = source;
  }

  /** The time in milliseconds. */
  now(): number {
    return this.#source() + this.#moved;
  }

  /** Moves the time on. */
  advance(ms: number): void {
    this.#moved += ms;
  }
}
