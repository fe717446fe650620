/**
 * The port to what an account stands on before Meshgate can work in it: a stack of CloudFormation, what IAM has beside
 * it, and the data lake settings. Every method may throw `LakeFailure`.
 */
export interface Foundation {
  /** A stack with its resources; undefined where there is none. */
  readonly stack: (name: string) => Promise<Stack | undefined>;
  /** Begins to make a stack, and answers its id. One that fails is deleted again. */
  readonly createStack: (request: StackRequest) => Promise<string>;
  readonly updateStack: (id: string, request: StackRequest) => Promise<void>;
  readonly deleteStack: (id: string) => Promise<void>;
  /** Waits until CloudFormation is done with a stack, and answers how it ended. */
  readonly settled: (id: string, onStatus: (status: string) => void) => Promise<StackEnd>;
  /** The ARN of a role; undefined where there is none. */
  readonly role: (name: string) => Promise<string | undefined>;
  /** A provider of identities; undefined where there is none. */
  readonly provider: (arn: string) => Promise<Provider | undefined>;
  /** The names of the roles that trust a provider. */
  readonly rolesTrusting: (arn: string) => Promise<readonly string[]>;
  readonly deleteProvider: (arn: string) => Promise<void>;
  /** The data lake settings with every member that there is. */
  readonly settings: () => Promise<SettingsDocument>;
  /** Replaces the data lake settings as a whole. */
  readonly putSettings: (settings: SettingsDocument) => Promise<void>;
  /** The same account in another region. */
  readonly elsewhere: (region: string) => Foundation;
}

/** A stack of CloudFormation as it is. */
export interface Stack {
  readonly id: string;
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  /** The template as it was given, JSON or YAML. */
  readonly template: string;
  /** The resources that it holds, by their name in the template. */
  readonly resources: Readonly<Record<string, StackResource>>;
}

/** A resource of a stack: its type, and its name or ARN in its service. */
export interface StackResource {
  readonly type: string;
  readonly id: string;
}

/** A stack as it is to be. */
export interface StackRequest {
  readonly name: string;
  /** JSON. */
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** How CloudFormation's work on a stack ended. */
export interface StackEnd {
  readonly status: string;
  /** What failed first in that, and why. */
  readonly reason?: string;
}

/** A provider of identities that an account trusts. */
export interface Provider {
  readonly audiences: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** The data lake settings in the API's shape: https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_DataLakeSettings.html. */
export interface SettingsDocument {
  readonly DataLakeAdmins?: readonly Administrator[];
  readonly ReadOnlyAdmins?: readonly Administrator[];
  readonly CreateDatabaseDefaultPermissions?: readonly unknown[];
  readonly CreateTableDefaultPermissions?: readonly unknown[];
  readonly Parameters?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

/** A principal among the administrators. */
export interface Administrator {
  readonly DataLakePrincipalIdentifier?: string;
}
