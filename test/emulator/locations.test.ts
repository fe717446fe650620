import {
  DeregisterResourceCommand,
  DescribeResourceCommand,
  GetEffectivePermissionsForPathCommand,
  GrantPermissionsCommand,
  ListResourcesCommand,
  RegisterResourceCommand,
  UpdateResourceCommand,
} from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import {
  admin,
  analyst,
  auditor,
  brief,
  clientOf,
  database,
  grants,
  listAll,
  refusal,
  seedWith,
  start,
  table,
  who,
} from './fixture.ts';

async function lakeFormationOf(seed = seedWith(), caller = admin) {
  const emulator = await start({ seed });
  return { emulator, client: clientOf(emulator, caller), send: clientOf(emulator, caller).lakeFormation };
}

describe('registered locations', () => {
  const ResourceArn = 'arn:aws:s3:::bucket/path';

  test('are registered, described, changed, listed and deregistered', async () => {
    const { send } = await lakeFormationOf();
    await send.send(
      new RegisterResourceCommand({ ResourceArn: `${ResourceArn}/`, RoleArn: admin, HybridAccessEnabled: true }),
    );
    expect((await send.send(new DescribeResourceCommand({ ResourceArn }))).ResourceInfo).toMatchObject({
      ResourceArn,
      RoleArn: admin,
      HybridAccessEnabled: true,
    });
    expect(await refusal(send.send(new RegisterResourceCommand({ ResourceArn, UseServiceLinkedRole: true })))).toMatch(
      /^AlreadyExistsException/,
    );
    await send.send(new UpdateResourceCommand({ ResourceArn, RoleArn: auditor, HybridAccessEnabled: false }));
    const { ResourceInfoList } = await send.send(
      new ListResourcesCommand({
        FilterConditionList: [
          { Field: 'RESOURCE_ARN', ComparisonOperator: 'BEGINS_WITH', StringValueList: ['arn:aws:s3:::bucket'] },
        ],
      }),
    );
    expect(ResourceInfoList).toMatchObject([{ ResourceArn, RoleArn: auditor, HybridAccessEnabled: false }]);
    await send.send(new DeregisterResourceCommand({ ResourceArn }));
    expect(await refusal(send.send(new DescribeResourceCommand({ ResourceArn })))).toMatch(/^EntityNotFoundException/);
    expect(await refusal(send.send(new DeregisterResourceCommand({ ResourceArn })))).toMatch(
      /^EntityNotFoundException/,
    );
  });

  test('take DATA_LOCATION_ACCESS for what lies in them', async () => {
    const { client, send } = await lakeFormationOf();
    const Resource = { DataLocation: { ResourceArn: 'arn:aws:s3:::lake/sales/deeper/' } };
    await send.send(
      new GrantPermissionsCommand({ Principal: who(analyst), Resource, Permissions: ['DATA_LOCATION_ACCESS'] }),
    );
    expect((await listAll(client)).map(brief)).toEqual([
      'analyst: location arn:aws:s3:::lake/sales/deeper DATA_LOCATION_ACCESS',
    ]);
  });

  test('a location of the service-linked role cannot become hybrid', async () => {
    const { send } = await lakeFormationOf();
    await send.send(new RegisterResourceCommand({ ResourceArn, UseServiceLinkedRole: true }));
    expect(
      await refusal(send.send(new UpdateResourceCommand({ ResourceArn, RoleArn: admin, HybridAccessEnabled: true }))),
    ).toMatch(/^InvalidInputException/);
  });

  test('show the permissions on what lies in them', async () => {
    const { send } = await lakeFormationOf(
      seedWith(
        grants(
          { principal: analyst, resource: table('orders'), permissions: ['SELECT'] },
          { principal: analyst, resource: database, permissions: ['ALTER'] },
        ),
      ),
    );
    const path = (ResourceArn: string) => send.send(new GetEffectivePermissionsForPathCommand({ ResourceArn }));
    expect((await path('arn:aws:s3:::lake/sales')).Permissions?.map(brief)).toEqual([
      'analyst: database sales ALTER',
      'analyst: columns sales.orders *-[] SELECT',
    ]);
    expect((await path('arn:aws:s3:::lake/sales/orders')).Permissions).toHaveLength(1);
  });
});
