import { expect, test } from 'vitest';
import { lastProven, type Past } from '../../src/approve/last-proven.ts';
import { bolder, provenStake } from '../../src/approve/stake.ts';
import type { Enforcement } from '../../src/core/scope.ts';
import type { Proof } from '../../src/core/state.ts';
import { declare } from '../../src/declare/declare.ts';
import { historyFrom, pastFrom } from '../support/past.ts';
import { meshOf, reconcileBase } from '../support/reconcile-cases.ts';

const product = 'products/sales/stores.yaml';
const open = (isUnchecked: boolean): Proof => ({
  proven: false,
  reason: 'nobody approved it',
  remedy: 'have it approved',
  ...(isUnchecked && { isUnchecked: true }),
});
const proofOf = { proven: { proven: true, by: 'somebody' }, open: open(false), unasked: open(true) } as const;

type Said = readonly [word: Enforcement | 'gone' | 'broken', proof: keyof typeof proofOf];

test.each<[title: string, versions: readonly Said[], counts: Enforcement | undefined]>([
  [
    'a proven word counts',
    [
      ['additive', 'proven'],
      ['full', 'proven'],
    ],
    undefined,
  ],
  [
    'what was proven last counts',
    [
      ['exclusive', 'proven'],
      ['full', 'proven'],
      ['exclusive', 'open'],
    ],
    'full',
  ],
  [
    'not what nobody proved between',
    [
      ['full', 'proven'],
      ['additive', 'open'],
      ['exclusive', 'open'],
    ],
    'full',
  ],
  [
    'nothing was ever proven: as a file that says nothing',
    [
      ['additive', 'open'],
      ['full', 'open'],
    ],
    undefined,
  ],
  ['and exclusive says more than that', [['exclusive', 'open']], 'full'],
  [
    'what nobody could ask about may be the last',
    [
      ['full', 'proven'],
      ['additive', 'unasked'],
      ['full', 'open'],
    ],
    'additive',
  ],
  [
    'and so may what is before it',
    [
      ['additive', 'proven'],
      ['full', 'unasked'],
    ],
    'additive',
  ],
  [
    'a file that was gone meanwhile',
    [
      ['additive', 'proven'],
      ['gone', 'proven'],
      ['full', 'open'],
    ],
    'additive',
  ],
  [
    'a file that is gone, and was bold when nobody proved it',
    [
      ['additive', 'proven'],
      ['full', 'open'],
      ['gone', 'proven'],
    ],
    'additive',
  ],
  [
    'a version that says nothing sound',
    [
      ['additive', 'proven'],
      ['broken', 'proven'],
      ['full', 'open'],
    ],
    'additive',
  ],
])('%s', async (_, versions, counts) => {
  const base = reconcileBase();
  const meshes = versions.map(([word], at) =>
    meshOf(base, {
      title: '',
      mesh: {
        [product]:
          word === 'gone' ? null : word === 'broken' ? { nonsense: at } : { enforce: word, description: `${at}` },
      },
    }),
  );
  const result = declare(meshes.at(-1) ?? { directory: '', files: [], problems: [] });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const { declaration } = result;
  const past: Past = pastFrom(meshes);
  const bold = bolder(declaration, historyFrom(meshes).commits);
  const path = declaration.products.get('sales/stores')?.path;
  const stake = await provenStake(declaration, bold, {
    proofs: new Map([
      ['mesh.yaml', proofOf.proven],
      ...(path === undefined ? [] : [[path, proofOf[versions.at(-1)?.[1] ?? 'open']] as const]),
    ]),
    lastOf: (of) => lastProven(of, past, async ({ at }) => proofOf[versions[at]?.[1] ?? 'open']),
  });
  expect(stake.enforce.get('sales/stores')).toBe(counts);
  expect(stake.notes.map(({ code }) => code)).toEqual(counts === undefined ? [] : ['STAKE_NOT_PROVEN']);
});
