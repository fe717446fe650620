import { GitFailure, type Given, git } from '../../git/git.ts';
import { bring, commitOf, differsAt, type FileChange, holds, push, type Remote } from '../../git/propose.ts';
import { statusOf } from '../../github/failure.ts';
import { type GitHub, type NewPullRequest, openPull, type PullRequest, pullsFrom } from '../../github/pulls.ts';
import { HalfDone, SetupProblem } from '../options.ts';

/** A change of one file that is to become a pull request. */
export interface Proposal {
  readonly given: Given;
  readonly remote: Remote;
  readonly change: FileChange;
  /** The branch to use; where it holds something else, one with a number behind. */
  readonly branch: string;
  readonly title: string;
  readonly body: string;
}

/** How it came out: the pull request, and whether it was there already. */
export interface Proposed {
  readonly pull: PullRequest;
  readonly branch: string;
  readonly isNew: boolean;
}

/**
 * Makes the branch and opens the pull request. Each step looks first whether it was made before, so that a run
 * that was killed anywhere is finished by the next one.
 */
export async function propose(proposal: Proposal, github: GitHub): Promise<Proposed> {
  const place = await placeFor(proposal, github);
  if (place.pull !== undefined) return { pull: place.pull, branch: place.branch, isNew: false };
  if (!place.isPushed) {
    // Whom GitHub does not let ask would leave a branch behind.
    await asking(() => pullsFrom(github, place.branch));
    await pushed(proposal, place.branch);
  }
  const { title, body, remote } = proposal;
  const pull = await opened(github, { branch: place.branch, base: remote.defaultBranch, title, body });
  return { pull, branch: place.branch, isNew: true };
}

/** Opens the pull request; where an answer got lost, it is there already. */
export async function opened(github: GitHub, pull: NewPullRequest): Promise<PullRequest> {
  const { branch } = pull;
  try {
    return await openPull(github, pull);
  } catch (thrown) {
    const there = statusOf(thrown) === 422 ? await openFrom(github, branch) : undefined;
    if (there !== undefined) return there;
    return await asking(() => Promise.reject(thrown), branch);
  }
}

/** The open pull request from a branch. */
export async function openFrom(github: GitHub, branch: string): Promise<PullRequest | undefined> {
  return (await asking(() => pullsFrom(github, branch))).find(({ state }) => state === 'open');
}

interface PlaceFor {
  readonly branch: string;
  readonly isPushed: boolean;
  readonly pull?: PullRequest;
}

/** How many branches one request may have left behind. */
const mostBranches = 100;

/** The branch that holds the change already, or else the first that is free. */
async function placeFor({ given, remote, change, branch }: Proposal, github: GitHub): Promise<PlaceFor> {
  let free: string | undefined;
  for (let number = 1; number <= mostBranches; number += 1) {
    const name = number === 1 ? branch : `${branch}-${number}`;
    const tip = remote.branches.get(name);
    if (tip === undefined) {
      free ??= name;
      continue;
    }
    await bring(given, remote, name);
    const open = await openFrom(github, name);
    const isOurs = await holds(given.directory, tip, { change, base: remote.head });
    if (isOurs) return { branch: name, isPushed: true, ...(open === undefined ? {} : { pull: open }) };
    if (open !== undefined && (await differsAt(given.directory, [remote.head, tip], change.path)))
      throw new SetupProblem(
        'ASKED_ALREADY',
        `${open.url} asks for another change of ${change.path}`,
        'change that pull request, or close it and ask again',
      );
  }
  if (free !== undefined) return { branch: free, isPushed: false };
  throw new SetupProblem(
    'TOO_MANY_BRANCHES',
    `${branch} and ${mostBranches - 1} more are branches already`,
    'delete those that are merged or closed',
  );
}

async function pushed({ given, remote, change, title }: Proposal, branch: string): Promise<void> {
  try {
    const commit = await commitOf(given, { parent: remote.head, change, message: `${title}\n` });
    await push(given, remote, { commit, branch });
  } catch (thrown) {
    if (!(thrown instanceof GitFailure)) throw thrown;
    throw new SetupProblem(
      'NOT_PUSHED',
      `the branch ${branch} cannot be made: ${thrown.message}`,
      'with --link you ask in the browser, without write access',
    );
  }
}

/** GitHub's no, in one sentence; where a branch is there already, with what is done. */
export async function asking<T>(call: () => Promise<T>, branch?: string): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    const status = statusOf(thrown);
    if (status === undefined || !(thrown instanceof Error)) throw thrown;
    const said = thrown.message.split('\n')[0];
    const refusal = `GitHub said no (${status}): ${said}`;
    if (branch === undefined) throw new SetupProblem('GITHUB', refusal);
    throw new HalfDone('GITHUB', refusal, `The branch ${branch} is there, and the same command goes on from it.`);
  }
}

/** The address of a remote; undefined where there is none. */
export async function addressOf(directory: string, remote: string): Promise<string | undefined> {
  try {
    return (await git(directory, 'remote', 'get-url', remote)).trim();
  } catch (thrown) {
    if (thrown instanceof GitFailure) return undefined;
    throw thrown;
  }
}
