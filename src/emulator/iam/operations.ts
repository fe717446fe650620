import type { IamPrincipal } from '../account.ts';
import type { Call } from '../call.ts';
import { ServiceFailure } from '../failure.ts';
import { type Operation, type Operations, type Output, reads } from '../wire/operation.ts';
import { anyText, type Decoded, listOf, oneOf, structure, text } from '../wire/shape.ts';
import { trustPolicyOf } from './trust.ts';

const keyTypes = ['string', 'numeric', 'boolean', 'ip', 'binary', 'date'].flatMap((one) => [one, `${one}List`]);

// After the service model: https://github.com/boto/botocore/blob/develop/botocore/data/iam/2010-05-08/service-2.json.
const getRoleShape = structure({ RoleName: text(1, 64, /^[\w+=,.@-]+$/) }, {});
const simulateShape = structure(
  { PolicySourceArn: text(20, 2048), ActionNames: listOf(text(3, 128)) },
  {
    ResourceArns: listOf(text(1, 2048)),
    ContextEntries: listOf(
      structure(
        {},
        { ContextKeyName: text(5, 256), ContextKeyValues: listOf(anyText), ContextKeyType: oneOf(...keyTypes) },
      ),
    ),
    MaxItems: anyText,
    Marker: text(1, 320, /^[\u0020-\u00FF]+$/),
  },
);

/** The IAM operations that the emulator knows: what roles there are, and what they may do. */
export const iamOperations: Operations = new Map<string, Operation>([
  ['GetRole', reads(getRoleShape, getRole)],
  ['SimulatePrincipalPolicy', reads(simulateShape, simulatePrincipalPolicy)],
]);

/** GetRole: the trust policy comes as it goes through an address: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html. */
function getRole({ caller, world }: Call, { RoleName }: Decoded<typeof getRoleShape>): Output {
  const known = world.accounts.get(caller.account)?.principals.values() ?? [];
  const role = [...known].find(({ arn }) => /:role\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1] === RoleName);
  if (role === undefined)
    throw new ServiceFailure('NoSuchEntity', `The role with name ${RoleName} cannot be found.`, 404);
  return {
    Role: {
      Path: `/${/:role\/(.*\/)?[^/]+$/.exec(role.arn)?.[1] ?? ''}`,
      RoleName,
      RoleId: role.uniqueId,
      Arn: role.arn,
      CreateDate: '2026-01-01T00:00:00Z',
      AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trustPolicyOf(role))),
    },
  };
}

/**
 * SimulatePrincipalPolicy: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html. The emulator
 * has no policies but what its seed says of each principal, on whatever resource.
 */
function simulatePrincipalPolicy(
  { caller, world }: Call,
  { PolicySourceArn, ActionNames, ResourceArns = ['*'] }: Decoded<typeof simulateShape>,
): Output {
  const principal = world.accounts.get(caller.account)?.principals.get(PolicySourceArn);
  if (principal === undefined)
    throw new ServiceFailure('NoSuchEntity', `The entity with ARN ${PolicySourceArn} cannot be found.`, 404);
  const member = ActionNames.flatMap((action) =>
    ResourceArns.map((resource) => ({
      EvalActionName: action,
      EvalResourceName: resource,
      EvalDecision: mayDo(principal, action) ? 'allowed' : 'implicitDeny',
    })),
  );
  return { EvaluationResults: { member }, IsTruncated: 'false' };
}

/** What IAM lets a principal do: the services that its seed allows, less what it lacks. */
export function mayDo(principal: IamPrincipal, action: string): boolean {
  const [service = ''] = action.split(':');
  const { lakeFormation, glue, ram, iam, lacks } = principal;
  const open: Readonly<Record<string, boolean>> = { lakeformation: lakeFormation, glue, ram, iam, sts: true };
  return (open[service] ?? false) && !lacks.includes(action);
}
