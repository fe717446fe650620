import type { Octokit } from '@octokit/rest';
import type { Standing, Turn } from '../approve/asking.ts';
import type { Approver } from '../core/approvals.ts';
import { forgeFailure } from './failure.ts';
import type { Place } from './trees.ts';

/** A pull request that a person has opened and that nobody has merged into the branch that counts. */
export interface Proposal extends Omit<Standing, 'turns'> {
  readonly number: number;
  readonly author: Approver;
  /** The commit that it ends at. */
  readonly head: string;
}

interface Wanted extends Place {
  /** The branch that counts. */
  readonly branch: string;
  /** Those that were closed are listed as far as something has happened to them since. */
  readonly since: Date;
}

/** The pull requests of people that are open, oldest first, and then those that were closed of late, newest first. */
export async function proposals(client: Octokit, { branch, since, ...place }: Wanted): Promise<readonly Proposal[]> {
  try {
    const asked = { ...place, per_page: 100 };
    const open = await client.paginate(client.rest.pulls.list, { ...asked, state: 'open', direction: 'asc' });
    const closed: typeof open = [];
    const pages = client.paginate.iterator(client.rest.pulls.list, {
      ...{ ...asked, state: 'closed', sort: 'updated', direction: 'desc' },
    });
    for await (const { data } of pages) {
      closed.push(...data.filter(({ updated_at: at }) => Date.parse(at) >= since.getTime()));
      if (data.some(({ updated_at: at }) => Date.parse(at) < since.getTime())) break;
    }
    return [...open, ...closed].flatMap(({ number, user, state, merged_at: mergedAt, base, head }) => {
      const isOnBranch = base.ref === branch;
      if (user?.type !== 'User' || (isOnBranch && mergedAt !== null)) return [];
      const author = { login: user.login, id: user.id };
      return [{ number, author, head: head.sha, isOpen: state === 'open', isOnBranch }];
    });
  } catch (thrown) {
    throw forgeFailure(thrown, 'the pull requests');
  }
}

/** The events of GitHub that decide whether a pull request still asks for something, which its timeline lacks in part. */
const kinds: Readonly<Record<string, Turn['kind']>> = {
  closed: 'closed',
  reopened: 'reopened',
  base_ref_changed: 'retargeted',
  automatic_base_change_succeeded: 'retargeted',
};

/** Who closed a pull request, opened it again, or turned it to another branch, oldest first. */
export async function turnsOf(
  client: Octokit,
  { number, ...place }: Place & { readonly number: number },
): Promise<readonly Turn[]> {
  try {
    const events = await client.paginate(client.rest.issues.listEvents, {
      ...{ ...place, issue_number: number, per_page: 100 },
    });
    return events
      .toSorted((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || a.id - b.id)
      .flatMap(({ event, actor }): Turn | [] => {
        const kind = kinds[event];
        return kind === undefined ? [] : { kind, by: actor ? { login: actor.login, id: actor.id } : undefined };
      });
  } catch (thrown) {
    throw forgeFailure(thrown, `what happened to #${number}`);
  }
}

/** The newest commit that two commits have in common (https://docs.github.com/en/rest/commits/commits#compare-two-commits). */
export async function mergeBaseOf(
  client: Octokit,
  { commits: [one, other], ...place }: Place & { readonly commits: readonly [string, string] },
): Promise<string> {
  try {
    const basehead = `${one}...${other}`;
    const { data } = await client.rest.repos.compareCommitsWithBasehead({ ...place, basehead, per_page: 1 });
    return data.merge_base_commit.sha;
  } catch (thrown) {
    throw forgeFailure(thrown, `where ${other.slice(0, 12)} began`);
  }
}
