import {
  AssociateResourceShareCommand,
  DisassociateResourceShareCommand,
  GetResourceShareAssociationsCommand,
  GetResourceSharesCommand,
  type ResourceShare,
  type ResourceShareAssociation,
} from '@aws-sdk/client-ram';
import type { Association } from '../core/association.ts';
import { LakeFailure, type LakeReader, type LakeWriter, type Share, type SharedResource } from '../core/lake.ts';
import { isAbout } from '../core/sharing.ts';
import type { Clients } from './lake.ts';
import { ownName, ramPages } from './ram-pages.ts';
import { retrying } from './retry.ts';

/**
 * The RAM shares that Lake Formation makes of what this account grants to others, seen and mended from this side.
 * Source: https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html.
 */
export function sharingCalls(clients: Clients): Pick<LakeReader, 'sharing'> & Pick<LakeWriter, 'associate'> {
  return {
    sharing: async () => {
      const [own, receivers, failed, associating] = await Promise.all([
        all(ownShares(clients)),
        all(associations(clients, { associationType: 'PRINCIPAL' })),
        all(associations(clients, { associationType: 'RESOURCE', associationStatus: 'FAILED' })),
        all(associations(clients, { associationType: 'RESOURCE', associationStatus: 'ASSOCIATING' })),
      ]);
      const gone = new Set(own.filter(isGone).map(({ resourceShareArn }) => resourceShareArn));
      const shares = new Map<string, Share>();
      for (const { resourceShareArn: arn = '', name = '' } of own)
        if (!gone.has(arn)) shares.set(arn, toShare({ arn, name }));
      // A share that one listing leaves out and the other has is there: on what is gone grants are revoked.
      for (const one of receivers) {
        const { resourceShareArn: arn = '', resourceShareName: name = '', lastUpdatedTime } = one;
        const before = shares.get(arn);
        // Of one who left and came back the last word counts.
        const isLast = before?.since === undefined || (lastUpdatedTime?.toISOString() ?? '') >= before.since;
        const isThere = before !== undefined || one.status === 'ASSOCIATED' || one.status === 'ASSOCIATING';
        if (!gone.has(arn) && isThere && isLast) shares.set(arn, toShare({ arn, name }, one));
      }
      return { shares, unassociated: [...failed, ...associating].map(toResource) };
    },
    associate: (broken) => associate(clients, broken),
  };
}

/** Everything on the shares of the account: as many pages as there are resources on them. */
export async function sharedResources(clients: Clients): Promise<readonly SharedResource[]> {
  return (await all(associations(clients, { associationType: 'RESOURCE' }))).map(toResource);
}

/** A deleted share is listed for a while. */
function isGone({ status }: ResourceShare): boolean {
  return status !== 'ACTIVE' && status !== 'PENDING';
}

function toShare(named: Pick<Share, 'arn' | 'name'>, one?: ResourceShareAssociation): Share {
  const { associatedEntity: receiver, external } = one ?? {};
  return {
    ...named,
    ...(receiver === undefined ? {} : { receiver }),
    ...said(one),
    isExternal: external === true,
  };
}

function toResource(one: ResourceShareAssociation): SharedResource {
  return { share: one.resourceShareArn ?? '', arn: one.associatedEntity ?? '', ...said(one) };
}

function said(one: ResourceShareAssociation | undefined): Pick<Share, 'status' | 'says' | 'since'> {
  const { status = 'DISASSOCIATED', statusMessage: says, lastUpdatedTime } = one ?? {};
  return {
    status,
    ...(says === undefined ? {} : { says }),
    ...(lastUpdatedTime === undefined ? {} : { since: lastUpdatedTime.toISOString() }),
  };
}

/**
 * Puts whom it is for, or the resource, back on the shares of Lake Formation that it names: RAM then sends another
 * invitation, or tries the resource again, and no grant is touched. Source:
 * https://github.com/aws-samples/monitor-ram-for-expired-lake-formation-invites.
 */
async function associate(clients: Clients, broken: Association): Promise<void> {
  const { kind, shares = [] } = broken.trouble ?? {};
  for (const resourceShareArn of shares) {
    await refuseOthers(clients, resourceShareArn);
    const on: About = {
      associationType: kind === 'lapsed' ? 'PRINCIPAL' : 'RESOURCE',
      resourceShareArns: [resourceShareArn],
    };
    const mine = (await all(associations(clients, on))).filter(
      ({ associatedEntity = '', status }) =>
        status !== 'ASSOCIATED' && (kind === 'lapsed' || isAbout(associatedEntity, broken)),
    );
    for (const { associatedEntity = '', status } of mine) {
      const what = kind === 'lapsed' ? { principals: [associatedEntity] } : { resourceArns: [associatedEntity] };
      await rejoin(clients, { resourceShareArn, ...what }, status === 'ASSOCIATING');
    }
    if (kind === 'failed') await settled(clients, broken, resourceShareArn);
  }
}

/** Shares that somebody made by hand, and those that RAM made of a resource policy, are not ours to change. */
async function refuseOthers(clients: Clients, arn: string): Promise<void> {
  for await (const { name, featureSet } of ownShares(clients, [arn])) {
    if (name?.startsWith(ownName) === true && (featureSet ?? 'STANDARD') === 'STANDARD') return;
    throw new LakeFailure({
      operation: 'AssociateResourceShare',
      code: 'NotOfLakeFormation',
      message: `the share ${name} (${featureSet}) is not one that Lake Formation keeps, so a run does not touch it`,
      kind: 'final',
    });
  }
}

interface Joining {
  readonly resourceShareArn: string;
  readonly principals?: string[];
  readonly resourceArns?: string[];
}

async function rejoin({ ram, retry: policy }: Clients, one: Joining, isUnderWay: boolean): Promise<void> {
  const calls = { policy, isRead: false };
  if (isUnderWay)
    await retrying('DisassociateResourceShare', () => ram.send(new DisassociateResourceShareCommand(one)), calls);
  await retrying('AssociateResourceShare', () => ram.send(new AssociateResourceShareCommand(one)), calls);
}

/** Waits until RAM says what came of a resource. */
async function settled(clients: Clients, broken: Association, share: string): Promise<void> {
  const look = async (): Promise<void> => {
    const on: About = { associationType: 'RESOURCE', resourceShareArns: [share] };
    for await (const { associatedEntity = '', status, statusMessage } of associations(clients, on)) {
      if (!isAbout(associatedEntity, broken) || status === 'ASSOCIATED') continue;
      const message = statusMessage ?? `the association of ${associatedEntity} is ${status}`;
      const kind = status === 'ASSOCIATING' ? 'passing' : 'final';
      throw new LakeFailure({ operation: 'AssociateResourceShare', code: 'AssociationFailed', message, kind });
    }
  };
  await retrying('AssociateResourceShare', look, { policy: clients.retry, isRead: true });
}

async function* ownShares(clients: Clients, resourceShareArns?: string[]): AsyncGenerator<ResourceShare> {
  const which = { resourceOwner: 'SELF' as const, ...(resourceShareArns && { resourceShareArns }) };
  for await (const { resourceShares = [] } of ramPages(clients, 'GetResourceShares', (paging) =>
    clients.ram.send(new GetResourceSharesCommand({ ...which, ...paging })),
  ))
    yield* resourceShares;
}

/** What is asked of the associations with shares of this account. */
interface About {
  readonly associationType: 'PRINCIPAL' | 'RESOURCE';
  readonly associationStatus?: 'FAILED' | 'ASSOCIATING';
  readonly resourceShareArns?: string[];
}

async function* associations(clients: Clients, about: About): AsyncGenerator<ResourceShareAssociation> {
  for await (const { resourceShareAssociations = [] } of ramPages(clients, 'GetResourceShareAssociations', (paging) =>
    clients.ram.send(new GetResourceShareAssociationsCommand({ ...about, ...paging })),
  ))
    yield* resourceShareAssociations;
}

async function all<T>(each: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const one of each) found.push(one);
  return found;
}
