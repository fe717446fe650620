import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Plan } from '../../src/core/plan.ts';
import { visible } from '../../src/report/excerpt.ts';
import { outcomesJson, planJson } from '../../src/report/json.ts';
import { escapeMarkdown, outcomesMarkdown, planMarkdown } from '../../src/report/markdown.ts';
import { outcomesText } from '../../src/report/outcomes.ts';
import { problemsText } from '../../src/report/problems.ts';
import { driftText, planText } from '../../src/report/text.ts';
import { exampleOutcomes, examplePlan } from '../support/example-plan.ts';

/** What a terminal or a reader must not get raw: controls, changes of direction, what has no width. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const sequences = '\u001b[2J\u001b]8;;http://evil.example\u0007\r\b\u009b31m\u202e\u2066\u200b\u2028';
const markup =
  '| a | [link](http://evil.example) ![](x) <img src=x onerror=alert(1)> </details> @ada team@evil.example `code` **bold** _it_ ~~no~~ #12 $x$ &lt; www.evil.example https://evil.example\n## Approved\n- [x] done\n';

/** The same data with every text replaced that comes from files, from people or from the service. */
function poisoned(poison: string): { readonly plan: Plan; readonly outcomes: readonly Outcome[] } {
  const kept = new Set([
    'verb',
    'kind',
    'id',
    'status',
    'action',
    'permission',
    'blocks',
    'asOf',
    'account',
    'region',
    'code',
  ]);
  const words = new Set([
    ...['all', 'desired', 'not desired', 'expired', 'held', 'remainder'],
    ...['in force', 'over', 'not proven'],
  ]);
  const spoil = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return kept.has(key) || words.has(value) ? value : `${poison}${value}`;
    if (Array.isArray(value)) return value.map((one) => spoil(one, key));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, spoil(one, name)]));
  };
  return { plan: spoil(examplePlan()) as Plan, outcomes: spoil(exampleOutcomes()) as readonly Outcome[] };
}

describe('a terminal', () => {
  const { plan, outcomes } = poisoned(sequences);
  const names = new Map(
    plan.changes.flatMap(({ after }) =>
      after?.kind === 'grant' ? [[after.principal, `${sequences}name`] as const] : [],
    ),
  );
  const looks = { colour: false, names, verbose: true };
  const problem = {
    code: 'X',
    message: `${sequences}m`,
    hint: `${sequences}h`,
    place: { file: `${sequences}f`, line: 1, column: 3 },
    excerpt: `${sequences}e`,
  };

  test.each([
    ['plan', planText(plan, looks)],
    ['drift', driftText(plan, looks)],
    ['outcomes', outcomesText(outcomes, looks)],
    ['problems', problemsText([problem], false)],
  ])('never gets what data would have it obey: %s', (_, text) => {
    expect(text).toContain('<U+001B>');
    for (const line of text.split('\n')) expect(hidden.test(line), JSON.stringify(line)).toBe(false);
  });

  test.each([
    ['plan', planText(plan, { ...looks, colour: true })],
    ['drift', driftText(plan, { ...looks, colour: true })],
    ['outcomes', outcomesText(outcomes, { ...looks, colour: true })],
  ])('nor in colour, where the only sequences are colours: %s', (_, text) => {
    for (const line of text.replaceAll(/\u001b\[\d{1,2}m/g, '').split('\n'))
      expect(hidden.test(line), JSON.stringify(line)).toBe(false);
  });

  test('shows any text without what is hidden', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(hidden.test(visible(text))).toBe(false);
      }),
    );
    expect(visible('plain: Ünïcode 表 | <b>')).toBe('plain: Ünïcode 表 | <b>');
    expect(visible('\ud800')).toBe('<U+D800>');
  });
});

describe('Markdown', () => {
  const { plan, outcomes } = poisoned(markup);
  const names = new Map(
    plan.changes.flatMap(({ after }) => (after?.kind === 'grant' ? [[after.principal, markup] as const] : [])),
  );
  // What stands between two equal fences is shown as it is.
  const outsideFences = (text: string): string => text.replaceAll(/^(`{3,})(?:yaml|sh)\n[\s\S]*?\n\1$/gm, '');
  const texts: readonly (readonly [string, string])[] = [
    ['plan', outsideFences(planMarkdown(plan, names))],
    ['drift', outsideFences(planMarkdown(plan, names, 'Drift'))],
    ['outcomes', outsideFences(outcomesMarkdown(plan, outcomes, names))],
  ];

  test.each(texts)('holds no link, mention, image or HTML from data: %s', (_, text) => {
    const active = text.replaceAll(/\\./g, '');
    expect(text).toContain('evil.example');
    for (const bad of ['](', '://', 'www.', '@ada', '@evil', '<img', '`', '[x]', '&lt;;'])
      expect(active).not.toContain(bad);
    const tags = active.match(/<[^>]*>/g) ?? [];
    expect(tags.filter((tag) => !['<details>', '<summary>', '</summary>', '</details>'].includes(tag))).toEqual([]);
    expect(tags.filter((tag) => tag === '<details>').length).toBe(tags.filter((tag) => tag === '</details>').length);
  });

  test.each(texts)('has no heading and no row that data made: %s', (_, text) => {
    const lines = text.split('\n');
    expect(lines.filter((line) => /^#+ /.test(line) && line.includes('Approved'))).toEqual([]);
    for (const row of lines.filter((line) => line.startsWith('|')))
      expect(row.replaceAll(/\\./g, '').split('|')).toHaveLength(8);
  });

  test('leaves nothing in any text that means something', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const escaped = escapeMarkdown(text).replaceAll(/\\[\\`*_{}[\]()#+!|~$]/g, '');
        expect(escaped).not.toMatch(/[\\`*_{}[\]()#+!|~$<>\n\r]/);
        expect(escaped).not.toMatch(/@(?!\u200d)|:\/\//);
      }),
    );
  });

  test.each([
    ['orders', 'orders'],
    ['a|b', 'a\\|b'],
    ['a\\|b', 'a\\\\\\|b'],
    ['<b>', '&lt;b&gt;'],
    ['&amp;', '&amp;amp;'],
    ['@ada', '@\u200dada'],
    ['http://x', 'http:\u200d//x'],
    ['WWW.x.example', 'WWW\u200d.x.example'],
    ['a\nb', 'a&lt;U\\+000A&gt;b'],
  ])('%j becomes %j', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});

test('JSON holds data as it is', () => {
  const { plan, outcomes } = poisoned(sequences + markup);
  expect(JSON.parse(planJson(plan))).toEqual(plan);
  expect(JSON.parse(outcomesJson(plan, outcomes))).toEqual({ format: 1, plan, outcomes });
});
