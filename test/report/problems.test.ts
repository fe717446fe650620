import { expect, test } from 'vitest';
import type { Problem } from '../../src/core/problem.ts';
import { declare } from '../../src/declare/declare.ts';
import { problemsText } from '../../src/report/problems.ts';
import { meshOf } from '../support/problem-cases.ts';

const place = { file: 'mesh/a.yaml', line: 2, column: 5 };

function lineAndCaret(problem: Partial<Problem>): readonly string[] {
  return problemsText([{ code: 'CODE', message: 'wrong', place, ...problem }], false)
    .split('\n')
    .slice(1, 3);
}

test('a problem has place, code, message, hint, line and caret', () => {
  expect(problemsText([{ code: 'CODE', message: 'wrong', hint: 'right', place, excerpt: 'key: value' }], false)).toBe(
    'mesh/a.yaml:2:5 CODE wrong; right\n  key: value\n      ^\n1 problem in 1 file\n',
  );
});

test('a problem may have no place, hint or line', () => {
  expect(problemsText([{ code: 'CODE', message: 'wrong' }], false)).toBe('CODE wrong\n1 problem\n');
  expect(problemsText([], false)).toBe('no problems\n');
});

test('the order given does not matter', () => {
  const problems = ['b', 'a', 'c'].map((file) => ({ code: 'CODE', message: file, place: { ...place, file } }));
  expect(problemsText(problems, false)).toBe(problemsText(problems.toReversed(), false));
});

test('tabs, wide and combining characters keep the caret in its place', () => {
  expect(lineAndCaret({ excerpt: '\t\tk: v' })).toEqual(['  \t\tk: v', '  \t\t  ^']);
  expect(lineAndCaret({ excerpt: '注文: x' })).toEqual(['  注文: x', `  ${' '.repeat(6)}^`]);
  expect(lineAndCaret({ excerpt: 'e\u0301t: x' })).toEqual(['  e\u0301t: x', '     ^']);
  expect(lineAndCaret({ excerpt: '\u{1F600}k: x', place: { ...place, column: 3 } })).toEqual([
    '  \u{1F600}k: x',
    '    ^',
  ]);
});

test('a long line is shown around the column', () => {
  const [line = '', caret = ''] = lineAndCaret({
    excerpt: `${'a'.repeat(500)}X${'b'.repeat(500)}`,
    place: { ...place, column: 501 },
  });
  expect(line).toHaveLength(2 + 122);
  expect(line[caret.indexOf('^')]).toBe('X');
  expect(line).toMatch(/^ {2}…a+Xb+…$/);
});

test('a column beyond the line, and a line of nothing but one character', () => {
  expect(lineAndCaret({ excerpt: 'ab', place: { ...place, column: 99 } })).toEqual(['  ab', '    ^']);
});

test('nothing that a terminal would obey is written raw', () => {
  const text = problemsText(
    [
      {
        code: 'CODE',
        message: 'a\u001b[31mb',
        hint: 'c\u0007',
        place: { ...place, file: 'x\u001b]0;y\u0007\n.yaml' },
        excerpt: 'k: \u001b[2J\u202e\u009b1m',
      },
    ],
    false,
  );
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(text).toContain('a<U+001B>[31mb; c<U+0007>');
  expect(text).toContain('k: <U+001B>[2J<U+202E><U+009B>1m');
});

test('colours only where asked for', () => {
  const problems = [{ code: 'CODE', message: 'wrong', place, excerpt: 'key: value' }];
  expect(problemsText(problems, false)).not.toContain('\u001b');
  expect(problemsText(problems, true)).toContain('\u001b[31m');
});

test('twenty broken files of different kinds', async () => {
  const header = (kind: string): string => `apiVersion: meshgate/v1\nkind: ${kind}\n`;
  const account = (id: string): string =>
    `${header('Account')}id: "${id}"\nroles: [consumer]\nowners: [{ login: zoe, id: 9 }]\n`;
  const asks = (access: string): string => `${header('Subscription')}purpose: For the golden file\n${access}`;
  const files: Record<string, string> = {
    'accounts/anchor.yaml': `${account('000000000001')}x-a: &a 1\nx-b: *a\n`,
    'accounts/document.yaml': `${account('000000000002')}---\nmore: 1\n`,
    'accounts/duplicate.yaml': account('333344445555'),
    'accounts/empty.yaml': '',
    'accounts/future.yaml': 'apiVersion: meshgate/v7\nkind: Account\n',
    'accounts/number.yaml': account('000000000003').replaceAll('"', ''),
    'accounts/tab.yaml': `${header('Account')}owners:\n\t- login: tab\n`,
    'accounts/tag.yaml': `${account('000000000004')}x-date: !!timestamp 2027-01-01\n`,
    'accounts/unicode.yaml': `${account('000000000005')}description: "Données 注文"\nbeschreibung: 注文\n`,
    'accounts/Upper.yaml': account('000000000006'),
    'accounts/wrong.yml': account('000000000007'),
    'product/sales/orders.yaml': header('DataProduct'),
    'products/sales/bracket.yaml': `${header('DataProduct')}tables: [orders, items\nproducer: sales\n`,
    'products/sales/deep.yaml': `a: ${'['.repeat(100)}`,
    'products/sales/hidden.yaml': `${header('DataProduct')}producer: sales\u202e\n`,
    'products/sales/kind.yaml': account('000000000008'),
    'products/sales/long.yaml': `${header('DataProduct')}producer: sales\ndatabase: sales_long\ntables: { ${Array.from({ length: 60 }, (_, i) => `table_${i}: { columns: { id: pii } }`).join(', ')}, last: { colums: {} } }\n`,
    'subscriptions/sales/orders/nobody.yaml': asks('access: [{ tables: [items], permissions: read }]\n'),
    'subscriptions/sales/orders/marketing.all.yaml': asks('access:\n  - tables: [itmes]\n    permissions: [ALL]\n'),
    'subscriptions/sales/orders/marketing.more.yaml': asks(
      'expires: 2027-02-30\nacces: []\naccess:\n  - tables: items\n    permissions: raed\n',
    ),
    'subscriptions/sales/orders/marketing.twice.yaml': asks(
      'principals: [analysts]\naccess:\n  - { tables: ["i*", "*"], permissions: discover, filter: some, withGrantOption: [DESCRIBE] }\n',
    ),
  };
  const result = declare(meshOf({ files }));
  await expect(problemsText(result.ok ? [] : result.problems, false)).toMatchFileSnapshot('../golden/problems.txt');
});
