import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { askingOf, type Turn } from '../../src/approve/asking.ts';

interface Case {
  readonly title: string;
  readonly open?: boolean;
  readonly onBranch?: boolean;
  /** Who did what. */
  readonly turns: readonly string[];
  readonly counts: boolean;
  readonly dispute?: string;
}

const file = new URL('../cases/asking/asking.yaml', import.meta.url);
const { cases } = parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Case[] };
const people: Readonly<Record<string, number>> = { ada: 1, abe: 2, mal: 3 };

test.each(cases)('$title', ({ open: isOpen = true, onBranch: isOnBranch = true, turns, ...expected }) => {
  const happened = turns.map((text): Turn => {
    const [login = '', kind] = text.split(' ');
    const id = people[login];
    return { kind: kind as Turn['kind'], by: id === undefined ? undefined : { login, id } };
  });
  const { counts, dispute } = askingOf({ isOpen, isOnBranch, turns: happened }, (id) => id < 3);
  expect({ counts, dispute }).toEqual({ counts: expected.counts, dispute: expected.dispute });
});
