import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { caseOf, type Family, familyOf } from './draw.ts';
import { rawIam, usualIamWidth } from './iam.ts';
import type { LawCase } from './law-case.ts';

/** Which case of which campaign. */
export interface Which {
  readonly seed: number;
  readonly index: number;
  readonly only: readonly Family[];
  /** In every so many cases subscriptions reach into consumers' accounts. */
  readonly consumersIn?: number;
  /** In every so many cases products say what becomes of IAM_ALLOWED_PRINCIPALS. */
  readonly iamIn?: number;
}

/** The case of this number: the same seed and number, the same case. */
export function draw({ seed, index, only, consumersIn, iamIn = usualIamWidth }: Which): {
  readonly family: Family;
  readonly one: LawCase;
} {
  const { family, turn } = familyOf(index, only);
  const [iam] = turn % iamIn === 0 ? fc.sample(rawIam, { seed: seedOf(`${seed} ${index} iam`), numRuns: 1 }) : [];
  const extras = { iam, ...(consumersIn === undefined ? {} : { consumersIn }) };
  const [one] = fc.sample(caseOf(family, turn, extras), { seed: seedOf(`${seed} ${index}`), numRuns: 1 });
  if (one === undefined) throw new Error('nothing was drawn');
  return { family, one: { ...one, random: index + 1, title: `${family}, seed ${seed}, case ${index}` } };
}

function seedOf(text: string): number {
  return createHash('sha256').update(text).digest().readInt32BE(0);
}
