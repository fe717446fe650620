import {
  AddLFTagsToResourceCommand,
  CreateLFTagCommand,
  DeleteLFTagCommand,
  GetLFTagCommand,
  GetResourceLFTagsCommand,
  GrantPermissionsCommand,
  ListLFTagsCommand,
  type Permission,
  RemoveLFTagsFromResourceCommand,
  RevokePermissionsCommand,
  UpdateLFTagCommand,
} from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import {
  admin,
  analyst,
  central,
  clientOf,
  columns,
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

describe('LF-Tags', () => {
  test('have folded keys and values', async () => {
    const { send } = await lakeFormationOf();
    await send.send(new CreateLFTagCommand({ TagKey: 'Domain', TagValues: ['Sales', 'hr'] }));
    expect(await send.send(new GetLFTagCommand({ TagKey: 'domain' }))).toMatchObject({
      CatalogId: central,
      TagKey: 'domain',
      TagValues: ['sales', 'hr'],
    });
    expect(await refusal(send.send(new CreateLFTagCommand({ TagKey: 'DOMAIN', TagValues: ['x'] })))).toBe(
      'InvalidInputException: Tag key already exists',
    );
    await send.send(new UpdateLFTagCommand({ TagKey: 'domain', TagValuesToAdd: ['Ops'], TagValuesToDelete: ['hr'] }));
    expect((await send.send(new ListLFTagsCommand({}))).LFTags).toEqual([
      { CatalogId: central, TagKey: 'domain', TagValues: ['sales', 'ops'] },
    ]);
    await send.send(new DeleteLFTagCommand({ TagKey: 'domain' }));
    expect(await refusal(send.send(new GetLFTagCommand({ TagKey: 'domain' })))).toMatch(/^EntityNotFoundException/);
    expect(await refusal(send.send(new UpdateLFTagCommand({ TagKey: 'domain', TagValuesToAdd: ['x'] })))).toMatch(
      /^EntityNotFoundException/,
    );
  });

  test('are put on databases, tables and columns, and inherited', async () => {
    const { send } = await lakeFormationOf();
    await send.send(new CreateLFTagCommand({ TagKey: 'pii', TagValues: ['yes', 'no'] }));
    const tag = (value: string) => [{ TagKey: 'pii', TagValues: [value] }];
    await send.send(new AddLFTagsToResourceCommand({ Resource: database, LFTags: tag('no') }));
    await send.send(new AddLFTagsToResourceCommand({ Resource: columns('orders', ['o_email']), LFTags: tag('yes') }));
    const found = await send.send(new GetResourceLFTagsCommand({ Resource: columns('orders', ['o_email', 'o_id']) }));
    expect(found.LFTagsOnTable?.[0]?.TagValues).toEqual(['no']);
    expect(found.LFTagsOnColumns?.map(({ Name, LFTags }) => [Name, LFTags?.[0]?.TagValues?.[0]])).toEqual([
      ['o_email', 'yes'],
      ['o_id', 'no'],
    ]);
    const assigned = await send.send(
      new GetResourceLFTagsCommand({ Resource: table('orders'), ShowAssignedLFTags: true }),
    );
    expect([assigned.LFTagsOnTable, assigned.LFTagsOnColumns?.length]).toEqual([undefined, 1]);
    expect(await refusal(send.send(new UpdateLFTagCommand({ TagKey: 'pii', TagValuesToDelete: ['yes'] })))).toMatch(
      /^InvalidInputException: Update not allowed/,
    );
    await send.send(
      new RemoveLFTagsFromResourceCommand({ Resource: columns('orders', ['o_email']), LFTags: tag('yes') }),
    );
    const { Failures } = await send.send(
      new AddLFTagsToResourceCommand({ Resource: table('orders'), LFTags: [{ TagKey: 'nope', TagValues: ['x'] }] }),
    );
    expect(Failures?.[0]?.Error?.ErrorCode).toBe('EntityNotFoundException');
    expect(
      await refusal(send.send(new AddLFTagsToResourceCommand({ Resource: table('nope'), LFTags: tag('no') }))),
    ).toMatch(/^EntityNotFoundException/);
  });

  test('and policies over them can be granted', async () => {
    const { client, send } = await lakeFormationOf();
    await send.send(new CreateLFTagCommand({ TagKey: 'domain', TagValues: ['sales', 'hr'] }));
    const grant = (Resource: object, Permissions: Permission[]) =>
      send.send(new GrantPermissionsCommand({ Principal: who(analyst), Resource, Permissions }));
    await grant({ LFTag: { TagKey: 'domain', TagValues: ['sales'] } }, ['DESCRIBE', 'ASSOCIATE']);
    const policy = (ResourceType: string) => ({
      LFTagPolicy: { ResourceType, Expression: [{ TagKey: 'domain', TagValues: ['sales', 'hr'] }] },
    });
    await grant(policy('TABLE'), ['SELECT', 'DESCRIBE']);
    await grant(policy('DATABASE'), ['DESCRIBE']);
    const types = async (ResourceType: 'LF_TAG' | 'LF_TAG_POLICY' | 'LF_TAG_POLICY_TABLE') =>
      (await listAll(client, { ResourceType })).map(({ Permissions }) => Permissions);
    expect(await types('LF_TAG')).toEqual([['ASSOCIATE'], ['DESCRIBE']]);
    expect(await types('LF_TAG_POLICY')).toEqual([['DESCRIBE']]);
    expect(await types('LF_TAG_POLICY_TABLE')).toEqual([['DESCRIBE', 'SELECT']]);
    const other = send.send(
      new RevokePermissionsCommand({
        Principal: who(analyst),
        Resource: { LFTag: { TagKey: 'domain', TagValues: ['hr'] } },
        Permissions: ['DESCRIBE'],
      }),
    );
    expect(await refusal(other)).toBe(
      'InvalidInputException: No permissions revoked. Revoking Tag permissions on Tags that grantee does not have permissions on.',
    );
    await send.send(
      new RevokePermissionsCommand({
        Principal: who(analyst),
        Resource: { LFTag: { TagKey: 'domain', TagValues: ['sales'] } },
        Permissions: ['DESCRIBE'],
      }),
    );
    expect(await types('LF_TAG')).toEqual([['ASSOCIATE']]);
  });

  test('are made by administrators', async () => {
    const { send } = await lakeFormationOf(seedWith(), analyst);
    expect(await refusal(send.send(new CreateLFTagCommand({ TagKey: 'x', TagValues: ['y'] })))).toMatch(
      /^AccessDeniedException/,
    );
  });
});

test('LF-Tags can be seeded, and policies over tags that are gone', async () => {
  const policy = { LFTagPolicy: { ResourceType: 'TABLE', Expression: [{ TagKey: 'gone', TagValues: ['x'] }] } };
  const given = grants({ principal: analyst, resource: policy, permissions: ['SELECT'] });
  const { client, send } = await lakeFormationOf(seedWith({ ...given, tags: { Domain: ['Sales'] } }));
  expect((await send.send(new GetLFTagCommand({ TagKey: 'domain' }))).TagValues).toEqual(['sales']);
  expect(await listAll(client)).toHaveLength(1);
});
