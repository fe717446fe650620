import type { Call } from '../call.ts';
import { ServiceFailure } from '../failure.ts';
import type { Lake } from '../lake.ts';
import type { Output } from '../wire/operation.ts';
import type { World } from '../world.ts';
import type { Association } from './associations.ts';
import { takenOff, underWay } from './associations.ts';
import {
  type AssociationStatus,
  deletedMemory,
  type Invitation,
  invitationMemory,
  invitationStatus,
  isDeleted,
  receiverStatus,
  type Share,
} from './share.ts';

/** An invitation with the share that it is to. */
export interface Invited {
  readonly lake: Lake;
  readonly share: Share;
  readonly invitation: Invitation;
}

/** The shares that the caller's account has made here, without what RAM has forgotten. */
export function ownShares({ lake, readAt }: Call): readonly Share[] {
  return [...lake.shares.all()].filter((share) => isRemembered(share, readAt));
}

/** The shares that other accounts have made with the caller's here, once it has joined them. */
export function joinedShares(call: Call): readonly Share[] {
  const { account } = call.caller;
  const receivers = [account, ...(call.world.accounts.get(account)?.memberOf ?? [])];
  return lakesBeside(call.world, call.lake)
    .flatMap(({ shares }) => [...shares.all()])
    .filter((share) => receivers.includes(share.receiver) && share.owner !== account)
    .filter((share) => receiverStatus(share, call.readAt) === 'ASSOCIATED');
}

/** The invitations that the caller's account has received here and that RAM still lists. */
export function receivedInvitations(call: Call): readonly Invited[] {
  return invitationsTo(call.world, call.lake).filter(({ invitation: { sentAt } }) => {
    const age = call.readAt - sentAt;
    return age >= 0 && age < invitationMemory;
  });
}

/** Every invitation that an account has ever received in a region. */
export function invitationsTo(world: World, { account, region }: Lake): readonly Invited[] {
  return lakesBeside(world, { account, region }).flatMap((lake) =>
    [...lake.shares.all()].flatMap((share) =>
      share.invitations
        .filter(({ receiver }) => receiver === account)
        .map((invitation) => ({ lake, share, invitation })),
    ),
  );
}

/** Where a resource stands on its share. */
export function resourceStatus(share: Share, { fault }: Association, at: number): AssociationStatus {
  if (isDeleted(share, at) || fault === takenOff) return 'DISASSOCIATED';
  if (fault === underWay) return 'ASSOCIATING';
  return fault === undefined ? 'ASSOCIATED' : 'FAILED';
}

/** A share in the form of the API. */
export function renderShare(share: Share, at: number): Output {
  return {
    resourceShareArn: share.arn,
    name: share.name,
    owningAccountId: share.owner,
    allowExternalPrincipals: true,
    status: isDeleted(share, at) ? 'DELETED' : 'ACTIVE',
    creationTime: share.createdAt / 1000,
    lastUpdatedTime: share.updatedAt / 1000,
    featureSet: 'STANDARD',
  };
}

/** An invitation in the form of the API. */
export function renderInvitation({ share, invitation }: Invited, at: number): Output {
  return {
    resourceShareInvitationArn: invitation.arn,
    resourceShareName: share.name,
    resourceShareArn: share.arn,
    senderAccountId: share.owner,
    receiverAccountId: invitation.receiver,
    invitationTimestamp: invitation.sentAt / 1000,
    status: invitationStatus(share, invitation, at),
  };
}

/** The association of a share with its receiver, in the form of the API. */
export function renderPrincipal(share: Share, at: number): Output {
  const status = receiverStatus(share, at);
  return { ...aboutShare(share), associatedEntity: share.receiver, associationType: 'PRINCIPAL', status };
}

/** The association of a share with a resource, in the form of the API. */
export function renderResource(share: Share, association: Association, at: number): Output {
  const status = resourceStatus(share, association, at);
  return {
    ...aboutShare(share),
    associatedEntity: association.arn,
    associationType: 'RESOURCE',
    status,
    ...(status === 'FAILED' ? { statusMessage: association.fault } : {}),
    creationTime: association.since / 1000,
    lastUpdatedTime: association.since / 1000,
  };
}

/** Refuses ARNs that are none of RAM's. */
export function checkArns(arns: readonly string[] = [], kind: 'resource-share' | 'resource-share-invitation'): void {
  const isOne = (arn: string): boolean =>
    /^arn:aws(-[a-z-]+)?:ram:[a-z0-9-]+:\d{12}:[a-z-]+\/.+$/.test(arn) && arn.split(':')[5]?.split('/')[0] === kind;
  const wrong = arns.find((arn) => !isOne(arn));
  if (wrong !== undefined)
    throw new ServiceFailure('MalformedArnException', `The specified ARN ${wrong} is not valid.`);
}

/** What RAM says of a share that is not there for the caller. */
export function unknownShare(arn: string): ServiceFailure {
  return new ServiceFailure('UnknownResourceException', `ResourceShare ${arn} could not be found.`);
}

function aboutShare(share: Share): Output {
  return {
    resourceShareArn: share.arn,
    resourceShareName: share.name,
    creationTime: share.createdAt / 1000,
    lastUpdatedTime: share.updatedAt / 1000,
    external: share.isExternal,
  };
}

function isRemembered({ createdAt, deletedAt }: Share, at: number): boolean {
  return createdAt <= at && (deletedAt === undefined || at - deletedAt < deletedMemory);
}

function lakesBeside(world: World, { account, region }: Pick<Lake, 'account' | 'region'>): readonly Lake[] {
  return [...world.accounts.keys()]
    .filter((other) => other !== account)
    .sort()
    .map((other) => world.lake(other, region));
}
