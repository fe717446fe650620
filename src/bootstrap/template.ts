import { audience, issuer } from '../core/github-trust.ts';
import { memberPolicies, metadataPolicy, ownPolicy, type Statement, sharingPolicy } from './policies.ts';
import { roleArn, type Site, type Trusted } from './site.ts';
import { type TrustStatement, trustCentral, trustGitHub, trustMembers } from './trust.ts';

/** A template of CloudFormation, as plain data. */
export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Parameters?: Readonly<Record<string, object>>;
  readonly Conditions?: Readonly<Record<string, object>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, object>>;
}

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** By which tag what was made for a mesh is known; its value is the mesh's name. */
export const tag = 'meshgate:mesh';

/** The parameters that say which of the things that an account has at most once are made, rather than found. */
export type Choice = 'MakeProvider' | 'MakePublicReader';

/** The name of an account's stack. */
export function stackName({ mesh }: Pick<Site, 'mesh'>): string {
  return `meshgate-${mesh}`;
}

/** The template of an account: its roles, and in the central account what they are reached by. */
export function templateOf(site: Site, trusted: Trusted | undefined): Template {
  const { called, account, duties, mesh } = site;
  const isCentral = trusted !== undefined;
  const reader = site.publicReader;
  const choices: readonly (readonly [Choice, string])[] = [
    ...(isCentral
      ? [['MakeProvider', `Whether to make the provider ${issuer}, of which an account has one at most.`] as const]
      : []),
    ...(reader === undefined
      ? []
      : [['MakePublicReader', `Whether to make the role ${reader}, rather than use the one that there is.`] as const]),
  ];
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `The roles of Meshgate for mesh ${mesh} in account ${account} (${[...new Set([called, ...duties])].join(', ')}).`,
    ...(choices.length === 0
      ? {}
      : {
          Parameters: Object.fromEntries(
            choices.map(([name, Description]) => [
              name,
              { Type: 'String', AllowedValues: ['yes', 'no'], Default: 'yes', Description },
            ]),
          ),
          Conditions: Object.fromEntries(choices.map(([name]) => [name, { 'Fn::Equals': [{ Ref: name }, 'yes'] }])),
        }),
    Resources: {
      ...(isCentral ? { GitHub: provider(mesh) } : {}),
      Observe: role(site, 'observe', trusted),
      Apply: role(site, 'apply', trusted),
      ...(isCentral ? { ...intoMembers(site, 'observe'), ...intoMembers(site, 'apply') } : {}),
      ...(reader === undefined ? {} : { PublicReader: publicReader(site, reader) }),
    },
    Outputs: Object.fromEntries(
      (['observe', 'apply'] as const).map((which) => [
        logical(which),
        { Description: `The role that ${does[which]}.`, Value: { 'Fn::GetAtt': [logical(which), 'Arn'] } },
      ]),
    ),
  };
}

const does = { observe: 'reads', apply: 'grants and revokes' } as const;

function logical(role: 'observe' | 'apply'): 'Observe' | 'Apply' {
  return role === 'observe' ? 'Observe' : 'Apply';
}

/** Kept when the stack goes: other roles of the account may trust it by then. `bootstrap --remove` looks before it takes it away. */
function provider(mesh: string): Resource {
  return {
    Type: 'AWS::IAM::OIDCProvider',
    Condition: 'MakeProvider',
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: { Url: `https://${issuer}`, ClientIdList: [audience], Tags: tags(mesh) },
  };
}

function role(site: Site, which: 'observe' | 'apply', trusted: Trusted | undefined): Resource {
  const trust = trusted === undefined ? trustCentral(site, which) : trustGitHub(site, which, trusted);
  const isSharing = trusted !== undefined && which === 'apply';
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: site.roles[which],
      Description: `Meshgate ${does[which]} with it, for mesh ${site.mesh}.`,
      AssumeRolePolicyDocument: policy(trust),
      ...(isSharing ? { ManagedPolicyArns: [sharingPolicy(site)] } : {}),
      Policies: [{ PolicyName: 'meshgate', PolicyDocument: policy(ownPolicy(site, which)) }],
      Tags: tags(site.mesh),
    },
  };
}

/** What the central account's role may do in the others, a policy of its own for every hundred accounts or so. */
function intoMembers(site: Site, which: 'observe' | 'apply'): Readonly<Record<string, Resource>> {
  return Object.fromEntries(
    memberPolicies(site, which).map((statements, index) => [
      `${logical(which)}Members${index + 1}`,
      {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          Description: `Lets ${site.roles[which]} work in the other accounts of mesh ${site.mesh}.`,
          PolicyDocument: policy(statements),
          Roles: [{ Ref: logical(which) }],
        },
      },
    ]),
  );
}

function publicReader(site: Site, name: string): Resource {
  return {
    Type: 'AWS::IAM::Role',
    Condition: 'MakePublicReader',
    Properties: {
      RoleName: name,
      Description: `Reads the metadata of the public products of mesh ${site.mesh}, and no data.`,
      AssumeRolePolicyDocument: policy(trustMembers(site)),
      Policies: [{ PolicyName: 'meshgate', PolicyDocument: policy(metadataPolicy(site)) }],
      Tags: tags(site.mesh),
    },
  };
}

function policy(Statement: readonly (Statement | TrustStatement)[]): object {
  return { Version: '2012-10-17', Statement };
}

function tags(mesh: string): readonly object[] {
  return [{ Key: tag, Value: mesh }];
}

/** Limits of AWS that a set-up would break, in words. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html. */
export function limitsBroken(site: Site, template: Template): readonly string[] {
  const length = (value: unknown): number => JSON.stringify(value).length;
  const attached = memberPolicies(site, 'apply').length + 1;
  return [
    ...Object.entries(template.Resources).flatMap(([name, { Properties }]) => {
      const trust = Properties['AssumeRolePolicyDocument'];
      return trust !== undefined && length(trust) > 2048
        ? [
            `whom ${name} trusts takes ${length(trust)} characters, of 2,048; a mesh of so many accounts needs another public reader, such as the organization`,
          ]
        : [];
    }),
    ...(attached > 10 ? [`${site.roles.apply} would need ${attached} policies for so many accounts, of 10`] : []),
    ...(length(template) > 51_200 ? [`the template takes ${length(template)} bytes, of 51,200`] : []),
  ];
}

/** The ARNs of the roles that a site's stack makes for Meshgate to work with. */
export function ownRoles(site: Site): { readonly observe: string; readonly apply: string } {
  return {
    observe: roleArn(site, site.account, site.roles.observe),
    apply: roleArn(site, site.account, site.roles.apply),
  };
}
