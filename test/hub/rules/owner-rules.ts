import { changesBetween, mergeBase } from '../git/history.ts';
import {
  isAtLeast,
  type PullRequest,
  type Repo,
  type Review,
  roleOf,
  type User,
  userNamed,
  type World,
} from '../world.ts';
import { type Owners, ownersOf, places, readOwners, tooLarge } from './codeowners.ts';

/** The CODEOWNERS file that GitHub goes by at a commit; undefined where there is none, or one too large to load. */
export function ownersAt(repo: Repo, commit: string): { owners: Owners; path: string } | undefined {
  for (const path of places) {
    const bytes = repo.bare.file(commit, path);
    if (bytes !== undefined)
      return bytes.length < tooLarge ? { owners: readOwners(bytes.toString()), path } : undefined;
  }
  return undefined;
}

/** People whom GitHub takes as an owner: with an account and the right to write, no apps. */
export function ownerNamed(world: World, repo: Repo, name: string): User | undefined {
  const user = userNamed(world, name.slice(1));
  return user?.type === 'User' && isAtLeast(roleOf(repo, user), 'write') ? user : undefined;
}

/** For each set of owners that changed files ask for, the people in it; by the base branch's CODEOWNERS. */
export function askedOwners(world: World, repo: Repo, { pull }: PullRequest): readonly (readonly User[])[] {
  const base = repo.bare.ref(`refs/heads/${pull.baseRef}`);
  const found = base === undefined ? undefined : ownersAt(repo, base);
  if (base === undefined || found === undefined) return [];
  const from = mergeBase(repo.bare, base, pull.headSha);
  const paths = changesBetween(repo.bare, from, pull.headSha).flatMap(({ path, before }) => [
    path,
    ...(before === undefined ? [] : [before]),
  ]);
  const lines = new Set(paths.map((path) => ownersOf(found.owners, path)));
  return [...lines]
    .map((line) => (line?.owners ?? []).flatMap(({ name }) => ownerNamed(world, repo, name) ?? []))
    .filter((people) => people.length > 0);
}

/** Why the rule of code owners' review does not hold yet. */
export function ownerFaults(world: World, repo: Repo, issue: PullRequest): readonly string[] {
  const approved = new Set(counting(repo, issue).flatMap(({ state, user }) => (state === 'APPROVED' ? [user] : [])));
  const waiting = askedOwners(world, repo, issue).filter((people) => !people.some((user) => approved.has(user)));
  const names = [...new Set(waiting.flat().map(({ login }) => login))].sort();
  return waiting.length === 0 ? [] : [`Waiting on code owner review from ${listed(names)}.`];
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and/or ${names.at(-1)}`;
}

/** The newest verdict of everybody whose reviews count: of people who may write, and are not the author. */
export function counting(repo: Repo, { pull, user }: PullRequest): readonly Review[] {
  const newest = new Map<User, Review>();
  for (const review of pull.reviews)
    if (review.state === 'APPROVED' || review.state === 'CHANGES_REQUESTED' || review.state === 'DISMISSED')
      newest.set(review.user, review);
  return [...newest.values()].filter(
    (review) => review.user !== user && isAtLeast(roleOf(repo, review.user), 'write') && review.state !== 'DISMISSED',
  );
}
