import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readLines } from '../../src/codeowners/dialect.ts';
import { isLogin, loginWithId } from '../../src/core/login.ts';
import { mention } from '../../src/report/issue.ts';

const schema = JSON.parse(readFileSync(new URL('../../schemas/common.schema.json', import.meta.url), 'utf8'));
const inFiles = new RegExp(schema.$defs.person.properties.login.pattern);

test.each<[text: string, isOne: boolean]>([
  ['ada', true],
  ['A1', true],
  ['grace-hopper', true],
  ['grace-hopper_acme', true],
  [`${'a'.repeat(34)}_acme`, true],
  [`${'a'.repeat(35)}_acme`, false],
  ['_ada', false],
  ['ada_', false],
  ['-ada', false],
  ['ada-', false],
  ['ada lovelace', false],
  ['ada.acme', false],
  ['helper[bot]', false],
  ['', false],
])('%j is a login in files, options and issues alike: %j', (text, isOne) => {
  expect(isLogin(text)).toBe(isOne);
  expect(inFiles.test(text)).toBe(isOne);
  expect(mention(text)).toBe(isOne ? `@${text}` : '');
  expect(loginWithId(`${text}:1815`)).toEqual(isOne ? { login: text, id: 1815 } : undefined);
  // GitHub's dialect of owners is wider, so that no line with a login is taken for a bad one.
  if (isOne) expect(readLines(`/a @${text}\n`)).toMatchObject({ lines: [{ owners: [`@${text}`] }], skipped: [] });
});
