import type { Octokit } from '@octokit/rest';
import type { Candidate, ChangedFile } from '../approve/automerge.ts';
import { forgeFailure, statusOf } from './failure.ts';
import { pushesOn } from './pushes.ts';
import { renewalIn } from './renewals.ts';
import type { Place } from './trees.ts';

/** A pull request that is looked at, and what its files hold at its head. */
export interface Looked {
  readonly candidate: Candidate;
  /** The commit that was looked at, and that alone may be merged. */
  readonly head: string;
  /** What each plain file holds, by path inside the repository. */
  readonly contents: ReadonlyMap<string, { readonly blob: string; readonly bytes: Uint8Array }>;
}

interface Where extends Place {
  readonly branch: string;
  /** The check that must be green. */
  readonly check: string;
}

/** The numbers of the open pull requests to a branch, oldest first. */
export async function openPulls(client: Octokit, { branch, ...place }: Place & { readonly branch: string }) {
  try {
    const asked = {
      ...place,
      state: 'open' as const,
      base: branch,
      sort: 'created' as const,
      direction: 'asc' as const,
    };
    const pulls = await client.paginate(client.rest.pulls.list, { ...asked, per_page: 100 });
    return pulls.map(({ number }) => number);
  } catch (thrown) {
    throw forgeFailure(thrown, 'the open pull requests');
  }
}

/** Looks at a pull request as data: nothing of it is checked out or run. Undefined where it is gone, moved meanwhile, or is for another branch. */
export async function lookAt(
  client: Octokit,
  { number, check, branch, ...place }: Where & { readonly number: number },
): Promise<Looked | undefined> {
  try {
    const { data: pull } = await client.rest.pulls.get({ ...place, pull_number: number });
    if (pull.state !== 'open' || pull.base.ref !== branch) return undefined;
    const head = pull.head.sha;
    const changed = await client.paginate(client.rest.pulls.listFiles, {
      ...place,
      pull_number: number,
      per_page: 100,
    });
    // The list is that of the newest head, whichever that was when it was made.
    const { data: still } = await client.rest.pulls.get({ ...place, pull_number: number });
    const tree = await modesOf(client, { ...place, head, paths: changed.map(({ filename }) => filename) });
    const contents = new Map<string, { readonly blob: string; readonly bytes: Uint8Array }>();
    const files: ChangedFile[] = [];
    for (const { filename: path, status, sha } of changed) {
      const entry = tree.get(path);
      if (still.head.sha !== head || (entry !== undefined && entry.sha !== sha)) return undefined;
      const isPlain = entry?.mode === '100644' && entry.size <= largest;
      if (isPlain && contents.size < most)
        contents.set(path, { blob: entry.sha, bytes: await bytesOf(client, { ...place, blob: entry.sha }) });
      files.push({ path, change: changes[status] ?? 'other', mode: entry?.mode, size: entry?.size ?? 0 });
    }
    const author = pull.user?.type === 'User' ? { login: pull.user.login, id: pull.user.id } : undefined;
    const renewal = await renewalIn(client, { ...place, pull: number });
    const candidate = {
      number,
      isDraft: pull.draft === true,
      author,
      files,
      check: await checkOf(client, { ...place, head, check }),
      objections: await objectionsTo(client, { ...place, number }),
      hasOthers: await hasOthers(client, pull),
      isRenewed: renewal !== undefined && renewal.by !== pull.user?.id,
    };
    return { candidate, head, contents };
  } catch (thrown) {
    if (statusOf(thrown) === 404) return undefined;
    throw forgeFailure(thrown, `pull request ${number}`);
  }
}

/** Whether anybody but the author has moved the branch; undefined where nobody can tell. */
async function hasOthers(client: Octokit, pull: Parameters<typeof pushesOn>[1]): Promise<boolean | undefined> {
  const pushes = await pushesOn(client, pull);
  return pushes?.some(({ by }) => by !== pull.user?.id);
}

/** What is read of one pull request at most; what is larger is for a person anyway. */
const [most, largest] = [20, 64 * 1024];

const changes: Readonly<Record<string, ChangedFile['change']>> = {
  added: 'added',
  modified: 'modified',
  removed: 'removed',
  renamed: 'renamed',
};

interface Entry {
  readonly mode: string;
  readonly sha: string;
  readonly size: number;
}

/** The entries of some paths in the tree of a commit, walked folder by folder: the contents API would follow links. */
async function modesOf(
  client: Octokit,
  { head, paths, ...place }: Place & { readonly head: string; readonly paths: readonly string[] },
): Promise<ReadonlyMap<string, Entry>> {
  const folders = new Map<string, Promise<ReadonlyMap<string, Entry>>>();
  const listed = async (sha: string): Promise<ReadonlyMap<string, Entry>> => {
    const { data } = await client.rest.git.getTree({ ...place, tree_sha: sha });
    if (data.truncated) return new Map();
    return new Map(
      data.tree.map(({ path = '', mode = '', sha: id = '', size = 0 }) => [path, { mode, sha: id, size }] as const),
    );
  };
  const folder = async (path: string): Promise<ReadonlyMap<string, Entry>> => {
    if (path === '') return listed(head);
    const entry = await entryOf(path);
    return entry?.mode === '040000' ? listed(entry.sha) : new Map();
  };
  const entryOf = async (path: string): Promise<Entry | undefined> => {
    const cut = path.lastIndexOf('/');
    const parent = path.slice(0, Math.max(cut, 0));
    const listing = folders.get(parent) ?? folder(parent);
    folders.set(parent, listing);
    return (await listing).get(path.slice(cut + 1));
  };
  const found = new Map<string, Entry>();
  for (const path of paths.slice(0, most)) {
    const entry = await entryOf(path);
    if (entry !== undefined) found.set(path, entry);
  }
  return found;
}

async function bytesOf(client: Octokit, { blob, ...place }: Place & { readonly blob: string }): Promise<Uint8Array> {
  const { data } = await client.rest.git.getBlob({ ...place, file_sha: blob });
  return Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8');
}

/** What the newest run of a check says of a commit; a check that never ran is pending. */
async function checkOf(
  client: Octokit,
  { head, check, ...place }: Place & { readonly head: string; readonly check: string },
): Promise<Candidate['check']> {
  const asked = { ...place, ref: head, check_name: check, filter: 'latest' as const, per_page: 100 };
  const { data } = await client.rest.checks.listForRef(asked);
  if (data.check_runs.length === 0 || data.check_runs.some(({ status }) => status !== 'completed')) return 'pending';
  return data.check_runs.every(({ conclusion }) => conclusion === 'success') ? 'green' : 'failed';
}

/** Whose newest verdict asks for changes. */
async function objectionsTo(
  client: Octokit,
  { number, ...place }: Place & { readonly number: number },
): Promise<readonly string[]> {
  const reviews = await client.paginate(client.rest.pulls.listReviews, {
    ...place,
    pull_number: number,
    per_page: 100,
  });
  const newest = new Map<number, { readonly login: string; readonly state: string }>();
  for (const { user, state } of reviews)
    if (state !== 'COMMENTED' && user !== null) newest.set(user.id, { login: user.login, state });
  return [...newest.values()].filter(({ state }) => state === 'CHANGES_REQUESTED').map(({ login }) => login);
}
