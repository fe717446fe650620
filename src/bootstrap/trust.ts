import { audience, branch, issuer, subjectsOf } from '../core/github-trust.ts';
import type { Statement } from './policies.ts';
import { roleArn, type Site, sessionPrefix, type Trusted } from './site.ts';

/** A statement of whom a role trusts. */
export interface TrustStatement extends Omit<Statement, 'Resource'> {
  readonly Principal: Readonly<Record<string, string | readonly string[] | object>>;
}

/** The ARN of the provider by which an account trusts GitHub; there is one at most for each address. */
export function providerArn({ partition, account }: Pick<Site, 'partition' | 'account'>): string {
  return `arn:${partition}:iam::${account}:oidc-provider/${issuer}`;
}

/**
 * Whom the roles of the central account trust: jobs of one repository in an environment that only its main branch
 * enters. The role that writes is for the one workflow alone. Each subject is compared as a whole, never by a wildcard.
 * Source: https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws; that AWS
 * compares the other claims, too: https://aws.amazon.com/about-aws/whats-new/2026/01/aws-sts-supports-validation-identity-provider-claims/.
 */
export function trustGitHub(
  site: Site,
  role: 'observe' | 'apply',
  { repository, isForPullRequests }: Trusted,
): readonly TrustStatement[] {
  const trust = (Sid: string, claims: Readonly<Record<string, string | readonly string[]>>): TrustStatement => ({
    Sid,
    Effect: 'Allow',
    // Made before the role is, or found.
    Principal: { Federated: { 'Fn::If': ['MakeProvider', { Ref: 'GitHub' }, providerArn(site)] } },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: Object.fromEntries(
        Object.entries({ aud: audience, ...claims }).map(([claim, value]) => [`${issuer}:${claim}`, value]),
      ),
    },
  });
  const ref = `refs/heads/${branch}`;
  if (role === 'apply')
    return [
      trust('Apply', {
        sub: subjectsOf(repository, 'environment:mesh-apply'),
        ref,
        job_workflow_ref: `${repository.owner}/${repository.name}/.github/workflows/apply.yml@${ref}`,
      }),
    ];
  return [
    trust('Drift', { sub: subjectsOf(repository, 'environment:mesh-drift'), ref }),
    ...(isForPullRequests ? [trust('PullRequests', { sub: subjectsOf(repository, 'pull_request') })] : []),
  ];
}

/**
 * Trusts one role of the central account, compared by its ARN: a role named as the principal would be remembered by its
 * id, and forgotten when it is made anew. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
 */
export function trustCentral(site: Site, role: 'observe' | 'apply'): readonly TrustStatement[] {
  const { central, partition } = site;
  return [
    {
      Sid: 'Central',
      Effect: 'Allow',
      Principal: { AWS: `arn:${partition}:iam::${central.account}:root` },
      Action: 'sts:AssumeRole',
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': roleArn(site, central.account, central.roles[role]) },
        StringLike: { 'sts:RoleSessionName': `${sessionPrefix}*` },
      },
    },
  ];
}

/** Trusts the accounts of the mesh, whose administrators say who in them may. */
export function trustMembers({ central, members, partition }: Site): readonly TrustStatement[] {
  const accounts = [central, ...members].map(({ account }) => `arn:${partition}:iam::${account}:root`);
  return [{ Sid: 'Mesh', Effect: 'Allow', Principal: { AWS: accounts }, Action: 'sts:AssumeRole' }];
}
