/** An IAM user or role: what it may call, and for a role who may assume it. */
export interface IamPrincipal {
  readonly arn: string;
  readonly account: string;
  readonly uniqueId: string;
  readonly lakeFormation: boolean;
  readonly glue: boolean;
  readonly ram: boolean;
  readonly iam: boolean;
  /** Actions that no policy allows it. */
  readonly lacks: readonly string[];
  /** The S3 paths that IAM lets it read by itself. */
  readonly s3: readonly string[];
  readonly trusts: readonly string[];
  readonly trustPolicy?: Readonly<Record<string, unknown>>;
  readonly externalId?: string;
}

/** An AWS account. */
export interface Account {
  readonly id: string;
  readonly memberOf: readonly string[];
  readonly principals: ReadonlyMap<string, IamPrincipal>;
}
