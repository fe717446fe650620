import { aws, changeSettings, lakeformation, quoted } from '../core/aws-command.ts';
import { audience, issuer } from '../core/github-trust.ts';
import type { Wish } from './settings.ts';
import type { Site } from './site.ts';
import { ownRoles, stackName, tag } from './template.ts';
import { providerArn } from './trust.ts';

/** A step by which an account is set up, or one that is left to a person. */
export interface Step {
  readonly title: string;
  readonly why: string;
  /** For a POSIX shell with the AWS command line, jq and gh. */
  readonly commands: readonly string[];
  /** A document to be put in place by hand. */
  readonly document?: object;
}

/** The steps by which an account is set up by hand, in their order; `file` is where the template is. */
export function stepsOf(
  site: Site,
  wish: Wish,
  { file, dataRole }: { file: string; dataRole?: string },
): readonly Step[] {
  const settings = [site.region, ...site.regions].map((region) => settingsStep({ ...site, region }, wish));
  return [stackStep(site, file), ...settings, ...afterSteps(site, dataRole), backStep(site)];
}

/** The steps that are left to people, whoever deployed the rest. */
export function afterSteps(site: Site, dataRole?: string): readonly Step[] {
  return [...bucketSteps(site, dataRole), ...(site.duties.includes('central') ? [variablesStep(site)] : [])];
}

function stackStep(site: Site, file: string): Step {
  const { region, mesh, duties } = site;
  const name = stackName(site);
  const deploy = (...more: readonly string[]): string =>
    aws(
      { region },
      ...['cloudformation', 'deploy', '--stack-name', name, '--template-file', file],
      ...['--capabilities', 'CAPABILITY_NAMED_IAM', '--tags', `${tag}=${mesh}`],
      ...more,
    );
  if (!duties.includes('central')) return { title: 'The roles', why: whyRoles(site), commands: [deploy()] };
  const list = aws({ region }, 'iam', 'list-open-id-connect-providers');
  return {
    title: 'The roles, and whom they trust',
    why: `${whyRoles(site)} Where the first command lists ${providerArn(site)} already, and not from an earlier run of this, it is used as it is, for there is one at most: take the last command. It must know the audience ${audience}.`,
    commands: [list, deploy(), deploy('--parameter-overrides', 'MakeProvider=no')],
  };
}

function whyRoles({ roles, central, duties }: Site): string {
  const whose = duties.includes('central')
    ? `workflows of the one repository, through ${issuer}`
    : `the roles of the same kind in the central account ${central.account}`;
  return `${roles.observe} reads; ${roles.apply} grants and revokes, too. They trust ${whose}, and nobody else.`;
}

function settingsStep(site: Site, wish: Wish): Step {
  const { observe, apply } = ownRoles(site);
  const version = wish.version;
  const program = [
    'def has($list; $arn): any(.[$list][]?; .DataLakePrincipalIdentifier == $arn)',
    ' def put($list; $arn): if has($list; $arn) then . else .[$list] += [{DataLakePrincipalIdentifier: $arn}] end',
    ' .ReadOnlyAdmins = [.ReadOnlyAdmins[]? | select(.DataLakePrincipalIdentifier != $apply)] | put("DataLakeAdmins"; $apply)',
  ].join(';');
  const filters = [
    program,
    'if has("DataLakeAdmins"; $observe) then . else put("ReadOnlyAdmins"; $observe) end',
    ...(version === undefined
      ? []
      : [
          `if (.Parameters.CROSS_ACCOUNT_VERSION // "${version.isAsked ? 0 : version.least}" | tonumber) < ${version.least} then .Parameters.CROSS_ACCOUNT_VERSION = "${version.least}" else . end`,
        ]),
    ...(wish.closes === true ? ['.CreateDatabaseDefaultPermissions = [] | .CreateTableDefaultPermissions = []'] : []),
  ].join(' | ');
  const read = lakeformation(site, 'get-data-lake-settings', '--query', 'DataLakeSettings', '--output', 'json');
  return {
    title: `The data lake settings${site.regions.includes(site.region) ? ` in ${site.region}` : ''}`,
    why: `${site.roles.apply} becomes a data lake administrator, ${site.roles.observe} a read-only one${version === undefined ? '' : `, and the cross-account version at least ${version.least}, where the settings name one that is lower`}${wish.closes === true ? '; new databases and tables are open to nobody' : ''}. Settings are replaced as a whole, so they are read, changed and put back, as somebody who is an administrator; the last command shows what else has changed meanwhile, which should be nothing.`,
    commands: [
      changeSettings(site, ['--arg', 'apply', apply, '--arg', 'observe', observe, filters].map(quoted).join(' ')),
      `${read} > after.json && diff <(jq -S . settings.json) <(jq -S . after.json)`,
    ],
  };
}

function backStep(site: Site): Step {
  const { observe, apply } = ownRoles(site);
  const without = ['DataLakeAdmins', 'ReadOnlyAdmins'].map(
    (list) => `.${list} = [.${list}[]? | select(.DataLakePrincipalIdentifier | IN($apply, $observe) | not)]`,
  );
  const jq = ['--arg', 'apply', apply, '--arg', 'observe', observe, without.join(' | ')].map(quoted).join(' ');
  const leave = [site.region, ...site.regions].map((region) => changeSettings({ ...site, region }, jq));
  return {
    title: 'To take it back one day',
    why: 'The roles leave the settings before they go, or no settings could be put any more. The provider stays when its stack goes, for other roles may trust it by then.',
    commands: [...leave, aws(site, 'cloudformation', 'delete-stack', '--stack-name', stackName(site))],
  };
}

/** The role with which Lake Formation reads registered locations unless somebody names another: https://docs.aws.amazon.com/lake-formation/latest/dg/service-linked-roles.html. */
function serviceLinkedRole({ partition, central }: Site): string {
  return `arn:${partition}:iam::${central.account}:role/aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess`;
}

function bucketSteps(site: Site, dataRole?: string): readonly Step[] {
  const { partition, region, account, central, buckets } = site;
  const isElsewhere = account !== central.account;
  return [...buckets].map(([bucket, paths]) => ({
    title: `The bucket ${bucket}`,
    why: `The central account's Lake Formation reads the data with this role. The two statements belong into the bucket's policy, beside what is there.${isElsewhere && dataRole === undefined ? ' To register a path in another account than the bucket, AWS asks for a role of your own in the place of the service-linked one (https://docs.aws.amazon.com/lake-formation/latest/dg/register-cross-account.html): give its ARN with --data-role.' : ''} Who also writes through Lake Formation needs s3:PutObject and s3:DeleteObject in the second.`,
    commands: [
      aws({ region }, 's3api', 'get-bucket-policy', '--bucket', bucket, '--query', 'Policy', '--output', 'text'),
    ],
    document: bucketStatements({ partition, bucket, paths, role: dataRole ?? serviceLinkedRole(site) }),
  }));
}

/** What a bucket's policy says so that Lake Formation may read some of its paths with a role. */
function bucketStatements(one: {
  readonly partition: string;
  readonly bucket: string;
  readonly paths: readonly string[];
  readonly role: string;
}): readonly object[] {
  const arn = `arn:${one.partition}:s3:::${one.bucket}`;
  const Principal = { AWS: one.role };
  const isWhole = one.paths.includes('');
  const prefixes = one.paths.flatMap((path) => [path, `${path}/*`]);
  return [
    {
      Sid: 'MeshgateList',
      Effect: 'Allow',
      Principal,
      Action: 's3:ListBucket',
      Resource: arn,
      ...(isWhole ? {} : { Condition: { StringLike: { 's3:prefix': prefixes } } }),
    },
    {
      Sid: 'MeshgateRead',
      Effect: 'Allow',
      Principal,
      Action: 's3:GetObject',
      Resource: isWhole ? [`${arn}/*`] : one.paths.map((path) => `${arn}/${path}/*`),
    },
  ];
}

function variablesStep(site: Site): Step {
  const { observe, apply } = ownRoles(site);
  return {
    title: 'The variables of the repository',
    why: 'The workflows find the roles by them, in the environments that only the main branch enters (.github/SETTINGS.md).',
    commands: [
      `gh variable set MESHGATE_APPLY_ROLE --env mesh-apply --body ${quoted(apply)}`,
      `gh variable set MESHGATE_REGION --env mesh-apply --body ${site.region}`,
      `gh variable set MESHGATE_PLAN_ROLE --env mesh-drift --body ${quoted(observe)}`,
      `gh variable set MESHGATE_REGION --env mesh-drift --body ${site.region}`,
    ],
  };
}
