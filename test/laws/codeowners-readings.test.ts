import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownershipOf } from '../../src/codeowners/ownership.ts';
import { ownersOf, readOwners } from '../hub/rules/codeowners.ts';
import { runs } from '../support/law-runs.ts';

const name = fc.constantFrom('a', 'ab', 'b', 'a*', '*b', '?', 'a?', '*', '**', '*b*', 'a\\ b', 'a[b]', 'A');
/** What `**` before a last slash means nobody says: the two take it otherwise. */
const pattern = fc
  .tuple(
    fc.constantFrom('', '/', '**/', '!'),
    fc.array(name, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '/', '/*', '/**'),
  )
  .map(([start, names, end]) => `${start}${names.join('/')}${end}`)
  .filter((text) => !text.endsWith('**/'));
const owners = fc.array(fc.constantFrom('@ada', '@org/team', 'ada@example.com', 'nobody'), { maxLength: 2 });
const file = fc
  .array(fc.tuple(pattern, owners), { minLength: 1, maxLength: 4 })
  .map((lines) => lines.map(([text, people]) => [text, ...people].join(' ')).join('\n'));
const paths = [
  'a',
  'ab',
  'b',
  'a/a',
  'a/b',
  'a/b/a',
  'ab/a',
  'b/a',
  'b/b/a',
  'b/a/b/a',
  'A/b',
  'a b',
  'a b/a',
  'a[b]/a',
];

test('a CODEOWNERS file is read as the stand-in for GitHub reads it, which was written apart', () => {
  fc.assert(
    fc.property(file, (text) => {
      const [ours, theirs] = [ownershipOf(text), readOwners(text)];
      const lines = (lineOf: (path: string) => number | undefined) => paths.map((path) => [path, lineOf(path)]);
      expect(lines((path) => ours.lineFor(path)?.number)).toEqual(lines((path) => ownersOf(theirs, path)?.line));
      expect(ours.skipped.map(({ number }) => number)).toEqual(theirs.faults.map(({ line }) => line));
    }),
    runs(300),
  );
});
