import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Declaration } from '../../src/declare/declaration.ts';
import { draft } from '../../src/declare/draft.ts';
import { narrows } from '../../src/desire/narrows.ts';
import { baseMesh, meshFrom } from '../support/problem-cases.ts';

interface Case {
  readonly title: string;
  readonly edits: Readonly<Record<string, string>>;
  readonly was?: null;
  readonly is?: null;
  /** Other files, in place of the base's, in both versions; null removes one. */
  readonly others?: Readonly<Record<string, string | null>>;
}

interface Group {
  readonly path: string;
  readonly was: string;
  readonly narrows: readonly Case[];
  readonly widens: readonly Case[];
}

const { groups } = parse(readFileSync(new URL('../cases/narrows.yaml', import.meta.url), 'utf8')) as {
  groups: readonly Group[];
};

describe.each(groups)('$path', (group) => {
  test.each(group.narrows)('narrows: $title', (one) => {
    const [before, after] = versionsOf(group, one);
    expect(narrows(before, after, group.path)).toBe(true);
  });
  test.each(group.widens)('does not narrow: $title', (one) => {
    const [before, after] = versionsOf(group, one);
    expect(narrows(before, after, group.path)).toBe(false);
  });
});

test('a path that neither version has does not narrow', () => {
  const mesh = declared({});
  expect(narrows(mesh, mesh, 'accounts/nobody.yaml')).toBe(false);
});

function versionsOf({ path, was }: Group, one: Case): readonly [Declaration, Declaration] {
  const text = Object.entries(one.edits).reduce((edited, [from, to]) => {
    if (!edited.includes(from)) throw new Error(`the file does not hold ${from}`);
    return edited.replaceAll(from, () => to);
  }, was);
  return [
    declared({ ...one.others, [path]: one.was === undefined ? was : null }),
    declared({ ...one.others, [path]: one.is === undefined ? text : null }),
  ];
}

/** Files that are sound one by one: whether they fit each other is not what is judged here. */
function declared(files: Readonly<Record<string, string | null>>): Declaration {
  const all = Object.entries({ ...baseMesh(), ...files });
  const read = draft(meshFrom(all.flatMap(([path, text]) => (text === null ? [] : [[path, text] as const]))));
  const { mesh, accounts, products, subscriptions } = read.draft;
  const [problem] = read.problems;
  if (problem !== undefined || mesh === undefined) throw new Error(`${problem?.place?.file} ${problem?.message}`);
  return { mesh, accounts, products, subscriptions };
}
