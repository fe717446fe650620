import { CloudFormationClient, CreateStackCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import {
  type DataLakeSettings,
  GetDataLakeSettingsCommand,
  LakeFormationClient,
  PutDataLakeSettingsCommand,
} from '@aws-sdk/client-lakeformation';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { bootstrap, meshIn, repository, setUpMesh } from '../support/bootstrap-mesh.ts';
import { type MotoServer, startMoto } from './moto-server.ts';

// moto stands in for CloudFormation, IAM and STS. Where it differs from AWS (moto 5.2.1, moto/iam/models.py):
// - it knows no AWS::IAM::OIDCProvider in a template, and leaves it out: the tests of the provider make it by IAM;
// - it knows none of AWS's own managed policies unless it is told to load them all, and leaves them off the role;
// - it never takes a managed policy from its role, and so cannot delete the two: what is removed here has no other accounts;
// - it renames no role in an update: what a rename does is shown, and not done.

const region = 'eu-west-1';
/** moto's own account, for it knows no other before a role is assumed. */
const central = '123456789012';
const both = '222233334444';
const base = { AWS_ACCESS_KEY_ID: 'AKIABOOTSTRAP0000001', AWS_SECRET_ACCESS_KEY: 'bootstrap-only' };
type Keys = Readonly<Record<string, string>>;

let moto: MotoServer;
let mesh: string;
let alone: string;
beforeAll(async () => {
  moto = await startMoto(inject('python'));
  mesh = await meshIn(setUpMesh(central));
  alone = await meshIn({ 'mesh.yaml': setUpMesh(central)['mesh.yaml'] ?? '' });
});
afterAll(() => moto.close());
beforeEach(() => moto.reset());

/** Runs bootstrap; the keys say in which account. */
const run = (args: readonly string[], keys: Keys = base, files = mesh) =>
  bootstrap([...args, '--mesh', files, '--tries', '2'], { AWS_ENDPOINT_URL: moto.url, ...keys });
const deploy = (...more: readonly string[]) => run(['--deploy', '--yes', ...repository, ...more]);

function clientConfig(keys: Keys = base) {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = keys;
  const credentials = {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
  };
  return { region, endpoint: moto.url, credentials };
}

/** Keys of an administrator in another account. */
async function keysIn(account: string): Promise<Keys> {
  const command = new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/admin`, RoleSessionName: 'set-up' });
  const { Credentials } = await new STSClient(clientConfig()).send(command);
  return {
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
    AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
  };
}

async function roles(keys?: Keys): Promise<readonly string[]> {
  const { Roles = [] } = await new IAMClient(clientConfig(keys)).send(new ListRolesCommand({}));
  return Roles.map(({ RoleName = '' }) => RoleName).toSorted();
}

async function settings(keys?: Keys, where = region): Promise<DataLakeSettings> {
  const config = { ...clientConfig(keys), region: where };
  const answer = await new LakeFormationClient(config).send(new GetDataLakeSettingsCommand({}));
  return answer.DataLakeSettings ?? {};
}

async function putSettings(DataLakeSettings: DataLakeSettings, keys?: Keys): Promise<void> {
  await new LakeFormationClient(clientConfig(keys)).send(new PutDataLakeSettingsCommand({ DataLakeSettings }));
}

const arn = (name: string, account = central): string => `arn:aws:iam::${account}:role/${name}`;
const named = (list: DataLakeSettings['DataLakeAdmins']) => list?.map((one) => one.DataLakePrincipalIdentifier);
const somebody = { DataLakePrincipalIdentifier: arn('somebody') };
const open = [{ Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL' as const] }];

async function makeProvider(mark: string): Promise<string> {
  const iam = new IAMClient(clientConfig());
  const made = await iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url: 'https://token.actions.githubusercontent.com',
      ClientIDList: ['sts.amazonaws.com'],
      ThumbprintList: ['0'.repeat(40)],
      ...(mark === '' ? {} : { Tags: [{ Key: 'meshgate:mesh', Value: mark }] }),
    }),
  );
  return made.OpenIDConnectProviderArn ?? '';
}

async function hasProvider(provider: string): Promise<boolean> {
  const call = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: provider });
  return new IAMClient(clientConfig()).send(call).then(
    () => true,
    () => false,
  );
}

describe('the central account', () => {
  test('gets its roles, and is told what to do besides; a second run changes nothing', async () => {
    await putSettings({
      DataLakeAdmins: [somebody],
      CreateTableDefaultPermissions: open,
      Parameters: { CROSS_ACCOUNT_VERSION: '2', SET_SOURCE_IDENTITY: 'TRUE' },
      TrustedResourceOwners: ['999988887777'],
      AllowExternalDataFiltering: true,
    });
    const first = await deploy();
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(await roles()).toEqual(['meshgate-apply', 'meshgate-observe', 'town-visitors']);
    const iam = new IAMClient(clientConfig());
    const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'meshgate-apply' }));
    expect(attached.AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toEqual([
      expect.stringContaining('ApplyMembers1'),
    ]);
    const own = await iam.send(new GetRolePolicyCommand({ RoleName: 'meshgate-apply', PolicyName: 'meshgate' }));
    expect(decodeURIComponent(own.PolicyDocument ?? '')).toContain('lakeformation:BatchGrantPermissions');
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'meshgate-apply' }));
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toContain(
      'repo:acme@1001/mesh@2002:environment:mesh-apply',
    );
    const after = await settings();
    expect(named(after.DataLakeAdmins)).toEqual([arn('somebody'), arn('meshgate-apply')]);
    expect(named(after.ReadOnlyAdmins)).toEqual([arn('meshgate-observe')]);
    expect(after).toMatchObject({
      CreateTableDefaultPermissions: open,
      Parameters: { CROSS_ACCOUNT_VERSION: '4', SET_SOURCE_IDENTITY: 'TRUE' },
      TrustedResourceOwners: ['999988887777'],
      AllowExternalDataFiltering: true,
    });
    const second = await deploy();
    expect(second).toMatchObject({ code: 0, err: '' });
    expect(second.out).toContain('There is nothing to do');
    expect(await settings()).toEqual(after);
  });

  test('is not touched before somebody said yes', async () => {
    const asked = await run(['--deploy', ...repository]);
    expect(asked.code).toBe(1);
    expect(asked.err).toContain('NOT_CONFIRMED');
    expect(asked.out).toContain('make Apply (AWS::IAM::Role)');
    const shown = await run(['--deploy', '--dry-run', '--yes', ...repository]);
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain('Nothing was done');
    expect(await roles()).toEqual([]);
  });

  test('keeps the cross-account version that is higher, and closes defaults only when asked', async () => {
    await putSettings({ CreateTableDefaultPermissions: open, Parameters: { CROSS_ACCOUNT_VERSION: '5' } });
    await deploy('--close-defaults');
    const { CreateTableDefaultPermissions, Parameters } = await settings();
    expect(CreateTableDefaultPermissions).toEqual([]);
    expect(Parameters).toEqual({ CROSS_ACCOUNT_VERSION: '5' });
  });

  test('is left alone where its settings say what the client library would lose', async () => {
    const scope = '20260101/eu-west-1/lakeformation/aws4_request';
    await fetch(`${moto.url}/PutDataLakeSettings`, {
      method: 'POST',
      headers: {
        Authorization: `AWS4-HMAC-SHA256 Credential=${base.AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify({ DataLakeSettings: { DataLakeAdmins: [somebody], SomethingNew: { On: true } } }),
    });
    expect(named((await settings()).DataLakeAdmins)).toEqual([arn('somebody')]);
    const ran = await deploy();
    expect(ran.code).toBe(5);
    expect(ran.err).toContain('UnknownSetting');
    expect(ran.err).toContain('SomethingNew');
    expect(await roles()).toEqual([]);
  });

  test('gets roles of other names when the mesh says so: first the old ones leave the settings', async () => {
    await putSettings({ DataLakeAdmins: [somebody] });
    await deploy();
    const files = setUpMesh(central);
    const renamed = await meshIn({ ...files, 'mesh.yaml': `${files['mesh.yaml']}runsAs: { apply: mesh-writer }\n` });
    const ran = await run(['--deploy', '--dry-run', ...repository], base, renamed);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const order = [
      `take ${arn('meshgate-apply')} from the data lake administrators`,
      'change Apply (AWS::IAM::Role)',
      `add ${arn('mesh-writer')} to the data lake administrators`,
    ].map((line) => ran.out.indexOf(line));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((x, y) => x - y));
  });

  test('is left alone where a stack, a role or a provider is somebody else’s', async () => {
    const trust = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    const iam = new IAMClient(clientConfig());
    await iam.send(new CreateRoleCommand({ RoleName: 'meshgate-apply', AssumeRolePolicyDocument: trust }));
    const taken = await deploy();
    expect(taken).toMatchObject({ code: 1 });
    expect(taken.err).toContain('ROLE_TAKEN');
    await moto.reset();
    const foreign = { Resources: { Other: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } } } };
    await new CloudFormationClient(clientConfig()).send(
      new CreateStackCommand({ StackName: 'meshgate-town', TemplateBody: JSON.stringify(foreign) }),
    );
    expect((await deploy()).err).toContain('STACK_TAKEN');
    expect((await run(['--remove', '--yes'])).err).toContain('STACK_TAKEN');
    const found = await new CloudFormationClient(clientConfig()).send(
      new GetTemplateCommand({ StackName: 'meshgate-town' }),
    );
    expect(JSON.parse(found.TemplateBody ?? '')).toEqual(foreign);
  });
});

describe('an account that is producer and consumer', () => {
  test('is set up as both, with its own credentials alone', async () => {
    const wrong = await run(['sales', '--deploy', '--yes']);
    expect(wrong.err).toContain('OTHER_ACCOUNT');
    const keys = await keysIn(both);
    const ran = await run(['sales', '--deploy', '--yes'], keys);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain('The bucket sales-data');
    expect(await roles(keys)).toEqual(['meshgate-apply', 'meshgate-observe']);
    expect(await roles()).toEqual([]);
    const iam = new IAMClient(clientConfig(keys));
    const own = await iam.send(new GetRolePolicyCommand({ RoleName: 'meshgate-apply', PolicyName: 'meshgate' }));
    expect(decodeURIComponent(own.PolicyDocument ?? '')).toContain('ram:AcceptResourceShareInvitation');
    expect(named((await settings(keys)).DataLakeAdmins)).toEqual([arn('meshgate-apply', both)]);
    // Where its links are, too: settings are a region's.
    expect(named((await settings(keys, 'eu-north-1')).DataLakeAdmins)).toEqual([arn('meshgate-apply', both)]);
    expect((await run(['sales', '--deploy', '--yes'], keys)).out).toContain('There is nothing to do');
  });
});

describe('removal', () => {
  test('takes back what was made, in order, and nothing else', async () => {
    await putSettings({ DataLakeAdmins: [somebody], Parameters: { CROSS_ACCOUNT_VERSION: '3' } });
    await run(['--deploy', '--yes', ...repository], base, alone);
    const shown = await run(['--remove', '--dry-run'], base, alone);
    expect(shown.out.indexOf('data lake settings')).toBeLessThan(shown.out.indexOf('stack meshgate-town'));
    const ran = await run(['--remove', '--yes'], base, alone);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(await roles()).toEqual([]);
    const after = await settings();
    expect(named(after.DataLakeAdmins)).toEqual([arn('somebody')]);
    expect(after.ReadOnlyAdmins ?? []).toEqual([]);
    expect(after.Parameters).toEqual({ CROSS_ACCOUNT_VERSION: '4' });
    expect((await run(['--remove', '--yes'], base, alone)).out).toContain('There is nothing to do');
  });

  test('is refused while it would leave nobody to administer the data lake', async () => {
    await run(['--deploy', '--yes', ...repository], base, alone);
    const ran = await run(['--remove', '--yes'], base, alone);
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.err).toContain('LAST_ADMINISTRATOR');
    expect(await roles()).toContain('meshgate-apply');
  });

  test.each([
    ['made by others stays', '', undefined, true],
    ['made for another mesh stays', 'city', undefined, true],
    ['made here goes', 'town', undefined, false],
    ['made here stays while others trust it', 'town', 'deployer', true],
  ])('a provider %s', async (_, mark, other, isKept) => {
    await putSettings({ DataLakeAdmins: [somebody] });
    const provider = await makeProvider(mark);
    const deployed = await run(['--deploy', '--yes', ...repository], base, alone);
    expect(deployed.out).toContain('is there already, and used as it is');
    const iam = new IAMClient(clientConfig());
    if (other !== undefined) {
      const Statement = {
        Effect: 'Allow',
        Principal: { Federated: provider },
        Action: 'sts:AssumeRoleWithWebIdentity',
      };
      const trust = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
      await iam.send(new CreateRoleCommand({ RoleName: other, AssumeRolePolicyDocument: trust }));
    }
    const ran = await run(['--remove', '--yes'], base, alone);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(await hasProvider(provider)).toBe(isKept);
    if (isKept) expect(ran.out).toContain('token.actions.githubusercontent.com stays');
  });

  test('finds in the settings the roles of a stack that somebody deleted', async () => {
    await putSettings({
      DataLakeAdmins: [somebody, { DataLakePrincipalIdentifier: arn('meshgate-apply') }],
    });
    const ran = await run(['--remove', '--yes'], base, alone);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(named((await settings()).DataLakeAdmins)).toEqual([arn('somebody')]);
  });
});
