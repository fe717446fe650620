import type { Fact, FactKey, LakeId } from './fact.ts';
import type { Place } from './problem.ts';
import type { Enforcement } from './scope.ts';
import type { Gap, Refused } from './state.ts';

/** What a change does. `replace` gives a grant another set of columns. */
export type Verb = 'grant' | 'revoke' | 'replace' | 'create' | 'update' | 'delete' | 'accept';

/** Why a change is made. */
export type Reason =
  /** The mesh files ask for it. */
  | 'desired'
  /** No mesh file asks for it. */
  | 'not desired'
  /** The subscription that asked for it has expired. */
  | 'expired'
  /** Its product asks that IAM alone lets nobody in. */
  | 'closed'
  /** No mesh file declares it, and its product is `exclusive`. */
  | 'unmanaged'
  /** A hold takes it away, whatever the files ask. */
  | 'held'
  /** What is live and still desired stays, though its files are not proven; the rest goes. */
  | 'remainder';

/** One change that turns observed into desired. */
export interface Change {
  /** Names the change in reports and the ledger: the same change has the same id in every run. */
  readonly id: string;
  readonly verb: Verb;
  readonly lake: LakeId;
  readonly key: FactKey;
  readonly product?: string;
  /** The account in whose own lake it is made, where that is not the central one. */
  readonly account?: string;
  /** The region of that lake, where it is not the central one's. */
  readonly region?: string;
  /** What is observed, where something is. */
  readonly before?: Fact;
  /** What will be, where something will. */
  readonly after?: Fact;
  /** What is sent to the service, in the order of stages. */
  readonly steps: readonly Step[];
  readonly reason: Reason;
  readonly classes: readonly string[];
  readonly pii: boolean;
  /** Where the files ask for it, or asked until it expired; the holds, where one takes it away. */
  readonly because: readonly Because[];
  /** Why access is interrupted for a moment, where it is. */
  readonly interrupts?: string;
  /** Why more is taken away than was asked, where it is; what RAM says of a share that is mended. */
  readonly note?: string;
  /** The keys of the facts that must have come, or gone, before this is done: what replaces what it takes away, say. */
  readonly waitsFor?: readonly FactKey[];
  /**
   * The keys of what goes first in consumers' lakes, where nobody may touch what the account no longer holds. That it is
   * tried is waited for, and not that it succeeds: nothing stays because an account cannot be entered.
   */
  readonly goesAfter?: readonly FactKey[];
  /** What Lake Formation says of the last change of what is observed. */
  readonly updatedAt?: string;
  readonly updatedBy?: string;
}

/** One cell to grant or revoke, or one object to write. */
export interface Step {
  /** Steps of a lower stage end before those of a higher one begin. */
  readonly stage: Stage;
  readonly action: 'grant' | 'revoke' | 'write' | 'delete';
  /** The fact as it is sent: for a revoke, with the column list as it is stored. */
  readonly fact: Fact;
}

/**
 * The order of a run: what is taken away without replacement goes first; then parameters, filters and
 * grants; what is replaced goes only when the new is there.
 */
export const stages = {
  revoke: 0,
  accept: 5,
  parameters: 10,
  filters: 20,
  links: 25,
  /** Revokes that must precede the new half of their own replacement, since Lake Formation refuses the two together. */
  makeRoom: 29,
  grant: 30,
  /** Somebody who is opted in comes in by permissions alone, and so has them first. */
  optIn: 31,
  /** What IAM_ALLOWED_PRINCIPALS holds goes when those who are named can do without. */
  close: 33,
  /** Grants that Lake Formation refuses, or makes wider, while IAM_ALLOWED_PRINCIPALS holds their resource. */
  grantClosed: 36,
  /** After the grants, which put on their shares themselves what they need. */
  associate: 37,
  revokeReplaced: 40,
  optOut: 45,
  deleteFilters: 50,
  deleteLinks: 60,
} as const;

/** A stage's number. */
export type Stage = (typeof stages)[keyof typeof stages];

/** A place in the files that asks for a fact. */
export interface Because {
  readonly place: Place;
  readonly subscription?: string;
  readonly product?: string;
}

/** A desired change that is not made, for its files are not proven or the catalog stands in the way. */
export interface Withheld {
  readonly change: Change;
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
}

/** Something a reader of the plan should know, that stops nothing. */
export interface Note {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** What the lake holds of one product, counted in facts. */
export interface PictureRow {
  /** The product; none for what is on no product: the catalog itself, LF-Tags. */
  readonly product?: string;
  readonly enforce: Enforcement;
  /** Whether the product is gone from the files, and only their history declares it. */
  readonly isGone: boolean;
  readonly managed: number;
  readonly unmanaged: number;
  readonly protected: number;
  /** How many changes `additive` leaves out. */
  readonly leftOut: number;
}

/** Changes that a guard refuses, with the way out. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** The entry of mesh.yaml that would lift it, as YAML, where one can. */
  readonly yaml?: string;
  readonly changes: readonly Change[];
}

/** An entry of mesh.yaml that counts until a day: a hold, or the override of a guard. */
export interface Standing {
  readonly kind: 'hold' | 'override';
  /** The guard that an override lifts. */
  readonly guard?: string;
  readonly scope: string;
  readonly reason: string;
  readonly until: string;
  readonly place: Place;
  /** Whether it counts; an override does only where mesh.yaml is proven. */
  readonly state: 'in force' | 'over' | 'not proven';
}

/** A fact that was seen and left alone. */
export interface LeftAlone {
  readonly fact: Fact;
  readonly product?: string;
  /** Why it is left alone, or what it does to the mesh. */
  readonly note: string;
  readonly updatedAt?: string;
  readonly updatedBy?: string;
}

/** A lake that a plan speaks of. */
export interface PlannedLake {
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
}

/** Counts of changes by verb. */
export type Summary = Readonly<Record<Verb, number>>;

/** What is left to the administrator of an account that no run enters. */
export interface ByHand {
  readonly account: string;
  readonly region: string;
  /** In the order in which they are done. */
  readonly steps: readonly HandStep[];
}

/** Something that a person does in their own account. */
export interface HandStep {
  readonly what: string;
  /** The command that does it, for a POSIX shell. */
  readonly command: string;
  /** The subscriptions that ask for it, or asked. */
  readonly subscriptions: readonly string[];
  /** Set where it takes back what a subscription asked for. */
  readonly takes?: true;
}

/** The changed files that a plan is confined to: what they cannot touch was not read, and is no part of the plan. */
export interface ChangedFiles {
  /** The commit that they were compared with. */
  readonly since: string;
  /** Paths inside the mesh directory, sorted. */
  readonly files: readonly string[];
  /** Why the plan speaks of the whole mesh nevertheless. */
  readonly whole?: string;
  /** Set where no lake was asked: the plan compares what the files ask now with what they asked in that commit. */
  readonly isOffline?: true;
}

/** What is to be done, as plain data: shown, guarded, hashed and executed as one object. */
export interface Plan {
  readonly format: 1;
  readonly mesh: string;
  /** The commit of the mesh files, where they are in git. */
  readonly commit: string | null;
  /** The time the plan was made for, ISO. */
  readonly asOf: string;
  /** The changed files that the plan is confined to; absent, it speaks of the whole mesh. */
  readonly scope?: ChangedFiles;
  readonly lakes: readonly PlannedLake[];
  /** Digests of the desired and the observed state that the plan was made from. */
  readonly basis: { readonly desired: string; readonly observed: string };
  readonly summary: Summary;
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
  /** What would take something away, and is left out because its product is `additive`. */
  readonly leftOut: readonly Change[];
  readonly unmanaged: readonly LeftAlone[];
  readonly protected: readonly LeftAlone[];
  /** How many observed facts concern nothing that the mesh declares; null where the whole lake was not read. */
  readonly outside: number | null;
  /** What the lake holds, product by product. */
  readonly picture: readonly PictureRow[];
  readonly refusals: readonly Refusal[];
  /** The holds and overrides of the mesh, also those that are over. */
  readonly standing: readonly Standing[];
  /** What administrators of accounts do that no run enters, whether it is done already or not. */
  readonly byHand: readonly ByHand[];
  readonly gaps: readonly Gap[];
  /** What clock or catalog refuse, subscription by subscription. */
  readonly problems: readonly Refused[];
  readonly notes: readonly Note[];
}
