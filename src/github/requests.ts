import type { Octokit } from '@octokit/rest';
import type { Approver } from '../core/approvals.ts';
import { forgeFailure } from './failure.ts';
import type { Place } from './trees.ts';

/** A pull request of people, read as data. */
export interface FoundRequest {
  readonly number: number;
  readonly title: string;
  /** Who opened it; undefined for an app. */
  readonly author: Approver | undefined;
  /** The issue that the app made it of. */
  readonly issue: number | undefined;
  /** ISO times. */
  readonly created: string;
  readonly updated: string;
  readonly isMerged: boolean;
  /** When it was closed, with or without a merge. */
  readonly closed?: string;
}

/** A file that a pull request changes; without a blob it is removed. */
export interface RequestedFile {
  readonly path: string;
  readonly blob: string | undefined;
}

interface Where {
  readonly place: Place;
  /** The branch that they go into. */
  readonly branch: string;
}

/** The open pull requests, but for drafts; or those that were closed and touched since a time, newest first. */
export async function requestsOn(
  client: Octokit,
  { place, branch }: Where,
  closedSince?: string,
): Promise<readonly FoundRequest[]> {
  const state = closedSince === undefined ? 'open' : 'closed';
  try {
    const asked = { ...place, state, base: branch, sort: 'updated', direction: 'desc', per_page: 100 } as const;
    // https://docs.github.com/rest/pulls/pulls#list-pull-requests
    const found = await client.paginate(client.rest.pulls.list, asked, ({ data }, done) => {
      if (closedSince !== undefined && data.some(({ updated_at }) => updated_at < closedSince)) done();
      return data;
    });
    return found
      .filter(({ draft, updated_at }) => draft !== true && (closedSince === undefined || updated_at >= closedSince))
      .map((pull) => ({
        number: pull.number,
        title: pull.title,
        author: pull.user?.type === 'User' ? { login: pull.user.login, id: pull.user.id } : undefined,
        issue: issueOf(pull.head),
        created: pull.created_at,
        updated: pull.updated_at,
        isMerged: pull.merged_at !== null,
        ...(pull.closed_at !== null && { closed: pull.closed_at }),
      }));
  } catch (thrown) {
    throw forgeFailure(thrown, 'the pull requests');
  }
}

function issueOf({ ref }: { readonly ref: string }): number | undefined {
  const found = /^meshgate\/issue-([1-9]\d{0,9})$/.exec(ref)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** What a pull request changes, by path. */
export async function filesOf(client: Octokit, place: Place, number: number): Promise<readonly RequestedFile[]> {
  try {
    const files = await client.paginate(client.rest.pulls.listFiles, { ...place, pull_number: number, per_page: 100 });
    return files.flatMap(({ filename, previous_filename: before, status, sha }): readonly RequestedFile[] => [
      { path: filename, blob: status === 'removed' ? undefined : (sha ?? undefined) },
      ...(status === 'renamed' && before !== undefined ? [{ path: before, blob: undefined }] : []),
    ]);
  } catch (thrown) {
    throw forgeFailure(thrown, `the files of pull request ${number}`);
  }
}

/** The bytes of a blob. */
export async function blobOf(client: Octokit, place: Place, blob: string): Promise<Uint8Array> {
  try {
    const { data } = await client.rest.git.getBlob({ ...place, file_sha: blob });
    return Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8');
  } catch (thrown) {
    throw forgeFailure(thrown, 'a file');
  }
}

/** Who closed a pull request; undefined where that is nobody who is known. */
export async function closerOf(client: Octokit, place: Place, number: number): Promise<Approver | undefined> {
  try {
    const { data } = await client.rest.issues.get({ ...place, issue_number: number });
    const { closed_by: by } = data;
    return by === null || by === undefined ? undefined : { login: by.login, id: by.id };
  } catch (thrown) {
    throw forgeFailure(thrown, `pull request ${number}`);
  }
}
