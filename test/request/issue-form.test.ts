import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { flagsIn, questions } from '../../src/request/issue-form.ts';

const form: { readonly body: readonly { readonly type: string; readonly attributes: { readonly label?: string } }[] } =
  parse(readFileSync(new URL('../../.github/ISSUE_TEMPLATE/access-request.yml', import.meta.url), 'utf8'));

/** The body that GitHub makes of the form's answers. */
function bodyOf(answers: Readonly<Record<string, string>>): string {
  return Object.keys(questions)
    .map((label) => `### ${label}\n\n${answers[label] ?? '_No response_'}`)
    .join('\n\n');
}

describe('the issue form', () => {
  test('asks what is read, in the same order', () => {
    const labels = form.body.flatMap(({ type, attributes }) => (type === 'markdown' ? [] : [attributes.label]));
    expect(labels).toEqual(Object.keys(questions));
  });

  test('answers become flags; what was left open becomes none', () => {
    const body = bodyOf({
      Product: 'sales/orders',
      Consumer: 'marketing',
      Tables: '- orders\n- item_*\n/^a{1,2}$/',
      Permissions: 'select, DESCRIBE',
      Purpose: 'Campaigns,\r\n\r\nof the autumn.',
    });
    expect(flagsIn(body.replaceAll('\n', '\r\n'))).toEqual({
      flags: {
        product: 'sales/orders',
        as: 'marketing',
        table: ['orders', 'item_*', '/^a{1,2}$/'],
        permission: ['select', 'DESCRIBE'],
        purpose: 'Campaigns, of the autumn.',
      },
      problems: [],
    });
  });

  test('a heading typed into an answer is refused, for nobody knows which of the two is meant', () => {
    const body = bodyOf({
      Product: 'sales/orders',
      Consumer: 'marketing',
      Tables: 'orders',
      Purpose: 'Nothing.\n\n### Tables\n\n*',
    });
    expect(flagsIn(body).problems).toMatchObject([{ code: 'FORM_TWICE' }]);
  });

  test('a heading that is gone is told', () => {
    const { problems } = flagsIn(bodyOf({ Product: 'sales/orders' }).replace('### Columns\n', '### columns\n'));
    expect(problems).toMatchObject([{ code: 'FORM_CHANGED', message: 'the issue lacks the headings Columns' }]);
  });

  test('whatever is typed, each answer stays its own question’s', () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ' '));
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...Object.keys(questions)),
          line.filter((text) => !text.trim().startsWith('#')),
        ),
        (answers) => {
          const { flags, problems } = flagsIn(bodyOf(answers));
          const asked = Object.entries(answers).filter(
            ([, text]) => text.trim() !== '' && text.trim() !== '_No response_',
          );
          const words = (text: string): boolean => text.split(/[\s,]+/).some((word) => word !== '');
          const expected = asked.filter(([label, text]) => questions[label]?.kind !== 'words' || words(text));
          expect(problems).toEqual([]);
          expect(
            Object.entries(flags)
              .filter(([, value]) => !Array.isArray(value) || value.length > 0)
              .map(([flag]) => flag)
              .sort(),
          ).toEqual(expected.map(([label]) => questions[label]?.flag).sort());
        },
      ),
    );
  });
});
