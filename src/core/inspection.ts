import type { LakeFailure, LakeSettings, SharedResource, TableName } from './lake.ts';

/**
 * The port to what `doctor` reads of a lake beside what a plan reads. Nothing here changes anything. Every method may
 * throw `LakeFailure`.
 */
export interface LakeInspector {
  /** What the service's clock says, also where it refuses the caller. */
  readonly clock: () => Promise<ClockReading>;
  readonly settings: () => Promise<FullSettings>;
  /** The resource policy that the account wrote for its catalog; undefined where there is none. */
  readonly policy: () => Promise<CatalogPolicy | undefined>;
  /** How many resource policies there are in all: the account's own and those that RAM made. */
  readonly policies: () => Promise<number>;
  readonly locations: () => Promise<readonly RegisteredLocation[]>;
  /** How the catalog's metadata is encrypted. */
  readonly encryption: () => Promise<CatalogEncryption>;
  /** Everything on the RAM shares of the account, however it stands there. */
  readonly shared: () => Promise<readonly SharedResource[]>;
  /** Reads the catalog itself, and a table of it, as Lake Formation does for whoever grants on them. */
  readonly catalog: () => Promise<void>;
  readonly table: (name: TableName) => Promise<void>;
}

/** The port to what IAM says of the roles of an account; it changes nothing. Every method may throw `LakeFailure`. */
export interface RoleInspector {
  /** A role by its name; undefined where there is none. */
  readonly role: (name: string) => Promise<RoleState | undefined>;
  /** What the policies of a user or role, by its ARN, come to; nothing of it is done. */
  readonly simulate: (arn: string, question: RightsQuestion) => Promise<readonly Simulated[]>;
}

/** A role as IAM knows it. */
export interface RoleState {
  readonly arn: string;
  /** Whom it trusts, JSON. */
  readonly trust: string;
}

/** Actions that are asked about together. */
export interface RightsQuestion {
  readonly actions: readonly string[];
  /** The resources; `*` for any. */
  readonly resources: readonly string[];
  /** What conditions are held against. */
  readonly context: Readonly<Record<string, string>>;
}

/** What policies come to for one action on one resource. */
export interface Simulated {
  readonly action: string;
  readonly resource: string;
  readonly isAllowed: boolean;
  /** What conditions hang on that nobody said: then a denial says nothing. */
  readonly missing: readonly string[];
}

/** How the metadata of a catalog is encrypted: https://docs.aws.amazon.com/glue/latest/webapi/API_EncryptionAtRest.html. */
export interface CatalogEncryption {
  readonly isEncrypted: boolean;
  /** The key's id, ARN or alias, where the answer names one. */
  readonly key?: string;
}

/** A clock held against this machine's. */
export interface ClockReading {
  /** Seconds that the service's clock is ahead of this machine's; negative where it is behind. */
  readonly ahead: number;
}

/** The data lake settings as far as they decide what new objects are open to, and how things are shared. */
export interface FullSettings extends LakeSettings {
  /** Whether a new database is open to whomever IAM lets in. */
  readonly opensNewDatabases: boolean;
  /** Whether a new table is, where its database does not say otherwise. */
  readonly opensNewTables: boolean;
}

/** The resource policy of a catalog. */
export interface CatalogPolicy {
  /** JSON. */
  readonly text: string;
  /** Names the version, so that a change can be made to this one alone. */
  readonly hash: string;
}

/** An S3 path that is registered with Lake Formation. */
export interface RegisteredLocation {
  /** `arn:aws:s3:::bucket/path`. */
  readonly arn: string;
  /** The role that Lake Formation reads the path with. */
  readonly role?: string;
  /** Whether principals that did not opt in go past Lake Formation. */
  readonly isHybrid: boolean;
}

/** What was read, or why it could not be. */
export type Read<T> =
  | { readonly isRead: true; readonly value: T }
  | { readonly isRead: false; readonly failure: LakeFailure };
