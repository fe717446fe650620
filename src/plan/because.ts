import type { Because } from '../core/plan.ts';
import type { DesiredFact } from '../core/state.ts';

/** Every place in the files that asks for a fact. */
export function becauseOf({ wishes }: DesiredFact): readonly Because[] {
  return wishes.map(({ cause }) => toBecause(cause));
}

/** A place that asks, without what decides whether it may. */
export function toBecause({ place, subscription, product }: Because): Because {
  return {
    place,
    ...(subscription === undefined ? {} : { subscription }),
    ...(product === undefined ? {} : { product }),
  };
}
