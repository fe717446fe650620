import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { caseOf, type Family, familyOf } from './draw.ts';
import type { LawCase } from './law-case.ts';

/** Which case of which campaign. */
export interface Which {
  readonly seed: number;
  readonly index: number;
  readonly only: readonly Family[];
  /** In every so many cases subscriptions reach into consumers' accounts. */
  readonly consumersIn?: number;
}

/** The case of this number: the same seed and number, the same case. */
export function draw({ seed, index, only, consumersIn }: Which): { readonly family: Family; readonly one: LawCase } {
  const { family, turn } = familyOf(index, only);
  const own = createHash('sha256').update(`${seed} ${index}`).digest().readInt32BE(0);
  const [one] = fc.sample(caseOf(family, turn, consumersIn), { seed: own, numRuns: 1 });
  if (one === undefined) throw new Error('nothing was drawn');
  return { family, one: { ...one, random: index + 1, title: `${family}, seed ${seed}, case ${index}` } };
}
