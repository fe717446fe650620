import { Octokit } from '@octokit/rest';
import type { Hub } from './hub.ts';
import { moveRef } from './moves.ts';
import { mergePull } from './operations/merging.ts';
import { requestOwners } from './operations/open-pull.ts';
import type { Method } from './rules/merge-rules.ts';
import { isPull, type PullRequest, type Repo, signatureOf, type User, userNamed, type World } from './world.ts';

/** Files by path: their text, or null to delete one; an object says more. */
export type Files = Readonly<Record<string, string | null | { readonly mode: string; readonly text: string }>>;

/** How files get onto a branch. */
export interface Change {
  /** The branch; begun at `from`, by default main, where there is none. */
  readonly branch: string;
  readonly from?: string;
  readonly message?: string;
  /** Whose name the commit bears: anybody can write any name there. */
  readonly author?: string;
  readonly repo?: Repo;
}

/** What somebody does by hand: git as a push, all else through the REST interface. */
export interface Actor {
  readonly user: User;
  readonly token: string;
  readonly octokit: Octokit;
  /** Commits files onto a branch and pushes it; answers the commit. */
  readonly commit: (files: Files, change: Change) => string;
  /** Pushes a commit of a working copy, or one that the hub has already, to a branch. */
  readonly push: (commit: string, to: { branch: string; from?: string; force?: boolean; repo?: Repo }) => void;
  /** Opens a pull request and answers its number. */
  readonly open: (
    head: string,
    more?: { title?: string; body?: string; base?: string; draft?: boolean; maintainer_can_modify?: boolean },
  ) => Promise<number>;
  /** Gives a review and answers its id. */
  readonly review: (
    number: number,
    event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT',
    more?: { commit_id?: string; body?: string },
  ) => Promise<number>;
  readonly approve: (number: number, commit?: string) => Promise<number>;
  readonly dismiss: (number: number, review: number) => Promise<void>;
  /** Merges and answers the commit that main then points to. */
  readonly merge: (number: number, method?: Method, sha?: string) => Promise<string>;
  readonly close: (number: number) => Promise<void>;
  /** Makes a draft ready for review; GitHub has this in its other interface only. */
  readonly ready: (number: number) => void;
  /** What the merge queue does once it is a pull request's turn; answers the commit. */
  readonly queue: (number: number, method?: Method) => string;
  /** Merges as somebody whom the rules do not bind, without a look at them. */
  readonly force: (number: number, method?: Method) => string;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** GitHub's own client, which says nothing of refusals. */
export function clientOf(url: string, token?: string): Octokit {
  return new Octokit({ baseUrl: url, log: silent, ...(token === undefined ? {} : { auth: token }) });
}

export function actorOf(hub: Hub, user: User): Actor {
  const token = hub.token(user.login);
  const octokit = hub.client(token);
  const { rest } = octokit;
  const here = { owner: hub.repo.owner.login, repo: hub.repo.name };
  const actor: Actor = {
    ...{ user, token, octokit },
    commit: (files, { repo = hub.repo, message = 'Change files', ...change }) =>
      writeFiles(hub.world, repo, { by: user, files, message, ...change }),
    push: (commit, { branch, from, force = false, repo = hub.repo }) => {
      if (from !== undefined) repo.bare.run(['fetch', '--quiet', '--no-write-fetch-head', from, commit]);
      hub.world.clock.now += 1000;
      moveRef(hub.world, repo, { ref: `refs/heads/${branch}`, to: commit, by: user, force });
    },
    open: async (head, { title = head, base = 'main', ...more } = {}) =>
      (await rest.pulls.create({ ...here, head, title, base, ...more })).data.number,
    review: async (number, event, { body = event === 'APPROVE' ? '' : event, ...more } = {}) =>
      (await rest.pulls.createReview({ ...here, pull_number: number, event, body, ...more })).data.id,
    approve: (number, commit) => actor.review(number, 'APPROVE', commit === undefined ? {} : { commit_id: commit }),
    dismiss: async (number, review) => {
      await rest.pulls.dismissReview({ ...here, pull_number: number, review_id: review, message: 'no longer' });
    },
    merge: async (number, method = 'squash', sha) =>
      (
        await rest.pulls.merge({
          ...here,
          pull_number: number,
          merge_method: method,
          ...(sha === undefined ? {} : { sha }),
        })
      ).data.sha,
    close: async (number) => {
      await rest.pulls.update({ ...here, pull_number: number, state: 'closed' });
    },
    ready: (number) => {
      const issue = pullNumbered(hub, number);
      issue.pull.draft = false;
      requestOwners(hub.world, hub.repo, issue);
    },
    queue: (number, method = 'merge') =>
      mergePull(hub.world, hub.repo, { issue: pullNumbered(hub, number), by: user, method, queued: true }),
    force: (number, method = 'squash') =>
      mergePull(hub.world, hub.repo, { issue: pullNumbered(hub, number), by: user, method }),
  };
  return actor;
}

function pullNumbered({ repo }: Hub, number: number): PullRequest {
  const issue = repo.issues.find((one) => one.number === number);
  if (!issue || !isPull(issue)) throw new Error(`there is no pull request ${number}`);
  return issue;
}

/** Writes a commit onto a branch, as somebody's push. */
export function writeFiles(
  world: World,
  repo: Repo,
  {
    by,
    branch,
    from = repo.defaultBranch,
    files,
    message,
    author = by.login,
  }: { by: User; files: Files; message: string } & Omit<Change, 'repo' | 'message'>,
): string {
  world.clock.now += 1000;
  const parent =
    repo.bare.ref(`refs/heads/${branch}`) ?? repo.bare.ref(`refs/heads/${from}`) ?? repo.bare.resolve(from);
  const rows = Object.entries(files).map(([path, file]) => {
    const { mode, text } = typeof file === 'string' || file === null ? { mode: '100644', text: file } : file;
    return { path, mode, id: text === null ? undefined : mode === '160000' ? text : repo.bare.writeBlob(text) };
  });
  const tree = repo.bare.writeTree(parent && repo.bare.commit(parent).tree, rows);
  const parents = parent === undefined ? [] : [parent];
  const commit = repo.bare.writeCommit({
    tree,
    parents,
    message,
    author: signatureOf(world, userNamed(world, author) ?? by),
  });
  moveRef(world, repo, { ref: `refs/heads/${branch}`, to: commit, by });
  return commit;
}
