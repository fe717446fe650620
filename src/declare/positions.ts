/** A line and a column, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A path of keys and indexes into a value. */
export type Path = readonly (string | number)[];

/** Where each part of a value stands. */
export interface Positions {
  /** Where the value stands, or its nearest ancestor's where it is absent. */
  readonly at: (path: Path) => Position;
  /** Where the key of the value stands; for an item of a list, the value. */
  readonly keyAt: (path: Path) => Position;
}

/** A node's line and column, its key's, and how many cells it and all below it take. */
export const cells = 5;

// A mesh may have 50,000 files. One flat array for each file, in the order of Object.keys, is a tenth of
// the size of a tree of objects.
/** Reads positions from a flat array that holds a node, then its children, in the order of Object.keys. */
export function positionsOf(value: unknown, flat: Int32Array): Positions {
  // A product may list 100,000 tables: what was looked into once is not counted through again.
  const known = new WeakMap<object, ReadonlyMap<string, number>>();
  const childrenOf = (parent: object, node: number): ReadonlyMap<string, number> => {
    const seen = known.get(parent);
    if (seen !== undefined) return seen;
    const children = new Map<string, number>();
    let child = node + cells;
    for (const key of Object.keys(parent)) {
      children.set(key, child);
      child += flat[child + 4] ?? 0;
    }
    known.set(parent, children);
    return children;
  };
  const find = (path: Path): number => {
    let node = 0;
    let here = value;
    for (const step of path) {
      if (here === null || typeof here !== 'object') return node;
      const child = childrenOf(here, node).get(String(step));
      if (child === undefined) return node;
      node = child;
      here = (here as Readonly<Record<string, unknown>>)[String(step)];
    }
    return node;
  };
  const position = (node: number, offset: number): Position => ({
    line: flat[node + offset] ?? 1,
    column: flat[node + offset + 1] ?? 1,
  });
  return { at: (path) => position(find(path), 0), keyAt: (path) => position(find(path), 2) };
}

/** Turns offsets in a text into lines and columns. */
export function lineTable(text: string): (offset: number) => Position {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
