import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import type { RoleInspector, Simulated } from '../core/inspection.ts';
import { LakeFailure } from '../core/lake.ts';
import type { LakeOptions } from './lake.ts';
import { pagesOf } from './pages.ts';
import { patient, retrying } from './retry.ts';

/** What IAM says of roles, through AWS's own client library; loaded only by `doctor`, for the client is large. */
export function connectRoles({ region, credentials, timeout, retry: policy = patient }: LakeOptions): RoleInspector {
  const iam = new IAMClient({
    region,
    ...(credentials && { credentials }),
    maxAttempts: 1,
    requestHandler: { requestTimeout: timeout ?? 60_000, connectionTimeout: 5_000, throwOnRequestTimeout: true },
  });
  return {
    role: async (name) => {
      try {
        const call = () => iam.send(new GetRoleCommand({ RoleName: name }));
        const { Role: role } = await retrying('GetRole', call, { policy, isRead: true });
        // It comes as it goes through an address: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html.
        const trust = decodeURIComponent(role?.AssumeRolePolicyDocument ?? '');
        return role?.Arn === undefined ? undefined : { arn: role.Arn, trust };
      } catch (thrown) {
        if (thrown instanceof LakeFailure && thrown.code.startsWith('NoSuchEntity')) return undefined;
        throw thrown;
      }
    },
    simulate: async (arn, { actions, resources, context }) => {
      const found: Simulated[] = [];
      for await (const { EvaluationResults = [] } of pagesOf({
        operation: 'SimulatePrincipalPolicy',
        policy,
        ask: (Marker) =>
          iam.send(
            new SimulatePrincipalPolicyCommand({
              PolicySourceArn: arn,
              ActionNames: [...actions],
              ResourceArns: [...resources],
              ContextEntries: Object.entries(context).map(([name, value]) => ({
                ContextKeyName: name,
                ContextKeyValues: [value],
                ContextKeyType: 'string',
              })),
              MaxItems: 1000,
              Marker,
            }),
          ),
        tokenOf: (page) => (page.IsTruncated === true ? page.Marker : undefined),
      }))
        for (const one of EvaluationResults) {
          // Several resources of one action may come as one result: then the part of each counts.
          const parts = one.ResourceSpecificResults ?? [];
          const answers = parts.length === 0 ? [one] : parts;
          for (const part of answers)
            found.push({
              action: one.EvalActionName ?? '',
              resource: part.EvalResourceName ?? one.EvalResourceName ?? '*',
              isAllowed: ('EvalResourceDecision' in part ? part.EvalResourceDecision : one.EvalDecision) === 'allowed',
              missing: part.MissingContextValues ?? one.MissingContextValues ?? [],
            });
        }
      return found;
    },
  };
}
