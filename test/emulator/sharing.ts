import {
  GrantPermissionsCommand,
  type Permission,
  type Resource,
  RevokePermissionsCommand,
} from '@aws-sdk/client-lakeformation';
import {
  AcceptResourceShareInvitationCommand,
  GetResourceShareAssociationsCommand,
  type GetResourceShareAssociationsCommandInput,
  GetResourceShareInvitationsCommand,
  GetResourceSharesCommand,
  type ResourceShareInvitation,
} from '@aws-sdk/client-ram';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { Seed, SeedAccount, SeedRegion } from '../../src/emulator/seed.ts';
import { admin, type Client, central, clientOf, consumer, consumerAdmin, seedWith, table, who } from './fixture.ts';

export const hours = 60 * 60 * 1000;
export const organization = 'arn:aws:organizations::111122223333:organization/o-mesh';
const orders = table('orders');
export const foreign = table('orders', { catalog: central });

/** The seed with both accounts in one organization. */
export function inOneOrganization(sharing: boolean, more: Partial<SeedRegion> = {}): Seed {
  const { accounts } = seedWith(more);
  const within = (account: SeedAccount | undefined): SeedAccount => ({ ...account, memberOf: [organization] });
  return {
    accounts: { [central]: within(accounts[central]), [consumer]: within(accounts[consumer]) },
    organizations: { [organization]: { sharing } },
  };
}

/** Grants, with the grant option where the receiver is an account or organization. */
export async function share(
  emulator: Emulator,
  { to = consumer, resource = orders as Resource, permissions = ['SELECT'] as Permission[] } = {},
): Promise<void> {
  await clientOf(emulator, admin).lakeFormation.send(
    new GrantPermissionsCommand({
      Principal: who(to),
      Resource: resource,
      Permissions: permissions,
      PermissionsWithGrantOption: /:(role|user)\//.test(to) ? [] : permissions,
    }),
  );
}

export async function unshare(
  emulator: Emulator,
  { to = consumer, resource = orders as Resource, permissions = ['SELECT'] as Permission[] } = {},
): Promise<void> {
  await clientOf(emulator, admin).lakeFormation.send(
    new RevokePermissionsCommand({
      Principal: who(to),
      Resource: resource,
      Permissions: permissions,
      PermissionsWithGrantOption: permissions,
    }),
  );
}

export async function invitations({ ram }: Client): Promise<ResourceShareInvitation[]> {
  return (await ram.send(new GetResourceShareInvitationsCommand({}))).resourceShareInvitations ?? [];
}

/** The status of each invitation that the consumer has received, oldest first. */
export async function statuses(emulator: Emulator): Promise<(string | undefined)[]> {
  return (await invitations(clientOf(emulator, consumerAdmin))).map(({ status }) => status);
}

/** Accepts every invitation that is open. */
export async function acceptAll(emulator: Emulator, as = consumerAdmin): Promise<void> {
  const client = clientOf(emulator, as);
  for (const { status, resourceShareInvitationArn } of await invitations(client))
    if (status === 'PENDING')
      await client.ram.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));
}

/** What is associated with the owner's shares, each as its last part and status. */
export async function associations(
  emulator: Emulator,
  associationType: GetResourceShareAssociationsCommandInput['associationType'],
): Promise<string[]> {
  const { resourceShareAssociations } = await clientOf(emulator, admin).ram.send(
    new GetResourceShareAssociationsCommand({ associationType }),
  );
  return (resourceShareAssociations ?? []).map(
    ({ associatedEntity, status }) => `${associatedEntity?.split(':').at(-1)} ${status}`,
  );
}

export async function shares(emulator: Emulator, as = admin, resourceOwner: 'SELF' | 'OTHER-ACCOUNTS' = 'SELF') {
  return (await clientOf(emulator, as).ram.send(new GetResourceSharesCommand({ resourceOwner }))).resourceShares ?? [];
}
