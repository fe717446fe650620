import type { Octokit, RestEndpointMethodTypes } from '@octokit/rest';
import type { Push } from '../core/forge.ts';
import { statusOf } from './failure.ts';

type WholePull = RestEndpointMethodTypes['pulls']['get']['response']['data'];

/**
 * Who moved the branch of a pull request from where to where, oldest first, by the activity of its repository, which
 * also knows branches that are gone (https://docs.github.com/en/rest/repos/repos#list-repository-activities): commits
 * name whom they like. Undefined where nobody can tell: the repository is gone, or is a fork that the token may not
 * read, unless it is the author's own and maintainers may not edit the branch.
 */
export async function pushesOn(
  client: Octokit,
  { head, base, user, maintainer_can_modify: mayEdit }: WholePull,
): Promise<readonly Push[] | undefined> {
  if (head.repo === null) return undefined;
  const { owner, name: repo, id } = head.repo;
  try {
    const asked = { owner: owner.login, repo, ref: `refs/heads/${head.ref}`, per_page: 100 };
    const moves = await client.paginate(client.rest.repos.listActivities, asked);
    return moves
      .map(({ before, after, actor, timestamp: at }) => ({ before, commit: after, by: actor?.id, at }))
      .reverse();
  } catch (thrown) {
    if (id === base.repo.id || ![403, 404].includes(statusOf(thrown) ?? 0)) throw thrown;
    const isOwn = owner.type === 'User' && owner.id === user?.id && !mayEdit;
    return isOwn ? [{ before: undefined, commit: head.sha, by: owner.id }] : undefined;
  }
}
