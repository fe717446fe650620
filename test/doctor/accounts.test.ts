import { expect, test } from 'vitest';
import { LakeFailure } from '../../src/core/lake.ts';
import type { Entry } from '../../src/doctor/reading.ts';
import { checkAccounts } from '../../src/doctor/rules/accounts.ts';

const role = 'arn:aws:iam::333344445555:role/meshgate-observe';
const arn = 'arn:aws:sts::333344445555:assumed-role/meshgate-observe/run';
const failure = (code: string) => ({
  isRead: false as const,
  failure: new LakeFailure({ operation: 'AssumeRole', code, message: 'no', kind: 'final' }),
});
const sound: Entry = {
  role,
  isTrusted: true,
  caller: { isRead: true, value: { account: '333344445555', arn } },
  settings: { isRead: true, value: { administrators: [], readOnlyAdministrators: [role] } },
  shares: { isRead: true, value: [] },
  missing: { isRead: true, value: [] },
  roles: [],
};

test.each<[name: string, entry: Partial<Entry>, result: string, text: RegExp]>([
  ['all is sound', {}, 'ok', /lets .* in/],
  ['the role trusts nobody', { caller: failure('AccessDenied') }, 'finding', /does not let the run in/],
  [
    'the caller is nobody whom it would trust',
    { caller: failure('AccessDenied'), isTrusted: false },
    'unchecked',
    /lets/,
  ],
  ['nobody answers', { caller: failure('TimeoutError') }, 'unchecked', /the lake of marketing/],
  [
    'it administers nothing',
    { settings: { isRead: true, value: { administrators: [], readOnlyAdministrators: [] } } },
    'finding',
    /no data lake administrator/,
  ],
  ['settings are not shown', { settings: failure('AccessDeniedException') }, 'unchecked', /who administers/],
  ['shares are not shown', { shares: failure('AccessDeniedException') }, 'unchecked', /what is shared/],
])('an account in which %s', (_, entry, result, text) => {
  const [check] = checkAccounts([{ name: 'marketing', id: '333344445555', steps: [], entry: { ...sound, ...entry } }]);
  expect(check?.result).toBe(result);
  expect(check?.message).toMatch(text);
});
