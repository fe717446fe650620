import { expect, test } from 'vitest';
import { ownersOf, readOwners } from './rules/codeowners.ts';

/** Rules of https://docs.github.com/articles/about-code-owners, one by one: what a pattern matches and what it does not. */
test.each<[string, readonly string[], readonly string[]]>([
  ['*', ['a', 'a/b/c.js', '.hidden'], []],
  ['*.js', ['a.js', 'x/y/a.js'], ['a.jsx', 'a.js.map']],
  ['/build/logs/', ['build/logs/a', 'build/logs/x/y'], ['x/build/logs/a', 'build/logs']],
  ['docs/*', ['docs/getting-started.md'], ['docs/build-app/troubleshooting.md', 'x/docs/a.md']],
  ['apps/', ['apps/a', 'x/apps/y/z'], ['apps', 'xapps/a']],
  ['/docs/', ['docs/a', 'docs/x/y'], ['x/docs/a']],
  ['/docs', ['docs', 'docs/a/b'], ['docsx', 'x/docs']],
  ['/scripts/', ['scripts/a'], ['a/scripts/b']],
  ['**/logs', ['logs', 'logs/a', 'build/logs/a', 'a/b/logs'], ['xlogs/a', 'logs.txt']],
  ['/apps/github', ['apps/github', 'apps/github/a'], ['apps/githubx']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b', 'a/b/c'], ['a/bx', 'x/a/b']],
  ['a/**', ['a/b', 'a/b/c'], ['a', 'b/a/c']],
  ['/*', ['a'], ['a/b']],
  ['/a?c', ['abc', 'abc/d'], ['a/c', 'ac', 'abbc']],
  ['/Docs/', ['Docs/a'], ['docs/a']],
  ['/a\\ b/', ['a b/c'], ['a/c', 'a\\ b/c']],
  ['[ab].txt', ['[ab].txt'], ['a.txt', 'b.txt']],
  ['a.b+c', ['a.b+c'], ['axb+c', 'a.bbc']],
  ['*@2x/*.png', ['img@2x/a.png'], ['img@2x/y/a.png', 'x/img@2x/a.png']],
])('%s', (pattern, inside, outside) => {
  const owners = readOwners(`${pattern} @ann\n`);
  expect(owners.faults).toEqual([]);
  const owned = (path: string) => ownersOf(owners, path) !== undefined;
  expect(inside.filter((path) => !owned(path))).toEqual([]);
  expect(outside.filter(owned)).toEqual([]);
});

const names = (text: string, path: string) => ownersOf(readOwners(text), path)?.owners.map(({ name }) => name);

test('the last line that matches counts, also where it names nobody', () => {
  expect(names('* @ann\n*.js @bob @org/team\n', 'a.js')).toEqual(['@bob', '@org/team']);
  expect(names('* @ann\n/a/\n', 'a/b')).toEqual([]);
  expect(names('/a/ @ann\n/a/b @bob # and @eve\n', 'a/b')).toEqual(['@bob']);
  expect(names('\uFEFF* ann@example.org\r\n', 'x')).toEqual(['ann@example.org']);
});

test('a line that is wrong is left out, and said to be', () => {
  const { lines, faults } = readOwners('# all\n* @ann\n!x @bob\n/a/ bob\n\\#x @bob\na/***/b @bob\n');
  expect(lines.map(({ line }) => line)).toEqual([2]);
  expect(faults.map(({ line, column, kind }) => [line, column, kind])).toEqual([
    [3, 1, 'Invalid pattern'],
    [4, 5, 'Invalid owner'],
    [5, 1, 'Invalid pattern'],
    [6, 1, 'Invalid pattern'],
  ]);
  expect(faults[1]?.message).toBe('Invalid owner on line 4\n\n  /a/ bob\n      ^');
});
