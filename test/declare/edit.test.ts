import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { withField, withItem, withoutItem } from '../../src/declare/edit.ts';

const item = {
  scope: { principal: 'marketing/analysts', column: '/^a, b$/' },
  reason: 'Leaked: "x" # 1',
  until: '2026-12-31',
};
const added = [
  '- scope: { principal: marketing/analysts, column: "/^a, b$/" }',
  '  reason: "Leaked: \\"x\\" # 1"',
  '  until: 2026-12-31',
];

describe('an item', () => {
  test.each<[string, string, string]>([
    ['at the end of a file without the list', 'a: 1 # why\n', `a: 1 # why\nholds:\n  ${added.join('\n  ')}\n`],
    ['behind a last line without an end', 'a:   1', `a:   1\nholds:\n  ${added.join('\n  ')}\n`],
    [
      'behind the last of the list, in its indentation',
      'holds:\n- scope: {x: 1} # k\n  reason: |\n    two\n    lines\n  until: 2026-01-01   # end\n# after\nb: 2\n',
      `holds:\n- scope: {x: 1} # k\n  reason: |\n    two\n    lines\n  until: 2026-01-01   # end\n${added.join('\n')}\n# after\nb: 2\n`,
    ],
    [
      'with the line ends of the file',
      'holds:\r\n  - scope: { x: 1 }\r\n\r\nb:   2\r\n',
      `holds:\r\n  - scope: { x: 1 }\r\n  ${added.join('\r\n  ')}\r\n\r\nb:   2\r\n`,
    ],
  ])('%s', (_, text, expected) => {
    expect(withItem(text, 'holds', item)).toBe(expected);
  });

  test.each([
    'holds: []\na:    1\n',
    'holds:\na: 1\n',
    '{ a: 1 }',
    'holds: [{ scope: { x: 1 } }]\n',
    'holds:\n  -\n    scope: { x: 1 }\n',
  ])('in a list that is written otherwise: %j', (text) => {
    const { holds = [], ...rest } = parse(text) as { holds?: unknown[] | null };
    expect(parse(withItem(text, 'holds', item))).toEqual({ ...rest, holds: [...(holds ?? []), item] });
  });

  test('taken out leaves the comments of the others, and no empty list', () => {
    const text = '# top\nholds:\n  # one\n  - { x: 1 }\n  # two\n  - { x: 2 } # 2\nb: 2\n';
    const once = withoutItem(text, 'holds', 0);
    expect(once).toBe('# top\nholds:\n  # one\n  # two\n  - { x: 2 } # 2\nb: 2\n');
    expect(withoutItem(once, 'holds', 0)).toBe('# top\nb: 2\n');
    expect(parse(withoutItem('holds: [{ x: 1 }, { x: 2 }]\n', 'holds', 0))).toEqual({ holds: [{ x: 2 }] });
  });
});

test('what is added and taken out again leaves the text as it was, and says what it should meanwhile', () => {
  const word = fc.string({
    unit: fc.constantFrom('a', ':', ' ', '#', '"', "'", '-', '{', ',', '*', '/', '^', '\n', 'é'),
    maxLength: 12,
  });
  const hold = fc.record({
    scope: fc.record({ principal: word, column: word }),
    reason: word,
    until: fc.constant('2026-12-31'),
  });
  fc.assert(
    fc.property(fc.array(hold, { maxLength: 3 }), hold, fc.constantFrom('', '\n# end\n'), (before, fresh, rest) => {
      const text = before.reduce((shorter, one) => withItem(shorter, 'holds', one), `# top\na: 1 # x\n${rest}`);
      const longer = withItem(text, 'holds', fresh);
      expect(parse(longer)).toEqual({ a: 1, holds: [...before, fresh] });
      expect(withoutItem(longer, 'holds', before.length)).toBe(text);
    }),
    { numRuns: 300 },
  );
});

describe('a field', () => {
  test.each([
    [
      'a: 1 # why\nholds:\n  - { reason: x, until: "2027-01-01" } # end\n',
      'a: 1 # why\nholds:\n  - { reason: "b: c", until: "2027-01-01" } # end\n',
    ],
    ["holds: [{ reason: 'x' }]\n", 'holds: [{ reason: "b: c" }]\n'],
    ['holds:\n- reason: |\n    two\n    lines\n  until: 1\n', 'holds:\n- reason: "b: c"\n  until: 1\n'],
    [
      'holds:\r\n- reason: >-\r\n    two\r\n    lines\r\n  until: 1\r\n',
      'holds:\r\n- reason: "b: c"\r\n  until: 1\r\n',
    ],
    ['holds:\n- reason: two\n    lines # end', 'holds:\n- reason: "b: c" # end'],
  ])('%j', (text, expected) => {
    expect(withField(text, ['holds', 0, 'reason'], 'b: c')).toBe(expected);
  });
});
