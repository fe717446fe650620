import type { IamPrincipal } from '../account.ts';
import type { Call } from '../call.ts';
import { type Caller, sessionArnOf } from '../credentials.ts';
import { ServiceFailure } from '../failure.ts';
import { trusts } from '../iam/trust.ts';
import { type Operation, type Operations, type Output, reads } from '../wire/operation.ts';
import { anyText, type Decoded, form, structure, text } from '../wire/shape.ts';

const name = /^[\w+=,.@-]*$/;

// After the service model: https://github.com/boto/botocore/blob/develop/botocore/data/sts/2011-06-15/service-2.json.
const assumeRoleShape = structure(
  {
    RoleArn: text(20, 2048, /^[\t\n\r\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD]+$/u),
    RoleSessionName: text(2, 64, name),
  },
  {
    DurationSeconds: anyText,
    ExternalId: text(2, 1224, /^[\w+=,.@:/-]*$/),
    SourceIdentity: text(2, 64, name),
    Policy: { ...form(/^[\t\n\r\u0020-\u00FF]+$/u), min: 1 },
    SerialNumber: text(9, 256, /^[\w+=/:,.@-]*$/),
    TokenCode: text(6, 6, /^\d*$/),
  },
);

/** The STS operations that the emulator knows. */
export const stsOperations: Operations = new Map<string, Operation>([
  ['GetCallerIdentity', reads(structure({}, {}), getCallerIdentity)],
  ['AssumeRole', reads(assumeRoleShape, assumeRole)],
]);

function getCallerIdentity({ caller }: Call): Output {
  return { Arn: caller.sessionArn, UserId: caller.userId, Account: caller.account };
}

/** AssumeRole: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
function assumeRole(call: Call, request: Decoded<typeof assumeRoleShape>): Output {
  const seconds = readDuration(request.DurationSeconds, call.caller);
  const role = findRole(call, request.RoleArn);
  if (
    !role ||
    !trusts(role, call.caller, request.RoleSessionName) ||
    (role.externalId !== undefined && role.externalId !== request.ExternalId)
  ) {
    throw new ServiceFailure(
      'AccessDenied',
      `User: ${call.caller.sessionArn} is not authorized to perform: sts:AssumeRole on resource: ${request.RoleArn}`,
      403,
    );
  }
  const expires = call.at + seconds * 1000;
  const key = call.world.credentials.issue(role, request.RoleSessionName, expires);
  return {
    Credentials: {
      AccessKeyId: key.id,
      SecretAccessKey: key.secret,
      SessionToken: key.session.token,
      Expiration: new Date(expires).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    },
    AssumedRoleUser: {
      AssumedRoleId: `${role.uniqueId}:${request.RoleSessionName}`,
      Arn: sessionArnOf(role.arn, request.RoleSessionName),
    },
    ...(request.SourceIdentity === undefined ? {} : { SourceIdentity: request.SourceIdentity }),
  };
}

/** The one-hour limit of a chained session, with its text: https://github.com/99designs/aws-vault/issues/263 */
function readDuration(given: string | undefined, caller: Caller): number {
  const seconds = given === undefined ? 3600 : Number(given);
  const limits = [
    [seconds >= 900, 'greater than or equal to 900'],
    [seconds <= 43_200, 'less than or equal to 43200'],
  ] as const;
  const broken = limits.find(([holds]) => !holds);
  if (!Number.isInteger(seconds) || broken) {
    const must = broken?.[1] ?? 'be a whole number';
    throw new ServiceFailure(
      'ValidationError',
      `1 validation error detected: Value '${given ?? ''}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${must}`,
    );
  }
  if (caller.isSession && seconds > 3600) {
    throw new ServiceFailure(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  return seconds;
}

function findRole(call: Call, arn: string): IamPrincipal | undefined {
  if (!/^arn:aws(-[a-z-]+)?:iam::\d{12}:role\/.+$/.test(arn))
    throw new ServiceFailure('ValidationError', `${arn} is invalid`);
  const account = arn.split(':')[4] ?? '';
  return call.world.accounts.get(account)?.principals.get(arn);
}
