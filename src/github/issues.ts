import type { Octokit } from '@octokit/rest';
import { fingerprintIn, type Issue, type IssueKind, markerOf, notedIn } from '../report/issue.ts';
import { ownUser } from './comments.ts';
import { forgeFailure } from './failure.ts';
import type { Place } from './trees.ts';

/** The label by which the rolling issues are listed. */
const label = 'meshgate';

/** A rolling issue as it should be. */
export interface KeptIssue {
  readonly place: Place;
  readonly kind: IssueKind;
  /** Undefined closes what is open. */
  readonly issue: Issue | undefined;
  /** What the closing comment says. */
  readonly closing: string;
}

/** A rolling issue that is open. */
export interface OpenIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
}

/** Finds the open rolling issue of a kind: by label, marker and author, for anybody can write a marker. */
export async function openIssue(
  client: Octokit,
  { place, kind }: Pick<KeptIssue, 'place' | 'kind'>,
): Promise<OpenIssue | undefined> {
  try {
    const { id: own } = await ownUser(client);
    // Listed, not searched: the search lags behind.
    const listed = await client.paginate(client.rest.issues.listForRepo, {
      ...place,
      state: 'open',
      labels: label,
      sort: 'created',
      direction: 'asc',
      per_page: 100,
    });
    const found = listed.find(({ user, body }) => user?.id === own && (body ?? '').startsWith(markerOf(kind)));
    return found && { number: found.number, title: found.title, body: found.body ?? '' };
  } catch (thrown) {
    throw forgeFailure(thrown, 'the issues');
  }
}

/** Opens, edits or closes the rolling issue of a kind, and answers with its number and what became of it. */
export async function keepIssue(client: Octokit, kept: KeptIssue): Promise<string> {
  const { place, kind, issue, closing } = kept;
  const open = await openIssue(client, kept);
  try {
    if (open === undefined) {
      if (issue === undefined) return 'none';
      const { title, body } = issue;
      const { data } = await client.rest.issues.create({ ...place, title, body, labels: [label] });
      return `#${data.number} opened`;
    }
    const number = { ...place, issue_number: open.number };
    if (issue === undefined) {
      await client.rest.issues.createComment({ ...number, body: closing });
      await client.rest.issues.update({ ...number, state: 'closed', state_reason: 'completed' });
      return `#${open.number} closed`;
    }
    const { title, body, fingerprint } = issue;
    if (open.title === title && sameText(open.body, body)) return `#${open.number} unchanged`;
    await client.rest.issues.update({ ...number, title, body });
    if (fingerprintIn(kind, open.body) !== fingerprint)
      await client.rest.issues.createComment({ ...number, body: `Something changed: ${title}` });
    return `#${open.number} edited`;
  } catch (thrown) {
    throw forgeFailure(thrown, 'the issues');
  }
}

/** GitHub gives line ends back as it got them, and takes the last one off. */
function sameText(a: string, b: string): boolean {
  return a.replaceAll('\r\n', '\n').trimEnd() === b.trimEnd();
}

/**
 * The commits of incidents that one of these people closed: they have looked at how those came to be on the branch. Only
 * the newest incidents are asked for, since older ones lie before the last good run.
 */
export async function acknowledgedIn(
  client: Octokit,
  { by, ...place }: Place & { readonly by: readonly number[] },
): Promise<ReadonlySet<string>> {
  try {
    const { id: own } = await ownUser(client);
    const asked = { ...place, state: 'closed' as const, labels: label, sort: 'updated' as const, per_page: 100 };
    const { data: listed } = await client.rest.issues.listForRepo(asked);
    const incidents = listed.filter(
      ({ user, body }) => user?.id === own && (body ?? '').startsWith(markerOf('incident')),
    );
    const found = new Set<string>();
    for (const { number } of incidents.slice(0, 10)) {
      const { data } = await client.rest.issues.get({ ...place, issue_number: number });
      if (data.closed_by && by.includes(data.closed_by.id))
        for (const commit of notedIn(data.body ?? '') ?? []) found.add(commit);
    }
    return found;
  } catch (thrown) {
    throw forgeFailure(thrown, 'the incidents that were closed');
  }
}
