import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parse,
  parseDocument,
  type Scalar,
  type YAMLSeq,
} from 'yaml';

/** Where an item of a list stands in a text: from the start of its line to the end of its last. */
interface Span {
  readonly start: number;
  readonly end: number;
  /** What stands before its dash. */
  readonly indent: string;
}

/**
 * Adds an item to a list at the top of a YAML file. The rest of the text stays byte for byte as it was,
 * but where the list, or the whole file, is written in flow style: then YAML's library writes the file anew.
 */
export function withItem(text: string, key: string, item: Readonly<Record<string, unknown>>): string {
  const document = parseDocument(text);
  const list = listOf(document, key);
  const last = list === undefined ? undefined : spanOf(text, list, list.items.length - 1);
  if (last !== undefined) return insert(text, last.end, rendered(item, last.indent));
  if (
    list === undefined &&
    isMap(document.contents) &&
    document.contents.flow !== true &&
    !document.has(key) &&
    !/^\.\.\.\s*$/m.test(text)
  )
    return insert(text, text.length, `${key}:\n${rendered(item, '  ')}`);
  const node = document.createNode([item]);
  if (list === undefined) document.set(key, node);
  else list.add(document.createNode(item));
  return document.toString({ lineWidth: 0 });
}

/** Takes an item out of a list at the top of a YAML file, and the list with its last item. */
export function withoutItem(text: string, key: string, index: number): string {
  const document = parseDocument(text);
  const list = listOf(document, key);
  const span = list === undefined ? undefined : spanOf(text, list, index);
  if (list === undefined || span === undefined) {
    document.deleteIn((list?.items.length ?? 0) > 1 ? [key, index] : [key]);
    return document.toString({ lineWidth: 0 });
  }
  const start = list.items.length > 1 ? span.start : (keyStart(document, key) ?? span.start);
  return text.slice(0, start) + text.slice(span.end);
}

/** Replaces a field's value, which is there and no list or map; the rest of the text stays byte for byte as it was. */
export function withField(text: string, path: readonly (string | number)[], value: string): string {
  const node = parseDocument(text).getIn(path, true);
  if (!isScalar(node) || node.range == null) throw new Error(`there is no field ${path.join('.')}`);
  const [from, to] = node.range;
  // A block scalar ends behind its last line.
  const end = /\r?\n$/.exec(text.slice(from, to))?.[0] ?? '';
  return text.slice(0, from) + inline(value) + end + text.slice(to);
}

function listOf(document: Document.Parsed, key: string): YAMLSeq | undefined {
  const list = document.get(key);
  return isSeq(list) ? list : undefined;
}

function keyStart({ contents }: Document.Parsed, key: string): number | undefined {
  if (!isMap(contents)) return undefined;
  const pair = contents.items.find((one: Pair) => (one.key as Scalar | null)?.value === key);
  return (pair?.key as Scalar | undefined)?.range?.[0];
}

/** The lines of an item of a block list; undefined where it is not written so. */
function spanOf(text: string, list: YAMLSeq, index: number): Span | undefined {
  const node = list.items[index] as Scalar | undefined;
  if (list.flow === true || node?.range == null) return undefined;
  const [from, to] = node.range;
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const indent = /^( *)- +$/.exec(text.slice(start, from))?.[1];
  const lineEnd = text[to - 1] === '\n' ? to - 1 : text.indexOf('\n', to);
  return indent === undefined ? undefined : { start, end: lineEnd < 0 ? text.length : lineEnd + 1, indent };
}

// Each field on one line, so that what is added reads, and can be taken out, line by line.
function rendered(item: Readonly<Record<string, unknown>>, indent: string): string {
  const lines = Object.entries(item).map(([key, value]) => `${key}: ${inline(value)}`);
  return lines.map((line, index) => `${indent}${index === 0 ? '- ' : '  '}${line}\n`).join('');
}

/** A value on one line: JSON is YAML, and what can stand without quotes does. */
export function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).map(([key, field]) => `${key}: ${inline(field)}`);
    return `{ ${fields.join(', ')} }`;
  }
  const isPlain =
    typeof value === 'string' &&
    /^[A-Za-z0-9/]([\w/.-]|(?<=\S) (?=[A-Za-z0-9/]))*$/.test(value) &&
    parse(`[${value}]`)?.[0] === value;
  return isPlain ? value : JSON.stringify(value);
}

function insert(text: string, at: number, added: string): string {
  const isWindows = text.includes('\r\n');
  const before = text.slice(0, at);
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  return before + (isWindows ? (gap + added).replaceAll('\n', '\r\n') : gap + added) + text.slice(at);
}
