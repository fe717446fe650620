import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { type Caller, LakeFailure } from '../core/lake.ts';
import type { Clients, Credentials } from './lake.ts';
import { retrying } from './retry.ts';

/** A role of another account that whoever calls takes on. */
export interface AssumedRole {
  readonly account: string;
  readonly arn: string;
  /** Names the run in the other account's audit trail: 2 to 64 of `A-Za-z0-9_+=,.@-`. */
  readonly session: string;
}

/** A role that is taken on when it is first needed. */
export interface Assuming {
  readonly credentials: Credentials;
  /** Who calls with them: STS says so when it lends them. */
  readonly caller: () => Promise<Caller>;
}

/** Seconds. */
const lentFor = 3600;

/** A client asks for other credentials so long before they expire, in milliseconds. */
const soon = 5 * 60_000;

/**
 * Credentials of a role, taken on once for all clients, and anew before they expire. A role that was itself taken on
 * lends another for one hour at most, so that is what is asked for. When they expire is told by this machine's clock, with
 * which it is compared: by a clock that is behind they would be used for longer than they are good.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining.
 */
export function assuming(role: AssumedRole, clients: Pick<Clients, 'sts' | 'retry'>): Assuming {
  let lent: ReturnType<typeof assume> | undefined;
  let due = Number.POSITIVE_INFINITY;
  const lending = (): ReturnType<typeof assume> => {
    if (lent !== undefined && Date.now() < due) return lent;
    due = Number.POSITIVE_INFINITY;
    lent = assume(role, clients);
    lent.then(
      ({ credentials: { expiration } }) => {
        due = expiration.getTime() - soon;
      },
      () => {
        lent = undefined;
      },
    );
    return lent;
  };
  return {
    credentials: async () => (await lending()).credentials,
    caller: async () => ({ account: role.account, arn: (await lending()).arn }),
  };
}

async function assume({ arn, session }: AssumedRole, { sts, retry: policy }: Pick<Clients, 'sts' | 'retry'>) {
  const expiration = new Date(Date.now() + lentFor * 1000);
  const command = new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: session, DurationSeconds: lentFor });
  const { Credentials: lent, AssumedRoleUser: user } = await retrying('AssumeRole', () => sts.send(command), {
    policy,
    isRead: true,
  });
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = lent ?? {};
  if (
    accessKeyId === undefined ||
    secretAccessKey === undefined ||
    sessionToken === undefined ||
    user?.Arn === undefined
  )
    throw new LakeFailure({
      operation: 'AssumeRole',
      code: 'IncompleteAnswer',
      message: `STS gave no credentials for ${arn}`,
      kind: 'final',
    });
  return { arn: user.Arn, credentials: { accessKeyId, secretAccessKey, sessionToken, expiration } };
}
