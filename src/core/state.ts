import type { Columns } from './columns.ts';
import type { Fact, FactKey, LakeId } from './fact.ts';
import type { Hold } from './hold.ts';
import type { Caller, CatalogDatabase, CatalogTable, LakeSettings, Sharing } from './lake.ts';
import type { Permission } from './permission.ts';
import type { Place } from './problem.ts';

/** One reason for a desired fact: a place in a file, and all files whose content made it so. */
export interface Cause {
  /** Where it was asked: a subscription's access entry, a product's grant. */
  readonly place: Place;
  /** The subscription, `<domain>/<product>/<consumer>[.<name>]`, where it is one. */
  readonly subscription?: string;
  readonly product?: string;
  /** The paths of the mesh files it came from, sorted. */
  readonly files: readonly string[];
  /** Why it must not be given although it is written: a name that the catalog lacks, say. */
  readonly refused?: Refused;
}

/** Why a subscription, or a part of it, cannot be given now; it depends on clock or catalog. */
export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly place: Place;
}

/** What one cause asks of a fact's key. */
export interface Wish {
  readonly fact: Fact;
  readonly cause: Cause;
}

/** What one file asks of one key. */
export interface AskedFact extends Wish {
  readonly key: FactKey;
}

/** A desired fact: all that its causes ask, each kept apart, for some may be proven and others not. */
export interface DesiredFact {
  readonly key: FactKey;
  /** What all causes together ask. */
  readonly fact: Fact;
  readonly wishes: readonly Wish[];
  /** The classes of sensitivity that the fact touches, sorted. */
  readonly classes: readonly string[];
}

/** Permissions of which it cannot be worked out now whether they are wanted, so that none of them is taken for unwanted. */
export interface Undecided {
  readonly lake: LakeId;
  readonly principals: readonly string[];
  readonly database: string;
  /** Names and globs of tables, as they are written. */
  readonly tables: readonly string[];
  readonly permissions: readonly Permission[];
}

/** What a product file says of those who come in through IAM alone. */
export interface IamAccess {
  readonly product: string;
  /** The catalog that holds the database. */
  readonly catalog: string;
  readonly database: string;
  /** Names and globs of the tables that the product claims. */
  readonly tables: readonly string[];
  readonly says: 'keep' | 'hybrid' | 'revoke';
  readonly cause: Cause;
}

/** What the mesh files ask for, in terms of facts. */
export interface Desired {
  readonly facts: ReadonlyMap<FactKey, DesiredFact>;
  /** What expired subscriptions asked for: why a fact is no longer desired. */
  readonly ended: ReadonlyMap<FactKey, Cause>;
  /** The holds in force, which take from what is live, too. */
  readonly holds: readonly Hold[];
  /** The holds that took a fact, or a part of it, out of what is asked. */
  readonly held: ReadonlyMap<FactKey, readonly Hold[]>;
  /** What each product says of those who come in through IAM alone. */
  readonly iamAccess: readonly IamAccess[];
  readonly refused: readonly Refused[];
  readonly undecided: readonly Undecided[];
  /** Whether the mesh files ask for any access at all, also where the catalog was not read. */
  readonly asksForAccess: boolean;
  /** The classes that each subscription's facts touch, for what its approval must be. */
  readonly touched: ReadonlyMap<string, readonly string[]>;
}

/** An observed fact. */
export interface ObservedFact {
  readonly key: FactKey;
  readonly fact: Fact;
  /** For SELECT on a table: the column lists as they are stored, whose union is the fact's value. */
  readonly parts: readonly Columns[];
  readonly updatedAt?: string;
  readonly updatedBy?: string;
  /** The ARNs of the RAM shares that bring it to another account. */
  readonly shares?: readonly string[];
}

/** Something that could not be read; what depends on it is not changed. */
export interface Gap {
  readonly lake: LakeId;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** The database the gap is confined to; absent, it is the whole lake. */
  readonly database?: string;
  readonly table?: string;
  /** `revokes` where grants may still be judged, `grants` where more may have to go, `nothing` where only less is known to be managed; else everything in the scope waits. */
  readonly blocks: 'all' | 'revokes' | 'grants' | 'nothing';
}

/** A database of the catalog with its tables. */
export interface CatalogEntry {
  readonly database: CatalogDatabase;
  readonly tables: ReadonlyMap<string, CatalogTable>;
}

/** The part of a catalog that the mesh names; a database that is absent from the map does not exist. */
export interface Catalog {
  readonly databases: ReadonlyMap<string, CatalogEntry>;
  /** Databases that could not be read. */
  readonly unread: ReadonlySet<string>;
  /** Set where the product files stand in for the catalog: what it lacks may be there. */
  readonly isDeclared?: true;
}

/** What a lake says of itself. */
export interface Observed {
  readonly lake: LakeId;
  readonly endpoint: string;
  readonly caller: Caller;
  readonly settings: LakeSettings;
  readonly catalog: Catalog;
  readonly facts: ReadonlyMap<FactKey, ObservedFact>;
  readonly gaps: readonly Gap[];
  /** Tables on which IAM_ALLOWED_PRINCIPALS holds SELECT or ALL, as `<database>.<table>`, `*` for all tables. */
  readonly openedByIam: ReadonlySet<string>;
  /** The keys of the grants on each data cells filter, by `<database> <table> <name>`. */
  readonly filterGrants: ReadonlyMap<string, readonly FactKey[]>;
  /** How many pages the sweep of all permissions took; undefined where only those that the mesh names were asked for. */
  readonly sweepPages: number | undefined;
  /** How many rows were read. */
  readonly rows: number;
  /** The RAM shares, where something is given to another account and they were read. */
  readonly sharing?: Sharing;
}

/** Whether the file's content is approved, and if not, what would make it so. */
export type Proof =
  | { readonly proven: true; readonly by: string }
  | {
      readonly proven: false;
      readonly reason: string;
      readonly remedy: string;
      /** Where nobody could be asked, so that it is not known to be unproven either. */
      readonly isUnchecked?: true;
    };

/** The proof of each mesh file, by path. */
export type Proofs = ReadonlyMap<string, Proof>;
