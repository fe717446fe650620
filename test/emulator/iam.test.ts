import { GetDataCatalogEncryptionSettingsCommand } from '@aws-sdk/client-glue';
import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GrantPermissionsCommand } from '@aws-sdk/client-lakeformation';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { SeedRegion } from '../../src/emulator/seed.ts';
import {
  admin,
  central,
  clientOf,
  consumer,
  consumerAdmin,
  keysOf,
  principal,
  region,
  roleArn,
  seedWith,
  start,
} from './fixture.ts';

const iamOf = (emulator: Emulator, arn: string): IAMClient =>
  new IAMClient({ endpoint: emulator.url, region, credentials: keysOf(arn), maxAttempts: 1 });
const guarded = roleArn(central, 'guarded');
const shut = roleArn(central, 'shut');
const statement = (Condition: object) => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Action: ['sts:AssumeRole'],
    Principal: { AWS: `arn:aws:iam::${consumer}:root` },
    Condition,
  },
});

async function scene(trustPolicy: object = {}, more: Partial<SeedRegion> = {}): Promise<Emulator> {
  const seed = seedWith(more);
  const { principals = [], ...rest } = seed.accounts[central] ?? {};
  const own = [
    principal(guarded, { trustPolicy: { ...trustPolicy }, lacks: ['glue:UpdateDatabase'], ram: false }),
    principal(shut, { iam: false }),
  ];
  return start({
    seed: { ...seed, accounts: { ...seed.accounts, [central]: { ...rest, principals: [...principals, ...own] } } },
  });
}

describe('IAM', () => {
  test('tells a role by its name, with whom it trusts', async () => {
    const emulator = await scene(statement({}));
    const { Role } = await iamOf(emulator, admin).send(new GetRoleCommand({ RoleName: 'guarded' }));
    expect(Role).toMatchObject({ Arn: guarded, Path: '/', RoleName: 'guarded' });
    expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''))).toEqual(statement({}));
    await expect(iamOf(emulator, admin).send(new GetRoleCommand({ RoleName: 'none' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
    await expect(iamOf(emulator, shut).send(new GetRoleCommand({ RoleName: 'none' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  test('simulates what the seed lets a role do, on each resource', async () => {
    const emulator = await scene();
    const { EvaluationResults = [] } = await iamOf(emulator, admin).send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: guarded,
        ActionNames: ['glue:GetDatabase', 'glue:UpdateDatabase', 'ram:ListResources', 's3:GetObject'],
        ResourceArns: ['*', 'arn:aws:glue:eu-west-1:111122223333:catalog'],
        ContextEntries: [
          { ContextKeyName: 'ram:ResourceShareName', ContextKeyValues: ['a', 'b'], ContextKeyType: 'string' },
        ],
      }),
    );
    expect(EvaluationResults).toHaveLength(8);
    const allowed = EvaluationResults.filter(({ EvalDecision }) => EvalDecision === 'allowed');
    expect(new Set(allowed.map(({ EvalActionName }) => EvalActionName))).toEqual(new Set(['glue:GetDatabase']));
  });

  test.each<[string, object, boolean]>([
    ['no condition', {}, true],
    ['the caller by its ARN', { ArnEquals: { 'aws:PrincipalArn': consumerAdmin } }, true],
    ['another', { ArnEquals: { 'aws:PrincipalArn': roleArn(consumer, 'other') } }, false],
    ['the session by its beginning', { StringLike: { 'sts:RoleSessionName': 'meshgate-*' } }, true],
    ['another session', { StringLike: { 'sts:RoleSessionName': 'other-*' } }, false],
    ['what is not modelled', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, false],
  ])('a trust policy with %s', async (_, condition, isLetIn) => {
    const emulator = await scene(statement(condition));
    const asking = clientOf(emulator, consumerAdmin).sts.send(
      new AssumeRoleCommand({ RoleArn: guarded, RoleSessionName: 'meshgate-1' }),
    );
    if (isLetIn) expect((await asking).AssumedRoleUser?.Arn).toContain('assumed-role/guarded/');
    else await expect(asking).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

test.each<[string, SeedRegion['encryption'], boolean]>([
  ['no key', undefined, true],
  ['the key of AWS', { mode: 'SSE-KMS' }, false],
  ['the key of AWS by its alias', { mode: 'SSE-KMS', key: 'alias/aws/glue' }, false],
  ['an own key', { mode: 'SSE-KMS', key: 'alias/lake' }, true],
])('a catalog under %s', async (_, encryption, isShared) => {
  const emulator = await scene({}, encryption && { encryption });
  const { glue, lakeFormation } = clientOf(emulator, admin);
  const { DataCatalogEncryptionSettings: settings } = await glue.send(new GetDataCatalogEncryptionSettingsCommand({}));
  expect(settings?.EncryptionAtRest?.CatalogEncryptionMode).toBe(encryption?.mode ?? 'DISABLED');
  const give = (to: string, option: readonly 'DESCRIBE'[]) =>
    lakeFormation.send(
      new GrantPermissionsCommand({
        Principal: { DataLakePrincipalIdentifier: to },
        Resource: { Database: { Name: 'sales' } },
        Permissions: ['DESCRIBE'],
        PermissionsWithGrantOption: [...option],
      }),
    );
  await give(roleArn(central, 'analyst'), []);
  const sharing = give(consumer, ['DESCRIBE']);
  if (isShared) await sharing;
  else await expect(sharing).rejects.toMatchObject({ name: 'InvalidInputException' });
});
