import {
  DeleteResourcePolicyCommand,
  GetCatalogCommand,
  GetResourcePoliciesCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  type PutResourcePolicyCommandInput,
} from '@aws-sdk/client-glue';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import {
  admin,
  central,
  clientOf,
  consumer,
  grants,
  refusal,
  region,
  roleArn,
  seedWith,
  start,
  table,
} from './fixture.ts';

const policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
const shared = grants({
  principal: consumer,
  resource: table('orders'),
  permissions: ['SELECT'],
  withGrantOption: ['SELECT'],
});

describe('the resource policy of the catalog', () => {
  test('is not there, is put, read, put anew and deleted', async () => {
    const emulator = await start();
    const { glue } = clientOf(emulator, admin);
    expect(await refusal(glue.send(new GetResourcePolicyCommand({})))).toMatch(/^EntityNotFoundException: /);
    expect(await refusal(glue.send(new DeleteResourcePolicyCommand({})))).toMatch(/^EntityNotFoundException: /);
    const { PolicyHash: first } = await glue.send(new PutResourcePolicyCommand({ PolicyInJson: policy }));
    expect(await glue.send(new GetResourcePolicyCommand({}))).toMatchObject({
      PolicyInJson: policy,
      PolicyHash: first,
    });
    const arn = `arn:aws:glue:${region}:${central}:catalog`;
    expect(await glue.send(new GetResourcePolicyCommand({ ResourceArn: arn }))).toMatchObject({ PolicyHash: first });
    const put = { PolicyInJson: '{"Statement":[]}', PolicyHashCondition: first };
    const { PolicyHash: second } = await glue.send(new PutResourcePolicyCommand(put));
    expect(second).not.toBe(first);
    await glue.send(new DeleteResourcePolicyCommand({ PolicyHashCondition: second }));
    expect(await refusal(glue.send(new GetResourcePolicyCommand({})))).toMatch(/^EntityNotFoundException: /);
    const verbs = emulator
      .journal()
      .flatMap(({ changes }) => changes.map(({ verb, what }) => `${verb} ${'kind' in what ? what.kind : ''}`));
    expect(verbs).toEqual(['create resource-policy', 'update resource-policy', 'delete resource-policy']);
  });

  test.each<[name: string, input: Partial<PutResourcePolicyCommandInput>, refused: RegExp]>([
    ['another hash', { PolicyHashCondition: 'other' }, /^ConditionCheckFailureException: /],
    ['one that must not exist', { PolicyExistsCondition: 'NOT_EXIST' }, /^ConditionCheckFailureException: /],
    ['no JSON', { PolicyInJson: 'no policy' }, /^InvalidInputException: /],
    ['a list', { PolicyInJson: '[]' }, /^InvalidInputException: /],
    ['another resource', { ResourceArn: `arn:aws:glue:${region}:${central}:table/a/b` }, /^EntityNotFoundException: /],
  ])('is refused with %s', async (_, input, refused) => {
    const emulator = await start({ seed: seedWith({ resourcePolicy: { Statement: [] } }) });
    const { glue } = clientOf(emulator, admin);
    const call = glue.send(new PutResourcePolicyCommand({ PolicyInJson: policy, ...input }));
    expect(await refusal(call)).toMatch(refused);
    expect(emulator.journal().at(-1)?.changes).toEqual([]);
  });

  test('that must exist is refused where there is none', async () => {
    const { glue } = clientOf(await start(), admin);
    const input = { PolicyInJson: policy, PolicyExistsCondition: 'MUST_EXIST' } as const;
    expect(await refusal(glue.send(new PutResourcePolicyCommand(input)))).toMatch(/^ConditionCheckFailureException: /);
  });

  test('beside those that RAM made needs EnableHybrid, and stands first among all', async () => {
    const { glue } = clientOf(await start({ seed: seedWith(shared) }), admin);
    const { GetResourcePoliciesResponseList: made = [] } = await glue.send(new GetResourcePoliciesCommand({}));
    expect(made.map(({ PolicyInJson = '' }) => JSON.parse(PolicyInJson).Statement[0].Principal)).toEqual([
      { AWS: consumer },
    ]);
    expect(await refusal(glue.send(new PutResourcePolicyCommand({ PolicyInJson: policy })))).toMatch(/EnableHybrid/);
    await glue.send(new PutResourcePolicyCommand({ PolicyInJson: policy, EnableHybrid: 'TRUE' }));
    const { GetResourcePoliciesResponseList: all = [] } = await glue.send(new GetResourcePoliciesCommand({}));
    expect(all).toHaveLength(2);
    expect(all[0]?.PolicyInJson).toBe(policy);
    const { NextToken } = await glue.send(new GetResourcePoliciesCommand({ MaxResults: 1 }));
    const rest = await glue.send(new GetResourcePoliciesCommand({ NextToken }));
    expect(rest.GetResourcePoliciesResponseList?.map(({ PolicyHash }) => PolicyHash)).toEqual([made[0]?.PolicyHash]);
  });

  test('is not for a role without rights in Glue', async () => {
    const { glue } = clientOf(await start(), roleArn(central, 'outsider'));
    expect(await refusal(glue.send(new GetResourcePolicyCommand({})))).toMatch(
      /^AccessDeniedException: .* is not authorized to perform: glue:GetResourcePolicy/,
    );
  });
});

test('the catalog itself is read, and no other', async () => {
  const { glue } = clientOf(await start(), admin);
  const { Catalog } = await glue.send(new GetCatalogCommand({ CatalogId: central }));
  expect(Catalog).toMatchObject({ CatalogId: central, CreateTableDefaultPermissions: [] });
  expect(await refusal(glue.send(new GetCatalogCommand({ CatalogId: consumer })))).toMatch(
    /^EntityNotFoundException: /,
  );
});

describe('the clock', () => {
  test.each([0, 60_000, -60_000])('of the service is %d ms ahead, and calls are accepted', async (ms) => {
    const emulator = await start({ faults: [{ kind: 'clock-skew', ms }] });
    const answer = await fetch(emulator.url, { method: 'POST', body: 'Action=GetCallerIdentity&Version=2011-06-15' });
    const ahead = Date.parse(answer.headers.get('date') ?? '') - Date.now();
    expect(Math.abs(ahead - ms)).toBeLessThan(5_000);
    expect((await clientOf(emulator, admin).sts.send(new GetCallerIdentityCommand({}))).Account).toBe(central);
  });

  test.each([
    [600_000, /^SignatureDoesNotMatch: Signature expired: /],
    [-600_000, /^SignatureDoesNotMatch: Signature not yet current: /],
  ])('of the service is %d ms ahead, and calls are refused', async (ms, refused) => {
    const { sts } = clientOf(await start({ faults: [{ kind: 'clock-skew', ms }] }), admin);
    expect(await refusal(sts.send(new GetCallerIdentityCommand({})))).toMatch(refused);
  });

  test('needs a number, which may be negative', async () => {
    await expect(start({ faults: [{ kind: 'clock-skew' }] })).rejects.toThrow('0: ms: is missing');
    await expect(start({ faults: [{ kind: 'lag', ms: -1 }] })).rejects.toThrow('0: ms: must be a whole number');
  });
});
