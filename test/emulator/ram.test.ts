import { GetTableCommand } from '@aws-sdk/client-glue';
import { GrantPermissionsCommand, type Permission } from '@aws-sdk/client-lakeformation';
import {
  AcceptResourceShareInvitationCommand,
  AssociateResourceShareCommand,
  DeleteResourceShareCommand,
  DisassociateResourceShareCommand,
  EnableSharingWithAwsOrganizationCommand,
  GetResourceShareAssociationsCommand,
  GetResourceShareInvitationsCommand,
  GetResourceSharesCommand,
  ListPendingInvitationResourcesCommand,
  ListPrincipalsCommand,
  ListResourcesCommand,
  paginateListResources,
  RejectResourceShareInvitationCommand,
} from '@aws-sdk/client-ram';
import { describe, expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import {
  admin,
  allTables,
  analyst,
  central,
  clientOf,
  consumer,
  consumerAdmin,
  consumerAnalyst,
  database,
  listAll,
  principal,
  refusal,
  region,
  roleArn,
  seedWith,
  start,
  table,
  who,
} from './fixture.ts';
import {
  acceptAll,
  associations,
  foreign,
  hours,
  inOneOrganization,
  invitations,
  organization,
  share,
  shares,
  statuses,
  unshare,
} from './sharing.ts';

const seesTable = (emulator: Emulator): Promise<string> =>
  clientOf(emulator, consumerAdmin)
    .glue.send(new GetTableCommand({ CatalogId: central, DatabaseName: 'sales', Name: 'orders' }))
    .then(
      () => 'seen',
      (error: Error) => error.name,
    );

describe('an invitation', () => {
  test('brings what was shared once it is accepted, and no sooner', async () => {
    const emulator = await start();
    await share(emulator);
    const client = clientOf(emulator, consumerAdmin);
    expect(await refusal(listAll(client, { Resource: foreign }))).toMatch(/^AccessDeniedException/);
    expect(await seesTable(emulator)).toBe('EntityNotFoundException');
    expect(await shares(emulator, consumerAdmin, 'OTHER-ACCOUNTS')).toEqual([]);
    const [invitation, ...more] = await invitations(client);
    expect(more).toEqual([]);
    expect(invitation).toMatchObject({ senderAccountId: central, receiverAccountId: consumer, status: 'PENDING' });
    expect(invitation?.resourceShareName).toMatch(/^LakeFormation-[A-Z2-7]{11}$/);
    expect(await associations(emulator, 'PRINCIPAL')).toEqual([`${consumer} ASSOCIATING`]);
    await acceptAll(emulator);
    expect(await associations(emulator, 'PRINCIPAL')).toEqual([`${consumer} ASSOCIATED`]);
    expect(await associations(emulator, 'RESOURCE')).toEqual(['table/sales/orders ASSOCIATED']);
    expect(await seesTable(emulator)).toBe('seen');
    expect(await listAll(client, { Resource: foreign })).toHaveLength(1);
    expect((await shares(emulator, consumerAdmin, 'OTHER-ACCOUNTS')).map(({ status }) => status)).toEqual(['ACTIVE']);
  });

  test('is not seen by its sender, nor by a third account, and not answered by them', async () => {
    const third = '999900001111';
    const { accounts } = seedWith();
    const emulator = await start({
      seed: { accounts: { ...accounts, [third]: { principals: [principal(roleArn(third, 'admin'))] } } },
    });
    await share(emulator);
    const [invitation] = await invitations(clientOf(emulator, consumerAdmin));
    for (const as of [admin, roleArn(third, 'admin')]) {
      const client = clientOf(emulator, as);
      expect(await invitations(client)).toEqual([]);
      const { resourceShareInvitationArn } = invitation ?? {};
      expect(
        await refusal(client.ram.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }))),
      ).toMatch(/^ResourceShareInvitationArnNotFoundException/);
    }
  });

  test('lapses after twelve hours, and the receiver is disassociated', async () => {
    const emulator = await start();
    await share(emulator);
    emulator.advance(12 * hours - 1000);
    expect(await statuses(emulator)).toEqual(['PENDING']);
    emulator.advance(1000);
    expect(await statuses(emulator)).toEqual(['EXPIRED']);
    expect(await associations(emulator, 'PRINCIPAL')).toEqual([`${consumer} DISASSOCIATED`]);
    const client = clientOf(emulator, consumerAdmin);
    const [{ resourceShareInvitationArn } = {}] = await invitations(client);
    expect(
      await refusal(client.ram.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }))),
    ).toMatch(/^ResourceShareInvitationExpiredException/);
    emulator.advance(7 * 24 * hours);
    expect(await invitations(client)).toEqual([]);
  });

  test('brings it only after a while where the share is slow', async () => {
    const emulator = await start({ faults: [{ kind: 'slow-share', ms: 5000 }] });
    await share(emulator);
    await acceptAll(emulator);
    const { lakeFormation } = clientOf(emulator, consumerAdmin);
    const Permissions: Permission[] = ['SELECT'];
    const passOn = new GrantPermissionsCommand({ Principal: who(consumerAnalyst), Resource: foreign, Permissions });
    expect(await refusal(lakeFormation.send(passOn))).toBe(
      'AccessDeniedException: Insufficient Glue permissions to access table orders',
    );
    emulator.advance(5000);
    await lakeFormation.send(passOn);
    expect(await seesTable(emulator)).toBe('seen');
  });

  test('is renewed by revoking and granting again', async () => {
    const emulator = await start();
    await share(emulator);
    emulator.advance(13 * hours);
    await share(emulator);
    expect(await statuses(emulator)).toEqual(['EXPIRED']);
    await unshare(emulator);
    await share(emulator);
    expect(await statuses(emulator)).toEqual(['EXPIRED', 'PENDING']);
    await acceptAll(emulator);
    expect(await seesTable(emulator)).toBe('seen');
    expect((await shares(emulator)).map(({ status }) => status)).toEqual(['DELETED', 'ACTIVE']);
  });

  test('is renewed by taking the receiver off the share and putting it back', async () => {
    const emulator = await start();
    await share(emulator);
    emulator.advance(13 * hours);
    const { ram } = clientOf(emulator, admin);
    const [{ resourceShareArn } = {}] = await shares(emulator);
    const input = { resourceShareArn, principals: [consumer] };
    await ram.send(new DisassociateResourceShareCommand(input));
    await ram.send(new AssociateResourceShareCommand(input));
    await acceptAll(emulator);
    expect(await seesTable(emulator)).toBe('seen');
  });

  test('that was rejected brings nothing, and can be answered but once', async () => {
    const emulator = await start();
    await share(emulator);
    const { ram } = clientOf(emulator, consumerAdmin);
    const [{ resourceShareInvitationArn } = {}] = await invitations(clientOf(emulator, consumerAdmin));
    const answered = await ram.send(
      new RejectResourceShareInvitationCommand({ resourceShareInvitationArn, clientToken: 'one' }),
    );
    expect(answered).toMatchObject({ clientToken: 'one', resourceShareInvitation: { status: 'REJECTED' } });
    const again = await ram.send(
      new RejectResourceShareInvitationCommand({ resourceShareInvitationArn, clientToken: 'one' }),
    );
    expect(again.resourceShareInvitation?.status).toBe('REJECTED');
    const refused = [
      new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }),
      new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn, clientToken: 'one' }),
      new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn: 'nonsense' }),
    ].map((command) => refusal(ram.send(command)).then((text) => text.split(':')[0]));
    expect(await Promise.all(refused)).toEqual([
      'ResourceShareInvitationAlreadyRejectedException',
      'IdempotentParameterMismatchException',
      'MalformedArnException',
    ]);
    expect(await seesTable(emulator)).toBe('EntityNotFoundException');
  });

  test('that was accepted says so', async () => {
    const emulator = await start();
    await share(emulator);
    await acceptAll(emulator);
    const client = clientOf(emulator, consumerAdmin);
    const [{ resourceShareInvitationArn } = {}] = await invitations(client);
    expect(
      await refusal(client.ram.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }))),
    ).toMatch(/^ResourceShareInvitationAlreadyAcceptedException/);
  });

  test('says what it would bring', async () => {
    const emulator = await start();
    await share(emulator);
    const client = clientOf(emulator, consumerAdmin);
    const [{ resourceShareInvitationArn } = {}] = await invitations(client);
    const { resources } = await client.ram.send(
      new ListPendingInvitationResourcesCommand({ resourceShareInvitationArn }),
    );
    expect(resources?.map(({ arn, type }) => [arn, type])).toEqual([
      [`arn:aws:glue:${region}:${central}:table/sales/orders`, 'glue:Table'],
    ]);
  });
});

describe('an organization', () => {
  test.each([
    { sharing: true, invited: [], seen: 'seen' },
    { sharing: false, invited: ['PENDING'], seen: 'EntityNotFoundException' },
  ])('with sharing $sharing', async ({ sharing, invited, seen }) => {
    const emulator = await start({ seed: inOneOrganization(sharing) });
    await share(emulator);
    expect(await statuses(emulator)).toEqual(invited);
    expect(await seesTable(emulator)).toBe(seen);
  });

  test('gets what is granted to it without invitation, unless sharing is off', async () => {
    const emulator = await start({ seed: inOneOrganization(true) });
    await share(emulator, { to: organization });
    expect(await seesTable(emulator)).toBe('seen');
    expect(await associations(emulator, 'PRINCIPAL')).toEqual(['organization/o-mesh ASSOCIATED']);
    const closed = await start({ seed: inOneOrganization(false) });
    expect(await refusal(share(closed, { to: organization }))).toBe(
      'AccessDeniedException: Access denied to retrieve AWS Organization information',
    );
  });

  test('has sharing turned on by its management account alone', async () => {
    const emulator = await start({ seed: inOneOrganization(false) });
    const enable = (as: string) => clientOf(emulator, as).ram.send(new EnableSharingWithAwsOrganizationCommand({}));
    expect(await refusal(enable(consumerAdmin))).toMatch(/^OperationNotPermittedException/);
    expect((await enable(admin)).returnValue).toBe(true);
    await share(emulator);
    expect(await statuses(emulator)).toEqual([]);
  });
});

describe('shares', () => {
  const everything = async (emulator: Emulator): Promise<void> => {
    await share(emulator, { resource: table('orders'), permissions: ['SELECT', 'DESCRIBE'] });
    await share(emulator, { resource: table('items') });
    await share(emulator, { resource: allTables });
    await share(emulator, { resource: database, permissions: ['DESCRIBE'] });
    await share(emulator, { resource: { Database: { Name: 'hr' } }, permissions: ['DESCRIBE'] });
    await share(emulator, { to: consumerAnalyst, resource: table('recent') });
  };
  const withVersion = (version: string) =>
    seedWith({ settings: { DataLakeAdmins: [admin], Parameters: { CROSS_ACCOUNT_VERSION: version } } });

  test.each([
    { version: '3', count: 3, tables: ['table/sales/items', 'table/sales/orders', 'table/sales/recent'] },
    { version: '4', count: 3, tables: ['table/sales/items', 'table/sales/orders', 'table/sales/recent'] },
    { version: '5', count: 3, tables: ['table/sales/*'] },
  ])('are used again: version $version', async ({ version, count, tables }) => {
    const emulator = await start({ seed: withVersion(version) });
    await everything(emulator);
    expect(await shares(emulator)).toHaveLength(count);
    expect(await invitations(clientOf(emulator, consumerAdmin))).toHaveLength(count);
    const found = (await associations(emulator, 'RESOURCE')).map((text) => text.split(' ')[0] ?? '');
    expect(found.filter((text) => text.startsWith('table')).sort()).toEqual(tables);
    expect(found.filter((text) => text.startsWith('database')).sort()).toEqual([
      'database/hr',
      'database/sales',
      'database/sales',
    ]);
  });

  test('are one for each resource in version 1, under a name of its own form', async () => {
    const emulator = await start({ seed: withVersion('1') });
    for (const name of ['orders', 'items'])
      await share(emulator, { resource: table(name), permissions: ['SELECT', 'DESCRIBE'] });
    const found = await shares(emulator);
    expect(found).toHaveLength(2);
    expect(found[0]?.name).toMatch(new RegExp(`^${central}-${consumer}-`));
  });

  test('live as long as their last grant', async () => {
    const emulator = await start();
    await share(emulator, { resource: table('orders') });
    await share(emulator, { resource: table('items') });
    await acceptAll(emulator);
    await unshare(emulator, { resource: table('items') });
    expect(await associations(emulator, 'RESOURCE')).toEqual(['table/sales/orders ASSOCIATED']);
    await unshare(emulator, { resource: table('orders') });
    expect((await shares(emulator)).map(({ status }) => status)).toEqual(['DELETED']);
    emulator.advance(3 * hours);
    expect(await shares(emulator)).toEqual([]);
  });

  test('stay one when a list of columns is changed', async () => {
    const emulator = await start({ switches: { columnListStorage: 'merged' } });
    const columns = (names: string[]) => ({
      TableWithColumns: { DatabaseName: 'sales', Name: 'orders', ColumnNames: names },
    });
    await share(emulator, { resource: columns(['o_id']) });
    await acceptAll(emulator);
    await share(emulator, { resource: columns(['o_total']) });
    await unshare(emulator, { resource: columns(['o_id']) });
    expect((await shares(emulator)).map(({ status }) => status)).toEqual(['ACTIVE']);
    expect(await seesTable(emulator)).toBe('seen');
  });

  test('carry nothing after they are deleted, though the grants stay', async () => {
    const emulator = await start();
    await share(emulator);
    await acceptAll(emulator);
    const [{ resourceShareArn } = {}] = await shares(emulator);
    await clientOf(emulator, admin).ram.send(new DeleteResourceShareCommand({ resourceShareArn }));
    expect(await seesTable(emulator)).toBe('EntityNotFoundException');
    expect(emulator.snapshot(central, region).atoms).toHaveLength(1);
  });

  test('can be left by their receiver', async () => {
    const emulator = await start();
    await share(emulator);
    await acceptAll(emulator);
    const { ram } = clientOf(emulator, consumerAdmin);
    const [{ resourceShareArn } = {}] = await shares(emulator);
    expect(
      await refusal(ram.send(new DisassociateResourceShareCommand({ resourceShareArn, principals: [central] }))),
    ).toMatch(/^OperationNotPermittedException/);
    await ram.send(new DisassociateResourceShareCommand({ resourceShareArn, principals: [consumer] }));
    expect(await seesTable(emulator)).toBe('EntityNotFoundException');
  });

  test('and who shares what with whom is listed on both sides', async () => {
    const emulator = await start();
    await share(emulator);
    await acceptAll(emulator);
    const [owner, receiver] = [clientOf(emulator, admin).ram, clientOf(emulator, consumerAdmin).ram];
    expect(
      (await owner.send(new ListPrincipalsCommand({ resourceOwner: 'SELF' }))).principals?.map(({ id }) => id),
    ).toEqual([consumer]);
    expect(
      (await receiver.send(new ListPrincipalsCommand({ resourceOwner: 'OTHER-ACCOUNTS' }))).principals?.map(
        ({ id }) => id,
      ),
    ).toEqual([central]);
    const list = async (client: typeof owner, resourceOwner: 'SELF' | 'OTHER-ACCOUNTS', resourceType?: string) =>
      (await client.send(new ListResourcesCommand({ resourceOwner, ...(resourceType ? { resourceType } : {}) })))
        .resources?.length;
    expect(await list(owner, 'SELF')).toBe(1);
    expect(await list(receiver, 'OTHER-ACCOUNTS', 'glue:Table')).toBe(1);
    expect(await list(receiver, 'OTHER-ACCOUNTS', 'glue:Database')).toBe(0);
    expect(await list(receiver, 'SELF')).toBe(0);
  });

  test('come page by page, some of them short or empty', async () => {
    const emulator = await start({ faults: [{ kind: 'empty-pages', every: 2 }] });
    for (const name of ['orders', 'items', 'recent']) await share(emulator, { resource: table(name) });
    const pages: number[] = [];
    const { ram } = clientOf(emulator, admin);
    for await (const { resources } of paginateListResources({ client: ram }, { resourceOwner: 'SELF', maxResults: 1 }))
      pages.push(resources?.length ?? -1);
    expect(pages.reduce((sum, size) => sum + size, 0)).toBe(3);
    expect(pages).toContain(0);
    expect(
      await refusal(ram.send(new GetResourceSharesCommand({ resourceOwner: 'SELF', nextToken: 'nonsense' }))),
    ).toMatch(/^InvalidNextTokenException/);
  });
});

describe('an association', () => {
  const troubled = async (trouble: Parameters<typeof start>[0]) => {
    const emulator = await start(trouble);
    await share(emulator, { permissions: ['SELECT', 'DESCRIBE'] as Permission[] });
    await acceptAll(emulator);
    return emulator;
  };
  const policy = (...statements: object[]) => ({ resourcePolicy: { Version: '2012-10-17', Statement: statements } });
  const forRam = (...resources: string[]) => ({
    Effect: 'Allow',
    Principal: { Service: 'ram.amazonaws.com' },
    Action: 'glue:ShareResource',
    Resource: resources.map((one) => `arn:aws:glue:${region}:${central}:${one}`),
  });

  test.each([
    { name: 'a fault of RAM', options: { faults: [{ kind: 'share-fails' as const, principal: consumer }] } },
    { name: 'a resource policy that says nothing of RAM', options: { seed: seedWith(policy()) } },
    { name: 'one that leaves tables out', options: { seed: seedWith(policy(forRam('catalog', 'database/*'))) } },
  ])('fails by $name, and the grant is made all the same', async ({ options }) => {
    const emulator = await troubled(options);
    expect(await associations(emulator, 'RESOURCE')).toEqual(['table/sales/orders FAILED']);
    expect(await listAll(clientOf(emulator, admin))).toHaveLength(2);
    expect(await seesTable(emulator)).toBe('EntityNotFoundException');
    expect(emulator.snapshot(central, region).shares[0]?.resources[0]?.status).toBe('FAILED');
    // Once the cause is gone, putting the resource on the share again mends it.
    emulator.setFaults([]);
    const [{ resourceShareArn } = {}] = await shares(emulator);
    const arn = `arn:aws:glue:${region}:${central}:table/sales/orders`;
    await clientOf(emulator, admin).ram.send(
      new AssociateResourceShareCommand({ resourceShareArn, resourceArns: [arn] }),
    );
    expect(await seesTable(emulator)).toBe(options.faults ? 'seen' : 'EntityNotFoundException');
  });

  test('comes about where the resource policy allows RAM to share', async () => {
    const emulator = await troubled({ seed: seedWith(policy(forRam('catalog', 'database/*', 'table/*/*'))) });
    expect(await seesTable(emulator)).toBe('seen');
  });

  test('of what is dropped without being revoked is an orphan', async () => {
    const seed = seedWith({
      shares: [{ receiver: consumer, kind: 'table', orphans: ['table/sales/gone'], failed: ['table/sales/broken'] }],
    });
    const emulator = await start({ seed });
    expect((await associations(emulator, 'RESOURCE')).sort()).toEqual([
      'table/sales/broken FAILED',
      'table/sales/gone ASSOCIATED',
    ]);
    const { resourceShareAssociations } = await clientOf(emulator, admin).ram.send(
      new GetResourceShareAssociationsCommand({ associationType: 'RESOURCE', associationStatus: 'FAILED' }),
    );
    expect(resourceShareAssociations?.map(({ statusMessage }) => statusMessage)).toEqual([
      expect.stringMatching(/could not/),
    ]);
  });
});

describe('a grant to another account is refused', () => {
  test('to whom may not use RAM', async () => {
    const seed = seedWith();
    const principals = [principal(admin, { ram: false }), principal(analyst)];
    const emulator = await start({
      seed: { accounts: { ...seed.accounts, [central]: { ...seed.accounts[central], principals } } },
    });
    expect(await refusal(share(emulator))).toMatch(/^AccessDeniedException: .*ram:AssociateResourceShare/);
    expect(await refusal(shares(emulator))).toMatch(/^AccessDeniedException: .*ram:GetResourceShares/);
  });

  test.each([
    { limits: { shares: 1 }, resource: database, permissions: ['DESCRIBE'] as Permission[] },
    { limits: { resourcesPerShare: 1 }, resource: table('items'), permissions: ['SELECT'] as Permission[] },
    { limits: { pendingInvitations: 1 }, resource: database, permissions: ['DESCRIBE'] as Permission[] },
  ])('beyond the limits of RAM: $limits', async ({ limits, resource, permissions }) => {
    const emulator = await start({ seed: { ...seedWith(), limits } });
    await share(emulator);
    expect(await refusal(share(emulator, { resource, permissions }))).toMatch(/^InvalidInputException: .*limit/);
    expect(emulator.snapshot(central, region).atoms).toHaveLength(1);
  });
});

describe('RAM refuses', () => {
  test('ARNs that are none, shares that are not there, types that are none', async () => {
    const emulator = await start();
    const { ram } = clientOf(emulator, admin);
    const missing = `arn:aws:ram:${region}:${central}:resource-share/none`;
    const codes = await Promise.all(
      [
        ram.send(new GetResourceSharesCommand({ resourceOwner: 'SELF', resourceShareArns: ['none'] })),
        ram.send(new GetResourceSharesCommand({ resourceOwner: 'SELF', resourceShareArns: [missing] })),
        ram.send(new GetResourceSharesCommand({ resourceOwner: 'NOBODY' as 'SELF' })),
        ram.send(new GetResourceSharesCommand({ resourceOwner: 'SELF', maxResults: 501 })),
        ram.send(new ListResourcesCommand({ resourceOwner: 'SELF', resourceType: 'none' })),
        ram.send(new GetResourceShareAssociationsCommand({ associationType: 'PRINCIPAL', resourceArn: 'a' })),
        ram.send(new GetResourceShareAssociationsCommand({ associationType: 'RESOURCE', principal: 'a' })),
        ram.send(new DeleteResourceShareCommand({ resourceShareArn: missing })),
        ram.send(
          new GetResourceShareInvitationsCommand({
            resourceShareInvitationArns: [missing.replace('share/', 'share-invitation/')],
          }),
        ),
      ].map((call) => refusal(call).then((text) => text.split(':')[0])),
    );
    expect(codes).toEqual([
      'MalformedArnException',
      'UnknownResourceException',
      'InvalidParameterException',
      'InvalidParameterException',
      'InvalidResourceTypeException',
      'InvalidParameterException',
      'InvalidParameterException',
      'UnknownResourceException',
      'ResourceShareInvitationArnNotFoundException',
    ]);
  });

  test('in its own words when it is throttled or broken', async () => {
    const emulator = await start({
      faults: [
        { kind: 'throttle', times: 1 },
        { kind: 'internal', times: 1 },
      ],
    });
    expect(await refusal(shares(emulator))).toMatch(/^ThrottlingException/);
    expect(await refusal(shares(emulator))).toMatch(/^ServerInternalException/);
  });
});
