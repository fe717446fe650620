import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Candidate, type ChangedFile, judgeCandidate } from '../../src/approve/automerge.ts';

interface Case extends Partial<Pick<Candidate, 'isDraft' | 'check' | 'objections'>> {
  readonly hasOthers?: boolean | null;
  readonly isRenewed?: boolean;
  readonly title: string;
  readonly author?: { readonly login: string; readonly id: number } | null;
  readonly files?: readonly (Partial<Omit<ChangedFile, 'mode'>> & { readonly mode?: string | null })[];
  readonly missing?: readonly string[];
  readonly problems?: number;
  readonly verdict?: string;
  readonly reasons?: readonly string[];
}

const { cases } = parse(readFileSync(new URL('../cases/automerge.yaml', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};
const path = 'mesh/subscriptions/a/b/marketing.yaml';
const eve = { login: 'eve', id: 3 };

function fileOf({ mode, ...more }: NonNullable<Case['files']>[number]): ChangedFile {
  const plain = mode === undefined ? '100644' : mode;
  return { path, change: 'added', size: 300, ...more, mode: plain ?? undefined };
}

describe('a pull request that may need no human', () => {
  test.each(cases)('$title', ({ verdict = 'needs a person', reasons = [], author = eve, files = [{}], ...more }) => {
    const { isDraft = false, check = 'green', objections = [], missing = [], problems = 0, hasOthers = false } = more;
    const { isRenewed = false } = more;
    const judged = judgeCandidate(
      {
        ...{
          number: 1,
          isDraft,
          check,
          objections,
          author: author ?? undefined,
          hasOthers: hasOthers ?? undefined,
          isRenewed,
        },
        files: files.map(fileOf),
      },
      { problems, subscriptions: new Map([[path, { consumer: 'marketing', owners: [eve], missing }]]) },
    );
    expect(judged).toEqual(verdict === 'merge' ? { kind: 'merge' } : { kind: verdict, reasons });
  });

  test('more files than a person asks for', () => {
    const files = Array.from({ length: 21 }, (_, index) => fileOf({ path: `${path}${index}` }));
    const subscriptions = new Map(files.map((file) => [file.path, { consumer: 'x', owners: [eve], missing: [] }]));
    const candidate = {
      number: 1,
      isDraft: false,
      check: 'green',
      objections: [],
      hasOthers: false,
      isRenewed: false,
      author: eve,
    } as const;
    expect(judgeCandidate({ ...candidate, files }, { problems: 0, subscriptions })).toEqual({
      kind: 'needs a person',
      reasons: ['it changes 21 files, more than 20'],
    });
    expect(judgeCandidate({ ...candidate, files: files.slice(1) }, { problems: 0, subscriptions }).kind).toBe('merge');
  });
});
