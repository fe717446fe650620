import type { Move, Moves, Waiting } from './move.ts';
import { closes, comesAfter, isBehind, isOnSame, isSameHolder } from './sequence.ts';
import type { Shortfall } from './target.ts';

/**
 * Holds back what would go ahead of what it must come after: an opt-in while a permission of its principal waits, which
 * would be left with neither; what IAM_ALLOWED_PRINCIPALS holds while somebody failed to get there what replaces it; and
 * what cannot be given as long as that stays.
 */
export function notAhead({ made, leftOut, withheld }: Moves): Moves {
  if (withheld.length === 0) return { made, leftOut, withheld };
  const waiting: Waiting[] = [];
  const hold = (some: readonly Move[], whyOf: (move: Move) => Waiting['shortfall'] | undefined): readonly Move[] =>
    some.filter((move) => {
      const shortfall = whyOf(move);
      if (shortfall !== undefined) waiting.push({ move, shortfall });
      return shortfall === undefined;
    });
  const lacking = withheld.filter(({ move }) => move.after?.kind === 'grant' && move.observed === undefined);
  const failed = lacking.filter(({ move, shortfall }) => shortfall.code === 'FAILED' && !comesAfter(turnOf(move)));
  const ready = hold(made, (move) => {
    if (move.after?.kind === 'opt-in')
      return lacking.find((one) => isSameHolder(one.move.after, move.after))?.shortfall;
    return isClosing(move) ? failed.find((one) => isOnSame(turnOf(one.move), turnOf(move)))?.shortfall : undefined;
  });
  const staying = [...withheld, ...waiting].filter(({ move }) => isClosing(move));
  const rest = hold(ready, (move) =>
    move.reason !== 'held' &&
    comesAfter(turnOf(move)) &&
    staying.some((one) => isBehind(turnOf(move), turnOf(one.move)))
      ? stillHeld
      : undefined,
  );
  return { made: rest, leftOut, withheld: [...withheld, ...waiting] };
}

const stillHeld: Shortfall = {
  code: 'IAM_ALLOWED_PRINCIPALS',
  reason: 'IAM_ALLOWED_PRINCIPALS holds it, and what takes that away waits',
  remedy: 'see to what waits there, and run apply again',
};

function isClosing(move: Move): boolean {
  return closes({ ...turnOf(move), reason: move.reason });
}

function turnOf({ observed, after }: Move) {
  return { ...(observed && { before: observed.fact }), ...(after && { after }) };
}
