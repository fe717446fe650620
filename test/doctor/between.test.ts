import { expect, test } from 'vitest';
import type { Check } from '../../src/core/diagnosis.ts';
import type { Fact } from '../../src/core/fact.ts';
import { LakeFailure } from '../../src/core/lake.ts';
import type { AccountReading, Entry, LakeReading } from '../../src/doctor/reading.ts';
import { checkKey, checkVersions } from '../../src/doctor/rules/between.ts';
import { checkBranch } from '../../src/doctor/rules/branch.ts';
import { checkBuckets } from '../../src/doctor/rules/buckets.ts';
import { checkSteps } from '../../src/doctor/rules/consumer-steps.ts';

const failure = new LakeFailure({ operation: 'X', code: 'AccessDenied', message: 'no', kind: 'final' });
const marketing = { name: 'marketing', id: '333344445555', steps: [] };
const settings = (version?: string): Entry['settings'] => ({
  isRead: true,
  value: {
    administrators: [],
    readOnlyAdministrators: [],
    ...(version === undefined ? {} : { crossAccountVersion: version }),
  },
});
const tagged: Fact = {
  kind: 'grant',
  lake: '',
  principal: '333344445555',
  resource: { kind: 'lf-tag-policy', catalog: '', covers: 'TABLE', expression: [] },
  permission: 'SELECT',
  grantOption: false,
};

function lake(more: object): LakeReading {
  const none = { observed: { facts: new Map() }, accounts: [], principals: new Set(['333344445555']) };
  return { account: '111122223333', region: 'eu-west-1', endpoint: '', ...none, ...more } as object as LakeReading;
}
const accounts = (entry?: Partial<Entry>): readonly AccountReading[] => [
  { ...marketing, ...(entry && { entry: entry as Entry }) },
];
const said = (check: Check | undefined) => [
  check?.result === 'finding' ? check.severity : check?.result,
  `${check?.message}: ${check?.result === 'finding' ? check.means : ''}`,
];

test.each<[string, object, string, RegExp]>([
  ['no accounts', { settings: settings('4'), accounts: [] }, 'ok', /no subscription/],
  [
    '4 here, 3 there',
    { settings: settings('4'), accounts: accounts({ settings: settings('3') }) },
    'ok',
    /go together/,
  ],
  [
    '1 here, 2 there',
    { settings: settings('1'), accounts: accounts({ settings: settings('2') }) },
    'ok',
    /go together/,
  ],
  [
    '2 here, 3 there',
    { settings: settings('2'), accounts: accounts({ settings: settings('3') }) },
    'warning',
    /LF-Tags/,
  ],
  [
    '2 here, 3 there, and LF-Tags given',
    {
      settings: settings('2'),
      accounts: accounts({ settings: settings('3') }),
      observed: { facts: new Map([['x', { fact: tagged }]]) },
    },
    'error',
    /some already/,
  ],
  ['none there', { settings: settings('4'), accounts: accounts({ settings: settings() }) }, 'unchecked', /go together/],
  [
    'none here',
    { settings: settings('x'), accounts: accounts({ settings: settings('4') }) },
    'unchecked',
    /go together/,
  ],
  [
    'not read there',
    { settings: settings('4'), accounts: accounts({ settings: { isRead: false, failure } }) },
    'unchecked',
    /./,
  ],
  ['not read here', { settings: { isRead: false, failure }, accounts: accounts({}) }, 'unchecked', /./],
  ['not entered', { settings: settings('4'), accounts: accounts() }, 'note', /was not read/],
])('versions, %s', (_, more, result, text) => {
  expect(said(checkVersions(lake(more))[0])).toEqual([result, expect.stringMatching(text)]);
});

const key = (name?: string) => ({
  encryption: { isRead: true, value: { isEncrypted: true, ...(name !== undefined && { key: name }) } },
});
test.each<[string, object, string, RegExp]>([
  ['none', { encryption: { isRead: true, value: { isEncrypted: false } } }, 'ok', /no key/],
  ['none that is named', key(), 'error', /cannot share/],
  ['the alias of AWS', key('alias/aws/glue'), 'error', /gives to 333344445555/],
  ['the alias of AWS as an ARN', key('arn:aws:kms:eu-west-1:111122223333:alias/aws/glue'), 'error', /./],
  ['the alias of AWS, and nobody else to share with', { ...key('alias/aws/glue'), principals: new Set() }, 'note', /./],
  ['an own alias', key('alias/lake'), 'ok', /does not manage/],
  ['a key by its id', key('1234'), 'unchecked', /whether the key 1234/],
  ['a key that nobody tells', { encryption: { isRead: false, failure } }, 'unchecked', /./],
])('a key that is %s', (_, more, result, text) => {
  expect(said(checkKey(lake(more)))).toEqual([result, expect.stringMatching(text)]);
});

test.each<[string, LakeReading['buckets'], string, RegExp]>([
  ['none', [], 'ok', /no declared location/],
  ['of the central account', [{ bucket: 'own', site: 'city', account: '111122223333' }], 'ok', /./],
  [
    'of a producer',
    [{ bucket: 'lake', site: 'sales', account: '222233334444' }],
    'note',
    /bucket lake of sales .* not read/,
  ],
])('buckets, %s', (_, buckets, result, text) => {
  expect(said(checkBuckets(lake({ buckets }))[0])).toEqual([result, expect.stringMatching(text)]);
});

const step = { what: 'make the link', command: 'aws glue create-database', subscriptions: [] };
test.each<[string, readonly AccountReading[], string, RegExp]>([
  ['no account', [], 'ok', /no subscription/],
  ['all there', accounts({ missing: { isRead: true, value: [] } }), 'ok', /is there/],
  ['a grant missing', accounts({ missing: { isRead: true, value: [tagged] } }), 'note', / 1 grant is not there yet/],
  ['not read', accounts({ missing: { isRead: false, failure } }), 'unchecked', /what is missing/],
  ['by hand', [{ ...marketing, steps: [step] }], 'note', /1 step for the administrator of marketing/],
  ['by hand, and nothing', [marketing], 'ok', /nothing/],
])('steps in an account, %s', (_, given, result, text) => {
  expect(said(checkSteps(given)[0])).toEqual([result, expect.stringMatching(text)]);
});

test.each<[string, Parameters<typeof checkBranch>[0], string]>([
  ['guarded', { branch: 'main', incidents: [] }, 'ok'],
  ['open', { branch: 'main', incidents: [{ message: 'a rule is off', remedy: 'switch it on' }] }, 'error'],
  ['not asked', { unasked: 'no token' }, 'note'],
  ['not read', { unread: 'no answer', remedy: 'again' }, 'unchecked'],
])('a branch that is %s', (_, guarding, result) => {
  expect(said(checkBranch(guarding)[0])[0]).toBe(result);
});
