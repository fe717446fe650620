import { type Document, isCollection, isMap, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { inline } from './edit.ts';

/** Where a value stands in a YAML file: keys and indexes from the top. */
type EditPath = readonly (string | number)[];

/**
 * Makes a YAML file say another value, and touches only what differs. In the value `undefined` stands for an item or
 * field that goes; a list that gets longer is written anew on one line.
 */
export function rewritten(text: string, value: unknown): string {
  return differences(parseDocument(text).toJS(), value, []).reduce(
    (rest, { path, value: to }) => (to === undefined ? withoutAt(rest, path) : withAt(rest, path, to)),
    text,
  );
}

/**
 * Takes a field of a mapping, or an item of a list, out of a YAML file. The rest stays byte for byte as it was;
 * where the file is written so that this cannot be done, YAML's library writes it anew, comments included.
 */
function withoutAt(text: string, path: EditPath): string {
  const document = parseDocument(text);
  const around = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  const parts = isCollection(around) ? (around.items as (Node | Pair)[]).map(spanOf) : [];
  const index = isMap(around) ? indexOf(around, String(last)) : Number(last);
  const cut = isCollection(around) ? cutOf(text, { parts, index, isFlow: around.flow === true }) : undefined;
  document.deleteIn(path);
  return proven(document, cut === undefined ? undefined : text.slice(0, cut.start) + text.slice(cut.end));
}

/** Gives a field a value, be it there already or not, on one line. The rest stays as `withoutAt` leaves it. */
function withAt(text: string, path: EditPath, value: unknown): string {
  const document = parseDocument(text);
  const node = document.getIn(path, true) as Node | undefined;
  const around = document.getIn(path.slice(0, -1), true);
  const edit =
    node?.range == null ? added(text, around, `${path.at(-1)}: ${inline(value)}`) : replaced(text, node, value);
  document.setIn(path, document.createNode(value));
  return proven(document, edit);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function replaced(text: string, node: Node, value: unknown): string | undefined {
  if (node.range == null) return undefined;
  const [start, to] = node.range;
  // Blocks and block scalars end behind their last line.
  const end = text.slice(start, to).trimEnd().length + start;
  return text.slice(0, start) + inline(value) + text.slice(end);
}

/** A field more behind the last one of a mapping. */
function added(text: string, around: unknown, field: string): string | undefined {
  if (!isMap(around)) return undefined;
  const last = around.items.at(-1);
  const [first] = around.items;
  if (last === undefined || first === undefined) return undefined;
  const { end } = spanOf(last);
  const at = text.slice(0, end).trimEnd().length;
  if (around.flow === true) return `${text.slice(0, at)}, ${field}${text.slice(at)}`;
  const lineEnd = endOfLine(text, at);
  const { start } = spanOf(first);
  const indent = ' '.repeat(start - startOfLine(text, start));
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const before = text.slice(0, lineEnd);
  return `${before}${before.endsWith('\n') ? '' : newline}${indent}${field}${newline}${text.slice(lineEnd)}`;
}

/** What to cut so that one part of a collection goes; undefined where it is the only one, or is not there. */
function cutOf(
  text: string,
  { parts, index, isFlow }: { readonly parts: readonly Span[]; readonly index: number; readonly isFlow: boolean },
): Span | undefined {
  const [before, part, next] = [parts[index - 1], parts[index], parts[index + 1]];
  if (part === undefined || parts.length < 2) return undefined;
  if (isFlow) {
    if (next !== undefined) return { start: part.start, end: next.start };
    return before === undefined ? undefined : { start: before.end, end: part.end };
  }
  // The first field of an item stands behind the item's dash, which stays.
  const start = startOfLine(text, part.start);
  const isBehindDash = /^[ ]*- /.test(text.slice(start, part.start)) && before === undefined;
  if (isBehindDash && next !== undefined && !/- $/.test(text.slice(startOfLine(text, next.start), next.start)))
    return { start: part.start, end: next.start };
  return { start, end: endOfLine(text, text.slice(0, part.end).trimEnd().length) };
}

function spanOf(part: Node | Pair): Span {
  if ('key' in part) {
    const key = part.key as Node | null;
    const value = part.value as Node | null;
    const start = key?.range?.[0] ?? -1;
    return { start, end: value?.range?.[1] ?? key?.range?.[1] ?? -1 };
  }
  return { start: part.range?.[0] ?? -1, end: part.range?.[1] ?? -1 };
}

function indexOf(map: YAMLMap, key: string): number {
  return map.items.findIndex((pair) => (pair.key as { value?: unknown } | null)?.value === key);
}

function startOfLine(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** The edited text where it says what the document says; else the document written anew. */
function proven(document: Document.Parsed, edit: string | undefined): string {
  if (edit !== undefined) {
    const again = parseDocument(edit);
    if (again.errors.length === 0 && JSON.stringify(again.toJS()) === JSON.stringify(document.toJS())) return edit;
  }
  if (isSeq(document.contents) || isMap(document.contents))
    return document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return document.toString();
}

interface Difference {
  readonly path: EditPath;
  /** Undefined, it goes. */
  readonly value?: unknown;
}

/** From the end of each list to its start, so that what goes moves nothing that is still to be edited. */
function differences(before: unknown, after: unknown, path: EditPath): readonly Difference[] {
  if (after === undefined) return [{ path }];
  if (isList(before) && isList(after) && before.length === after.length && after.some((item) => item !== undefined))
    return before
      .map((item, index) => differences(item, after[index], [...path, index]))
      .reverse()
      .flat();
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    const found = [...keys].flatMap((key) => differences(before[key], after[key], [...path, key]));
    // What comes comes first, so that a mapping is never without fields.
    return found.toSorted((a, b) => Number(a.value === undefined) - Number(b.value === undefined));
  }
  const kept = isList(after) ? after.filter((item) => item !== undefined) : after;
  return JSON.stringify(before) === JSON.stringify(kept) ? [] : [{ path, value: kept }];
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
