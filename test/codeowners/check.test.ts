import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Areas, areasOf } from '../../src/codeowners/areas.ts';
import { type CodeownersFile, codeownersProblems } from '../../src/codeowners/check.ts';
import { codeownersText } from '../../src/codeowners/generate.ts';
import { largestSize, locations } from '../../src/codeowners/ownership.ts';
import { compareProblems, type Problem } from '../../src/core/problem.ts';
import { declare } from '../../src/declare/declare.ts';
import { meshOf, type ProblemCase } from '../support/problem-cases.ts';

interface Case extends Pick<ProblemCase, 'title' | 'edits' | 'problems'> {
  readonly lines?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string | null>>;
  readonly paths?: readonly string[];
}

const cases = new URL('../cases/', import.meta.url);
const table = parse(readFileSync(new URL('codeowners-check.yaml', cases), 'utf8')) as { cases: readonly Case[] };

test('the table is one of cases', () => {
  const schema = JSON.parse(readFileSync(new URL('codeowners-check.schema.json', cases), 'utf8'));
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
  expect(validate(table), JSON.stringify(validate.errors)).toBe(true);
});

describe('code owners', () => {
  test.each(table.cases)('$title', ({ edits = {}, lines = {}, files = {}, paths = [], problems }) => {
    const found = problemsOf({ edits }, (text) => ({ '.github/CODEOWNERS': replaced(text, lines), ...files }), paths);
    const places = found.map(({ code, place }) => ({
      code,
      at: place === undefined ? '' : `${place.file}:${place.line}:${place.column}`,
    }));
    expect(places, JSON.stringify(found, null, 1)).toEqual(problems.map(({ code, at }) => ({ code, at })));
    problems.forEach(({ message = '' }, index) => {
      expect(found[index]?.message).toContain(message);
    });
  });

  test('who is nobody yet is left out, and who is named twice is there once', () => {
    const edits = {
      'accounts/sales.yaml': { '{ login: bob, id: 2 }': '{ login: to-be-decided, id: 9007199254740991 }' },
      'products/sales/stores.yaml': {
        'database: sales_stores': 'database: sales_stores\nowners: [{ login: ADA, id: 1 }, { login: Abe, id: 9 }]',
      },
    };
    const found = problemsOf({ edits }, (text) => {
      expect(text).toContain('/mesh/products/sales/orders.yaml @ada\n/mesh/products/sales/stores.yaml @Abe @ADA\n');
      return { '.github/CODEOWNERS': text };
    });
    expect(found).toEqual([]);
  });

  test('CODEOWNERS_TOO_LARGE: a file of 3 MB asks nobody', () => {
    const found = problemsOf({}, (text) => ({ '.github/CODEOWNERS': text.padEnd(largestSize, '#') }));
    expect(found.map(({ code }) => code)).toEqual([
      'CODEOWNERS_TOO_LARGE',
      'CODEOWNERS_WRONG',
      'CODEOWNERS_WRONG',
      'CODEOWNERS_OUT_OF_DATE',
    ]);
  });
});

function problemsOf(
  edits: Partial<Pick<ProblemCase, 'edits'>>,
  filesFor: (text: string) => Readonly<Record<string, string | null>>,
  more: readonly string[] = [],
): readonly Problem[] {
  const mesh = meshOf(edits);
  const result = declare(mesh);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const areas: Areas = areasOf(result.declaration, 'mesh/');
  const text = codeownersText(areas, 'mesh/');
  const files = Object.entries(filesFor(text)).flatMap(([path, content]): readonly CodeownersFile[] => {
    const location = locations.find((one) => one === path);
    if (location === undefined) throw new Error(`${path} is no place for the file`);
    return content === null ? [] : [{ location, text: content }];
  });
  const paths = [...mesh.files.map(({ file }) => file), ...more];
  return codeownersProblems({ files, text, areas, paths }).toSorted(compareProblems);
}

function replaced(text: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((rest, [from, to]) => {
    if (!rest.includes(from)) throw new Error(`the generated file does not hold ${from}\n${rest}`);
    return rest.replaceAll(from, () => to);
  }, text);
}
