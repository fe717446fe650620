import type { IamPrincipal } from './account.ts';
import { type Random, randomText } from './random.ts';

/** An access key: whose it is, and for temporary ones the session and its end. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  readonly principal: IamPrincipal;
  readonly session?: { readonly name: string; readonly token: string; readonly expires: number };
}

/** The caller of a request. */
export interface Caller {
  readonly account: string;
  /** The ARN of the user or role, which is what Lake Formation grants to. */
  readonly arn: string;
  /** The ARN that GetCallerIdentity answers: for a role, that of the session. */
  readonly sessionArn: string;
  readonly userId: string;
  readonly principal: IamPrincipal;
  readonly isSession: boolean;
}

/** All access keys that may sign requests. */
export class Credentials {
  readonly #keys = new Map<string, AccessKey>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The key with this id. */
  get(id: string): AccessKey | undefined {
    return this.#keys.get(id);
  }

  /** Registers a long-lived key. */
  add(key: AccessKey): void {
    this.#keys.set(key.id, key);
  }

  /** Makes temporary keys for a role session. */
  issue(
    role: IamPrincipal,
    name: string,
    expires: number,
  ): AccessKey & { readonly session: { readonly token: string } } {
    const id = `ASIA${randomText(this.#random, 16)}`;
    const secret = randomText(this.#random, 40, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789');
    const token = `FwoGZXIvYXdz${randomText(this.#random, 120, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/')}`;
    const key = { id, secret, principal: role, session: { name, token, expires } };
    this.#keys.set(id, key);
    return key;
  }
}

/** Who signs with a key. */
export function callerOf(key: AccessKey): Caller {
  const { principal, session } = key;
  if (!session && principal.arn.includes(':user/')) {
    const { account, arn, uniqueId } = principal;
    return { account, arn, sessionArn: arn, userId: uniqueId, principal, isSession: false };
  }
  // A role seeded with keys of its own stands for a session of that role, for those who skip AssumeRole.
  const name = session?.name ?? 'emulator';
  return {
    account: principal.account,
    arn: principal.arn,
    sessionArn: sessionArnOf(principal.arn, name),
    userId: `${principal.uniqueId}:${name}`,
    principal,
    isSession: true,
  };
}

/** The ARN of a session: the role's name without its path. */
export function sessionArnOf(roleArn: string, session: string): string {
  const [head = '', name = ''] = [
    roleArn.slice(0, roleArn.indexOf(':role/')),
    roleArn.slice(roleArn.lastIndexOf('/') + 1),
  ];
  return `${head.replace(':iam:', ':sts:')}:assumed-role/${name}/${session}`;
}
