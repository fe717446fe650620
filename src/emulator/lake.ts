import { GrantStore, type GrantView } from './grants/grant-store.ts';
import { ShareRegister } from './ram/register.ts';
import type { Columns, Resource } from './resource.ts';
import { Shelf, type ShelfView } from './store/shelf.ts';

/** DataLakeSettings, always with every list present, as GetDataLakeSettings answers them. */
export interface Settings {
  readonly admins: readonly string[];
  readonly readOnlyAdmins: readonly string[];
  readonly createDatabaseDefaults: readonly DefaultPermissions[];
  readonly createTableDefaults: readonly DefaultPermissions[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly trustedResourceOwners: readonly string[];
  readonly allowExternalDataFiltering: boolean;
  readonly allowFullTableExternalDataAccess: boolean;
  readonly externalDataFilteringAllowList: readonly string[];
  readonly authorizedSessionTagValueList: readonly string[];
}

/** Permissions that every new object gives to a principal. */
export interface DefaultPermissions {
  readonly principal: string;
  readonly permissions: readonly string[];
}

/** A Glue database. */
export interface Database {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly locationUri?: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tableDefaults: readonly DefaultPermissions[];
  readonly target?: { readonly catalog: string; readonly database: string; readonly region?: string };
  readonly createTime: number;
  readonly createdBy?: string;
}

/** A Glue table: its whole input as it was last written, and what the catalog adds. */
export interface Table {
  readonly database: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly columns: readonly Column[];
  readonly partitionKeys: readonly Column[];
  readonly location?: string;
  readonly tableType?: string;
  readonly target?: {
    readonly catalog: string;
    readonly database: string;
    readonly table: string;
    readonly region?: string;
  };
  readonly version: number;
  readonly createTime: number;
  readonly updateTime: number;
  readonly createdBy?: string;
}

/** A column of a table, in the form of the Glue API. */
export interface Column {
  readonly Name: string;
  readonly Type?: string;
  readonly Comment?: string;
  readonly Parameters?: Readonly<Record<string, string>>;
}

/** A data cells filter. */
export interface DataCellsFilter {
  readonly database: string;
  readonly table: string;
  readonly name: string;
  readonly rows?: string;
  readonly columns: Columns;
  readonly version: string;
}

/** An S3 path registered with Lake Formation. */
export interface Location {
  readonly arn: string;
  readonly roleArn: string;
  readonly withFederation: boolean;
  readonly hybridAccessEnabled: boolean;
  readonly withPrivilegedAccess: boolean;
  readonly serviceLinked: boolean;
  readonly lastModified: number;
}

/** The resource policy of a Data Catalog, as its account wrote it. */
export interface ResourcePolicy {
  readonly text: string;
  readonly hash: string;
  readonly createTime: number;
  readonly updateTime: number;
}

/** How the metadata of a Data Catalog is encrypted. */
export interface CatalogEncryption {
  readonly mode: 'DISABLED' | 'SSE-KMS' | 'SSE-KMS-WITH-SERVICE-ROLE';
  /** A key's id, ARN or alias; without it the key that AWS manages. */
  readonly key?: string;
}

/** A principal for whom Lake Formation's permissions hold on a resource whose location is hybrid. */
export interface OptIn {
  readonly principal: string;
  readonly resource: Resource;
  readonly condition?: string;
  readonly lastModified: number;
  readonly lastUpdatedBy: string;
}

/** What can be read of a lake, now or as it was. */
export interface LakeView {
  readonly settings: Settings;
  readonly grants: GrantView;
  readonly databases: ShelfView<Database>;
  readonly tables: ShelfView<Table>;
  readonly filters: ShelfView<DataCellsFilter>;
  readonly locations: ShelfView<Location>;
  readonly tags: ShelfView<readonly string[]>;
  readonly tagAssignments: ShelfView<Readonly<Record<string, string>>>;
  readonly policies: ShelfView<ResourcePolicy>;
  readonly optIns: ShelfView<OptIn>;
}

/** The Data Catalog and the Lake Formation state of one account in one region. */
export class Lake implements LakeView {
  readonly account: string;
  readonly region: string;
  readonly grants = new GrantStore();
  readonly databases = new Shelf<Database>();
  readonly tables = new Shelf<Table>();
  readonly filters = new Shelf<DataCellsFilter>();
  readonly locations = new Shelf<Location>();
  readonly tags = new Shelf<readonly string[]>();
  /** The LF-Tags put on an object itself, key to value, by the object's tag place. */
  readonly tagAssignments = new Shelf<Readonly<Record<string, string>>>();
  /** The catalog's resource policy, under the empty key. */
  readonly policies = new Shelf<ResourcePolicy>();
  readonly optIns = new Shelf<OptIn>();
  readonly shares = new ShareRegister();
  encryption: CatalogEncryption = { mode: 'DISABLED' };
  readonly #settings = new Shelf<Settings>();
  readonly #initial: Settings;

  constructor(account: string, region: string, settings: Settings) {
    this.account = account;
    this.region = region;
    this.#initial = settings;
  }

  get settings(): Settings {
    return this.#settings.get('') ?? this.#initial;
  }

  /** Replaces the settings. */
  putSettings(settings: Settings, at: number): void {
    this.#settings.set('', settings, at);
  }

  /** The lake as it was at a time. */
  asOf(time: number): LakeView {
    return {
      settings: this.#settings.asOf(time).get('') ?? this.#initial,
      grants: this.grants.asOf(time),
      databases: this.databases.asOf(time),
      tables: this.tables.asOf(time),
      filters: this.filters.asOf(time),
      locations: this.locations.asOf(time),
      tags: this.tags.asOf(time),
      tagAssignments: this.tagAssignments.asOf(time),
      policies: this.policies.asOf(time),
      optIns: this.optIns.asOf(time),
    };
  }
}

/** The key of a table, or of a data cells filter, on its shelf. */
export function shelfKey(...names: readonly string[]): string {
  return names.join('\u0000');
}

/** The names of all columns of a table, partition keys last. */
export function columnNames(table: Table): readonly string[] {
  return [...table.columns, ...table.partitionKeys].map((column) => column.Name);
}
