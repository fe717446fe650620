/** What the emulator answers though the models do not say so, and why. */
export interface Quirk {
  /** The operations it is known of, as `service.Operation`. */
  readonly operation: RegExp;
  readonly fault: RegExp;
  readonly reason: string;
}

const any = /./;
const undeclared = (...codes: readonly string[]): RegExp => new RegExp(`^(${codes.join('|')}) is not declared$`);
const reference = 'https://docs.aws.amazon.com';

/**
 * The faults that are none: the models leave out what every service answers to any operation, and what has been seen
 * live. A quirk that no exchange shows any more fails the test.
 */
export const quirks: readonly Quirk[] = [
  {
    operation: /^(lakeformation|glue)\./,
    fault: undeclared('AccessDeniedException'),
    reason: `common to all actions: ${reference}/lake-formation/latest/APIReference/CommonErrors.html; seen live from ListPermissions: https://github.com/hashicorp/terraform-provider-aws/issues/38982`,
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
