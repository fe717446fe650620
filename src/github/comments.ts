import type { Octokit } from '@octokit/rest';
import type { Approver } from '../core/approvals.ts';
import { forgeFailure, statusOf } from './failure.ts';
import type { Place } from './trees.ts';

/** A comment that is kept up to date: one for each marker, edited in place. */
export interface KeptComment {
  readonly place: Place;
  /** The issue or pull request. */
  readonly issue: number;
  /** The first line, by which it is found. */
  readonly marker: string;
  /** The new text; undefined leaves nothing to say, and makes no comment where none is. */
  readonly body: string | undefined;
  /** What an old comment says where there is nothing to say any more. */
  readonly otherwise: string;
}

/** What became of the comment. */
export type Kept = 'written' | 'edited' | 'unchanged' | 'none' | 'not allowed';

/**
 * Writes a comment, or edits the one that is there. It is found by its marker and its author, for anybody can write a
 * marker; an author's own comments are all that a token of the same author may be taken at its word for.
 */
export async function keepComment(client: Octokit, kept: KeptComment): Promise<Kept> {
  const { place, issue, marker, body, otherwise } = kept;
  try {
    const { id: own } = await ownUser(client);
    const comments = await client.paginate(client.rest.issues.listComments, {
      ...place,
      issue_number: issue,
      per_page: 100,
    });
    const found = comments.find((one) => one.user?.id === own && one.body?.startsWith(marker) === true);
    if (found === undefined) {
      if (body === undefined) return 'none';
      await client.rest.issues.createComment({ ...place, issue_number: issue, body });
      return 'written';
    }
    const text = body ?? otherwise;
    // GitHub gives line ends back as it got them, and takes the last one off.
    if (found.body?.replaceAll('\r\n', '\n').trimEnd() === text.trimEnd()) return 'unchanged';
    await client.rest.issues.updateComment({ ...place, comment_id: found.id, body: text });
    return 'edited';
  } catch (thrown) {
    const status = statusOf(thrown);
    if (status === 403 && !/rate limit/i.test(String(thrown))) return 'not allowed';
    throw forgeFailure(thrown, 'the comments of the pull request');
  }
}

const known = new WeakMap<Octokit, Promise<Approver>>();

/** Who writes with this token: a person, or the bot of an app; a workflow's token is that of GitHub's own. */
export function ownUser(client: Octokit): Promise<Approver> {
  const own = known.get(client) ?? ask(client);
  known.set(client, own);
  return own;
}

/** REST tells a person alone (https://docs.github.com/rest/users/users#get-the-authenticated-user); `viewer` is an app's bot, too. */
async function ask(client: Octokit): Promise<Approver> {
  try {
    const { login, id } = (await client.rest.users.getAuthenticated()).data;
    return { login, id };
  } catch (thrown) {
    if (statusOf(thrown) !== 403) throw thrown;
    const { viewer } = await client.graphql<{ viewer: { login: string; databaseId: number } }>(
      '{ viewer { login databaseId } }',
    );
    return { login: viewer.login, id: viewer.databaseId };
  }
}
