import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { problemCodes } from '../../src/core/problem-codes.ts';
import { problemCases } from '../support/problem-cases.ts';

const folders = ['declare', 'codeowners'].map((name) => new URL(`../../src/${name}/`, import.meta.url));
/** What GitHub itself finds wrong. */
const ofGitHub = new URL('../../src/github/owner-errors.ts', import.meta.url);

function codesIn(url: URL): readonly string[] {
  return readdirSync(url, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => codesInFile(new URL(path, url)));
}

function codesInFile(file: URL): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(/(?:code: |\[)'([A-Z0-9_]{3,})'/g)].map((match) => match[1] ?? '');
}

test('every code of a problem is explained, and none besides', () => {
  const used = new Set(
    [...folders.flatMap(codesIn), ...codesInFile(ofGitHub)].filter(
      (code) => !['SELECT', 'DESCRIBE', 'DATA_LOCATION_ACCESS'].includes(code),
    ),
  );
  expect([...used].toSorted()).toEqual(Object.keys(problemCodes).toSorted());
});

test('every code of a problem has a case, or a test of reading', () => {
  const inCases = problemCases().flatMap(([, cases]) =>
    cases.flatMap(({ problems }) => problems.map(({ code }) => code)),
  );
  const inTests = ['read.test.ts', 'hostile.test.ts', '../codeowners/check.test.ts'].flatMap((file) =>
    [...readFileSync(new URL(file, import.meta.url), 'utf8').matchAll(/'([A-Z0-9_]{3,})(?=[' ])/g)].map(
      (match) => match[1] ?? '',
    ),
  );
  const ofCodeowners = readFileSync(new URL('../cases/codeowners-check.yaml', import.meta.url), 'utf8');
  const inTable = [...ofCodeowners.matchAll(/code: ([A-Z_]+)/g)].map((match) => match[1] ?? '');
  const ofCheck = readFileSync(new URL('../cli/github-check.test.ts', import.meta.url), 'utf8');
  const annotated = [...ofCheck.matchAll(/title=([A-Z_]+)/g)].map((match) => match[1] ?? '');
  const tested = new Set([...inCases, ...inTests, ...inTable, ...annotated]);
  expect(Object.keys(problemCodes).filter((code) => !tested.has(code))).toEqual([]);
});
