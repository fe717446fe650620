import type { Octokit } from '@octokit/rest';
import type { Voided } from '../approve/guardrails.ts';
import type { Seal } from '../core/seal.ts';
import { fingerprintIn, type Issue, type IssueKind, markerOf, notedIn, sealedIn, withSeal } from '../report/issue.ts';
import { ownUser } from './comments.ts';
import { forgeFailure } from './failure.ts';
import type { Place } from './trees.ts';

/** The label by which the rolling issues are listed. */
const label = 'meshgate';

/** With what the texts of a repository's issues are sealed. */
export interface Sealing {
  readonly seal: Seal;
  /** The repository's numeric id. */
  readonly repository: number;
}

/** A rolling issue as it should be. */
export interface KeptIssue {
  readonly place: Place;
  readonly kind: IssueKind;
  /** Undefined closes what is open. */
  readonly issue: Issue | undefined;
  /** What the closing comment says. */
  readonly closing: string;
  /** Where its text is to be believed when it is read again. */
  readonly sealing?: Sealing;
}

/** A rolling issue that is open. */
export interface OpenIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  /** Its text as a run wrote it; undefined where that cannot be told. Without a key it is taken as it stands. */
  readonly text: string | undefined;
}

/** Finds the open rolling issue of a kind: by label, marker and author, for anybody can write a marker. */
export async function openIssue(
  client: Octokit,
  { place, kind, sealing }: Pick<KeptIssue, 'place' | 'kind' | 'sealing'>,
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
    if (found === undefined) return undefined;
    const { number, title, body } = { ...found, body: found.body ?? '' };
    return { number, title, body, text: sealing === undefined ? body : unsealed({ kind, number, body }, sealing) };
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
      // Its number is known only now: a run that is killed here leaves an issue that acknowledges nothing.
      if (kept.sealing !== undefined) await edit(client, kept, { number: data.number, issue });
      return `#${data.number} opened`;
    }
    const number = { ...place, issue_number: open.number };
    if (issue === undefined) {
      await client.rest.issues.createComment({ ...number, body: closing });
      await client.rest.issues.update({ ...number, state: 'closed', state_reason: 'completed' });
      return `#${open.number} closed`;
    }
    if (open.title === issue.title && sameText(open.body, bodyOf(kept, open.number, issue)))
      return `#${open.number} unchanged`;
    await edit(client, kept, { number: open.number, issue });
    if (fingerprintIn(kind, open.body) !== issue.fingerprint)
      await client.rest.issues.createComment({ ...number, body: `Something changed: ${issue.title}` });
    return `#${open.number} edited`;
  } catch (thrown) {
    throw forgeFailure(thrown, 'the issues');
  }
}

/** Writes the text of an open issue. Who has closed it meanwhile has not seen this text: it is opened again. */
async function edit(
  client: Octokit,
  kept: KeptIssue,
  { number, issue }: { readonly number: number; readonly issue: Issue },
): Promise<void> {
  const body = bodyOf(kept, number, issue);
  await client.rest.issues.update({ ...kept.place, issue_number: number, title: issue.title, body, state: 'open' });
}

function bodyOf({ kind, sealing }: KeptIssue, number: number, { body }: Issue): string {
  return sealing === undefined ? body : withSeal(body, sealing.seal.of(subjectOf(kind, number, sealing), body));
}

/** What a seal is about: no text can be carried to another issue, or to another repository. */
function subjectOf(kind: IssueKind, number: number, { repository }: Sealing): readonly string[] {
  return ['issue', kind, String(repository), String(number)];
}

/** GitHub gives line ends back as it got them, and takes the last one off. */
function sameText(a: string, b: string): boolean {
  return a.replaceAll('\r\n', '\n').trimEnd() === b.trimEnd();
}

/** What administrators have acknowledged by closing incidents, and what they have closed to no effect. */
export interface Acknowledged {
  readonly commits: ReadonlySet<string>;
  readonly voided: readonly Voided[];
}

/**
 * The commits of incidents that one of these people closed: they have looked at how those came to be on the branch. The
 * text of an issue can be edited, and one by the same author made, by anybody who may write: only a sealed one counts.
 * Only the newest incidents are asked for, since older ones lie before the last good run.
 */
export async function acknowledgedIn(
  client: Octokit,
  { by, sealing, ...place }: Place & { readonly by: readonly number[]; readonly sealing: Sealing },
): Promise<Acknowledged> {
  try {
    const { id: own } = await ownUser(client);
    const asked = { ...place, state: 'closed' as const, labels: label, sort: 'updated' as const, per_page: 100 };
    const { data: listed } = await client.rest.issues.listForRepo(asked);
    const incidents = listed
      .filter(({ user, body }) => user?.id === own && (body ?? '').startsWith(markerOf('incident')))
      .map(({ number, body }) => ({ number, text: unsealed({ kind: 'incident', number, body: body ?? '' }, sealing) }));
    const commits = new Set<string>();
    const voided: Voided[] = [];
    // The sealed ones first, so that no others can crowd them out.
    const ranked = incidents.toSorted((a, b) => Number(a.text === undefined) - Number(b.text === undefined));
    for (const { number, text } of ranked.slice(0, 20)) {
      const { data } = await client.rest.issues.get({ ...place, issue_number: number });
      if (!data.closed_by || !by.includes(data.closed_by.id)) continue;
      const noted = text === undefined ? undefined : notedIn(text);
      for (const commit of noted ?? []) commits.add(commit);
      if (noted === undefined) voided.push({ number, by: data.closed_by.login, isSealed: text !== undefined });
    }
    return { commits, voided };
  } catch (thrown) {
    throw forgeFailure(thrown, 'the incidents that were closed');
  }
}

/** The text of an issue as a run wrote it; undefined where that cannot be told. */
function unsealed(
  { kind, number, body }: { readonly kind: IssueKind; readonly number: number; readonly body: string },
  sealing: Sealing,
): string | undefined {
  const { text, seal } = sealedIn(body) ?? {};
  if (text === undefined || seal === undefined) return undefined;
  return sealing.seal.holds(subjectOf(kind, number, sealing), text, seal) ? text : undefined;
}
