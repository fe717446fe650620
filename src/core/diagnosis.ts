import type { Place } from './problem.ts';

/** How much a finding matters: something does not work or is open past the mesh; it may come to that; worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

/** What a check looks at, in the order of a report. */
export const topics = {
  files: 'Mesh files',
  git: 'Git',
  connection: 'Connection',
  rights: 'Rights',
  settings: 'Data lake settings',
  openness: 'Open past the mesh',
  sharing: 'Sharing with other accounts',
  catalog: 'Catalog and data locations',
  quotas: 'Quotas',
} as const;

/** The name of a topic. */
export type Topic = keyof typeof topics;

/** One thing that was looked at, with what came of it. What could not be looked at is never `ok`. */
export type Check = { readonly code: string; readonly topic: Topic; readonly message: string } & (
  | { readonly result: 'ok' }
  | ({ readonly result: 'finding'; readonly severity: Severity; readonly means: string } & Remedy)
  | ({ readonly result: 'unchecked'; readonly why: string; readonly onlyByDoing: boolean } & Remedy)
);

/** A check that found something, or could not be made. */
export type Finding = Extract<Check, { result: 'finding' }>;

/** What mends it. */
export interface Remedy {
  /** In words, where a command alone does not say it. */
  readonly remedy?: string;
  /** The exact commands, for a POSIX shell with git, the AWS command line and jq. */
  readonly commands: readonly string[];
}

/** What `doctor` found. */
export interface Diagnosis {
  readonly format: 1;
  /** The mesh's name; null where its files are not valid. */
  readonly mesh: string | null;
  /** The time of the examination, ISO. */
  readonly asOf: string;
  /** The lake and where the calls went; null where the mesh files do not say. */
  readonly lake: { readonly account: string; readonly region: string; readonly endpoint: string } | null;
  /** Who called; null where nobody could be made out. */
  readonly caller: string | null;
  readonly checks: readonly Check[];
}

/** The mesh files as they were read. */
export interface FilesState {
  readonly directory: string;
  /** How many problems they have, and the first. */
  readonly problems: number;
  readonly first?: { readonly code: string; readonly message: string; readonly place?: Place };
  readonly accounts: number;
  readonly products: number;
  readonly subscriptions: number;
}

/** Why nothing is known of the repository, as git says it: there is none with a commit, nothing can be told of it here, or git failed on it. */
export type NoCheckout = { readonly directory: string } & (
  | { readonly outside: string }
  | { readonly misplaced: string; readonly remedy: string }
  | { readonly failure: string }
);

/** The repository in which the mesh files are. */
export interface CheckoutState {
  readonly directory: string;
  /** The commit that is checked out. */
  readonly head: string;
  readonly isShallow: boolean;
  /** The branch that is checked out; null on a detached commit. */
  readonly branch: string | null;
  /** Mesh files that differ from the commit, or are missing of it. */
  readonly uncommitted: readonly string[];
}

/** The code owners of the repository. */
export interface OwnersState {
  readonly directory: string;
  /** Whether there is a file of them: where the repository is not on GitHub none is needed. */
  readonly isThere: boolean;
  /** How many problems they have, and the first. */
  readonly problems: number;
  readonly first?: { readonly code: string; readonly message: string; readonly place?: Place };
}

/** What GitHub says of what guards the default branch: what is not as it should be, or why that is not known. */
export type GuardState =
  | { readonly branch: string; readonly incidents: readonly { readonly message: string; readonly remedy: string }[] }
  /** Nobody said which repository it is, or gave a token. */
  | { readonly unasked: string }
  | { readonly unread: string; readonly remedy: string };

/** The trust root that was given, and what is wrong with it, where something is. */
export interface TrustRootState {
  readonly revision: string;
  readonly wrong?: string;
}
