import { expect, test } from 'vitest';
import { latecomers } from '../../src/approve/latecomers.ts';
import type { PastVersion } from '../../src/core/file-history.ts';

const [own, other, foreign] = ['finance', 'finance.more', 'marketing'].map(
  (one) => `subscriptions/sales/stores/${one}.yaml`,
);

/** A history in which each path comes and goes at places: `+` with what it says, `-` when it is gone. */
function past(...said: readonly (readonly [path: string | undefined, ...moves: readonly string[]])[]) {
  const versions = said.map(([path = '', ...moves]): readonly [string, readonly PastVersion[]] => [
    path,
    moves.map((move) => ({ path, at: Number(move.slice(1)), blob: move.startsWith('+') ? move : undefined })),
  ]);
  return { versions: new Map(versions) };
}

test.each<[title: string, history: ReturnType<typeof past>, late: readonly (string | undefined)[]]>([
  ['what was never gone', past([own, '+1', '+3'], [other, '+2']), []],
  ['added when the other was gone', past([own, '+1', '-2'], [other, '+3']), [other]],
  ['moved', past([own, '+1', '-2'], [other, '+2']), [other]],
  ['added before the other was gone', past([own, '+1', '-3'], [other, '+2']), []],
  ['added again', past([own, '+1', '-2', '+3', '+5']), [own]],
  ['gone and back before the trust root', past([own, '+-4', '--3', '+-2', '+1']), []],
  ['changed when the other was gone', past([own, '+1', '-3'], [other, '+2', '+4']), [other]],
  ['changed with the other', past([own, '+1', '+3'], [other, '+2', '+3']), [own, other]],
  ['added when the other had changed', past([own, '+1', '+2'], [other, '+3']), [other]],
  ['changed before the other was', past([own, '+1', '+4'], [other, '+2', '+3']), [own]],
  ['changed when the other had come', past([own, '+1', '+3'], [other, '+2']), []],
  ['another account', past([foreign, '+1', '-2'], [own, '+3']), []],
])('%s', (_, history, late) => {
  expect([...latecomers({ history, root: 0, shared: new Set() })]).toEqual(late);
});

test('principals that several accounts may name', () => {
  const history = past([foreign, '+1', '-2'], [own, '+3'], [other, '+3']);
  expect([...latecomers({ history, root: 0, shared: new Set([own ?? '']) })]).toEqual([own]);
});
