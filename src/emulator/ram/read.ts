import type { Call } from '../call.ts';
import { ServiceFailure } from '../failure.ts';
import { pageOf } from '../paging.ts';
import { sourceOf } from '../store/source.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import { findInvitation } from './answer.ts';
import {
  checkArns,
  joinedShares,
  ownShares,
  receivedInvitations,
  renderInvitation,
  renderPrincipal,
  renderResource,
  renderShare,
  resourceStatus,
  unknownShare,
} from './records.ts';
import type {
  getAssociationsShape,
  getInvitationsShape,
  getSharesShape,
  listPrincipalsShape,
  listResourcesShape,
  pendingResourcesShape,
} from './shapes.ts';
import { invitationStatus, isDeleted, receiverStatus, type Share, typeOf } from './share.ts';

/** GetResourceShares: of other accounts' shares those alone that the caller's account has joined. */
export function getResourceShares(call: Call, request: Decoded<typeof getSharesShape>): Output {
  const { name, resourceShareStatus: status, tagFilters, permissionArn } = request;
  // Shares of Lake Formation carry no tags; which permissions they carry is not modelled.
  const isNone = (tagFilters ?? []).length > 0 || permissionArn !== undefined;
  const shares = sharesOf(call, request)
    .map((share) => renderShare(share, call.readAt))
    .filter(
      (share) => (name === undefined || share.name === name) && (status === undefined || share.status === status),
    );
  return paged(call, request, { resourceShares: isNone ? [] : shares });
}

/** GetResourceShareAssociations: of the shares that the caller's account has made. */
export function getResourceShareAssociations(call: Call, request: Decoded<typeof getAssociationsShape>): Output {
  const { associationType, associationStatus, principal, resourceArn } = request;
  if (associationType === 'PRINCIPAL' && resourceArn !== undefined)
    throw invalid('You cannot specify a resource ARN for associations of principals.');
  if (associationType !== 'PRINCIPAL' && principal !== undefined)
    throw invalid('You cannot specify a principal for associations of resources.');
  const shares = sharesOf(call, { ...request, resourceOwner: 'SELF' });
  const found =
    associationType === 'PRINCIPAL'
      ? shares
          .filter(({ receiver }) => principal === undefined || receiver === principal)
          .map((share) => renderPrincipal(share, call.readAt))
      : shares.flatMap((share) =>
          share.resources
            .list()
            .filter(({ arn }) => associationType === 'RESOURCE' && (resourceArn === undefined || arn === resourceArn))
            .map((association) => renderResource(share, association, call.readAt)),
        );
  const resourceShareAssociations = found.filter(
    ({ status }) => associationStatus === undefined || status === associationStatus,
  );
  return paged(call, request, { resourceShareAssociations });
}

/** GetResourceShareInvitations: those that the caller's account has received; the sender does not see them. */
export function getResourceShareInvitations(call: Call, request: Decoded<typeof getInvitationsShape>): Output {
  const { resourceShareInvitationArns: arns = [], resourceShareArns: shareArns = [] } = request;
  checkArns(arns, 'resource-share-invitation');
  checkArns(shareArns, 'resource-share');
  const received = receivedInvitations(call);
  const missing = arns.find((arn) => !received.some(({ invitation }) => invitation.arn === arn));
  if (missing !== undefined) findInvitation(call, missing);
  const resourceShareInvitations = received
    .filter(({ invitation }) => arns.length === 0 || arns.includes(invitation.arn))
    .filter(({ share }) => shareArns.length === 0 || shareArns.includes(share.arn))
    .map((invited) => renderInvitation(invited, call.readAt));
  return paged(call, request, { resourceShareInvitations });
}

/** ListResources: what is shared, with or by the caller's account, and has reached whom it is for. */
export function listResources(call: Call, request: Decoded<typeof listResourcesShape>): Output {
  const { principal, resourceType, resourceArns = [], resourceRegionScope } = request;
  checkType(resourceType);
  const resources = sharesOf(call, request)
    .filter(
      (share) =>
        !isDeleted(share, call.readAt) &&
        (principal === undefined || principal === share.receiver || principal === share.owner),
    )
    .flatMap((share) => resourcesOn(call, share))
    .filter(({ arn, type }) =>
      resourceType === undefined || type === resourceType
        ? resourceArns.length === 0 || resourceArns.includes(String(arn))
        : false,
    );
  return paged(call, request, { resources: resourceRegionScope === 'GLOBAL' ? [] : resources });
}

/** ListPrincipals: with whom the caller's account shares, or who shares with it. */
export function listPrincipals(call: Call, request: Decoded<typeof listPrincipalsShape>): Output {
  const { principals = [], resourceArn, resourceType, resourceOwner } = request;
  checkType(resourceType);
  const found = sharesOf(call, request)
    .filter((share) => receiverStatus(share, call.readAt) === 'ASSOCIATED')
    .filter((share) => {
      const resources = share.resources.list();
      if (resourceArn !== undefined && !resources.some(({ arn }) => arn === resourceArn)) return false;
      return resourceType === undefined || resources.some(({ arn }) => typeOf(arn) === resourceType);
    })
    .map((share) => ({
      id: resourceOwner === 'SELF' ? share.receiver : share.owner,
      resourceShareArn: share.arn,
      creationTime: share.createdAt / 1000,
      lastUpdatedTime: share.updatedAt / 1000,
      external: share.isExternal,
    }));
  return paged(call, request, {
    principals: found.filter(({ id }) => principals.length === 0 || principals.includes(id)),
  });
}

/** ListPendingInvitationResources: what an invitation that is still open would bring. */
export function listPendingInvitationResources(call: Call, request: Decoded<typeof pendingResourcesShape>): Output {
  const { share, invitation } = findInvitation(call, request.resourceShareInvitationArn);
  const status = invitationStatus(share, invitation, call.readAt);
  if (status === 'REJECTED')
    throw new ServiceFailure('ResourceShareInvitationAlreadyRejectedException', 'The invitation was rejected.');
  if (status === 'EXPIRED')
    throw new ServiceFailure('ResourceShareInvitationExpiredException', 'The invitation has expired.');
  const resources = status === 'PENDING' && request.resourceRegionScope !== 'GLOBAL' ? resourcesOn(call, share) : [];
  return paged(call, request, { resources });
}

function sharesOf(
  call: Call,
  {
    resourceOwner,
    resourceShareArns = [],
  }: { readonly resourceOwner: 'SELF' | 'OTHER-ACCOUNTS'; readonly resourceShareArns?: readonly string[] },
): readonly Share[] {
  checkArns(resourceShareArns, 'resource-share');
  const shares = resourceOwner === 'SELF' ? ownShares(call) : joinedShares(call);
  if (resourceShareArns.length === 0) return shares;
  const missing = resourceShareArns.find((arn) => !shares.some((share) => share.arn === arn));
  if (missing !== undefined) throw unknownShare(missing);
  return shares.filter(({ arn }) => resourceShareArns.includes(arn));
}

function resourcesOn({ readAt }: Call, share: Share): readonly Output[] {
  return share.resources
    .list()
    .filter((association) => resourceStatus(share, association, readAt) === 'ASSOCIATED')
    .map(({ arn, since }) => ({
      arn,
      type: typeOf(arn),
      resourceShareArn: share.arn,
      creationTime: since / 1000,
      lastUpdatedTime: since / 1000,
      resourceRegionScope: 'REGIONAL',
    }));
}

function checkType(type: string | undefined): void {
  if (type !== undefined && !/^[a-z0-9-]+:[A-Za-z0-9-]+$/.test(type))
    throw new ServiceFailure('InvalidResourceTypeException', `The specified resource type ${type} is not valid.`);
}

/** A page of the one list of an answer; RAM may answer less than a page, or nothing, with a token. */
function paged(
  call: Call,
  request: { readonly nextToken?: string; readonly maxResults?: number },
  list: Readonly<Record<string, readonly Output[]>>,
): Output {
  const { nextToken, maxResults, ...question } = request;
  const [[name, items]] = Object.entries(list) as [[string, readonly Output[]]];
  const paging = {
    question: JSON.stringify(question),
    ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    ...(maxResults === undefined ? {} : { MaxResults: maxResults }),
  };
  const page = pageOf(call, [sourceOf(items)], { request: paging, keep: (item) => item });
  return { [name]: page.items, ...(page.token.NextToken === undefined ? {} : { nextToken: page.token.NextToken }) };
}

function invalid(message: string): ServiceFailure {
  return new ServiceFailure('InvalidParameterException', message);
}
