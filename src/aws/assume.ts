import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { LakeFailure } from '../core/lake.ts';
import { type Credentials, clientsOf, type LakeOptions } from './lake.ts';
import { retrying } from './retry.ts';

/** A role of another account that whoever calls takes on. */
export interface AssumedRole {
  readonly arn: string;
  /** Names the run in the other account's audit trail: 2 to 64 of `A-Za-z0-9_+=,.@-`. */
  readonly session: string;
}

/** Seconds. */
const lentFor = 3600;

/**
 * Credentials of a role, taken on when they are first needed and anew before they expire. A role that was itself taken on
 * lends another for one hour at most, so that is what is asked for. When they expire is told by this machine's clock, with
 * which it is compared: by a clock that is behind they would be used for longer than they are good.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining.
 */
export function assuming({ arn, session }: AssumedRole, options: LakeOptions): Credentials {
  const { sts, retry } = clientsOf(options);
  return async () => {
    const expiration = new Date(Date.now() + lentFor * 1000);
    const command = new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: session, DurationSeconds: lentFor });
    const { Credentials: lent } = await retrying('AssumeRole', () => sts.send(command), {
      policy: retry,
      isRead: true,
    });
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = lent ?? {};
    if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined)
      throw new LakeFailure({
        operation: 'AssumeRole',
        code: 'IncompleteAnswer',
        message: `STS gave no credentials for ${arn}`,
        kind: 'final',
      });
    return { accessKeyId, secretAccessKey, sessionToken, expiration };
  };
}
