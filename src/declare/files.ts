// Generated from schemas/*.schema.json; `npx vitest run -u test/declare/files.test.ts` writes it anew.

/** A Lake Formation permission. ALL is refused: name what is meant. */
export type PermissionName =
  'SELECT' | 'DESCRIBE' | 'INSERT' | 'DELETE' | 'ALTER' | 'DROP' | 'CREATE_TABLE' | 'CREATE_DATABASE' | 'DATA_LOCATION_ACCESS';

/** `mesh/mesh.yaml`: the mesh as a whole. Its approval is an administrator's. */
export interface Mesh {
  /** The version of the file format. */
  readonly apiVersion: 'meshgate/v1';
  /** The kind of file. */
  readonly kind: 'Mesh';
  /** A name: lower-case letters, digits and hyphens. It is the file's name without `.yaml`. */
  readonly name: string;
  /** What this mesh is, in a sentence. */
  readonly description?: string;
  readonly central: Central;
  /** The people who approve changes of this file, of accounts and of new products. */
  readonly administrators: readonly Person[];
  readonly runsAs?: RunsAs;
  /** Principals that belong to no account file: an organization, an OU, SAML and Identity Center users and groups, roles of the central account. */
  readonly principals?: {
    /** An IAM role or user ARN, a SAML, Identity Center (identitystore), organization or OU ARN, or `<account>:IAMPrincipals`. */
    readonly [k: string]: string;
  };
  /** The name, from `principals`, of the principal that may DESCRIBE every public product. */
  readonly publicReader?: string;
  /** Named lists of permissions, beside the built-in `read`, `write` and `discover`. */
  readonly presets?: {
    /** The permissions the preset stands for. */
    readonly [k: string]: readonly PermissionName[];
  };
  /** Classes of sensitivity beside `pii`, from the least to the most strict; `pii` may be listed to change what it asks. Where it is not listed it is the least strict. */
  readonly classes?: readonly Class[];
  /** The parameters that Meshgate keeps on the databases of products. None by default. `pii_flag` is only ever raised. */
  readonly catalogParameters?: readonly ('data_owner' | 'data_owner_name' | 'pii_flag')[];
  /** How SELECT on some columns of a table is given: by a `list` of columns, as by default, or through a data cells `filter` with these columns and all rows, whose name Meshgate derives. AWS's documents disagree on whether a list may carry the grant option; a filter may. A view, or a table with a column name that filters refuse, gets a list in any case. */
  readonly columnsBy?: 'list' | 'filter';
  /** Principals whose grants Meshgate never revokes, beside data lake administrators, object creators, service-linked roles and IAMAllowedPrincipals: identifiers, or names from `principals`. Whom this file protected when it was proven last stays protected until it is proven again. */
  readonly protected?: readonly string[];
  /** Permissions on the catalog itself. */
  readonly grants?: readonly CatalogAccess[];
  readonly guards?: Guards;
  /**
   * Refusals of a guard that are lifted, for a time and a reason. While this file is not proven, only those count that it also had when it was proven last.
   *
   * @maxItems 200
   */
  readonly overrides?: readonly Override[];
  /**
   * Emergency cuts: access that is taken away whatever the files ask, until a day. They count also where their file is not proven, for revoking never needs proof.
   *
   * @maxItems 200
   */
  readonly holds?: readonly Hold[];
  readonly reminders?: Reminders;
  /** Whether the scheduled run also repairs what was changed by hand. By default it only reports that, ends what has expired or is held, and tries again what the last run withheld or failed at; a merge and a dispatch repair everything. */
  readonly repairOnSchedule?: boolean;
  /** The day this file was last looked over. It changes nothing; editing it asks the code owners to approve the file anew. */
  readonly reviewed?: string;
}
/** The central catalog, whose Lake Formation permissions this mesh declares. */
export interface Central {
  /** A 12-digit AWS account id, in quotes: as a number it would lose its leading zeros. */
  readonly account: string;
  /** An AWS region such as `eu-west-1`. */
  readonly region: string;
}
/** A GitHub user, by login and by the numeric id that a renamed or recycled login does not share. */
export interface Person {
  /** GitHub login, without the @. That of a managed user ends with an underscore and the enterprise's short code. */
  readonly login: string;
  /** GitHub's numeric user id (`gh api users/LOGIN --jq .id`). */
  readonly id: number;
}
/** The IAM roles that Meshgate works with in an account, by name; `meshgate bootstrap` makes them. */
export interface RunsAs {
  /** The role that reads: plan, drift and doctor. `meshgate-observe` by default. */
  readonly observe?: string;
  /** The role that grants and revokes: apply. `meshgate-apply` by default. */
  readonly apply?: string;
}
/** A class of sensitivity. */
export interface Class {
  /** A name: lower-case letters, digits and hyphens. It is the file's name without `.yaml`. */
  readonly name: string;
  /** What belongs to the class. */
  readonly description?: string;
  /** How many of the product's owners must approve what touches it. 1 by default. */
  readonly approvals?: number;
  readonly alsoApprovedBy?: Approvers;
  /** How long a subscription to it may last, in days from the day it is asked for: the merge of its pull request. It must say then when it `expires`. Without a limit by default. */
  readonly longest?: number;
  /** The only permissions that may be given on it. All, by default. */
  readonly permissions?: readonly PermissionName[];
}
/** People who must approve what touches the class, beside the product's owners. */
export interface Approvers {
  /** What they are, in the plural, for messages: `data protection officers`. */
  readonly role: string;
  /** Who they are. */
  readonly people: readonly Person[];
  /** How many of them must approve. 1 by default. */
  readonly approvals?: number;
}
/** CREATE_DATABASE on the central catalog. */
export interface CatalogAccess {
  /** Names of principals: of this file's `principals`, or `<account>` or `<account>/<principal>` from an account file. */
  readonly principals: readonly string[];
  /** The permissions on the catalog. */
  readonly permissions: readonly 'CREATE_DATABASE'[];
}
/** How much a run may revoke before it is refused. What ends by expiry or by a hold does not count. While this file is not proven, no limit is wider than it was when it was proven last, or than the default where it never was. */
export interface Guards {
  readonly product?: RevokeLimits;
  readonly mesh?: RevokeLimits;
}
/** Limits of what a run may revoke; a permission and the grant option on it count as two. */
export interface RevokeLimits {
  /** So many revokes at most. */
  readonly revokes?: number;
  /** So much at most of the live grants that Meshgate manages there, in percent. */
  readonly percent?: number;
  /** The percentage counts only where more than so many would be revoked: of three grants one is soon a third. */
  readonly percentFrom?: number;
}
/** One guard, lifted for what is in the scope. */
export interface Override {
  /** The guard, by the code that its refusal shows. */
  readonly guard: 'TOO_MANY_REVOKES' | 'NOTHING_DECLARED' | 'OWN_ACCESS';
  readonly scope: OverrideScope;
  /** Why, for whoever reads it later. */
  readonly reason: string;
  /** The last day on which it counts, in UTC; that day counts in full. */
  readonly until: string;
}
/** The changes that it is lifted for: all that is given must fit. */
export interface OverrideScope {
  /** Every change of the mesh. */
  readonly mesh?: true;
  /** A data product, `<domain>/<product>`. */
  readonly product?: string;
  /** The account, by the name of its file, whose principals the changes concern. */
  readonly account?: string;
  /** A principal: a name of mesh.yaml, `<account>`, `<account>/<principal>`, or an identifier, which may have left the files. */
  readonly principal?: string;
}
/** One emergency cut. */
export interface Hold {
  readonly scope: HoldScope;
  /** Why, for whoever reads it later. */
  readonly reason: string;
  /** The last day on which it counts, in UTC; that day counts in full. */
  readonly until: string;
}
/** The grants that are held: all that is given must fit. With `table` or `column` only what reads or changes tables is held; with `column` only what reads the column, and SELECT on a table keeps its other columns where Lake Formation can narrow it. */
export interface HoldScope {
  /** All that the mesh gives. It cuts only beside an approved override of TOO_MANY_REVOKES for the mesh. */
  readonly mesh?: true;
  /** A principal: a name of mesh.yaml, `<account>`, `<account>/<principal>`, or an identifier, which may have left the files. */
  readonly principal?: string;
  /** An account, by the name of its file, or by its 12-digit id where it left the files: itself, every principal of it, and all that its subscriptions ask. */
  readonly account?: string;
  /** A data product, `<domain>/<product>`. */
  readonly product?: string;
  /** A table's name or a pattern. The all-tables wildcard is held as a whole where it reaches one. */
  readonly table?: string;
  /** A column's name or a pattern, in every table of the scope that has it. */
  readonly column?: string;
}
/** When `meshgate github remind` reminds people. */
export interface Reminders {
  /** So many days before access ends, consumer and producer are reminded. 30 by default. */
  readonly expiry?: number;
  /** A request that waits for so many days is listed with who is waited for. 7 by default. */
  readonly waiting?: number;
}
/** `mesh/accounts/<account>.yaml`: an AWS account that produces or consumes data. Its approval is an administrator's. */
export interface Account {
  /** The version of the file format. */
  readonly apiVersion: 'meshgate/v1';
  /** The kind of file. */
  readonly kind: 'Account';
  /** The account's name. It is the file's name, so it may be left out. */
  readonly name?: string;
  /** The name people use, written to `data_owner_name`. */
  readonly displayName?: string;
  /** Whose account it is and what for. */
  readonly description?: string;
  /** A 12-digit AWS account id, in quotes: as a number it would lose its leading zeros. */
  readonly id: string;
  /** What the account does in the mesh. */
  readonly roles: readonly ('producer' | 'consumer')[];
  /** The central databases that this account's products may use: names or patterns. */
  readonly databases?: readonly string[];
  /** The people who may ask for access on behalf of this account, and own its products where the product names no owners. */
  readonly owners: readonly Person[];
  /** Principals of this account, by name, for subscriptions that are not for the account as a whole. */
  readonly principals?: {
    /** An IAM role or user ARN, a SAML, Identity Center (identitystore), organization or OU ARN, or `<account>:IAMPrincipals`. */
    readonly [k: string]: string;
  };
  readonly runsAs?: RunsAs;
  /** Regions beside that of the central catalog in which the account queries what it gets, through resource links there. */
  readonly regions?: readonly string[];
  /** The day this file was last looked over. It changes nothing; editing it asks the code owners to approve the file anew. */
  readonly reviewed?: string;
}
/** `mesh/products/<domain>/<product>.yaml`: tables of the central catalog that a producer offers, with what in them is personal. */
export interface DataProduct {
  /** The version of the file format. */
  readonly apiVersion: 'meshgate/v1';
  /** The kind of file. */
  readonly kind: 'DataProduct';
  /** The product's name. It is the file's name, so it may be left out. */
  readonly name?: string;
  /** The product's domain. It is the folder's name, so it may be left out. */
  readonly domain?: string;
  /** What the data is, in a sentence or two. */
  readonly description?: string;
  /** The name of the account that produces the data. */
  readonly producer: string;
  /** The people who approve what touches pii. By default the producer's owners. */
  readonly owners?: readonly Person[];
  /** A database of the central catalog, in lower case, as Glue stores it. */
  readonly database: string;
  /** Everything in the product is personal: shorthand for `class: pii`. */
  readonly pii?: boolean;
  /** The sensitivity: `pii`, or a class that mesh.yaml defines. */
  readonly class?: string;
  /** The tables of the product, by name or pattern. A table that only a pattern reaches has no classified columns. */
  readonly tables: {
    readonly [k: string]: null | string | Table;
  };
  /** In a product with pii, lets patterns and the all-tables wildcard reach tables and columns that this file does not name. The product then claims the whole database. */
  readonly allowFuture?: boolean;
  /** `public` gives DESCRIBE on the product to the mesh's public reader. `private` is the default. */
  readonly visibility?: 'public' | 'private';
  /** How far the plan goes on this product. `full`, the default, grants and revokes until the lake is as the files say. `additive` shows what it would revoke and leaves it out, save what has expired. `exclusive` also revokes what principals hold that no file declares; never what is protected. While this file is not proven it goes no further than it did when it was proven last, or than `full`. */
  readonly enforce?: 'full' | 'additive' | 'exclusive';
  /** What becomes of those who come in through IAM alone, which Lake Formation calls IAM_ALLOWED_PRINCIPALS. `keep`, the default, leaves them as they are. `hybrid` is hybrid access: they go on, while those who get permissions on this product are opted in, so that Lake Formation's permissions hold for them. `revoke` takes the permissions of IAM_ALLOWED_PRINCIPALS from the product's tables, and from the database where all its products say so: only once this file is proven, after those who are named have their permissions, and before other accounts get theirs. */
  readonly iamAllowedPrincipals?: 'keep' | 'hybrid' | 'revoke';
  /** The S3 paths where the data is, for DATA_LOCATION_ACCESS. */
  readonly locations?: readonly string[];
  /** The producer's own permissions, and the central account's, on this product. Only what is listed here is managed for them. */
  readonly grants?: readonly ProducerAccess[];
  /** The day this file was last looked over. It changes nothing; editing it asks the code owners to approve the file anew. */
  readonly reviewed?: string;
}
/** A table. */
export interface Table {
  /** What a row is. */
  readonly description?: string;
  /** The whole table is personal: shorthand for `class: pii`. */
  readonly pii?: boolean;
  /** The sensitivity: `pii`, or a class that mesh.yaml defines. */
  readonly class?: string;
  /** Columns and partition keys, each with its class, or nothing where it is not sensitive. A nested field is written with dots: `address.street`. In a product with pii a column that is not listed counts as pii. */
  readonly columns?: {
    readonly [k: string]: null | string | Column;
  };
}
/** A column. */
export interface Column {
  /** What the column holds. */
  readonly description?: string;
  /** Shorthand for `class: pii`. */
  readonly pii?: boolean;
  /** The sensitivity: `pii`, or a class that mesh.yaml defines. */
  readonly class?: string;
}
/** Access for the producer's or the central account's own principals. */
export interface ProducerAccess {
  /** Names from the producer's account file or from mesh.yaml. By default the producer's account. */
  readonly principals?: readonly string[];
  /** What is given. */
  readonly access: readonly Access[];
}
/** What is given: on tables, on the product's database, or on data locations; one of the three. */
export interface Access {
  /** Tables of the product: names, globs (`order_*`), RE2 patterns (`/^order_[0-9]+$/`), or `"*"` alone: every table of the database, present and future. */
  readonly tables?: readonly string[];
  /** The permissions are meant for the product's database itself. */
  readonly database?: true;
  /** Whether DESCRIBE on the database comes with access to its tables, which is the default. `meshgate import` writes `false` where it was not granted. */
  readonly describeDatabase?: boolean;
  /** S3 paths within the product's `locations`, for DATA_LOCATION_ACCESS. */
  readonly locations?: readonly string[];
  readonly columns?: ColumnChoice;
  /** A PartiQL predicate. SELECT is then given through a data cells filter with this row filter. */
  readonly rows?: string;
  /** The name of that data cells filter. Without it the name is derived from the rows and columns. */
  readonly filter?: string;
  /** Permissions by name, or the name of a preset: `read` (SELECT, DESCRIBE), `write` (SELECT, DESCRIBE, INSERT, DELETE, ALTER), `discover` (DESCRIBE), or one that mesh.yaml defines. */
  readonly permissions?: string | readonly PermissionName[];
  /** The permissions given with the grant option. By default all of them for an account, an organization or an OU, which pass them on to their own people; none for other principals. Forbidden for IAM principals of other accounts. */
  readonly withGrantOption?: readonly PermissionName[];
}
/** Limits SELECT to columns. Grants always carry the list of included columns, so that a new column stays hidden. */
export interface ColumnChoice {
  /** Names or patterns of the columns to give. */
  readonly include?: readonly string[];
  /** Names or patterns of the columns to keep back; or a class, such as `pii`: all columns of that class or a stricter one, and all that the product file does not classify. */
  readonly exclude?: string | readonly string[];
}
/** `mesh/subscriptions/<domain>/<product>/<consumer>[.<name>].yaml`: one request for access. */
export interface Subscription {
  /** The version of the file format. */
  readonly apiVersion: 'meshgate/v1';
  /** The kind of file. */
  readonly kind: 'Subscription';
  /** `<domain>/<product>`. It is the folder's path, so it may be left out. */
  readonly product?: string;
  /** The consuming account's name. It is the file's name, so it may be left out. */
  readonly consumer?: string;
  /** What the data will be used for. */
  readonly purpose: string;
  /** Who in the consumer gets access: names from its account file, or from mesh.yaml. By default the account itself, whose administrators pass it on. */
  readonly principals?: readonly string[];
  /** What is asked for. */
  readonly access: readonly Access[];
  /** The last day of the access. It ends with that day, in UTC. */
  readonly expires?: string;
  readonly import?: Import;
  /** What the next reader should know. */
  readonly notes?: readonly string[];
  /** The day this file was last looked over. It changes nothing; editing it asks the code owners to approve the file anew. */
  readonly reviewed?: string;
}
/** The consumer's side, in the consuming account's own catalog: a link to the product's database, and who of that account reads through it. */
export interface Import {
  /** The name of the resource link: a database in the consuming account's catalog that stands for the product's. */
  readonly database: string;
  /** The region whose catalog holds the link: one that the account's file lists. By default that of the central catalog. */
  readonly region?: string;
  /** What principals of the consuming account get of what the subscription gives the account: DESCRIBE on the link, and their permissions on what it stands for. */
  readonly grants?: readonly ImportGrant[];
}
/** Permissions that principals of the consuming account get. */
export interface ImportGrant {
  /** Names from the consuming account's file. */
  readonly principals: readonly string[];
  /** Of the permissions that the subscription gives with the grant option, those that are passed on, on all that it gives them on. */
  readonly permissions: readonly PermissionName[];
}
