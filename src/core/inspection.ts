import type { LakeFailure, LakeSettings, TableName } from './lake.ts';

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
  /** Reads the catalog itself, and a table of it, as Lake Formation does for whoever grants on them. */
  readonly catalog: () => Promise<void>;
  readonly table: (name: TableName) => Promise<void>;
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
  /** CROSS_ACCOUNT_VERSION, where the settings name one. */
  readonly crossAccountVersion?: string;
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
