import type { Association } from './association.ts';
import type { PermissionRow, RawResource } from './canonical.ts';
import type { Acceptance, CatalogParameter, DataCellsFilter, LakeId, LinkTarget, OptIn, ResourceLink } from './fact.ts';

/**
 * The port to one lake: what the stages need of Lake Formation, Glue and STS, the reading half apart
 * from the writing half. Planning is handed the reading half only. Every method may throw `LakeFailure`.
 */
export interface LakeReader {
  readonly lake: LakeId;
  /** Where the calls go, for every plan and report to name. */
  readonly endpoint: string;
  /** Who is calling. */
  readonly caller: () => Promise<Caller>;
  readonly settings: () => Promise<LakeSettings>;
  /** Every permission in the catalog, those on one resource, or those on all resources of a type; pages as the service cuts them. */
  readonly permissions: (query?: PermissionQuery) => AsyncIterable<PermissionPage>;
  /** The data cells filters of the catalog, or of one table. */
  readonly filters: (table?: TableName) => AsyncIterable<readonly DataCellsFilter[]>;
  /** A database; undefined where the catalog says that there is none. */
  readonly database: (name: string) => Promise<CatalogDatabase | undefined>;
  readonly tables: (database: string) => AsyncIterable<readonly CatalogTable[]>;
  /** What other accounts share with this one through RAM, as far as it was accepted. */
  readonly accepted: () => Promise<readonly Acceptance[]>;
  /** The RAM shares that Lake Formation made in this account's name, and who and what is on them. */
  readonly sharing: () => Promise<Sharing>;
  /** Who is opted in to what. */
  readonly optIns: () => AsyncIterable<readonly OptIn[]>;
  /** Every database of the catalog that the caller may see. */
  readonly databases: () => AsyncIterable<readonly CatalogDatabase[]>;
}

/** The writing half. */
export interface LakeWriter {
  /** Grants at most 20 entries in one call; answers in the order of the entries, undefined for one that succeeded. */
  readonly grant: (entries: readonly Entry[]) => Promise<readonly (LakeFailure | undefined)[]>;
  readonly revoke: (entries: readonly Entry[]) => Promise<readonly (LakeFailure | undefined)[]>;
  readonly createFilter: (filter: DataCellsFilter) => Promise<void>;
  readonly updateFilter: (filter: DataCellsFilter) => Promise<void>;
  readonly deleteFilter: (filter: DataCellsFilter) => Promise<void>;
  readonly setParameter: (parameter: CatalogParameter) => Promise<void>;
  /** Mends an association of this lake on the shares that it names: puts the resource, or the account, back on them. */
  readonly associate: (broken: Association) => Promise<void>;
  /** Accepts the invitations to what other accounts share, and no others; answers as `grant` does. */
  readonly accept: (wanted: readonly Acceptance[]) => Promise<readonly (LakeFailure | undefined)[]>;
  readonly createLink: (link: ResourceLink) => Promise<void>;
  /** Deletes a link, and never what is no link. */
  readonly deleteLink: (link: ResourceLink) => Promise<void>;
  readonly createOptIn: (optIn: OptIn) => Promise<void>;
  readonly deleteOptIn: (optIn: OptIn) => Promise<void>;
}

/** Both halves. */
export interface Lake extends LakeReader, LakeWriter {}

/** The code of a call that was not made, for nobody waits for it any longer. */
export const outOfTime = 'OutOfTime';

/** What the rest of a run waits for, and not for ever. */
export interface Hurried {
  /** From now on somebody waits; answers with the reason why no longer once the time for that is over. Calls that begin then fail. */
  readonly hurry: () => Promise<string>;
  /** Nobody waits any more. */
  readonly relax: () => void;
  /** Ends the calls that are under way. */
  readonly cut: () => void;
}

/** The most entries that a batch call takes. Source: https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_BatchGrantPermissions.html. */
export const batchLimit = 20;

/** One entry of a batch: a row of permissions to grant or revoke. */
export type Entry = PermissionRow;

/** Asks for the permissions on one resource, with those on its data cells filters where `related` is set, or on all resources of a type. */
export type PermissionQuery =
  | { readonly resource: RawResource; readonly related?: boolean }
  | { readonly type: ResourceType };

/** Types of resources that permissions are listed by. Source: https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html. */
export type ResourceType =
  | 'CATALOG'
  | 'DATA_LOCATION'
  | 'LF_TAG'
  | 'LF_TAG_POLICY_DATABASE'
  | 'LF_TAG_POLICY_TABLE'
  | 'LF_NAMED_TAG_EXPRESSION';

/** One page of a listing. */
export interface PermissionPage {
  readonly rows: readonly ObservedRow[];
  readonly unreadable: readonly UnreadableRow[];
}

/** A row in a form that this program does not know. */
export interface UnreadableRow {
  /** The row as it came. */
  readonly text: string;
  /** The database it concerns, where it says one. */
  readonly database?: string;
}

/** A row of permissions with what the service says of its last change. */
export interface ObservedRow extends PermissionRow {
  /** ISO time. */
  readonly updatedAt?: string;
  /** The ARN that Lake Formation names, of a role or of a session. */
  readonly updatedBy?: string;
  /** The ARNs of the RAM shares that bring it to another account. */
  readonly shares?: readonly string[];
}

/** The RAM shares of an account that were made for what it grants to others. */
export interface Sharing {
  /** Those that are there, by ARN. */
  readonly shares: ReadonlyMap<string, Share>;
  /** What is on them and has not been associated. */
  readonly unassociated: readonly SharedResource[];
}

/** A RAM share, with how whom it is for stands on it. */
export interface Share {
  readonly arn: string;
  readonly name: string;
  /** An account, an organization or an OU; absent where nobody is on it. */
  readonly receiver?: string;
  /** In RAM's words: ASSOCIATED, ASSOCIATING while an invitation waits, DISASSOCIATED once it lapsed. */
  readonly status: string;
  readonly says?: string;
  /** When that was so, ISO. */
  readonly since?: string;
  /** Whether the receiver is outside the organization, and has to accept. */
  readonly isExternal: boolean;
}

/** A database or table on a share. */
export interface SharedResource {
  readonly share: string;
  readonly arn: string;
  /** In RAM's words. */
  readonly status: string;
  readonly says?: string;
  /** ISO. */
  readonly since?: string;
}

/** Who signs the calls. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
}

/** The data lake settings that the stages look at. */
export interface LakeSettings {
  /** CROSS_ACCOUNT_VERSION, where the settings name one. */
  readonly crossAccountVersion?: string;
  readonly administrators: readonly string[];
  readonly readOnlyAdministrators: readonly string[];
}

/** A table's name. */
export interface TableName {
  readonly database: string;
  readonly table: string;
}

/** A database of the catalog. */
export interface CatalogDatabase {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Set where the database opens its new tables to whomever IAM lets in, whatever the settings say. */
  readonly opensNewTables?: true;
  /** Where its tables are by default: an S3 path. */
  readonly location?: string;
  /** The database elsewhere that it stands for, where it does. */
  readonly target?: LinkTarget;
}

/** A table of the catalog. */
export interface CatalogTable {
  readonly name: string;
  readonly kind: 'table' | 'view' | 'link';
  readonly parameters: Readonly<Record<string, string>>;
  /** Columns first, partition keys behind them. */
  readonly columns: readonly CatalogColumn[];
  readonly createdBy?: string;
  /** Where its data is: `s3://bucket/path`. */
  readonly location?: string;
}

/** A column or partition key of a table in the catalog. */
export interface CatalogColumn {
  readonly name: string;
  readonly isPartitionKey: boolean;
  readonly parameters: Readonly<Record<string, string>>;
}

/** How to go on after the service said no. */
export type FailureKind =
  /** The state is as asked: nothing to revoke. */
  | 'already'
  /** A later try may succeed: throttled, in conflict, or a principal that IAM has not spread yet. */
  | 'passing'
  /** The call may have taken effect: read again before going on. */
  | 'unknown'
  /** Nobody can help but a person. */
  | 'final';

/** Lake Formation, Glue or STS said no. */
export class LakeFailure extends Error {
  override readonly name = 'LakeFailure';
  readonly operation: string;
  readonly code: string;
  readonly kind: FailureKind;

  constructor(failure: { operation: string; code: string; message: string; kind: FailureKind; cause?: unknown }) {
    super(failure.message, { cause: failure.cause });
    this.operation = failure.operation;
    this.code = failure.code;
    this.kind = failure.kind;
  }
}
