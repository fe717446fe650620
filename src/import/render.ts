import { Document, isMap, isPair, isScalar, isSeq, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import type { NewFile } from './file.ts';

/** A value as YAML in the style of the mesh files: small lists and mappings on one line, larger ones below each other. */
export function yamlOf(value: unknown): string {
  return write(documentOf(value));
}

/** The text of a new file, with its comments. */
export function render({ value, head, comments }: NewFile): string {
  const document = documentOf(value);
  if (isMap(document.contents)) {
    for (const { key } of document.contents.items) {
      const lines = isScalar(key) ? comments[String(key.value)] : undefined;
      if (isScalar(key) && lines !== undefined) key.commentBefore = commentOf(lines);
    }
  }
  const text = write(document);
  return head.length === 0 ? text : `${commentOf(head).replaceAll(/^/gm, '#')}\n${text}`;
}

function documentOf(value: unknown): Document {
  // Mesh files have no anchors: a reviewer must see what each line says.
  return new Document(value, { aliasDuplicateObjects: false });
}

/** The width of a line in mesh files. */
const width = 110;

function write(document: Document): string {
  visit(document, {
    Pair: (_, { key, value }) => {
      if (isScalar(key) && key.value === 'columns' && isMap(value)) value.flow = true;
    },
    Collection: (_, node, path) => {
      if (isSmall(node, path.at(-1))) node.flow = true;
      if (node.flow === true && isMap(node)) for (const pair of node.items) if (isNull(pair.value)) pair.value = null;
    },
  });
  return filled(document.toString({ lineWidth: width, nullStr: '', flowCollectionPadding: false }));
}

/** Collections that take several lines, opened behind their key, with as many items on a line as fit. */
function filled(text: string): string {
  return text.replaceAll(
    /\n( *)([[{])\n((?:\1 {2}[^\s"'\\][^\n"'\\]*,?\n)+)\1([\]}])$/gm,
    (_, indent: string, open: string, items: string, close: string) => {
      const lines: string[] = [];
      for (const item of items
        .trimEnd()
        .split('\n')
        .map((line) => line.trim())) {
        const last = lines.at(-1);
        const isShort = last !== undefined && indent.length + last.length + 1 + item.length <= width;
        if (isShort) lines[lines.length - 1] = `${last} ${item}`;
        else lines.push(item);
      }
      return ` ${open}\n${lines.map((line) => `${indent}${line}`).join('\n')}\n${indent.slice(2)}${close}`;
    },
  );
}

function isNull(value: unknown): boolean {
  return isScalar(value) && value.value === null;
}

/** Whether a collection of words alone goes on one line: a list, or a mapping in a list. */
function isSmall(node: YAMLMap | YAMLSeq, around: unknown): boolean {
  const name = isPair(around) && isScalar(around.key) ? around.key.value : undefined;
  if (isMap(node) && !isSeq(around) && name !== 'central') return false;
  if (name === 'notes') return false;
  const items = node.items.map((item) => (isPair(item) ? item.value : item));
  return items.every((item) => isScalar(item) && item.value !== null);
}

function commentOf(lines: readonly string[]): string {
  return lines.map((line) => ` ${line}`).join('\n');
}
