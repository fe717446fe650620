import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { program } from '../../src/cli/program.ts';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { meshFilesOf } from './law-case.ts';

type Mutation = (text: string) => string;

const somewhere = fc.nat(1_000_000);
const pieces = fc.constantFrom(
  '\t',
  '\0',
  '\u{1F4A5}',
  '&a ',
  '*a ',
  '!!js/function ',
  '!<x> ',
  '<<: *a\n',
  '---\n',
  '%YAML 1.1\n',
  ': ',
  '- ',
  '? ',
  '{[',
  ']}',
  "'",
  '"',
  '|\n',
  '>-\n',
  '#',
  '\n\n',
  '\r',
  '\uFEFF',
  '\u202E',
  'null',
  '~',
  '1e999',
  '0x',
  '9'.repeat(400),
  '['.repeat(2_000),
  '- '.repeat(2_000),
  'a'.repeat(50_000),
  '__proto__: 1\n',
  'constructor: {}\n',
  "' OR 1=1 --",
);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(somewhere, pieces).map(
    ([at, piece]): Mutation =>
      (text) =>
        insert(text, at % (text.length + 1), piece),
  ),
  fc.tuple(somewhere, fc.string({ maxLength: 12, unit: 'binary' })).map(
    ([at, piece]): Mutation =>
      (text) =>
        insert(text, at % (text.length + 1), piece),
  ),
  fc.tuple(somewhere, fc.nat(60)).map(
    ([at, length]): Mutation =>
      (text) =>
        text.slice(0, at % (text.length + 1)) + text.slice((at % (text.length + 1)) + length),
  ),
  somewhere.map(
    (at): Mutation =>
      (text) =>
        text.slice(0, at % (text.length + 1)),
  ),
  fc.tuple(somewhere, somewhere).map(
    ([from, to]): Mutation =>
      (text) => {
        const lines = text.split('\n');
        const [moved = ''] = lines.splice(from % lines.length, 1);
        lines.splice(to % (lines.length + 1), 0, moved);
        return lines.join('\n');
      },
  ),
  fc.tuple(somewhere, pieces).map(
    ([at, piece]): Mutation =>
      (text) => {
        const lines = text.split('\n');
        const index = at % lines.length;
        lines[index] = (lines[index] ?? '').replace(/: .*/s, `: ${piece}`);
        return lines.join('\n');
      },
  ),
);

/** Files of which one is a text that went wrong in some ways. */
export function broken(files: Readonly<Record<string, unknown>>): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const paths = Object.keys(files);
  return fc
    .tuple(fc.constantFrom(...paths), fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([path, mutations]) => ({
      ...files,
      [path]: mutations.reduce((text, change) => change(text), stringify(files[path])),
    }));
}

function insert(text: string, at: number, piece: string): string {
  return text.slice(0, at) + piece + text.slice(at);
}

/** How long a text may keep the program busy. */
const longest = 20_000;

/** Law 9: the command line, given these files with nothing proven, neither hangs nor breaks, and writes nothing it may not. */
export async function survives(
  emulator: Emulator,
  files: Readonly<Record<string, unknown>>,
): Promise<readonly string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'meshgate-campaign-'));
  const from = emulator.journal().length;
  let out = '';
  let err = '';
  try {
    for (const { path, text } of meshFilesOf(files, (value) => stringify(value)).files) {
      const file = join(directory, 'mesh', path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    const places = ['--mesh', join(directory, 'mesh'), '--ledger', join(directory, 'ledger.jsonl')];
    const ended = program(['apply', '--format', 'json', '--quiet', ...places], {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      env: { MESHGATE_READ_BACK: '1,1' },
      isTerminal: { out: false, err: false },
      exit: () => undefined,
    });
    const late = new AbortController();
    const code = await Promise.race([ended, sleep(longest, undefined, { signal: late.signal }).catch(() => undefined)]);
    late.abort();
    const changes = emulator
      .journal()
      .slice(from)
      .flatMap((entry) => entry.changes);
    const given = changes.filter(({ verb }) => verb !== 'revoke' && verb !== 'delete').length;
    return [
      ...(code === undefined ? [`it hangs for ${longest} ms`] : []),
      ...(code !== undefined && ![0, 1, 3, 4, 5].includes(code)
        ? [`it ends with ${code}: ${err.slice(0, 2_000)}`]
        : []),
      ...(code === 1 && changes.length > 0 ? [`the files are refused, and ${changes.length} changes were made`] : []),
      ...(code === 1 && !/[A-Z]{3,}/.test(err + out) ? [`the files are refused without a problem: ${err}${out}`] : []),
      ...(given > 0 ? [`nothing is proven, and ${given} things were given`] : []),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
