import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { importsOf } from '../support/imports.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every file that a file loads when it runs, its own imports' imports too; what brings in types alone is not loaded. */
function loadedBy(file: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(file)) return known;
  known.add(file);
  for (const { target, isType } of importsOf(readFileSync(file, 'utf8')))
    if (!isType && target.startsWith('.')) loadedBy(resolve(dirname(file), target), known);
  return known;
}

const named = (files: ReadonlySet<string>): readonly string[] => [...files].map((file) => relative(root, file));

test.each(['law-check', 'law-desired', 'law-cells', 'law-access', 'law-dips', 'law-scope', 'law-imports', 'law-iam'])(
  'what judges the laws, %s, loads nothing of the program that it judges',
  (name) => {
    const loaded = named(loadedBy(resolve(root, `test/support/${name}.ts`)));
    expect(loaded.filter((path) => path.startsWith('src/'))).toEqual([]);
  },
);

test('and where something of it were loaded, it would be seen', () => {
  const loaded = named(loadedBy(resolve(root, 'test/support/law-reconcile.ts')));
  expect(loaded).toContain('src/reconcile.ts');
  expect(loaded).toContain('src/plan/plan.ts');
  expect(loaded.every((path) => existsSync(resolve(root, path)))).toBe(true);
});
