import type { CatalogEncryption } from './lake.ts';
import type { Switches } from './switches.ts';
import type { Limits } from './world.ts';

/** The state that an emulator starts with. */
export interface Seed {
  readonly switches?: Partial<Switches>;
  readonly accounts: Readonly<Record<string, SeedAccount>>;
  /** Organizations by ARN; sharing within them is on unless it says `sharing: false`. */
  readonly organizations?: Readonly<Record<string, { readonly sharing?: boolean }>>;
  /** How much RAM takes, where it should take less than AWS's. */
  readonly limits?: Partial<Limits>;
}

/** An AWS account with the IAM principals that exist in it. */
export interface SeedAccount {
  readonly name?: string;
  /** ARNs of the organization and organizational units it belongs to. */
  readonly memberOf?: readonly string[];
  readonly principals?: readonly SeedPrincipal[];
  readonly regions?: Readonly<Record<string, SeedRegion>>;
}

/** An IAM user or role: its keys, what IAM lets it call, and for a role who may assume it. */
export interface SeedPrincipal {
  readonly arn: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly lakeFormation?: boolean;
  readonly glue?: boolean;
  /** Whether it may call RAM: to share with other accounts, and to accept. */
  readonly ram?: boolean;
  /** Whether it may ask IAM about roles, and have it simulate what they may do. */
  readonly iam?: boolean;
  /** Actions that no policy allows it, such as `glue:UpdateDatabase`, whatever else is said here. */
  readonly lacks?: readonly string[];
  /** S3 paths (`s3://…`) that IAM lets it read without Lake Formation. */
  readonly s3?: readonly string[];
  readonly trusts?: readonly string[];
  /** The whole trust policy, in place of `trusts`. */
  readonly trustPolicy?: Readonly<Record<string, unknown>>;
  readonly externalId?: string;
}

/** The Data Catalog and the Lake Formation state of one region. */
export interface SeedRegion {
  readonly settings?: SeedSettings;
  /** The resource policy of the Data Catalog. */
  readonly resourcePolicy?: Readonly<Record<string, unknown>>;
  /** How the metadata is encrypted; without a key by the one that AWS manages. */
  readonly encryption?: CatalogEncryption;
  readonly locations?: readonly { readonly arn: string; readonly hybrid?: boolean }[];
  /** LF-Tags, key to values. */
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  readonly databases?: Readonly<Record<string, SeedDatabase>>;
  readonly filters?: readonly SeedFilter[];
  readonly grants?: readonly SeedGrant[];
  readonly group?: SeedGroup;
  readonly shares?: readonly SeedShare[];
  readonly optIns?: readonly SeedOptIn[];
}

/** DataLakeSettings under their API names, administrators as plain principal texts. */
export interface SeedSettings {
  readonly DataLakeAdmins?: readonly string[];
  readonly ReadOnlyAdmins?: readonly string[];
  readonly CreateDatabaseDefaultPermissions?: readonly SeedDefaultPermissions[];
  readonly CreateTableDefaultPermissions?: readonly SeedDefaultPermissions[];
  readonly Parameters?: Readonly<Record<string, string>>;
  readonly TrustedResourceOwners?: readonly string[];
  readonly AllowExternalDataFiltering?: boolean;
  readonly AllowFullTableExternalDataAccess?: boolean;
  readonly ExternalDataFilteringAllowList?: readonly string[];
  readonly AuthorizedSessionTagValueList?: readonly string[];
}

/** What new objects are granted to whom. */
interface SeedDefaultPermissions {
  readonly principal: string;
  readonly permissions: readonly string[];
}

/** A database with its tables. */
export interface SeedDatabase {
  readonly description?: string;
  readonly location?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly createdBy?: string;
  readonly defaultTablePermissions?: readonly SeedDefaultPermissions[];
  readonly tables?: Readonly<Record<string, SeedTable>>;
  /** The LF-Tags that it carries, key to value. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly target?: { readonly catalogId: string; readonly database: string; readonly region?: string };
}

/** A table, a view, or a resource link. */
export interface SeedTable {
  readonly description?: string;
  readonly columns?: Readonly<Record<string, SeedColumn>>;
  readonly partitionKeys?: Readonly<Record<string, SeedColumn>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly location?: string;
  readonly tableType?: string;
  readonly createdBy?: string;
  /** The LF-Tags that it carries itself, key to value. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly target?: {
    readonly catalogId: string;
    readonly database: string;
    readonly table: string;
    readonly region?: string;
  };
}

/** The type of a column, alone or with comment, parameters and the LF-Tags it carries itself. */
export type SeedColumn =
  | string
  | {
      readonly type: string;
      readonly comment?: string;
      readonly parameters?: Readonly<Record<string, string>>;
      readonly tags?: Readonly<Record<string, string>>;
    };

/** A data cells filter; without columns it covers all columns, without rows all rows. */
export interface SeedFilter {
  readonly database: string;
  readonly table: string;
  readonly name: string;
  readonly rows?: string;
  readonly columns?: readonly string[];
  readonly excludedColumns?: readonly string[];
}

/** A grant on a resource in the form of the Lake Formation API. */
export interface SeedGrant {
  readonly principal: string;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly permissions: readonly string[];
  readonly withGrantOption?: readonly string[];
  readonly condition?: string;
  readonly lastUpdated?: string;
  readonly lastUpdatedBy?: string;
}

/** Other accounts that hold the same grants, as many as there may be: they are there at once. */
interface SeedGroup {
  readonly accounts: readonly string[];
  readonly grants: readonly Omit<SeedGrant, 'principal'>[];
}

/**
 * Where a RAM share stands that the grants of this region make, or that is left over from grants which are gone.
 * Without it what the seed grants to other accounts has long been accepted.
 */
export interface SeedShare {
  readonly receiver: string;
  readonly kind: 'database' | 'table' | 'all-tables' | 'lf-tag' | 'lf-tag-policy';
  /** The database, or the table as `database.table`: needed with cross-account version 1 alone. */
  readonly of?: string;
  readonly invitation?: 'PENDING' | 'ACCEPTED' | 'REJECTED' | 'EXPIRED';
  /** When the invitation was sent, ISO 8601; by default now, or twelve hours ago for one that has expired. */
  readonly invitedAt?: string;
  /** Resources that RAM could not associate, as `table/sales/orders` or `database/sales`. */
  readonly failed?: readonly string[];
  readonly statusMessage?: string;
  /** Resources that RAM has been associating for a day. */
  readonly associating?: readonly string[];
  /** Resources that stayed on the share though no grant needs them. */
  readonly orphans?: readonly string[];
}

/** A principal for whom Lake Formation's permissions hold on a resource in a hybrid location. */
export interface SeedOptIn {
  readonly principal: string;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** A seed with faults, all of them. */
export class SeedError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `The seed has ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
    this.name = 'SeedError';
    this.faults = faults;
  }
}
