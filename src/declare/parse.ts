import { Composer } from 'yaml';
import type { Problem } from '../core/problem.ts';
import type { MeshFile } from './mesh-files.ts';
import { largestFile } from './mesh-files.ts';
import { lineTable, type Position, type Positions, positionsOf } from './positions.ts';
import { syntaxFault } from './syntax.ts';
import { tokensOf } from './tokens.ts';
import { type Fault, treeOf } from './tree.ts';

// One more than is shown, so that it is said that there are more.
const mostFaults = 1001;

/** A file's value with positions, unless its text has problems. */
export interface Parsed {
  readonly value?: unknown;
  readonly positions?: Positions;
  readonly problems: readonly Problem[];
}

// C0 and C1 controls, controls of writing direction, line and paragraph separators, lone surrogates, and a
// carriage return alone: a reviewer would not see what the parser sees.
const hidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\r(?!\n)/u;

/** Reads one file as YAML 1.2. */
export function parse(file: MeshFile): Parsed {
  // A file from memory may still have its byte order mark.
  const text = file.text.startsWith('\uFEFF') ? file.text.slice(1) : file.text;
  const place = lineTable(text);
  const { tree, faults } = read(text, place);
  if (faults.length > 0)
    return { problems: faults.slice(0, mostFaults).map((fault) => problem(file.file, fault, place)) };
  return { value: tree?.value, ...(tree && { positions: positionsOf(tree.value, tree.flat) }), problems: [] };
}

interface Read {
  readonly tree?: ReturnType<typeof treeOf>;
  readonly faults: readonly Fault[];
}

function read(text: string, place: (offset: number) => Position): Read {
  if (text.length > largestFile) return { faults: [tooLarge] };
  const control = hidden.exec(text);
  if (control !== null) return { faults: [controlCharacter(control[0], control.index)] };
  const { tokens, composable, faults } = tokensOf(text);
  if (!composable) return { faults };
  const [document] = new Composer({ version: '1.2', schema: 'core', merge: false, uniqueKeys: false }).compose(
    tokens,
    true,
    text.length,
  );
  const errors = [...(document?.errors ?? []), ...(document?.warnings ?? [])].slice(0, mostFaults).map(syntaxFault);
  // Refused tokens already name their fault; what the library adds about them would say it twice.
  const all = [...faults, ...errors.filter((error) => faults.length === 0 || !tokenFaults.has(error.code))];
  if (all.length > 0) return { faults: all };
  const root = document?.contents ?? null;
  if (root === null) return { faults: [emptyFile] };
  const tree = treeOf(root, place);
  if (tree.faults.length > 0) return { faults: tree.faults };
  if (Array.isArray(tree.value) || typeof tree.value !== 'object')
    return { faults: [notAMapping(root.range?.[0] ?? 0)] };
  if (tree.value === null) return { faults: [emptyFile] };
  return { tree, faults: [] };
}

const tokenFaults: ReadonlySet<string> = new Set(['ANCHOR', 'TAG', 'DIRECTIVE', 'MULTI_DOCUMENT']);

function problem(file: string, fault: Fault, place: (offset: number) => Position): Problem {
  const { offset, ...rest } = fault;
  return { ...rest, place: { file, ...place(offset) } };
}

const tooLarge: Fault = {
  code: 'FILE_TOO_LARGE',
  message: 'the file is larger than 1 MiB',
  hint: 'split it; a mesh file says one thing',
  offset: 0,
};

const emptyFile: Fault = {
  code: 'EMPTY_FILE',
  message: 'the file says nothing',
  hint: 'begin with apiVersion: meshgate/v1, or delete it',
  offset: 0,
};

function notAMapping(offset: number): Fault {
  return {
    code: 'NOT_A_MAPPING',
    message: 'the file is not a mapping of fields',
    hint: 'begin with apiVersion: meshgate/v1',
    offset,
  };
}

function controlCharacter(character: string, offset: number): Fault {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return {
    code: 'CONTROL_CHARACTER',
    message: `the file holds the invisible character U+${code}`,
    hint: 'remove it; a reviewer cannot see it',
    offset,
  };
}
