import type { Octokit } from '@octokit/rest';
import type { Approver } from '../core/approvals.ts';
import { forgeFailure } from './failure.ts';
import type { Place } from './trees.ts';

/** A pull request that a person has opened and nobody has merged or closed. */
export interface Proposal {
  readonly number: number;
  readonly author: Approver;
}

/** The open pull requests of people to a branch, oldest first. */
export async function proposals(
  client: Octokit,
  { branch, ...place }: Place & { readonly branch: string },
): Promise<readonly Proposal[]> {
  try {
    const asked = { ...place, state: 'open' as const, base: branch, direction: 'asc' as const, per_page: 100 };
    const pulls = await client.paginate(client.rest.pulls.list, asked);
    return pulls.flatMap(({ number, user }) =>
      user?.type === 'User' ? [{ number, author: { login: user.login, id: user.id } }] : [],
    );
  } catch (thrown) {
    throw forgeFailure(thrown, 'the open pull requests');
  }
}

/** The bytes of a blob. */
export async function blobOf(
  client: Octokit,
  { blob, ...place }: Place & { readonly blob: string },
): Promise<Uint8Array> {
  try {
    const { data } = await client.rest.git.getBlob({ ...place, file_sha: blob });
    return Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8');
  } catch (thrown) {
    throw forgeFailure(thrown, 'a file of a pull request');
  }
}
