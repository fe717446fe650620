import { type Seal, sealWith } from '../core/seal.ts';
import { SetupProblem } from './options.ts';

/** The variable with the key that answers of GitHub and incidents are sealed with. */
const variable = 'MESHGATE_CACHE_KEY';
const shortest = 32;

/** The seal of a run by its key; undefined where none is set. Throws a `SetupProblem` for a key that can be guessed. */
export function sealOf(key: string | undefined): Seal | undefined {
  if (key === undefined || key === '') return undefined;
  if (key.length < shortest) throw noKey(`${variable} has fewer than ${shortest} characters`);
  return sealWith(key);
}

/** What is said where something needs a key. */
export function noKey(message: string): SetupProblem {
  return new SetupProblem(
    'NO_CACHE_KEY',
    message,
    'make a secret of the protected environment for it: openssl rand -hex 32',
  );
}
