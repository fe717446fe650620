import type { Plan, Standing } from '../core/plan.ts';
import { isSamePlace } from '../core/problem.ts';
import { counted } from './words.ts';

/** The heading over holds and overrides. */
export const standingHeading = 'Holds and overrides';

/** The holds and overrides of a plan, a sentence each. */
export function standingLines({ standing, changes }: Plan): readonly string[] {
  const cuts = ({ place }: Standing): number =>
    changes.filter(({ reason, because }) => reason === 'held' && because.some((one) => isSamePlace(one.place, place)))
      .length;
  return standing.map((one) => {
    const { kind, guard, scope, reason, until, place } = one;
    const what = kind === 'hold' ? `hold on ${scope}` : `override of ${guard} for ${scope}`;
    return `${what}, ${stateText(one, cuts(one))}: ${reason} (${place.file}:${place.line}, until ${until})`;
  });
}

function stateText({ kind, state }: Standing, cuts: number): string {
  if (state === 'not proven') return 'which does not count: the file is not proven';
  if (kind === 'override') return state === 'over' ? 'which is over and does nothing' : 'in force';
  if (state === 'over') return 'which has ended: what it cut comes back as the files say';
  return cuts === 0 ? 'in force' : `in force, cuts ${counted(cuts, 'permission')} now`;
}
