/** What the emulator answers though the models do not say so, and why. */
export interface Quirk {
  /** The operations it is known of, as `service.Operation`. */
  readonly operation: RegExp;
  readonly fault: RegExp;
  readonly reason: string;
}

/** A fault of an operation. */
export interface Fault {
  readonly operation: string;
  readonly fault: string;
}

const isShownBy = (quirk: Quirk, { operation, fault }: Fault): boolean =>
  quirk.operation.test(operation) && quirk.fault.test(fault);

/** The faults that no quirk explains, each once. */
export function withoutQuirks(faults: readonly Fault[], quirks: readonly Quirk[]): readonly string[] {
  const left = faults.filter((fault) => !quirks.some((quirk) => isShownBy(quirk, fault)));
  return [...new Set(left.map(({ operation, fault }) => `${operation}: ${fault}`))];
}

/** The quirks that no fault shows any more. */
export function unshown(faults: readonly Fault[], quirks: readonly Quirk[]): readonly string[] {
  return quirks.filter((quirk) => !faults.some((fault) => isShownBy(quirk, fault))).map(({ fault }) => fault.source);
}

const any = /./;
const undeclared = (...codes: readonly string[]): RegExp => new RegExp(`^(${codes.join('|')}) is not declared$`);
const reference = 'https://docs.aws.amazon.com';

/**
 * The faults that are none: the models leave out what every service answers to any operation, and what has been seen
 * live. A quirk that no exchange shows any more fails the test.
 */
export const wireQuirks: readonly Quirk[] = [
  {
    operation: /^(lakeformation|glue)\./,
    fault: undeclared('AccessDeniedException'),
    reason: `common to all actions: ${reference}/lake-formation/latest/APIReference/CommonErrors.html; seen live from ListPermissions: https://github.com/hashicorp/terraform-provider-aws/issues/38982`,
  },
  {
    operation: /^lakeformation\./,
    fault: /^AccessDeniedException has status 400$/,
    reason:
      'the model says 403, live reports say 400, a switch decides: https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/622',
  },
  {
    operation: /^(lakeformation|glue)\./,
    fault: undeclared('ThrottlingException'),
    reason: `common to all actions: ${reference}/lake-formation/latest/APIReference/CommonErrors.html`,
  },
  {
    operation: /^lakeformation\./,
    fault: undeclared('ExpiredTokenException', 'UnrecognizedClientException', 'UnknownOperationException'),
    reason: `common to all actions: ${reference}/lake-formation/latest/APIReference/CommonErrors.html`,
  },
  {
    operation: /^ram\./,
    fault: undeclared('AccessDeniedException', 'ThrottlingException'),
    reason: `common to all actions: ${reference}/ram/latest/APIReference/CommonErrors.html`,
  },
  {
    operation: /^glue\.GetPartitions$/,
    fault: undeclared('UnknownOperationException'),
    reason: 'the emulator has no such operation, and says so',
  },
  {
    operation: any,
    fault: undeclared(
      'InvalidSignatureException',
      'MissingAuthenticationTokenException',
      'IncompleteSignatureException',
      // The same in the query protocol of STS.
      'MissingAuthenticationToken',
      'SignatureDoesNotMatch',
    ),
    reason: `answers to a bad signature, before any operation is known: ${reference}/IAM/latest/UserGuide/reference_sigv-troubleshooting.html`,
  },
  {
    operation: any,
    fault: undeclared('SerializationException'),
    reason: 'what the JSON protocols answer to a body that they cannot read, before any operation is known',
  },
  {
    operation: /^sts\.AssumeRole$/,
    fault: undeclared('AccessDenied', 'ExpiredToken', 'ValidationError'),
    reason: `codes common to the query protocol: ${reference}/STS/latest/APIReference/CommonErrors.html`,
  },
  {
    operation: /^iam\./,
    fault: undeclared('AccessDenied', 'ExpiredToken', 'ValidationError'),
    reason: `codes common to the query protocol: ${reference}/IAM/latest/APIReference/CommonErrors.html`,
  },
  {
    operation: /^iam\./,
    fault: /^the error\.Message is not known to the model$/,
    reason: 'the query protocol answers Message, and the model writes message',
  },
  {
    operation: /^(glue|lakeformation)\./,
    fault: undeclared('ValidationException'),
    reason: 'seen live from Glue: https://github.com/boto/boto3/issues/3229; from Lake Formation behind a switch',
  },
  {
    operation: /^lakeformation\.GrantPermissions$/,
    fault: undeclared('OperationTimeoutException', 'InternalServiceException'),
    reason: 'faults that tests ask for; declared for the batches and most other operations',
  },
  {
    operation: /^lakeformation\.ListPermissions$/,
    fault: undeclared('EntityNotFoundException'),
    reason: 'behind the switch missingObjectListError, for it is not known which of two undeclared codes AWS answers',
  },
  {
    operation: /^lakeformation\.ListPermissions$/,
    fault: /^the request\.Nope is not known to the model, and is answered$/,
    reason: 'behind the switch unknownMembers',
  },
];

const refused = (member: string): RegExp => new RegExp(`\\.(${member}) is refused$`);

/** Where the emulator reads requests otherwise than the models say, and why; refusing is never silent. */
export const shapeQuirks: readonly Quirk[] = [
  {
    operation: /^lakeformation\./,
    fault: refused('AnyResource|RLSPolicy|UserDefinedFunction'),
    reason: 'newer kinds of resource, which the emulator does not have and refuses rather than mistakes for others',
  },
  {
    operation: /^lakeformation\.ListPermissions$/,
    fault: /ResourceType takes .* not .*"ANY_RESOURCE".*"USER_DEFINED_FUNCTION"/,
    reason: 'the same newer kinds of resource',
  },
  {
    operation: /^lakeformation\./,
    fault: /Permissions(WithGrantOption)?\[\] takes "any text"/,
    reason:
      'the service refuses a permission that is none with a text of its own: https://github.com/boto/boto3/issues/2894',
  },
  {
    operation: /^lakeformation\./,
    fault: /RoleArn reads 1 texts otherwise, "arn:aws-cn:/,
    reason: "the model's pattern leaves out the partitions other than aws, which have Lake Formation too",
  },
  {
    operation: /^glue\.GetTables?$/,
    fault:
      /(AttributesToGet|ResourceShareType) is refused$|AttributesToGet\[\] takes .* not .*"LATEST_ICEBERG_METADATA"/,
    reason: 'newer members, refused rather than ignored',
  },
  {
    operation: /^glue\.(Create|Update)Table$/,
    fault: /(OpenTableFormatInput|FederatedTable) is refused$|TableInput is required$/,
    reason: 'open table formats and federated tables are not modelled, and so TableInput cannot be left out',
  },
  {
    operation: /^sts\.AssumeRole$/,
    fault: refused('PolicyArns|Tags|TransitiveTagKeys|ProvidedContexts|MinimumSessionTokenSize'),
    reason: 'sessions have no policies and no tags here, and a request for them is refused rather than ignored',
  },
  {
    operation: /^iam\.SimulatePrincipalPolicy$/,
    fault: refused(
      'PolicyInputList|PermissionsBoundaryPolicyInputList|PolicyExclusionList|ResourcePolicy|ResourceOwner|CallerArn|ResourceHandlingOption',
    ),
    reason: 'policies beside those that a principal has are not modelled, and refused rather than ignored',
  },
  {
    operation: /^iam\.SimulatePrincipalPolicy$/,
    fault: /MaxItems is integer, not string$/,
    reason: 'a form has texts alone, and a seed has no more principals than one answer holds',
  },
  {
    operation: /^sts\.AssumeRole$/,
    fault: /DurationSeconds is integer, not string$/,
    reason: 'a form has texts alone; the operation reads the number itself',
  },
  {
    operation: /^sts\.AssumeRole$/,
    fault: /RoleArn reads 32 texts otherwise/,
    reason: 'the model writes U+10000 as \\u10000, which by the letter is a range that lets control characters in',
  },
];
