import { setTimeout as sleep } from 'node:timers/promises';
import type { Octokit, RestEndpointMethodTypes } from '@octokit/rest';
import type { Forge, Person, Pull, Push, Review } from '../core/forge.ts';
import { clientOf, type GitHubOptions } from './client.ts';
import { forgeFailure, statusOf } from './failure.ts';
import { pushesOn } from './pushes.ts';
import { renewalIn } from './renewals.ts';
import { type Place, treesOf } from './trees.ts';

/** GitHub as the forge, and what it needs besides. */
export interface GitHubForge extends GitHubOptions {
  /** The user id of our own app, which opens pull requests for those who asked in an issue. */
  readonly app?: number;
  /** Whether a commit is so new that GitHub may not know yet which pull request it came from. */
  readonly isNew: (commit: string) => boolean;
}

/** Asks GitHub, everything once. */
export function githubForge(options: GitHubForge): Forge {
  const client = clientOf(options);
  const [owner = '', repo = ''] = options.repository.split('/');
  const place: Place = { owner, repo };
  const home = once(async () => {
    const { data } = await client.rest.repos.get(place);
    return { repository: data.id, branch: data.default_branch };
  }, 'the repository');
  // All waits of a run together: twenty paces.
  let patience = 20;
  const introducing = async (commit: string): Promise<readonly Pull[]> => {
    for (let wait = 1; ; wait *= 2) {
      const found = await pullsWith(client, { ...place, commit });
      const isThere = found.some(({ merged_at }) => merged_at !== null);
      if (isThere || wait > patience || !options.isNew(commit)) return Promise.all(found.map(toPull));
      patience -= wait;
      await sleep(wait * options.pace);
    }
  };
  const toPull = async (data: FoundPull): Promise<Pull> => ({
    number: data.number,
    author: await authorOf(data),
    base: { repository: data.base.repo.id, branch: data.base.ref },
    isMerged: data.merged_at !== null,
    ...(data.merged_at !== null && { mergedAt: data.merged_at }),
    merge: data.merge_commit_sha ?? undefined,
  });
  const authorOf = async (data: Pick<FoundPull, 'user' | 'head' | 'base'>): Promise<Person | undefined> =>
    isOurs(data, options.app) ? askerOf(client, place, data) : personOf(data.user);
  const whole = once(
    async (pull: number) => (await client.rest.pulls.get({ ...place, pull_number: pull })).data,
    'a pull request',
  );
  const pushing = async (pull: number): Promise<readonly Push[] | undefined> => {
    const data = await whole(pull);
    const pushes = await pushesOn(client, data);
    if (pushes === undefined || !isOurs(data, options.app)) return pushes;
    // What our own app wrote down is the word of whoever asked it to.
    const asker = await authorOf(data);
    return pushes.map((push) => ({ ...push, by: push.by === options.app ? asker?.id : push.by }));
  };
  return {
    home: () => home(''),
    pullsOf: once(introducing, 'the pull requests of a commit'),
    reviewsOf: once((pull: number) => reviewsWith(client, { ...place, pull }), 'the reviews of a pull request'),
    renewalOf: once((pull: number) => renewalIn(client, { ...place, pull }), 'what happened to a pull request'),
    authorOf: once(async (pull: number) => authorOf(await whole(pull)), 'the author of a pull request'),
    pushesTo: once(pushing, 'the pushes to a pull request'),
    blobAt: treesOf(client, place),
  };
}

/** A question that is asked once for each subject; what goes wrong is a `ForgeFailure`, and stays so. */
function once<K, T>(ask: (subject: K) => Promise<T>, what: string): (subject: K) => Promise<T> {
  const answers = new Map<K, Promise<T>>();
  return (subject) => {
    const answer =
      answers.get(subject) ??
      ask(subject).catch((thrown: unknown) => {
        throw forgeFailure(thrown, what);
      });
    answers.set(subject, answer);
    return answer;
  };
}

type FoundPull = RestEndpointMethodTypes['repos']['listPullRequestsAssociatedWithCommit']['response']['data'][number];

/** The pull requests of a commit (https://docs.github.com/en/rest/commits/commits); none where GitHub does not know the commit. */
async function pullsWith(
  client: Octokit,
  { commit, ...place }: Place & { readonly commit: string },
): Promise<readonly FoundPull[]> {
  try {
    const asked = { ...place, commit_sha: commit, per_page: 100 };
    return await client.paginate(client.rest.repos.listPullRequestsAssociatedWithCommit, asked);
  } catch (thrown) {
    if (statusOf(thrown) === 422) return [];
    throw thrown;
  }
}

/**
 * Whether our own app opened it, on the branch that it names after an issue. Neither can be forged: who opened a pull
 * request and its head branch are given for good, while title, body and labels may be edited by others.
 */
function isOurs({ user, head, base }: Pick<FoundPull, 'user' | 'head' | 'base'>, app: number | undefined): boolean {
  return app !== undefined && user?.id === app && user.type === 'Bot' && head.repo?.id === base.repo.id;
}

/** Who asked: the author of the issue after which the app named the branch. */
async function askerOf(client: Octokit, place: Place, { head }: Pick<FoundPull, 'head'>): Promise<Person | undefined> {
  const issue = /^meshgate\/issue-([1-9]\d{0,9})$/.exec(head.ref)?.[1];
  if (issue === undefined) return undefined;
  const { data } = await client.rest.issues.get({ ...place, issue_number: Number(issue) });
  return data.pull_request === undefined ? personOf(data.user) : undefined;
}

async function reviewsWith(
  client: Octokit,
  { pull, ...place }: Place & { readonly pull: number },
): Promise<readonly Review[]> {
  const found = await client.paginate(client.rest.pulls.listReviews, { ...place, pull_number: pull, per_page: 100 });
  const given = found.filter(({ submitted_at }) => submitted_at !== undefined);
  return given
    .toSorted((a, b) => Date.parse(a.submitted_at ?? '') - Date.parse(b.submitted_at ?? '') || a.id - b.id)
    .map(({ user, state, commit_id, submitted_at: at }) => ({
      reviewer: personOf(user),
      verdict: verdicts[state] ?? 'comment',
      commit: commit_id ?? undefined,
      ...(at !== undefined && { at }),
    }));
}

const verdicts: Readonly<Record<string, Review['verdict']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes requested',
  DISMISSED: 'dismissed',
};

function personOf(user: { readonly login: string; readonly id: number; readonly type: string } | null) {
  return user === null ? undefined : { login: user.login, id: user.id, isHuman: user.type === 'User' };
}
