import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { namesOfBoth } from '../src/cli/load.ts';
import { planOffline } from '../src/offline.ts';
import { linesOf, optionText } from '../src/report/lines.ts';
import { declared, edited } from './support/example-pull.ts';
import { schemaFaults } from './support/output-schemas.ts';
import { baseMesh } from './support/problem-cases.ts';

type Edits = Parameters<typeof edited>[1];

interface Case {
  readonly title: string;
  readonly before?: Edits;
  readonly after: Edits;
  readonly changes: readonly string[];
  readonly leftOut?: number;
  readonly refused?: number;
  readonly notes?: readonly string[];
}

const { cases } = parse(readFileSync(new URL('cases/offline.yaml', import.meta.url), 'utf8')) as {
  cases: readonly Case[];
};
const now = new Date('2026-11-22T09:00:00Z');
const [base, commit] = ['1'.repeat(40), '2'.repeat(40)];

describe('a plan without a lake', () => {
  test.each(cases)('$title', ({ before: edits = {}, after, changes, leftOut = 0, refused = 0, notes = [] }) => {
    const files = edited(baseMesh(), edits);
    const [was, is] = [declared(files), declared(edited(files, after))];
    const plan = planOffline({ before: was, after: is, base, commit, files: Object.keys(after), now });
    const names = namesOfBoth(was, is);
    const said = linesOf(plan.changes).map((line) => {
      const classes = line.classes.length === 0 ? '' : ` [${line.classes.join(' ')}]`;
      return `${line.verb} ${line.what}${optionText(line)} on ${line.on} for ${names.get(line.principal) ?? line.principal}${classes}`;
    });
    expect([...said].sort()).toEqual([...changes].sort());
    expect(plan.leftOut).toHaveLength(leftOut);
    expect(plan.refusals.flatMap((refusal) => refusal.changes)).toHaveLength(refused);
    expect(plan.notes.map(({ code }) => code)).toEqual([...notes, ...(changes.length === 0 ? [] : ['PII_AT_LEAST'])]);
    expect(schemaFaults('plan', plan)).toEqual([]);
  });

  test('of a mesh that begins is everything', () => {
    const is = declared(baseMesh());
    const plan = planOffline({ before: undefined, after: is, base, commit: null, files: [], now });
    expect(plan.summary).toMatchObject({ grant: 3, revoke: 0 });
    expect(plan.lakes).toEqual([]);
  });
});
