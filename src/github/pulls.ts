import type { Octokit } from '@octokit/rest';
import type { Approver } from '../core/approvals.ts';

/** A repository on GitHub, and how it is reached. */
export interface GitHub {
  readonly client: Octokit;
  readonly owner: string;
  readonly repo: string;
}

/** A pull request, as far as a request for access goes. */
export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed' | 'merged';
  /** Who opened it; undefined where the account is gone. */
  readonly author: Approver | undefined;
}

/** The pull requests from a branch of the repository itself, newest first. */
export async function pullsFrom({ client, owner, repo }: GitHub, branch: string): Promise<readonly PullRequest[]> {
  // https://docs.github.com/rest/pulls/pulls#list-pull-requests
  const found = await client.paginate(client.rest.pulls.list, {
    owner,
    repo,
    head: `${owner}:${branch}`,
    state: 'all',
    sort: 'created',
    direction: 'desc',
    per_page: 100,
  });
  return found
    .filter(({ head }) => head.ref === branch)
    .map(({ number, html_url, state, merged_at, user }) => ({
      number,
      url: html_url,
      state: state === 'open' ? 'open' : merged_at === null ? 'closed' : 'merged',
      author: personOf(user),
    }));
}

/** What a pull request is opened with. */
export interface NewPullRequest {
  readonly branch: string;
  /** The branch that it goes into. */
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

/** Opens a pull request. */
export async function openPull(
  { client, owner, repo }: GitHub,
  { branch, base, title, body }: NewPullRequest,
): Promise<PullRequest> {
  // https://docs.github.com/rest/pulls/pulls#create-a-pull-request
  const { data } = await client.rest.pulls.create({ owner, repo, head: branch, base, title, body });
  return { number: data.number, url: data.html_url, state: 'open', author: personOf(data.user) };
}

function personOf(user: Approver | null): Approver | undefined {
  return user === null ? undefined : { login: user.login, id: user.id };
}

/** Gives a pull request another title and body. */
export async function retitle(
  { client, owner, repo }: GitHub,
  number: number,
  { title, body }: Pick<NewPullRequest, 'title' | 'body'>,
): Promise<void> {
  // https://docs.github.com/rest/pulls/pulls#update-a-pull-request
  await client.rest.pulls.update({ owner, repo, pull_number: number, title, body });
}
