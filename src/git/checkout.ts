import type { CheckoutState, NoCheckout } from '../core/diagnosis.ts';
import { GitFailure, git, isOutside, Misplaced, positionOf, uncommittedIn } from './git.ts';

/** The repository around a directory, or why nothing is known of it. */
export async function checkoutOf(directory: string): Promise<CheckoutState | NoCheckout> {
  try {
    const { head } = await positionOf(directory);
    const isShallow = (await git(directory, 'rev-parse', '--is-shallow-repository')).trim() !== 'false';
    return {
      directory,
      head,
      isShallow,
      branch: await branchOf(directory),
      uncommitted: await uncommittedIn(directory),
    };
  } catch (thrown) {
    if (!(thrown instanceof GitFailure)) throw thrown;
    if (thrown instanceof Misplaced) return { directory, misplaced: thrown.message, remedy: thrown.remedy };
    return (await isOutside(directory))
      ? { directory, outside: thrown.message }
      : { directory, failure: thrown.message };
  }
}

async function branchOf(directory: string): Promise<string | null> {
  try {
    return (await git(directory, 'symbolic-ref', '--quiet', '--short', 'HEAD')).trim();
  } catch (thrown) {
    if (thrown instanceof GitFailure) return null;
    throw thrown;
  }
}
