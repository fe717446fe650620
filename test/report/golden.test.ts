import { expect, test } from 'vitest';
import { diagnosisMarkdown } from '../../src/report/diagnosis-markdown.ts';
import { diagnosisText } from '../../src/report/diagnosis-text.ts';
import { diagnosisJson, outcomesJson, planJson, problemsJson } from '../../src/report/json.ts';
import { outcomesMarkdown, planMarkdown } from '../../src/report/markdown.ts';
import { outcomesText } from '../../src/report/outcomes.ts';
import { pictureMarkdown, pictureText } from '../../src/report/picture.ts';
import { problemsText } from '../../src/report/problems.ts';
import { driftText, planText } from '../../src/report/text.ts';
import { planOf } from '../support/builders.ts';
import { exampleDiagnosis } from '../support/example-diagnosis.ts';
import { exampleNames, exampleOutcomes, examplePlan } from '../support/example-plan.ts';
import { schemaFaults } from '../support/output-schemas.ts';

const plain = { colour: false, names: exampleNames, verbose: false };
const plan = examplePlan();
const outcomes = exampleOutcomes();
const diagnosis = exampleDiagnosis();
const problems = [
  {
    code: 'UNKNOWN_FIELD',
    message: 'there is no field "tabels"',
    hint: 'did you mean "tables"?',
    place: { file: 'mesh/products/sales/orders.yaml', line: 6, column: 3 },
    excerpt: '  tabels: [orders]',
  },
  { code: 'NO_MESH', message: 'there is no directory "mesh"' },
];

test.each<[file: string, text: string]>([
  ['plan.txt', planText(plan, plain)],
  ['plan-verbose.txt', planText(plan, { ...plain, verbose: true })],
  ['plan.md', planMarkdown(plan, exampleNames)],
  ['plan.json', planJson(plan)],
  ['plan-empty.txt', planText(planOf(), plain)],
  ['plan-empty.md', planMarkdown(planOf({ commit: null }), exampleNames)],
  ['picture.txt', pictureText(plan, plain)],
  ['picture.md', pictureMarkdown(plan)],
  ['drift.txt', driftText(plan, plain)],
  ['drift-none.txt', driftText(planOf(), plain)],
  ['drift.md', planMarkdown(plan, exampleNames, 'Drift')],
  ['outcomes.txt', outcomesText(outcomes, plain)],
  ['outcomes.md', outcomesMarkdown(plan, outcomes, exampleNames)],
  ['outcomes.json', outcomesJson(plan, outcomes)],
  ['outcomes-empty.txt', outcomesText([], plain)],
  ['problems.json', problemsJson(problems)],
  ['doctor.txt', diagnosisText(diagnosis, plain)],
  ['doctor-verbose.txt', diagnosisText(diagnosis, { ...plain, verbose: true })],
  ['doctor.md', diagnosisMarkdown(diagnosis)],
  ['doctor.json', diagnosisJson(diagnosis)],
])('%s', async (file, text) => {
  await expect(text).toMatchFileSnapshot(`../golden/${file}`);
});

test('colour adds nothing but colour', () => {
  const bare = (text: string): string => text.replaceAll(/\u001b\[\d+m/g, '');
  const colourful = { ...plain, colour: true };
  for (const [coloured, text] of [
    [planText(plan, colourful), planText(plan, plain)],
    [driftText(plan, colourful), driftText(plan, plain)],
    [pictureText(plan, colourful), pictureText(plan, plain)],
    [outcomesText(outcomes, colourful), outcomesText(outcomes, plain)],
    [problemsText(problems, true), problemsText(problems, false)],
  ] as const) {
    expect(coloured).not.toBe(text);
    expect(bare(coloured)).toBe(text);
  }
});

test('what is printed as JSON is as its schema says', () => {
  expect(schemaFaults('plan', JSON.parse(planJson(plan)))).toEqual([]);
  expect(schemaFaults('outcomes', JSON.parse(outcomesJson(plan, outcomes)))).toEqual([]);
});

test('the order of changes changes no line', () => {
  const turned = { ...plan, changes: plan.changes.toReversed() };
  expect(planText(turned, plain)).toBe(planText(plan, plain));
  expect(planMarkdown(turned, exampleNames)).toBe(planMarkdown(plan, exampleNames));
});
