import {
  acceptActions,
  doctorReads,
  grantorReads,
  importReads,
  invitationReads,
  linkActions,
  mendActions,
  metadataReads,
  optInActions,
  optInReads,
  parameterActions,
  readActions,
  roleReads,
  shareReads,
  writeActions,
} from '../core/actions.ts';
import { roleArn, type Site } from './site.ts';

/** A statement of a policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Lake Formation makes RAM's shares in the caller's name, with what this policy of AWS allows: https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html. */
export function sharingPolicy({ partition }: Site): string {
  return `arn:${partition}:iam::aws:policy/AWSLakeFormationCrossAccountManager`;
}

/** What a role may do in its own account: what the code calls with it. */
export function ownPolicy(site: Site, role: 'observe' | 'apply'): readonly Statement[] {
  return statements(site, actionsOf(site, role));
}

/** What whoever reads the metadata of public products may do; Lake Formation shows it what it has DESCRIBE on. */
export function metadataPolicy(site: Site): readonly Statement[] {
  return statements(site, metadataReads);
}

/** What a role calls in its own account, by account and role. */
export function actionsOf({ duties, keepsParameters }: Site, role: 'observe' | 'apply'): readonly string[] {
  const isCentral = duties.includes('central');
  return [
    ...readActions,
    ...optInReads,
    ...grantorReads,
    ...doctorReads,
    ...roleReads,
    ...(isCentral ? shareReads : invitationReads),
    ...(role === 'observe'
      ? importReads
      : [
          ...writeActions,
          ...optInActions,
          ...(isCentral && keepsParameters ? parameterActions : []),
          ...(isCentral ? mendActions : [...acceptActions, ...linkActions]),
        ]),
  ];
}

/** The longest policy that IAM takes, without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html. */
const longestPolicy = 6144;

/** What the central account's role may do in the others: become the role of the same name there. In as many policies as it takes. */
export function memberPolicies(site: Site, role: 'observe' | 'apply'): readonly (readonly Statement[])[] {
  const policies: string[][] = [];
  let room = 0;
  for (const { account, roles } of site.members) {
    const arn = roleArn(site, account, roles[role]);
    const length = arn.length + 3;
    if (room < length) {
      policies.push([]);
      // What is around the list takes less than two hundred characters.
      room = longestPolicy - 200;
    }
    policies.at(-1)?.push(arn);
    room -= length;
  }
  return policies.map((Resource) => [{ Sid: 'Members', Effect: 'Allow', Action: 'sts:AssumeRole', Resource }]);
}

/** Actions that are narrowed alike. */
interface Group {
  readonly sid: string;
  readonly fits: (action: string) => boolean;
  readonly on: (site: Site) => Pick<Statement, 'Resource' | 'Condition'>;
}

/** Objects of the account's catalog. */
function inCatalog(...objects: readonly string[]): Group['on'] {
  return ({ account, region, regions, partition }) => ({
    Resource: [region, ...regions].flatMap((there) =>
      objects.map((object) => `arn:${partition}:glue:${there}:${account}:${object}`),
    ),
  });
}

const anything: Group['on'] = () => ({ Resource: '*' });

/**
 * To what each action is narrowed, as far as its service allows. Sources:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsglue.html,
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslakeformation.html (knows no resources),
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsresourceaccessmanagerram.html.
 */
const groups: readonly Group[] = [
  { sid: 'LakeFormation', fits: (action) => action.startsWith('lakeformation:'), on: anything },
  { sid: 'ReadInvitations', fits: (action) => invitationReads.includes(action), on: anything },
  {
    sid: 'AcceptInvitations',
    fits: (action) => acceptActions.includes(action),
    // Nobody else's: whatever another account offers, this role cannot take it.
    on: ({ partition, region, central }) => ({
      Resource: `arn:${partition}:ram:${region}:*:resource-share-invitation/*`,
      Condition: { StringEquals: { 'ram:ShareOwnerAccountId': central.account } },
    }),
  },
  { sid: 'ReadShares', fits: (action) => shareReads.includes(action), on: anything },
  {
    sid: 'MendShares',
    fits: (action) => mendActions.includes(action),
    // Those of Lake Formation, and no other share of the account.
    on: ({ partition, region, account }) => ({
      Resource: `arn:${partition}:ram:${region}:${account}:resource-share/*`,
      Condition: { StringLike: { 'ram:ResourceShareName': 'LakeFormation*' } },
    }),
  },
  {
    sid: 'OwnRoles',
    fits: (action) => roleReads.includes(action),
    // The two roles of Meshgate, and nobody else's.
    on: (site) => ({
      Resource: [site.roles.observe, site.roles.apply].map((name) => roleArn(site, site.account, name)),
    }),
  },
  { sid: 'ReadEncryption', fits: (action) => action === 'glue:GetDataCatalogEncryptionSettings', on: anything },
  { sid: 'ReadPolicies', fits: (action) => action.startsWith('glue:GetResourcePolic'), on: inCatalog('catalog') },
  {
    sid: 'Parameters',
    fits: (action) => parameterActions.includes(action),
    on: inCatalog('catalog', 'database/*'),
  },
  {
    sid: 'Links',
    fits: (action) => linkActions.includes(action),
    // A database is deleted with what is in it.
    on: inCatalog('catalog', 'database/*', 'table/*/*', 'userDefinedFunction/*/*'),
  },
  { sid: 'Catalog', fits: () => true, on: inCatalog('catalog', 'database/*', 'table/*/*') },
];

function statements(site: Site, actions: readonly string[]): readonly Statement[] {
  const groupOf = (action: string): Group | undefined => groups.find(({ fits }) => fits(action));
  return groups.flatMap((group): readonly Statement[] => {
    const own = [...new Set(actions.filter((action) => groupOf(action) === group))].toSorted();
    return own.length === 0 ? [] : [{ Sid: group.sid, Effect: 'Allow', Action: own, ...group.on(site) }];
  });
}
