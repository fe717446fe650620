import type { CheckoutState } from '../core/diagnosis.ts';
import { GitFailure, git, positionOf, uncommittedIn } from './git.ts';

/** The repository around a directory, or why there is none. */
export async function checkoutOf(directory: string): Promise<CheckoutState | { readonly outside: string }> {
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
    if (thrown instanceof GitFailure) return { outside: thrown.message };
    throw thrown;
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
