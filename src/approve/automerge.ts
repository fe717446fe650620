import type { Approver } from '../core/approvals.ts';

/** A file that a pull request changes, read as data. */
export interface ChangedFile {
  /** Inside the repository. */
  readonly path: string;
  readonly change: 'added' | 'modified' | 'removed' | 'renamed' | 'other';
  /** git's file mode at the head; only `100644` is a plain file. */
  readonly mode: string | undefined;
  /** Bytes at the head. */
  readonly size: number;
}

/** An open pull request that may need no human. */
export interface Candidate {
  readonly number: number;
  readonly isDraft: boolean;
  /** Undefined where nobody knows. */
  readonly author: Approver | undefined;
  readonly files: readonly ChangedFile[];
  /** What the required check says of exactly this head. */
  readonly check: 'green' | 'pending' | 'failed';
  /** Who asks for changes in the newest of their reviews. */
  readonly objections: readonly string[];
  /** Whether somebody else has pushed to its branch, whose word is not the author's. Undefined where nobody can tell. */
  readonly hasOthers: boolean | undefined;
  /** Whether somebody else has opened it again, or turned it to the branch: its author has not asked for that. */
  readonly isRenewed: boolean;
}

/** What the mesh files say of the candidate's files, at its base with its changes laid over. */
export interface Content {
  /** What `validate` finds. */
  readonly problems: number;
  /** By path inside the repository; a file that is no subscription is absent. */
  readonly subscriptions: ReadonlyMap<string, RequestedBy>;
}

/** A subscription as a candidate would have it. */
export interface RequestedBy {
  readonly consumer: string;
  /** Who owns the consuming account at the base. */
  readonly owners: readonly Approver[];
  /** Whose approval it asks for, in words, by the mesh files. */
  readonly missing: readonly string[];
}

/** Whether a candidate is merged without a human, waits for something that may come, or needs one, and why. */
export type Verdict =
  | { readonly kind: 'merge' }
  | { readonly kind: 'waits' | 'needs a person'; readonly reasons: readonly string[] };

/** More files than a person asks for at once are looked at by one. */
const mostFiles = 20;
const largestFile = 64 * 1024;

/**
 * Judges a pull request that may be merged without a human: it does nothing but ask for access that is not
 * sensitive, on behalf of an account that its author owns. All that stands in its way is said at once.
 */
export function judgeCandidate(candidate: Candidate, content: Content): Verdict {
  const reasons = [...standing(candidate), ...candidate.files.flatMap((file) => fileReasons(file, candidate, content))];
  if (content.problems > 0) reasons.push('its files have problems');
  if (candidate.check === 'failed') reasons.push('its check failed');
  if (reasons.length > 0) return { kind: 'needs a person', reasons };
  if (candidate.check === 'pending') return { kind: 'waits', reasons: ['its check has not ended'] };
  return { kind: 'merge' };
}

function standing({ isDraft, author, files, objections, hasOthers, isRenewed }: Candidate): string[] {
  return [
    ...(isDraft ? ['it is a draft'] : []),
    ...(author === undefined ? ['nobody knows its author'] : []),
    ...(files.length === 0 ? ['it changes nothing'] : []),
    ...(files.length > mostFiles ? [`it changes ${files.length} files, more than ${mostFiles}`] : []),
    ...objections.map((login) => `@${login} asks for changes`),
    ...(hasOthers === undefined ? ['nobody can tell who pushed to its branch'] : []),
    ...(hasOthers === true ? ['somebody else pushed to its branch'] : []),
    ...(isRenewed ? ['somebody else opened it again or turned it here'] : []),
  ];
}

function fileReasons(file: ChangedFile, { author }: Candidate, { subscriptions }: Content): readonly string[] {
  const { path, change, mode, size } = file;
  if (change !== 'added' && change !== 'modified')
    return [`${path} is ${change === 'other' ? 'changed oddly' : change}`];
  if (mode !== '100644') return [`${path} is no plain file`];
  if (size > largestFile) return [`${path} is larger than ${largestFile / 1024} KiB`];
  const asked = subscriptions.get(path);
  if (asked === undefined) return [`${path} is no subscription`];
  const isOwner = author !== undefined && asked.owners.some(({ id }) => id === author.id);
  return [
    ...asked.missing.map((who) => `${path} waits for ${who}`),
    ...(isOwner ? [] : [`${path} is for ${asked.consumer}, which its author does not own`]),
  ];
}
