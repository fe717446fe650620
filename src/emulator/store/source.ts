/** Things at positions, with holes: what a listing walks through. */
export interface Source<T> {
  readonly length: number;
  at(position: number): T | undefined;
}

/** The things of a list as a source. */
export function sourceOf<T>(items: readonly T[]): Source<T> {
  return { length: items.length, at: (position) => items[position] };
}
