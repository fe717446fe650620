import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areasOf } from '../../src/codeowners/areas.ts';
import { codeownersProblems, home } from '../../src/codeowners/check.ts';
import { codeownersText } from '../../src/codeowners/generate.ts';
import { ownershipOf } from '../../src/codeowners/ownership.ts';
import { declared, lawMesh } from '../support/law-mesh.ts';
import { runs } from '../support/law-runs.ts';
import { temporary } from '../support/stage.ts';

test('what is generated gives every file the owners it should have, wherever the mesh is', () => {
  const folder = fc.constantFrom('', 'mesh/', 'data mesh/', 'a*b/c?d/', 'x\\y/');
  fc.assert(
    fc.property(
      lawMesh,
      folder,
      fc.array(fc.constantFrom('a', 'b/c', '.github/workflows/x.yml')),
      (mesh, prefix, more) => {
        const declaration = declared(mesh);
        const areas = areasOf(declaration, prefix);
        const text = codeownersText(areas, prefix);
        const files = [...declaration.products.values(), ...declaration.subscriptions.values(), declaration.mesh];
        const paths = [...files.map(({ path }) => `${prefix}${path}`), ...more];
        expect(codeownersProblems({ files: [{ location: home, text }], text, areas, paths })).toEqual([]);
        const mixed = { ...declaration, products: new Map([...declaration.products].reverse()) };
        expect(codeownersText(areasOf(mixed, prefix), prefix)).toBe(text);
      },
    ),
    runs(20),
  );
});

// Paths of which none is a folder of another, so that all can be files of one work tree.
const tree = ['a', 'ab', 'abc/a', 'abc/ab', 'b/a', 'b/b/a', 'b/b/ab', 'b/c/b/a', 'c/a/b', 'c/ab/c', 'c/b/a/ab/c'];

/** Patterns whose meaning GitHub takes from gitignore unchanged: all but those that end in a lone asterisk. */
const pattern = fc
  .tuple(
    fc.constantFrom('', '/', '**/'),
    fc.array(fc.constantFrom('a', 'ab', 'b', 'c', 'a*', '*b', '?', 'a?', '*', '**', '*b*'), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.constantFrom('', '', '/', '/**'),
  )
  .map(([start, names, end]) => `${start}${names.join('/')}${end}`)
  .filter((text) => !/(?:^|\/)\*$|\*\*\/?$/.test(text) || text.endsWith('/**'))
  .filter((text) => !/\*\*\/\*\*/.test(text) && text !== '/**');

test('patterns match what git finds by the same pattern', async () => {
  const directory = await temporary();
  for (const path of tree) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), '');
  }
  const git = (args: readonly string[], input?: string): string => {
    try {
      return execFileSync('git', args, { cwd: directory, encoding: 'utf8', ...(input === undefined ? {} : { input }) });
    } catch (thrown) {
      // git answers 1 where no path is found.
      if ((thrown as { status?: number }).status === 1) return '';
      throw thrown;
    }
  };
  git(['init', '--quiet']);
  const excludes = join(directory, '.git', 'patterns');
  fc.assert(
    fc.property(pattern, (text) => {
      writeFileSync(excludes, `${text}\n`);
      const found = git(
        ['-c', `core.excludesFile=${excludes}`, 'check-ignore', '--no-index', '--stdin'],
        tree.join('\n'),
      );
      const ownership = ownershipOf(`${text} @owner`);
      const matched = tree.filter((path) => ownership.lineFor(path) !== undefined);
      expect(matched, text).toEqual(found.split('\n').filter((path) => path !== ''));
    }),
    runs(25),
  );
});
