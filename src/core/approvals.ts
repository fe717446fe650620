/** One version of a mesh file: its path inside the mesh directory and the git blob id of its bytes. */
export interface FileVersion {
  readonly path: string;
  readonly blob: string;
}

/** A person by the numeric id that does not change. */
export interface Approver {
  readonly login: string;
  readonly id: number;
}

/** So many of these people must approve. */
export interface Quorum {
  readonly people: readonly Approver[];
  readonly count: number;
  /** What they are, in the plural, for the message. */
  readonly role: string;
}

/** What is known of the approval of one version. */
export type Approval =
  /** It is trusted as it is. */
  | { readonly kind: 'trusted'; readonly by: string }
  /** People approved exactly this version; whether they may is judged elsewhere. */
  | { readonly kind: 'approved'; readonly by: readonly Approver[]; readonly author?: Approver }
  | { readonly kind: 'none'; readonly reason: string; readonly remedy: string };

/** The port through which approvals come in that are given as they are: the trust root, a file of proofs. Reviews come in through `forge.ts`. */
export interface Approvals {
  /** Administrators whom the source itself vouches for, where it names any. */
  readonly administrators?: readonly Approver[];
  /** The approval of each version, by path; a path that is absent from the answer is not approved. */
  readonly approvalsOf: (versions: readonly FileVersion[]) => Promise<ReadonlyMap<string, Approval>>;
}
