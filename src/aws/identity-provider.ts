import {
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  type IAMClient,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import type { Foundation } from '../core/foundation.ts';
import { LakeFailure } from '../core/lake.ts';
import { pagesOf } from './pages.ts';
import { type RetryPolicy, retrying } from './retry.ts';

/** The roles and the providers of identities of an account. */
export function identityProviderCalls(
  iam: IAMClient,
  policy: RetryPolicy,
): Pick<Foundation, 'role' | 'provider' | 'rolesTrusting' | 'deleteProvider'> {
  const read = { policy, isRead: true };
  return {
    role: (name) =>
      orNone(async () => {
        const call = () => iam.send(new GetRoleCommand({ RoleName: name }));
        return (await retrying('GetRole', call, read)).Role?.Arn;
      }),
    provider: (arn) =>
      orNone(async () => {
        const call = () => iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
        const { ClientIDList = [], Tags = [] } = await retrying('GetOpenIDConnectProvider', call, read);
        return { audiences: ClientIDList, tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) };
      }),
    rolesTrusting: async (arn) => {
      const found: string[] = [];
      // Policies come as they go through an address: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html.
      for await (const { Roles = [] } of pagesOf({
        operation: 'ListRoles',
        policy: read.policy,
        ask: (Marker) => iam.send(new ListRolesCommand({ Marker, MaxItems: 1000 })),
        tokenOf: (page) => page.Marker,
      }))
        for (const { RoleName = '', AssumeRolePolicyDocument = '' } of Roles)
          if (decodeURIComponent(AssumeRolePolicyDocument).includes(`"${arn}"`)) found.push(RoleName);
      return found.toSorted();
    },
    deleteProvider: async (arn) => {
      const call = () => iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
      await retrying('DeleteOpenIDConnectProvider', call, read);
    },
  };
}

/** What is found; undefined where IAM says that there is none. */
async function orNone<T>(find: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await find();
  } catch (thrown) {
    if (thrown instanceof LakeFailure && thrown.code.startsWith('NoSuchEntity')) return undefined;
    throw thrown;
  }
}
