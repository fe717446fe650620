import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { explanationJson, explanationText, readersJson, readersText } from '../../src/report/explanation.ts';
import { jsonText } from '../../src/report/json.ts';
import { shownText } from '../../src/report/shown.ts';
import { subscriptionsCsv, subscriptionsJson, subscriptionsText } from '../../src/report/subscriptions.ts';
import {
  blindList,
  emptyList,
  exampleExplanation,
  exampleList,
  exampleReaders,
  exampleThings,
  nothingThere,
} from '../support/example-look.ts';
import { schemaFaults } from '../support/output-schemas.ts';

const plain = { colour: false, names: new Map(), verbose: false };
const loud = { ...plain, verbose: true };
const texts: readonly [file: string, text: string, coloured: string][] = [
  ['list', subscriptionsText(exampleList, plain), subscriptionsText(exampleList, { ...plain, colour: true })],
  ['list-blind', subscriptionsText(blindList, plain), subscriptionsText(blindList, { ...plain, colour: true })],
  [
    'explain',
    explanationText(exampleExplanation, plain),
    explanationText(exampleExplanation, { ...plain, colour: true }),
  ],
  ['explain-nothing', explanationText(nothingThere, plain), explanationText(nothingThere, { ...plain, colour: true })],
  ['who-can-read', readersText(exampleReaders, plain), readersText(exampleReaders, { ...plain, colour: true })],
  ...Object.values(exampleThings).map((thing): (typeof texts)[number] => [
    `show-${thing.kind}`,
    shownText(thing, plain),
    shownText(thing, { ...plain, colour: true }),
  ]),
];

test.each(texts)('%s', async (file, text, coloured) => {
  await expect(text).toMatchFileSnapshot(`../golden/look/${file}.txt`);
  // Colour adds nothing but colour.
  expect(coloured).not.toBe(text);
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(text);
});

test.each([
  ['list-verbose.txt', subscriptionsText(exampleList, loud)],
  ['list-empty.txt', subscriptionsText(emptyList, plain)],
  ['list.csv', subscriptionsCsv(exampleList)],
  ['show-principal-verbose.txt', shownText(exampleThings.principal, loud)],
])('%s', async (file, text) => {
  await expect(text).toMatchFileSnapshot(`../golden/look/${file}`);
});

test('a list keeps to 80 columns', () => {
  const lines = subscriptionsText(exampleList, plain).split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('what is printed as JSON is as its schema says', () => {
  for (const list of [exampleList, blindList, emptyList])
    expect(schemaFaults('list', JSON.parse(subscriptionsJson(list)))).toEqual([]);
  for (const explanation of [exampleExplanation, nothingThere])
    expect(schemaFaults('explain', JSON.parse(explanationJson(explanation)))).toEqual([]);
  expect(schemaFaults('explain', JSON.parse(readersJson(exampleReaders)))).toEqual([]);
  for (const thing of Object.values(exampleThings))
    expect(schemaFaults('show', JSON.parse(jsonText(thing)))).toEqual([]);
});

describe('CSV', () => {
  const [row] = exampleList.subscriptions;
  const csvOf = (purpose: string): readonly Record<string, string>[] =>
    row === undefined
      ? []
      : parse(subscriptionsCsv({ ...exampleList, subscriptions: [{ ...row, purpose }] }), { columns: true });

  test.each([
    ['a "quoted", text', 'a "quoted", text'],
    ['two\nlines', 'two lines'],
    ['a \u202e turned text', 'a <U+202E> turned text'],
    ['=HYPERLINK("http://evil.example","x")', '\'=HYPERLINK("http://evil.example","x")'],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'=1"],
  ])('%j is %j to a spreadsheet', (purpose, cell) => {
    expect(csvOf(purpose)[0]?.['purpose']).toBe(cell);
  });

  test('has a head and one record for each subscription, with all their cells', () => {
    const records: readonly Record<string, string>[] = parse(subscriptionsCsv(exampleList), { columns: true });
    expect(records.map(({ subscription }) => subscription)).toEqual(
      exampleList.subscriptions.map(({ subscription }) => subscription),
    );
    expect(records[2]).toMatchObject({
      state: 'expiring',
      classes: 'pii secret',
      pull_request: '12',
      tables: 'items orders',
    });
  });
});

test('no text of a file reaches the terminal as a command', () => {
  const evil = '\u001b[2Jgone\u202e';
  const [row] = exampleList.subscriptions;
  if (row === undefined) throw new RangeError('the example is empty');
  const list = {
    ...exampleList,
    subscriptions: [
      {
        ...row,
        subscription: `a/b/${evil}`,
        product: 'a/b',
        purpose: evil,
        why: evil,
        owners: [evil],
        classes: [evil],
      },
    ],
    sources: { ...exampleList.sources, notes: [evil] },
  };
  const { subscription } = exampleThings;
  const all = [
    subscriptionsText(list, loud),
    subscriptionsJson(list),
    subscriptionsCsv(list),
    explanationText({ ...exampleExplanation, resource: evil, advice: [evil] }, loud),
    readersText({ ...exampleReaders, resource: evil, limits: [evil] }, loud),
    subscription.kind === 'subscription' ? shownText({ ...subscription, notes: [evil] }, loud) : '',
  ];
  for (const text of all) expect(text).not.toMatch(/\u001b|\u202e/);
});
