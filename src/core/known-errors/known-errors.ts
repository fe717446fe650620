import { denied } from './denied.ts';
import { failed } from './failed.ts';
import type { KnownError } from './known-error.ts';
import { refused } from './refused.ts';

/** What AWS is known to answer. Of those that fit, the first counts: the more special stand before the more general. */
export const knownErrors: readonly KnownError[] = [...denied, ...refused, ...failed];
