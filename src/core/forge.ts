import type { Approver } from './approvals.ts';

/** Somebody at a forge. */
export interface Person extends Approver {
  /** Whether it is a person: no app, no organization. */
  readonly isHuman: boolean;
}

/** A pull request. */
export interface Pull {
  readonly number: number;
  /** Who opened it, or on whose behalf our own app did; undefined where that is nobody who is known. */
  readonly author: Person | undefined;
  /** The repository, by its numeric id, and the branch that it was to be merged into. */
  readonly base: { readonly repository: number; readonly branch: string };
  /** Whether it was merged. */
  readonly isMerged: boolean;
  /** When, ISO, where that is known. */
  readonly mergedAt?: string;
  /** The commit that merged it, of a rebase the last one; undefined where the forge names none. */
  readonly merge: string | undefined;
}

/** A review of a pull request. */
export interface Review {
  /** Undefined where the account is gone. */
  readonly reviewer: Person | undefined;
  /** A comment is no verdict. */
  readonly verdict: 'approved' | 'changes requested' | 'dismissed' | 'comment';
  /** The commit that was reviewed; undefined where it is gone. */
  readonly commit: string | undefined;
  /** When it was given, ISO, where that is known. */
  readonly at?: string;
}

/** That a pull request which was closed was opened again, or that it was turned to another branch. */
export interface Renewal {
  /** When, ISO. */
  readonly at: string;
  /** Who did it, by numeric id; undefined where the account is gone. */
  readonly by: number | undefined;
}

/** A move of the branch of a pull request: the word of whoever made it, for what it brought. */
export interface Push {
  /** Where the branch was before; undefined, or a commit that is not there, where it was new. */
  readonly before: string | undefined;
  readonly commit: string;
  /** By numeric id; undefined where the account is gone. */
  readonly by: number | undefined;
  /** When, ISO, where that is known. */
  readonly at?: string;
}

/** The branch that approvals are about. */
export interface Home {
  /** The repository's numeric id, which does not change. */
  readonly repository: number;
  /** Its default branch. */
  readonly branch: string;
}

/** The port to where pull requests are reviewed. What cannot be told throws `ForgeFailure`; nothing here is guessed. */
export interface Forge {
  readonly home: () => Promise<Home>;
  /** The pull requests that a commit belongs to. */
  readonly pullsOf: (commit: string) => Promise<readonly Pull[]>;
  /** All reviews of a pull request, oldest first. */
  readonly reviewsOf: (pull: number) => Promise<readonly Review[]>;
  /** When a pull request last became another question than the one that was answered; undefined where it never did. */
  readonly renewalOf: (pull: number) => Promise<Renewal | undefined>;
  /** Who asks with a pull request, as `Pull` has it. */
  readonly authorOf: (pull: number) => Promise<Person | undefined>;
  /** The moves of the branch of a pull request, oldest first; undefined where nobody can tell who made them. */
  readonly pushesTo: (pull: number) => Promise<readonly Push[] | undefined>;
  /** The id of the regular file at a path of the repository in a commit; undefined where there is none, or something else. */
  readonly blobAt: (commit: string, path: string) => Promise<string | undefined>;
}

/** A forge that could not be asked: unreachable, without rights, or not within the budget of requests. */
export class ForgeFailure extends Error {
  override readonly name = 'ForgeFailure';
  /** What would make it answer. */
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}
