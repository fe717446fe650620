import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { cells, type Position } from './positions.ts';

/** Something wrong at an offset of a text. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly offset: number;
}

/** A plain value, where its parts stand, and what in it no mesh file may hold. */
export interface Tree {
  readonly value: unknown;
  readonly flat: Int32Array;
  readonly faults: readonly Fault[];
}

interface Built {
  readonly value: unknown;
  readonly flat: number[];
}

/** Turns a YAML node into a plain value; mappings have no prototype, so that every key is only a key. */
export function treeOf(root: Node | null, place: (offset: number) => Position): Tree {
  const faults: Fault[] = [];
  const start = (node: unknown, otherwise: number): number => (node as Node | null)?.range?.[0] ?? otherwise;

  const build = (node: unknown, offset: number, keyOffset: number): Built => {
    if (isMap(node)) return buildMap(node, keyOffset);
    if (isSeq(node)) return buildSeq(node, keyOffset);
    const value = isScalar(node) ? node.value : null;
    return { value, flat: cellsOf(value === null ? keyOffset : offset, keyOffset) };
  };

  const buildSeq = (node: YAMLSeq, keyOffset: number): Built => {
    const from = start(node, keyOffset);
    const items = node.items.map((item) => {
      const at = start(item, from);
      return build(item, at, at);
    });
    return { value: items.map((item) => item.value), flat: joined(cellsOf(from, keyOffset), items) };
  };

  const buildMap = (node: YAMLMap, keyOffset: number): Built => {
    const from = start(node, keyOffset);
    const children = new Map<string, Built>();
    for (const pair of node.items) {
      const at = start(pair.key, start(pair.value, from));
      const key = keyOf(pair, at, faults);
      if (children.has(key)) faults.push(duplicateKey(key, at));
      else children.set(key, build(pair.value, start(pair.value, at), at));
    }
    const value: Record<string, unknown> = Object.create(null);
    for (const [key, child] of children) value[key] = child.value;
    const inOrder = Object.keys(value).flatMap((key) => children.get(key) ?? []);
    return { value, flat: joined(cellsOf(from, keyOffset), inOrder) };
  };

  const cellsOf = (offset: number, keyOffset: number): number[] => {
    const [own, key] = [place(offset), place(keyOffset)];
    return [own.line, own.column, key.line, key.column, cells];
  };

  const { value, flat } = build(root, start(root, 0), start(root, 0));
  return { value, flat: Int32Array.from(flat), faults };
}

function joined(own: number[], children: readonly Built[]): number[] {
  for (const child of children) for (const cell of child.flat) own.push(cell);
  own[4] = own.length;
  return own;
}

function keyOf(pair: Pair, offset: number, faults: Fault[]): string {
  const { key } = pair;
  if (isScalar(key) && typeof key.value === 'string') {
    if (key.value === '<<' && key.type === 'PLAIN') faults.push(mergeKey(offset));
    return key.value;
  }
  const text = isScalar(key) ? (key.source ?? '') : '';
  const message =
    text === ''
      ? 'a key is empty or not plain text'
      : `the key ${text} is read as ${typeof (key as { value?: unknown }).value}, not as text`;
  faults.push({
    code: 'NON_TEXT_KEY',
    message,
    hint: text === '' ? 'a key is text, such as a name' : `put it in quotes: "${text}"`,
    offset,
  });
  return text;
}

function mergeKey(offset: number): Fault {
  return {
    code: 'ANCHOR',
    message: 'the merge key << is not used in mesh files',
    hint: 'write out what it stands for',
    offset,
  };
}

function duplicateKey(key: string, offset: number): Fault {
  return {
    code: 'DUPLICATE_KEY',
    message: `"${key}" is written twice in one mapping`,
    hint: 'keep one of them',
    offset,
  };
}
