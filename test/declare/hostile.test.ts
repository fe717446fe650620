import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/core/problem.ts';
import { declare } from '../../src/declare/declare.ts';
import { problemsText } from '../../src/report/problems.ts';
import { baseMesh, meshFrom } from '../support/problem-cases.ts';

const base = Object.entries(baseMesh());
const paths = base.map(([path]) => path);

function problemsOf(texts: readonly (readonly [string, string])[]): readonly Problem[] {
  const result = declare(meshFrom(texts));
  return result.ok ? [] : result.problems;
}

function codesOf(path: string, text: string): readonly string[] {
  const found = problemsOf([...base.filter(([other]) => other !== path), [path, text]]);
  problemsText(found, true);
  JSON.stringify(found);
  return [...new Set(found.filter(({ place }) => place?.file === `mesh/${path}`).map(({ code }) => code))].toSorted();
}

const product = 'apiVersion: meshgate/v1\nkind: DataProduct\nproducer: sales\ndatabase: sales\n';
const subscription = 'apiVersion: meshgate/v1\nkind: Subscription\npurpose: None\n';
const many = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join('');

describe('texts that would exhaust something', { timeout: 60_000 }, () => {
  test.each([
    ['brackets', '['.repeat(100_000), ['TOO_DEEP']],
    ['braces', '{'.repeat(100_000), ['TOO_DEEP']],
    ['keys of keys', '? '.repeat(100_000), ['TOO_DEEP']],
    ['lists of lists', '- '.repeat(100_000), ['TOO_DEEP']],
    ['deeper and deeper', many(1000, (i) => `${' '.repeat(i)}a:\n`), ['TOO_DEEP']],
    ['an alias bomb', `a: &a [x]\n${many(20, (i) => `b${i}: &b${i} [*a, *a, *a]\n`)}`, ['ANCHOR']],
    ['100,000 aliases', `a: [${'*a, '.repeat(100_000)}]`, ['ANCHOR', 'MORE_PROBLEMS']],
    ['100,000 documents', '---\n'.repeat(100_000), ['MULTI_DOCUMENT']],
    [
      '100,000 keys',
      many(100_000, (i) => `k${i}: 1\n`).slice(0, 1_000_000),
      ['MISSING_FIELD', 'MORE_PROBLEMS', 'UNKNOWN_FIELD'],
    ],
    ['one key 100,000 times', 'k: 1\n'.repeat(100_000), ['DUPLICATE_KEY', 'MORE_PROBLEMS']],
    ['a huge key', `${'k'.repeat(1_000_000)}: 1`, ['YAML_SYNTAX']],
    ['a huge explicit key', `? ${'k'.repeat(1_000_000)}\n: 1`, ['MISSING_FIELD', 'UNKNOWN_FIELD']],
    ['more than a megabyte', `#${' '.repeat(1024 * 1024)}`, ['FILE_TOO_LARGE']],
    ['NUL bytes', '\0'.repeat(1000), ['CONTROL_CHARACTER']],
    ['a lone surrogate', 'a: \uD800\n', ['CONTROL_CHARACTER']],
    ['closing brackets', ']'.repeat(50_000), ['MORE_PROBLEMS', 'YAML_SYNTAX']],
    ['commas', `[${','.repeat(50_000)}`, ['MORE_PROBLEMS', 'YAML_SYNTAX']],
  ])('%s', (_, text, codes) => {
    expect(codesOf('accounts/marketing.yaml', text)).toEqual(codes);
  });

  test('100,000 misspelt permissions', () => {
    const text = `${subscription}access: [{ tables: [items], permissions: [${many(100_000, (i) => `P${i},`)}] }]`;
    expect(codesOf('subscriptions/sales/orders/marketing.yaml', text)).toEqual(['MORE_PROBLEMS', 'NOT_ALLOWED']);
  });

  test('100,000 tables of one name in upper case', () => {
    const text = `${product}tables: {${many(100_000, (i) => `T${i},`)}}`;
    expect(codesOf('products/sales/orders.yaml', text)).toEqual(['MORE_PROBLEMS', 'NOT_LOWER_CASE']);
  });

  test('10,000 misspelt tables of a product with 100,000', () => {
    const claims = `${product}tables: {${many(100_000, (i) => `t${i},`)}}`;
    const wants = `${subscription}access: [{ tables: [${many(10_000, (i) => `u${i},`)}], permissions: read }]`;
    const found = problemsOf([
      ...base.filter(([path]) => !/orders/.test(path)),
      ['products/sales/orders.yaml', claims],
      ['subscriptions/sales/orders/marketing.yaml', wants],
    ]);
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(['UNKNOWN_TABLE', 'MORE_PROBLEMS']));
  });

  test('too many entries, tables and globs', () => {
    const path = 'subscriptions/sales/orders/marketing.yaml';
    const entry = (tables: string): string => `{ tables: [${tables}], permissions: [SELECT] }`;
    expect(codesOf(path, `${subscription}access: [${many(1001, () => `${entry('items')},`)}]`)).toEqual([
      'TOO_MANY_ENTRIES',
    ]);
    expect(codesOf(path, `${subscription}access: [${entry(many(10_001, (i) => `t${i},`))}]`)).toEqual([
      'TOO_MANY_ENTRIES',
    ]);
    expect(codesOf(path, `${subscription}access: [${entry(many(101, (i) => `"t${i}*",`))}]`)).toEqual([
      'TOO_MANY_PATTERNS',
    ]);
  });

  test('globs that are hard to compare', () => {
    const hard = (i: number): string => `"${'*a'.repeat(3)}${'a'.repeat(200)}${i}*"`;
    const globs = many(30, (i) => `${hard(i)},`);
    const one = `${product}tables: {${globs}}`;
    const other = `${product}tables: {${many(30, (i) => `${hard(i).replace('*"', 'b*"')},`)}}`;
    const found = problemsOf([
      ...base.filter(([path]) => !/orders|stores/.test(path)),
      ['products/sales/orders.yaml', one],
      ['products/sales/stores.yaml', other],
    ]);
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(['TABLE_CLAIMED_TWICE']));
  });
});

describe('any text', () => {
  const settings = { numRuns: 300 };

  test('random strings', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 300 })),
        (path, text) => {
          expect(codesOf(path, text).length).toBeGreaterThan(0);
        },
      ),
      settings,
    );
  });

  test('words of YAML in any order', () => {
    const word = fc.constantFrom(
      ...'apiVersion: |kind: |- |? |: |[|]|{|}|,|\n|\n  |\n    |"|\'|#|&a |*a |!t |---\n|...\n|%YAML 1.1\n||\n|>\n|null|1|a|tables: |<<: |__proto__: |\t|\r\n'.split(
        /(?<!\|)\|/,
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.array(word, { maxLength: 60 }), (path, words) => {
        codesOf(path, words.join(''));
      }),
      settings,
    );
  });

  test('valid files with a piece cut out, put elsewhere, or replaced', () => {
    const mutation = fc.record({
      path: fc.constantFrom(...paths),
      from: fc.nat(600),
      length: fc.nat(80),
      text: fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom(...base.map(([, text]) => text.slice(100, 200)))),
    });
    fc.assert(
      fc.property(mutation, ({ path, from, length, text }) => {
        const old = baseMesh()[path] ?? '';
        const at = from % old.length;
        codesOf(path, `${old.slice(0, at)}${text}${old.slice(at + length)}`);
      }),
      settings,
    );
  });

  test('the order of files changes nothing', () => {
    const broken = base.map(
      ([path, text]) => [path, text.replace('sales', 'sale').replace('1', '2').replace('owners', 'owner')] as const,
    );
    const expected = JSON.stringify(problemsOf(broken));
    fc.assert(
      fc.property(fc.shuffledSubarray(broken, { minLength: broken.length }), (shuffled) => {
        expect(JSON.stringify(problemsOf(shuffled))).toBe(expected);
      }),
      { numRuns: 50 },
    );
  });
});
