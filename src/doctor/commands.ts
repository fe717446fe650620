import { lakeformation, quoted } from '../core/aws-command.ts';
import type { Resource } from '../core/resource.ts';
import type { Whereabouts } from './reading.ts';

/** Takes all that IAM_ALLOWED_PRINCIPALS holds on a database or table. */
export function revokeFromIam(lake: Whereabouts, resource: Opened, permissions: readonly string[]): string {
  const principal = ['--principal', 'DataLakePrincipalIdentifier=IAM_ALLOWED_PRINCIPALS'];
  const on = JSON.stringify(toApi(resource));
  return lakeformation(lake, 'revoke-permissions', ...principal, '--permissions', ...permissions, '--resource', on);
}

/** What IAM_ALLOWED_PRINCIPALS may hold. */
export type Opened = Extract<Resource, { kind: 'database' | 'table' | 'all-tables' }>;

function toApi(resource: Opened): object {
  const { catalog: CatalogId, database } = resource;
  switch (resource.kind) {
    case 'database':
      return { Database: { CatalogId, Name: database } };
    case 'table':
      return { Table: { CatalogId, DatabaseName: database, Name: resource.table } };
    case 'all-tables':
      return { Table: { CatalogId, DatabaseName: database, TableWildcard: {} } };
  }
}

/** Gives the caller's role, or user, a policy that allows actions. */
export function allow(callerArn: string, actions: readonly string[]): string {
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
  });
  const user = /:user\/(?:.*\/)?([^/]+)$/.exec(callerArn)?.[1];
  const whose =
    user === undefined
      ? ['put-role-policy', '--role-name', roleName(callerArn)]
      : ['put-user-policy', '--user-name', user];
  return ['aws', 'iam', ...whose, '--policy-name', 'meshgate', '--policy-document', document].map(quoted).join(' ');
}

/** Asks IAM which of these actions the caller may take, without taking any. */
export function simulate(callerArn: string, actions: readonly string[]): string {
  const query = 'EvaluationResults[].[EvalActionName,EvalDecision]';
  const words = ['--action-names', ...actions, '--query', query, '--output', 'text'].map(quoted).join(' ');
  return `aws iam simulate-principal-policy --policy-source-arn ${principalArn(callerArn)} ${words}`;
}

/** The ARN of the caller as IAM knows it, for a shell: a session's ARN does not hold its role's path, so IAM is asked. */
export function principalArn(callerArn: string): string {
  if (!callerArn.includes(':assumed-role/')) return quoted(callerArn);
  return `"$(aws iam get-role --role-name ${quoted(roleName(callerArn))} --query Role.Arn --output text)"`;
}

function roleName(callerArn: string): string {
  return callerArn.split('/')[1] ?? callerArn;
}
